"""Durations in Go's notation (`1m30s`, `time.Duration`), in nanoseconds."""

from __future__ import annotations

import re
from decimal import Decimal

from platform_pulumi.model.quantity import digits

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")


def parse(text: str) -> int | None:
    """Parse to nanoseconds; None where it is no duration that is 0 or more."""
    if text in {"0", ""}:
        return 0
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        return None
    return int(sum(Decimal(number) * _UNITS[unit] for number, unit in parts))


def format_duration(nanoseconds: int) -> str:
    """Format as Go prints it."""
    if nanoseconds == 0:
        return "0s"
    for unit in ("ns", "us", "ms"):
        if nanoseconds < 1000 * _UNITS[unit]:
            return f"{digits(Decimal(nanoseconds) / _UNITS[unit])}{'µs' if unit == 'us' else unit}"
    minutes, rest = divmod(nanoseconds, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{digits(Decimal(rest) / _UNITS['s'])}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds
