"""Impact of a plan: the capabilities, across tiers, that its changes affect (specification, section 5.3; docs/plan.md).

Whom a change reaches is read from the graph before it and the graph after it: what uses a thing today is reached by
its deletion, although nothing will use it tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from platform_pulumi.model.contract import TierContract, Use
from platform_pulumi.model.plan import Action, Affected, Impact, TierPlan
from platform_pulumi.operations.capability_changes import CapabilityChange, capability_changes
from platform_pulumi.operations.graph import Graph, Place, joined, place, recorded_graph

#: Severities, weakest first.
_LOW, _MEDIUM, _HIGH = _SEVERITIES = ("low", "medium", "high")
#: Actions, weakest first.
_ACTIONS = (Action.UPDATE, Action.REPLACE, Action.DELETE)


@dataclass
class _Entry:
    """Whom the change of a capability, or of one output of it, reaches: how severely, nearest first."""

    action: Action
    reached: dict[Place, str] = field(default_factory=dict)

    def add(self, consumer: Place, action: Action, severity: str) -> None:
        self.action = max(self.action, action, key=_ACTIONS.index)
        self.reached[consumer] = max(self.reached.get(consumer, _LOW), severity, key=_SEVERITIES.index)


def impact(declared: Graph, recorded: Iterable[TierContract], plans: Iterable[TierPlan]) -> tuple[Impact, ...]:
    """Compute the impact of a plan: each change of a capability or of an output of it, with all whom it reaches.

    Args:
        declared: what the declared capabilities use.
        recorded: the contracts of the planned stacks, and of those below them.
    """
    contracts = {contract.key: contract for contract in recorded}
    graph = joined(declared, recorded_graph(contracts.values()))
    return tuple(
        found
        for plan in plans
        for change in capability_changes(plan, contracts.get(plan.key))
        for found in _impacts(graph, plan, change)
    )


def _impacts(graph: Graph, plan: TierPlan, change: CapabilityChange) -> Iterator[Impact]:
    start = place(plan.key, change.capability)
    entries = _direct(graph, start, change)
    if not change.grows:
        _follow(graph, start, entries)
    hard = _hard(graph, start)
    whole = f"{plan.tier.label}.{change.capability}"
    for output, entry in entries.items():
        affected = tuple(
            Affected(*consumer, "hard" if consumer in hard else "soft", severity)
            for consumer, severity in entry.reached.items()
        )
        yield Impact(f"{whole}.{output}" if output else whole, entry.action, affected)


def _direct(graph: Graph, start: Place, change: CapabilityChange) -> dict[str, _Entry]:
    """The direct consumers: those of each output that changes, and under "" those whom the capability itself reaches.

    Who reads nothing but outputs that stay as they are keeps what it has; it may notice that the capability changes.
    """
    entries: dict[str, _Entry] = {}
    notice: dict[Place, None] = {}
    if change.action is not None:
        entries[""] = _Entry(change.action)
    for edge in graph.get(start, ()):
        action = _action(edge.use, change)
        if action is None:
            notice[edge.consumer] = None
        else:
            severity = _MEDIUM if action is Action.UPDATE else _HIGH
            if change.grows:
                severity = _LOW
            entries.setdefault(edge.use.output, _Entry(action)).add(edge.consumer, action, severity)
    if change.action is not None:
        reached = {consumer for entry in entries.values() for consumer in entry.reached}
        for consumer in notice:
            if consumer not in reached:
                entries[""].add(consumer, change.action, _LOW if change.grows else _MEDIUM)
    return {output: entry for output, entry in entries.items() if entry.reached}


def _action(use: Use, change: CapabilityChange) -> Action | None:
    """What happens to what is used; None where that stays as it is."""
    if change.action is Action.DELETE or not use.output:
        return change.action
    found = [verb for verb in (change.outputs.get(use.output), change.names.get(use.name)) if verb is not None]
    return max(found, key=_ACTIONS.index, default=None)


def _follow(graph: Graph, start: Place, entries: Mapping[str, _Entry]) -> None:
    """Add whom the direct consumers pass it on to, each once."""
    front = [(consumer, entry) for entry in entries.values() for consumer in entry.reached]
    seen = {start, *(consumer for consumer, _ in front)}
    while front:
        following = []
        for at, entry in front:
            for edge in graph.get(at, ()):
                if edge.consumer not in seen:
                    seen.add(edge.consumer)
                    entry.reached[edge.consumer] = _LOW
                    following.append((edge.consumer, entry))
        front = following


def _hard(graph: Graph, start: Place) -> set[Place]:
    """Everybody whom uses that nobody can do without lead to."""
    seen, front = {start}, [start]
    while front:
        at = front.pop()
        found = {edge.consumer for edge in graph.get(at, ()) if edge.use.hard} - seen
        seen |= found
        front += found
    return seen
