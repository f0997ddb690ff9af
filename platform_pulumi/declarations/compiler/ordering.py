"""Dependency order of a tier's capabilities: dependencies first, else as declared."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter


def dependency_order(names: list[str], edges: Mapping[str, set[str]]) -> tuple[list[str], list[list[str]]]:
    """Sort names topologically, stable by declaration; also return the cycles that prevent it, each spelled out.

    `edges` maps a name to those it stands on, all of them among `names`.
    """
    if not edges:
        return names, []
    cycles = _cycles(edges)
    if cycles:
        return names, cycles
    rank = {name: index for index, name in enumerate(names)}
    found: list[str] = []
    done: set[str] = set()
    for name in names:
        # Depth first without recursion: what a capability stands on comes right before it, in declaration order.
        stack = [name]
        while stack:
            top = stack[-1]
            waiting = (
                sorted((edges.get(top, set()) - done), key=rank.__getitem__, reverse=True) if top not in done else []
            )
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if top not in done:
                done.add(top)
                found.append(top)
    return found, []


def _cycles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """One cycle of each group that stands on itself; the first named is the first by name."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError:
        return [cycle for group in _groups(edges) for cycle in _cycles_within(group, edges)]
    return []


def _groups(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of two and more names that all stand on each other, in the order of `edges` (Tarjan's, no recursion)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: dict[str, None] = {}
    groups: list[list[str]] = []
    for start in edges:
        path = [] if start in number else [(start, iter(sorted(edges[start])))]
        while path:
            name, below = path[-1]
            if name not in number:
                number[name] = lowest[name] = len(number)
                waiting[name] = None
            following = next(below, None)
            if following is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[name])
                if lowest[name] == number[name]:
                    group = [name]
                    while (last := waiting.popitem()[0]) != name:
                        group.append(last)
                    if len(group) > 1:
                        groups.append(group)
            elif following not in number:
                path.append((following, iter(sorted(edges.get(following, ())))))
            elif following in waiting:
                lowest[name] = min(lowest[name], number[following])
    return groups


def _cycles_within(group: list[str], edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Cycles of a group, none of which shares a name with another."""
    inside = set(group)
    left = {name: edges[name] & inside for name in group}
    cycles: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1][:-1][::-1]  # graphlib names what is stood on first
            start = cycle.index(min(cycle))
            cycles.append(cycle[start:] + cycle[:start])
            gone = set(cycle)
            left = {name: targets - gone for name, targets in left.items() if name not in gone}
        else:
            return cycles
