"""Order of a state's resources, for deletes to come in the right one (docs/adr/0030).

The engine reads its dependency graph off the list of a state: a resource depends on those of the named URNs that stand
before it (Pulumi, `graph.DependencyGraph.DependenciesOf`). What a replacement leaves behind (`delete: true`) stands at
the end, behind what is no longer declared and still depends on it, and would be deleted beside that: a network while
its gateway is attached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Members of a resource that hold URNs which it depends on.
_SINGLE, _SEVERAL = ("parent", "deletedWith"), ("dependencies", "replaceWith")


def order_deletes(deployment: dict[str, Any]) -> bool:
    """Put what replacements have left before all that depends on its URN; return whether the deployment changed.

    Nothing is moved where a dependency would then stand behind what depends on it: the engine refuses such a state.

    Args:
        deployment: changed in place.

    Raises:
        KeyError, TypeError: no deployment.
    """
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    if not any(resource.get("delete") for resource in resources):
        return False
    ordered = _ordered(resources)
    if [id(one) for one in ordered] == [id(one) for one in resources] or not _is_sound(ordered):
        return False
    deployment["resources"] = ordered
    return True


def _ordered(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The resources, each behind all of the URNs that it depends on; what is left stands before its successor's."""
    named: dict[str, list[dict[str, Any]]] = {}
    for resource in sorted(resources, key=lambda one: not one.get("delete")):
        named.setdefault(resource["urn"], []).append(resource)
    ordered: list[dict[str, Any]] = []
    begun: set[int] = set()

    def place(resource: dict[str, Any]) -> None:
        if id(resource) in begun:
            return
        begun.add(id(resource))
        for urn in _dependencies(resource):
            for needed in named.get(urn, ()):
                place(needed)
        ordered.append(resource)

    for resource in resources:
        place(resource)
    return ordered


def _is_sound(resources: list[dict[str, Any]]) -> bool:
    """Whether each resource stands behind what it depends on."""
    present = {resource["urn"] for resource in resources}
    before: set[str] = set()
    for resource in resources:
        if any(urn in present and urn not in before for urn in _dependencies(resource)):
            return False
        before.add(resource["urn"])
    return True


def _dependencies(resource: Mapping[str, Any]) -> Iterator[str]:
    yield from (resource[name] for name in _SINGLE if resource.get(name))
    for name in _SEVERAL:
        yield from resource.get(name) or ()
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()
    if resource.get("provider"):
        yield resource["provider"].rpartition("::")[0]
