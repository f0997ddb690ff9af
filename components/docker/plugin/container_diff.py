"""Diff of a container: which changes are in place, and which force a replacement, as the published plugin says it.

New inputs are compared with the recorded outputs, not with the old inputs: the outputs are what Docker has. What Docker
gave of its own accord is no change where the program says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.docker.plugin.bridged_schema import Field, is_autonamed
from components.docker.plugin.container_schema import SCHEMA
from components.docker.plugin.lists import diff_sets, is_empty
from platform_pulumi.plugins.diffs import Change, Kind
from platform_pulumi.plugins.provider import Difference, State
from platform_pulumi.plugins.values import UNKNOWN, Properties, has_unknown, open_value
from platform_pulumi.sdk.tagging import URN_TAG


def difference(old: State, inputs: Properties) -> Difference:
    """Compare the recorded container with these inputs."""
    before = open_value(old.outputs or old.inputs)
    after = open_value(inputs)
    if is_autonamed(inputs) and is_autonamed(old.inputs):
        after["name"] = before.get("name")
    changes = [change for name, field in SCHEMA.fields.items() for change in _field(name, field, before, after)]
    if any(change.replaces for change in changes):
        changes += _swap_anew(before, after)
    return Difference(sorted(changes, key=lambda change: change.path), _goes_first(inputs, before, after))


def _goes_first(inputs: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the old container goes before its replacement is made, unless the program says it.

    As with the published plugin, wherever the program gives the name. But what is ours has in its name all that two
    containers cannot have at once, so that with another name the old one may stay until the new one works.
    """
    if is_autonamed(inputs):
        return False
    labels = after.get("labels")
    marked = isinstance(labels, list) and any(isinstance(i, dict) and i.get("label") == URN_TAG for i in labels)
    return not marked or before.get("name") == after.get("name")


def docker_swap(memory: Any) -> tuple[int, ...]:
    """Return Docker's own `memorySwap` (in MB): twice the memory; nothing, or -1 where it cannot limit swap."""
    return (0, -1, 2 * memory) if isinstance(memory, int) else (0, -1)


def _field(name: str, field: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get(name), after.get(name)
    if is_empty(new) and (field.computed or (name == "memorySwap" and old in docker_swap(before.get("memory")))):
        return
    if name == "ports":
        old, new = _ports(old, new)
    gone = is_empty(new) and field.sticks
    for path, kind in _compare(name, old, new):
        yield Change(path, kind, field.replaces or gone)


def _compare(name: str, old: Any, new: Any) -> Iterator[tuple[str, Kind]]:
    if name == "capabilities" and isinstance(old, dict) and isinstance(new, dict):
        # One object in a set of one: its lists are sets too, and it is reported as a whole.
        yield from ((name, Kind.UPDATE) for _ in list(diff_sets([old], [new], name, ()))[:1])
    else:
        yield from SCHEMA.compare(name, old, new)


def _ports(old: Any, new: Any) -> tuple[Any, Any]:
    """Return both lists, the old one in the new one's order, with the host's port where the program leaves it out."""
    if not isinstance(old, list) or not isinstance(new, list) or has_unknown(new):
        return old, new
    left, twins = list(old), []
    for port in new:
        twin = _port_like(port, left)
        if twin is not None:
            left.remove(twin)
            twins.append(twin)
    ordered = twins if not left and len(twins) == len(new) else old
    known = {_key(port): port.get("external") for port in ordered}
    return ordered, [{**port, "external": port.get("external") or known.get(_key(port))} for port in new]


def _key(port: Mapping[str, Any]) -> tuple[Any, ...]:
    return port.get("internal"), port.get("protocol"), port.get("ip")


def _port_like(port: Mapping[str, Any], among: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    for other in among:
        if _key(other) == _key(port) and port.get("external") in {None, 0, other.get("external")}:
            return other
    return None


def _swap_anew(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The swap limit Docker gave, which another container's plan does not have; recorded of the published plugin."""
    if (
        is_empty(before.get("memorySwap"))
        or after.get("memorySwap") is UNKNOWN
        or not is_empty(after.get("memorySwap"))
    ):
        return []
    return [Change("memorySwap", Kind.DELETE)] if before["memorySwap"] in docker_swap(before.get("memory")) else []
