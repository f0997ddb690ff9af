"""Type tokens of the Pulumi package `platform`: the small resources that our own plugin serves."""

from __future__ import annotations

#: What the tokens of all of them begin with.
PREFIX = "platform:index:"
PASSWORD = f"{PREFIX}Password"
REVISION = f"{PREFIX}Revision"
