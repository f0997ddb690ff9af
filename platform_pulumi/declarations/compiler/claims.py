"""Check that no two capabilities claim what their provider has only once: a port of the machine, a resource's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platform_pulumi.declarations.compiler.providers import literal_config
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import ProviderDeclaration, TierDeclaration
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import TierKey
from platform_pulumi.sdk.provider import ProviderDefinition


def check(
    tiers: Iterable[TierDeclaration],
    providers: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: SourceMap,
) -> None:
    """Report every capability that claims what one before it has, at the property that says so."""
    settings = {provider.name: literal_config(provider) for provider in providers}
    first: dict[tuple[str, TierKey | None, str], tuple[Capability, Position]] = {}
    for tier in tiers:
        for capability in tier.capabilities:
            definition = definitions.get(capability.provider)
            binding = definition.bindings.get(capability.type) if definition is not None else None
            if binding is None:
                continue
            for claim in binding.claims(capability, settings.get(capability.provider, {})):
                place = source_map.property(capability.declared_at, claim.path) if claim.path else None
                position, size = place or (capability.declared_at, 1)
                claimed = (capability.provider, tier.key if claim.stack else None, claim.what)
                owner, owned_at = first.setdefault(claimed, (capability, position))
                if owner is capability and owned_at == position:
                    continue
                detail = (
                    f"`{capability.name}` needs {claim.what}, and `{owner.name}` has it already, at"
                    f" {owned_at.place}. {claim.instead}"
                )
                problems.add(codes.CLAIMED_TWICE, detail.strip(), position, length=size, also=[owned_at])
