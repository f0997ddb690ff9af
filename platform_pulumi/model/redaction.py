"""How a secret is shown, wherever one would stand. Alone here, for provider servers that must not load pydantic."""

from __future__ import annotations

REDACTED = "[secret]"
