"""The Pulumi package `platform`: the small resource types that our own plugin serves, by their tokens."""

from __future__ import annotations

#: What the tokens of all of them begin with.
PREFIX = "platform:index:"
PASSWORD = f"{PREFIX}Password"
REVISION = f"{PREFIX}Revision"
