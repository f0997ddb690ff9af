"""Who depends on whom, across tiers, and whom a change reaches (specification, section 5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.plan import Action, Affected, Impact, TierPlan
from platform_pulumi.model.platform import OutputDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import TierOutput, references

_DISRUPTIVE = {Action.REPLACE, Action.DELETE}


@dataclass(frozen=True, slots=True)
class Edge:
    """`consumer` (of `application`) uses a capability, by wiring, reference or `dependsOn`; `hard` unless optional."""

    tier: Tier
    consumer: str
    application: str | None
    hard: bool


def consumers(tiers: Iterable[TierDeclaration]) -> Mapping[tuple[Tier, str], tuple[Edge, ...]]:
    """Every capability's direct consumers."""
    tiers = tuple(tiers)
    contracts = {t.tier: {o.name: o for o in t.outputs} for t in tiers}
    places: dict[str, list[Tier]] = {}
    for tier in tiers:
        for capability in tier.capabilities:
            places.setdefault(capability.name, []).append(tier.tier)
    edges: dict[tuple[Tier, str], dict[tuple[Tier, str, str | None], Edge]] = {}
    for tier in tiers:
        for capability in tier.capabilities:
            for used, hard in _uses(tier, capability, contracts, places):
                mine = edges.setdefault(used, {})
                key = (tier.tier, capability.name, tier.application)
                known = mine.get(key)
                mine[key] = Edge(tier.tier, capability.name, tier.application, hard or bool(known and known.hard))
    return {used: tuple(found.values()) for used, found in edges.items()}


def impact(tiers: Iterable[TierDeclaration], plans: Iterable[TierPlan]) -> tuple[Impact, ...]:
    """Whom the changes of a plan reach: every capability that is updated, replaced or deleted, with its consumers.

    Direct consumers of a replace or delete are of high severity, of an update of medium; whom those pass it on to, low.
    """
    edges = consumers(tiers)
    found = []
    for plan in plans:
        for name, action in _changed(plan).items():
            affected = tuple(_reached(edges, plan.tier, name, action))
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


def _reached(
    edges: Mapping[tuple[Tier, str], tuple[Edge, ...]], tier: Tier, name: str, action: Action
) -> Iterator[Affected]:
    severity = "high" if action in _DISRUPTIVE else "medium"
    seen: set[tuple[Tier, str, str | None]] = {(tier, name, None)}
    front = [(tier, name)]
    while front:
        following = []
        for place in front:
            for edge in edges.get(place, ()):
                key = (edge.tier, edge.consumer, edge.application)
                if key not in seen:
                    seen.add(key)
                    following.append((edge.tier, edge.consumer))
                    yield Affected(
                        edge.tier, edge.consumer, edge.application, "hard" if edge.hard else "soft", severity
                    )
        front, severity = following, "low"


def _uses(
    tier: TierDeclaration,
    capability: Capability,
    contracts: Mapping[Tier, Mapping[str, OutputDeclaration]],
    places: Mapping[str, list[Tier]],
) -> Iterator[tuple[tuple[Tier, str], bool]]:
    for ref in capability.bindings.values():
        yield (ref.tier, ref.name), True
    for reference in references(dict(capability.properties)):
        if isinstance(reference, TierOutput):
            declared = contracts.get(reference.tier, {}).get(reference.name)
            if declared is not None:
                yield (reference.tier, declared.capability), True
        else:
            yield (tier.tier, reference.capability), True
    for dependency in capability.depends_on:
        above = [t for t in places.get(dependency.name, ()) if t <= tier.tier]
        if above:
            yield (max(above), dependency.name), not dependency.optional
