"""Check that no two capabilities claim what their provider has only once: a port of the machine, a resource's name.

Within a run by what is declared; against all other stacks of the environment by what they recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from platform_pulumi.declarations.compiler.providers import literal_config
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import ClaimRecord, TierContract
from platform_pulumi.model.platform import ProviderDeclaration, TierDeclaration
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import TierKey
from platform_pulumi.sdk.provider import Claim, ProviderDefinition


class _Claimed(NamedTuple):
    """A claim, and the capability that makes it."""

    capability: Capability
    claim: Claim

    @property
    def record(self) -> ClaimRecord:
        """How its contract carries it."""
        return ClaimRecord(self.capability.name, self.capability.provider, self.claim.what)

    def place(self, source_map: SourceMap) -> tuple[Position, int]:
        """The property that says it, and how long that is."""
        found = source_map.property(self.capability.declared_at, self.claim.path) if self.claim.path else None
        return found or (self.capability.declared_at, 1)


def check(
    tiers: Iterable[TierDeclaration],
    providers: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: SourceMap,
) -> None:
    """Report every capability that claims what one before it has, at the property that says so."""
    providers = tuple(providers)
    first: dict[tuple[str, TierKey | None, str], tuple[Capability, Position]] = {}
    for tier in tiers:
        for claimed in _claims(tier, providers, definitions):
            capability, claim = claimed
            position, size = claimed.place(source_map)
            key = (capability.provider, tier.key if claim.stack else None, claim.what)
            owner, owned_at = first.setdefault(key, (capability, position))
            if owner is not capability or owned_at != position:
                detail = _twice(claimed, f"`{owner.name}` has it already, at {owned_at.place}")
                problems.add(codes.CLAIMED_TWICE, detail, position, length=size, also=[owned_at])


def records(
    tier: TierDeclaration, providers: Iterable[ProviderDeclaration], definitions: Mapping[str, ProviderDefinition]
) -> tuple[ClaimRecord, ...]:
    """List what a tier claims of the whole environment; see `platform_pulumi.declarations.claims`."""
    return tuple(one.record for one in _claims(tier, providers, definitions) if not one.claim.stack)


def check_recorded(
    tiers: Iterable[TierDeclaration],
    providers: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    others: Iterable[TierContract],
    problems: Problems,
    source_map: SourceMap,
) -> None:
    """Report every capability that claims what another stack has recorded, at the property that says so."""
    providers = tuple(providers)
    had = {(record.provider, record.what): (record, other.key) for other in others for record in other.claims}
    for tier in tiers:
        for claimed in _claims(tier, providers, definitions):
            found = had.get((claimed.capability.provider, claimed.claim.what))
            if found is not None and not claimed.claim.stack:
                position, size = claimed.place(source_map)
                detail = _twice(claimed, f"`{found[0].capability}` of {found[1]} has it already, as it was applied")
                problems.add(codes.CLAIMED_TWICE, detail, position, length=size)


def _claims(
    tier: TierDeclaration, providers: Iterable[ProviderDeclaration], definitions: Mapping[str, ProviderDefinition]
) -> Iterator[_Claimed]:
    settings = {provider.name: literal_config(provider) for provider in providers}
    for capability in tier.capabilities:
        definition = definitions.get(capability.provider)
        binding = definition.bindings.get(capability.type) if definition is not None else None
        if binding is not None:
            for claim in binding.claims(capability, settings.get(capability.provider, {})):
                yield _Claimed(capability, claim)


def _twice(claimed: _Claimed, owner: str) -> str:
    capability, claim = claimed
    return f"`{capability.name}` needs {claim.what}, and {owner}. {claim.instead}".strip()
