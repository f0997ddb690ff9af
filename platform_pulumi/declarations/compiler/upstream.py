"""Upstream tiers as the tiers below see them: declared in the documents, or applied, by their stack's contract."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from platform_pulumi.declarations.compiler.parsed import AnyTier
from platform_pulumi.declarations.diagnostics.known_names import KnownNames
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract


class UpstreamTier:
    """Upstream tier as the tiers below see it: its capabilities, outputs and constraints.

    `places` are known only for capabilities in the documents; `origins` says of an output which field of which
    capability it is.
    """

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        self.capabilities: dict[str, CapabilityRef] = {}
        self.places: dict[str, Position] = {}
        self.outputs: dict[str, Position] = {}
        self.sources: dict[tuple[str, str], str] = {}
        self.origins: dict[str, tuple[str, str]] = {}
        self.constraints: tuple[Constraint, ...] = ()

    @functools.cached_property
    def output_names(self) -> KnownNames:
        """The names of its outputs, by name."""
        return KnownNames(sorted(self.outputs))

    @classmethod
    def declared(cls, tier: Tier, declarations: Iterable[AnyTier]) -> UpstreamTier:
        """Build it from the documents' declaration of the tier."""
        upstream = cls(tier)
        for declaration in declarations:
            for capability in declaration.capabilities:
                upstream.capabilities.setdefault(capability.name, capability.ref)
                upstream.places.setdefault(capability.name, capability.declared_at)
            for output in declaration.outputs:
                upstream.outputs.setdefault(output.name, output.declared_at)
                upstream.sources.setdefault((output.capability, output.field), output.name)
                upstream.origins.setdefault(output.name, (output.capability, output.field))
            upstream.constraints += tuple(declaration.constraints)
        return upstream

    @classmethod
    def applied(cls, contract: TierContract) -> UpstreamTier:
        """Build it from the contract of the tier's stack."""
        upstream = cls(contract.tier)
        upstream.capabilities = {ref.name: ref for ref in contract.capabilities}
        upstream.outputs = {output.name: output.declared_at for output in contract.outputs}
        upstream.sources = {(output.capability, output.field): output.name for output in contract.outputs}
        upstream.origins = {output.name: (output.capability, output.field) for output in contract.outputs}
        upstream.constraints = contract.constraints
        return upstream


class UpstreamTiers:
    """Known tiers above one, and their capabilities by name and by type: looked through once for all applications."""

    def __init__(self, tiers: Mapping[Tier, UpstreamTier]) -> None:
        self.tiers = tiers
        self.names = {name: tier for tier in tiers.values() for name in tier.capabilities}
        self.constraints = [constraint for tier in tiers.values() for constraint in tier.constraints]
        self.candidates: dict[str, list[CapabilityRef]] = {}
        for tier in tiers.values():
            for ref in tier.capabilities.values():
                self.candidates.setdefault(ref.type, []).append(ref)


def upstream_tiers(
    tier: Tier, declarations: Sequence[AnyTier], contracts: Mapping[Tier, TierContract]
) -> UpstreamTiers:
    """List the known tiers above one: by their contract where it was read, else from the documents."""
    found = {}
    for upper in tier.above:
        declared = [declaration for declaration in declarations if declaration.tier is upper]
        if upper in contracts:
            found[upper] = UpstreamTier.applied(contracts[upper])
        elif declared:
            found[upper] = UpstreamTier.declared(upper, declared)
    return UpstreamTiers(found)
