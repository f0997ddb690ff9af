"""Dependency graph of capabilities across tiers, and the impact of a change on it (specification, section 5.3)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.plan import Action, Affected, Impact, TierPlan
from platform_pulumi.model.platform import OutputDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import TierOutput, references

_DISRUPTIVE = {Action.REPLACE, Action.DELETE}


@dataclass(frozen=True, slots=True)
class Edge:
    """Dependency of `consumer` (of `application`) by wiring, reference or `dependsOn`; `hard` unless optional."""

    tier: Tier
    consumer: str
    application: str | None
    hard: bool

    @property
    def place(self) -> Place:
        """Tier and application of the consumer."""
        return self.tier, self.consumer, self.application


#: A capability's place: its tier, its name, and for tier 3 its application.
Place = tuple[Tier, str, str | None]


def consumers(tiers: Iterable[TierDeclaration]) -> Mapping[Place, tuple[Edge, ...]]:
    """Map every capability to its direct consumers."""
    tiers = tuple(tiers)
    contracts = {t.tier: {o.name: o for o in t.outputs} for t in tiers}
    places = {_place(t, c.name) for t in tiers for c in t.capabilities}
    edges: dict[Place, dict[Place, Edge]] = {}
    for tier in tiers:
        for capability in tier.capabilities:
            consumer = _place(tier, capability.name)
            for used, hard in _uses(tier, capability, contracts, places):
                mine = edges.setdefault(used, {})
                known = mine.get(consumer)
                mine[consumer] = Edge(*consumer, hard or bool(known and known.hard))
    return {used: tuple(found.values()) for used, found in edges.items()}


def impact(tiers: Iterable[TierDeclaration], plans: Iterable[TierPlan]) -> tuple[Impact, ...]:
    """Compute the impact of a plan: each capability updated, replaced or deleted, with all its consumers.

    Direct consumers of a replace or delete are of high severity, of an update of medium; whom those pass it on to, low.
    A capability that is reached over optional dependencies alone is softly affected.
    """
    edges = consumers(tiers)
    found = []
    for plan in plans:
        for name, action in _changed(plan).items():
            place = (plan.tier, name, plan.application if plan.tier is Tier.APPLICATION else None)
            affected = tuple(_reached(edges, place, action))
            if affected:
                found.append(Impact(f"{plan.tier.label}.{name}", action, affected))
    return tuple(found)


def _place(tier: TierDeclaration, name: str) -> Place:
    return tier.tier, name, tier.application if tier.tier is Tier.APPLICATION else None


def _changed(plan: TierPlan) -> dict[str, Action]:
    """The capabilities a plan changes after they exist, with the strongest action of their resources."""
    strength = (Action.UPDATE, Action.REPLACE, Action.DELETE)
    changed: dict[str, Action] = {}
    for action in plan.actions:
        if action.action in strength and action.capability:
            known = changed.get(action.capability, Action.UPDATE)
            changed[action.capability] = max(known, action.action, key=strength.index)
    return changed


def _reached(edges: Mapping[Place, tuple[Edge, ...]], start: Place, action: Action) -> Iterator[Affected]:
    hard = {edge.place for edge in _walk(edges, start, hard_only=True) if edge is not None}
    severity = "high" if action in _DISRUPTIVE else "medium"
    for edge in _walk(edges, start, hard_only=False):
        if edge is None:
            severity = "low"
        else:
            kind = "hard" if edge.place in hard else "soft"
            yield Affected(edge.tier, edge.consumer, edge.application, kind, severity)


def _walk(edges: Mapping[Place, tuple[Edge, ...]], start: Place, *, hard_only: bool) -> Iterator[Edge | None]:
    """Everybody reached, nearest first and each once; None after each distance."""
    seen, front = {start}, [start]
    while front:
        following: list[Place] = []
        for place in front:
            for edge in edges.get(place, ()):
                if edge.place not in seen and (edge.hard or not hard_only):
                    seen.add(edge.place)
                    following.append(edge.place)
                    yield edge
        front = following
        yield None


def _uses(
    tier: TierDeclaration,
    capability: Capability,
    contracts: Mapping[Tier, Mapping[str, OutputDeclaration]],
    places: Container[Place],
) -> Iterator[tuple[Place, bool]]:
    for ref in capability.bindings.values():
        yield (ref.tier, ref.name, tier.application if ref.tier is Tier.APPLICATION else None), True
    for reference in references(dict(capability.properties)):
        if isinstance(reference, TierOutput):
            declared = contracts.get(reference.tier, {}).get(reference.name)
            if declared is not None:
                yield (reference.tier, declared.capability, None), True
        else:
            yield _place(tier, reference.capability), True
    for dependency in capability.depends_on:
        above = [(t, dependency.name, None) for t in reversed(tier.tier.above)]
        used = next((place for place in (_place(tier, dependency.name), *above) if place in places), None)
        if used is not None:
            yield used, not dependency.optional
