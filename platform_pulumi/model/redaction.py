"""Placeholder of a secret in everything that is shown."""

from __future__ import annotations

REDACTED = "[secret]"
