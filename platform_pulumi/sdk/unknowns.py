"""Unknown values: outputs of an upper tier that are known only after it is applied.

Pulumi's own Output can carry "not known yet" (`is_known` false); preview then shows it unknown in every input it
reaches, with nothing mocked. Each such Output depends on a marker, a resource that is never registered, whose URN names
the upstream output: the runner finds it among an input's dependencies, records what the resource waits for, and takes
it out before the engine sees the request.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
from pulumi.resource import DependencyResource

from platform_pulumi.model.value import OutputValue

_MARKER = "urn:platform:upstream::"


def as_output(value: OutputValue, source: str) -> pulumi.Output[Any]:
    """Convert an upstream output to an Output; `source` (`infrastructure.vpc.id`) is what an unknown waits for."""
    if value.known:
        return pulumi.Output.secret(value.value) if value.secret else pulumi.Output.from_input(value.value)
    return pulumi.Output(_done({DependencyResource(_MARKER + source)}), _done(None), _done(False), _done(value.secret))


def marker_source(urn: str) -> str | None:
    """Return the source of a marker (`infrastructure.vpc.id`), or None where the URN is a real resource's."""
    return urn.removeprefix(_MARKER) if urn.startswith(_MARKER) else None


def _done(value: Any) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = asyncio.get_event_loop().create_future()
    future.set_result(value)
    return future
