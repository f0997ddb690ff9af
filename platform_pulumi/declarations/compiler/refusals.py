"""Check of what providers cannot have: properties that the type may have, and settings; each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platform_pulumi.declarations.compiler.parsed import AnyTier
from platform_pulumi.declarations.compiler.providers import literal_config
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.sdk.provider import ProviderDefinition


def check(
    tiers: Iterable[AnyTier],
    providers: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: SourceMap,
) -> None:
    """Report what the providers of a run refuse; settings that hold a reference are not looked at."""
    for provider in providers:
        definition = definitions.get(provider.name)
        if definition is None or provider.declared_at is None:
            continue
        for refusal in definition.refuses(literal_config(provider)):
            at = source_map.at(provider.declared_at, "config", refusal.path) or (provider.declared_at, 1)
            problems.add(codes.WRONG_VALUE, refusal.reason, at[0], length=at[1])
    for tier in tiers:
        for capability in tier.capabilities:
            definition = definitions.get(capability.provider)
            binding = definition.bindings.get(capability.type) if definition is not None else None
            if binding is None or capability.properties is None:
                continue
            for refusal in binding.refuses(capability.properties):
                at = source_map.property(capability.declared_at, refusal.path) or (capability.declared_at, 1)
                problems.add(codes.WRONG_VALUE, refusal.reason, at[0], length=at[1])
