"""Dependency graph of capabilities across tiers: what each one uses, as it is declared and as stacks recorded it.

Each apply records the uses of its tier in the stack's contract, so that who changes a tier learns whom that reaches,
whoever's files declare them, and also where a change takes a use away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import TierContract, Use
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import TierOutput, references

#: A capability's place: its tier, its name, and for tier 3 its application.
Place: TypeAlias = tuple[Tier, str, str | None]
#: An upper tier as those below it know it: declared, or applied.
UpperTier: TypeAlias = TierDeclaration | TierContract


@dataclass(frozen=True, slots=True)
class Edge:
    """Edge of the graph: the consumer at a place, and its use of another capability."""

    consumer: Place
    use: Use


#: Every used capability, to the edges of its direct consumers; several of one consumer where it uses it several ways.
Graph: TypeAlias = Mapping[Place, tuple[Edge, ...]]


def place(key: TierKey, capability: str) -> Place:
    """Return the place of a capability of a tier."""
    return key.tier, capability, key.application if key.tier is Tier.APPLICATION else None


def uses(tier: TierDeclaration, above: Mapping[Tier, UpperTier]) -> tuple[Use, ...]:
    """List what the capabilities of a tier use, by wiring, reference and `dependsOn`; each use once.

    Args:
        above: the upper tiers that are known (`upper_tiers`).
    """
    known = {upper: above[upper] for upper in tier.tier.above if upper in above}
    outputs = {upper: {output.name: output for output in one.outputs} for upper, one in known.items()}
    names = {upper: {capability.name for capability in one.capabilities} for upper, one in known.items()}
    names[tier.tier] = {capability.name for capability in tier.capabilities}
    found: dict[Use, None] = {}
    for capability in tier.capabilities:
        own = capability.name
        for need, bound in capability.bindings.items():
            found[Use(own, bound.tier, bound.name, need=need)] = None
        for reference in references(dict(capability.properties)):
            if not isinstance(reference, TierOutput):
                found[Use(own, tier.tier, reference.capability, reference.field)] = None
            elif (declared := outputs.get(reference.tier, {}).get(reference.name)) is not None:
                found[Use(own, reference.tier, declared.capability, declared.field, reference.name)] = None
        found.update(dict.fromkeys(_dependencies(capability, names)))
    return tuple(found)


def upper_tiers(tiers: Iterable[TierDeclaration], contracts: Mapping[Tier, TierContract]) -> Mapping[Tier, UpperTier]:
    """Map the upper tiers to what is known of them: the contract where one was read, else the declaration."""
    return {tier.tier: tier for tier in tiers if tier.tier is not Tier.APPLICATION} | dict(contracts)


def declared_graph(tiers: Iterable[TierDeclaration], contracts: Mapping[Tier, TierContract]) -> Graph:
    """Build the graph of the declared tiers; `contracts` are those that were read of tiers above."""
    tiers = tuple(tiers)
    above = upper_tiers(tiers, contracts)
    return graph((tier.key, uses(tier, above)) for tier in tiers)


def graph(uses_of: Iterable[tuple[TierKey, Iterable[Use]]]) -> Graph:
    """Build the graph of what these tiers use."""
    found: dict[Place, dict[Edge, None]] = {}
    for key, used in uses_of:
        for use in used:
            edge = Edge(place(key, use.consumer), use)
            found.setdefault(place(TierKey(use.tier, key.application), use.capability), {})[edge] = None
    return {used: tuple(edges) for used, edges in found.items()}


def recorded_graph(contracts: Iterable[TierContract]) -> Graph:
    """Build the graph that these stacks recorded when they were applied."""
    return graph((contract.key, contract.uses) for contract in contracts)


def joined(*graphs: Graph) -> Graph:
    """Join graphs to one; an edge that several have counts once."""
    found: dict[Place, dict[Edge, None]] = {}
    for one in graphs:
        for used, edges in one.items():
            found.setdefault(used, {}).update(dict.fromkeys(edges))
    return {used: tuple(edges) for used, edges in found.items()}


def recorded_consumers(contracts: Iterable[TierContract], key: TierKey, capability: str) -> tuple[Edge, ...]:
    """List the direct consumers of a capability that these stacks recorded."""
    return recorded_graph(contracts).get(place(key, capability), ())


def _dependencies(capability: Capability, names: Mapping[Tier, set[str]]) -> Iterator[Use]:
    """What `dependsOn` names, each in the nearest tier that has it."""
    for entry in capability.depends_on:
        nearest = next((tier for tier in sorted(names, reverse=True) if entry.name in names[tier]), None)
        if nearest is not None:
            yield Use(capability.name, nearest, entry.name, hard=not entry.optional)
