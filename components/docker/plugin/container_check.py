"""Validation of a container's inputs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from components.docker.plugin.bridged_schema import unserved
from components.docker.plugin.container_schema import SCHEMA, UNSERVED_MEMBERS, UNSERVED_UNLESS_EMPTY
from components.docker.plugin.durations import parse
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.values import UNKNOWN, Properties, has_unknown, open_value

_DURATIONS = ("interval", "startInterval", "startPeriod", "timeout")
_LARGEST_PORT = 65535


def failures(inputs: Properties, name: str) -> list[Failure]:
    """Validate the inputs; `name` is the automatic one, empty where there is to be none."""
    return [*SCHEMA.failures(inputs, name), *_unserved(inputs), *_values(open_value(inputs))]


def _unserved(inputs: Mapping[str, Any]) -> Iterator[Failure]:
    for name in UNSERVED_UNLESS_EMPTY:
        if open_value(inputs.get(name)):
            yield unserved(name)
    for name, members in UNSERVED_MEMBERS.items():
        for index, item in _each(open_value(inputs.get(name))):
            for member in members:
                if item.get(member):
                    yield unserved(f"{name}[{index}].{member}")


def _values(inputs: Mapping[str, Any]) -> Iterator[Failure]:
    """Validate what the types do not say. `inputs` are unwrapped: no reason may show a value."""
    if isinstance(healthcheck := inputs.get("healthcheck"), dict):
        for name in _DURATIONS:
            if isinstance(text := healthcheck.get(name), str) and parse(text) is None:
                yield Failure(f"healthcheck.{name}", "should be a duration such as 500ms, 30s or 1m30s")
    if isinstance(cpus := inputs.get("cpus"), str) and not _is_positive(cpus):
        yield Failure("cpus", "should be a number of CPUs such as 0.5 or 2")
    for name in ("memory", "memoryReservation", "cpuShares", "shmSize", "waitTimeout", "destroyGraceSeconds"):
        if _number(inputs.get(name)) < 0:
            yield Failure(name, "should not be below 0")
    for index, port in _each(inputs.get("ports")):
        for name in ("internal", "external"):
            if not 0 <= _number(port.get(name)) <= _LARGEST_PORT:
                yield Failure(f"ports[{index}].{name}", f"should be a port from 0 to {_LARGEST_PORT}")
    for index, volume in _each(inputs.get("volumes")):
        if not has_unknown(volume) and bool(volume.get("fromContainer")) == bool(volume.get("containerPath")):
            yield Failure(f"volumes[{index}]", "should have containerPath, or else fromContainer")
    for index, upload in _each(inputs.get("uploads")):
        yield from _upload(upload, f"uploads[{index}]")


def _upload(upload: Mapping[str, Any], path: str) -> Iterator[Failure]:
    given = [upload[name] for name in ("content", "contentBase64") if upload.get(name) is not None]
    if len(given) != 1 and not any(upload.get(name) for name in UNSERVED_MEMBERS["uploads"]):
        yield Failure(path, "should have either content or contentBase64")
    if isinstance(encoded := upload.get("contentBase64"), str):
        try:
            base64.b64decode(encoded, validate=True)
        except binascii.Error:
            yield Failure(f"{path}.contentBase64", "should be base64")
    if isinstance(mode := upload.get("permissions"), str):
        try:
            int(mode, 8)
        except ValueError:
            yield Failure(f"{path}.permissions", "should be an octal mode such as 0644")


def _each(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield index, item


def _number(value: Any) -> float:
    return 0 if value is UNKNOWN or isinstance(value, bool) or not isinstance(value, (int, float)) else value


def _is_positive(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False
