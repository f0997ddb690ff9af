"""Environment variables that every process of ours may see: none leads to a cloud, a cluster or a daemon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NEUTRAL: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "LOGNAME", "SSL_CERT_FILE", "PYTHONPATH")
#: Measuring our own children's coverage; harmless elsewhere.
MEASURING: Final = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE")


def visible(environment: Mapping[str, str], *more: str) -> dict[str, str]:
    """Select the neutral part of an environment, and those of `more` that are set."""
    return {name: environment[name] for name in (*NEUTRAL, *MEASURING, *more) if name in environment}
