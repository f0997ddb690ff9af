"""Types of the unknown inputs of a preview: the SDK has one sentinel for all of them, and says that each is a string.

The child that ran the program has the SDKs loaded that tell; the children of remote components, which no program
registers, are found in the event log.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine.property_values import is_unknown, leaves, plain
from platform_pulumi.model.property_path import value_at
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.plugins.property_types import input_type
from platform_pulumi.plugins.schema import Types
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.table import SimulatedPackage
from platform_pulumi.sdk.provider import load
from platform_pulumi.sdk.run import TierRun


def read_unknown_types(events: Path, run: TierRun) -> dict[str, dict[str, str]]:
    """Find the unknown inputs in the event log of a run, and their types in the SDKs of its providers."""
    found: dict[str, dict[str, str]] = {}
    for metadata in _with_unknowns(events):
        new, old = (plain((metadata.get(state) or {}).get("inputs") or {}) for state in ("new", "old"))
        token = metadata["type"]
        types = _types_of(token.partition(":")[0], run)
        for path, value in leaves(new):
            if is_unknown(value):
                word = (input_type(types, token, path) if types else "") or _type_of(value_at(old, path))
                found.setdefault(metadata["urn"], {})[path] = word
    return found


def _types_of(package: str, run: TierRun) -> Types | None:
    """The types of a package: of its SDK, or of our own that stands in where it has none."""
    for name in run.providers:
        definition = provider_definitions()[name]
        if package in definition.packages:
            return _types(package, definition.packages[package], definition.simulated.get(package, ""))
    return None


@functools.cache
def _types(package: str, module: str, simulated: str) -> Types | None:
    if module:
        return SdkTypes(package, module)
    stand_in: SimulatedPackage | None = load(simulated) if simulated else None
    return stand_in.types() if stand_in is not None and stand_in.types is not None else None


def _type_of(value: Any) -> str:
    """The type of the recorded value: what it will be is of the same kind."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "string"


def _with_unknowns(events: Path) -> Iterator[Mapping[str, Any]]:
    """The metadata of the steps with unknown inputs; a file that is not there has none."""
    try:
        with events.open(encoding="utf-8") as log:
            for line in log:
                if UNKNOWN in line and (event := json.loads(line).get("resourcePreEvent")):
                    yield event["metadata"]
    except (FileNotFoundError, ValueError):
        return  # the CLI did not come so far, or was killed within a line
