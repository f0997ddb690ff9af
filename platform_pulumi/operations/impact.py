"""Impact of a plan: the capabilities, across tiers, that its changes affect (specification, section 5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from platform_pulumi.model.plan import Action, Affected, Impact, TierPlan
from platform_pulumi.operations.graph import Edge, Graph, Place, place

_DISRUPTIVE = {Action.REPLACE, Action.DELETE}


def impact(edges: Graph, plans: Iterable[TierPlan]) -> tuple[Impact, ...]:
    """Compute the impact of a plan: each capability updated, replaced or deleted, with all its consumers.

    Direct consumers of a replace or delete are of high severity, of an update of medium; whom those pass it on to, low.
    A capability that is reached over optional dependencies alone is softly affected.
    """
    found = []
    for plan in plans:
        for name, action in _changed(plan).items():
            affected = tuple(_reached(edges, place(plan.key, name), action))
            if affected:
                found.append(Impact(f"{plan.tier.label}.{name}", action, affected))
    return tuple(found)


def _changed(plan: TierPlan) -> dict[str, Action]:
    """The capabilities a plan changes after they exist, with the strongest action of their resources."""
    strength = (Action.UPDATE, Action.REPLACE, Action.DELETE)
    changed: dict[str, Action] = {}
    for action in plan.actions:
        if action.action in strength and action.capability:
            known = changed.get(action.capability, Action.UPDATE)
            changed[action.capability] = max(known, action.action, key=strength.index)
    return changed


def _reached(edges: Graph, start: Place, action: Action) -> Iterator[Affected]:
    hard = {edge.consumer for edge in _walk(edges, start, hard_only=True) if edge is not None}
    severity = "high" if action in _DISRUPTIVE else "medium"
    for edge in _walk(edges, start, hard_only=False):
        if edge is None:
            severity = "low"
        else:
            yield Affected(*edge.consumer, "hard" if edge.consumer in hard else "soft", severity)


def _walk(edges: Graph, start: Place, *, hard_only: bool) -> Iterator[Edge | None]:
    """Everybody reached, nearest first and each once; None after each distance."""
    seen, front = {start}, [start]
    while front:
        following: list[Place] = []
        for at in front:
            for edge in edges.get(at, ()):
                if edge.consumer not in seen and (edge.use.hard or not hard_only):
                    seen.add(edge.consumer)
                    following.append(edge.consumer)
                    yield edge
        front = following
        yield None
