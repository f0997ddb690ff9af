"""Ids and times of plans: ids sort by time (ULID: 48 bits of milliseconds, 80 random bits, Crockford's base 32)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26


def new_id(milliseconds: int) -> str:
    """Make a new id for that time (since the epoch)."""
    number = (milliseconds << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def timestamp(milliseconds: int) -> str:
    """Format a time since the epoch as RFC 3339 in UTC, with milliseconds."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
