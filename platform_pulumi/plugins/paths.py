"""Property paths as Pulumi writes them: `vpcConfig.subnetIds[0]`, `tags["platform:urn"]`."""

from __future__ import annotations

import json
import re
from typing import Any

from platform_pulumi.plugins.values import Sealed

_PLAIN = re.compile(r"[A-Za-z_$][\w$-]*")
_INDEX = re.compile(r"\[[^\]]*\]")


def member(path: str, name: str) -> str:
    """The path of a member of the value at `path`."""
    if _PLAIN.fullmatch(name):
        return f"{path}.{name}" if path else name
    return f"{path}[{json.dumps(name)}]"


def covers(pattern: str, path: str) -> bool:
    """Whether a path lies at or below a pattern of plain names; list indexes in the path count as nothing."""
    bare = _INDEX.sub("", path)
    return bare == pattern or bare.startswith(f"{pattern}.") or pattern.startswith(f"{bare}.")


def at(value: Any, path: str) -> Any:
    """The value at a dotted path, secrets opened on the way; None where there is none."""
    for name in path.split("."):
        while isinstance(value, Sealed):
            value = value.value
        if isinstance(value, list):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
        if value is None:
            return None
    return value
