"""Builder of a tier's contract, which its stack exports for the tiers below, and selection of its outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.model.applied import TierOutputs
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import ClaimRecord, ProviderRecord, TierContract
from platform_pulumi.model.json_form import declared
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.graph import upper_tiers, uses
from platform_pulumi.operations.modes import declared_floors, declared_mode


def tier_contract(
    platform: Platform,
    tier: TierDeclaration,
    providers: tuple[ProviderRecord, ...],
    above: Mapping[Tier, TierContract],
    *,
    declared_with: tuple[TierKey, ...],
    locations: Mapping[str, Mapping[str, str]],
    settings: Mapping[str, Mapping[str, Any]],
    claims: tuple[ClaimRecord, ...],
) -> TierContract:
    """The contract of a tier.

    Args:
        providers: those that serve it.
        above: the contracts that were read of tiers above.
        declared_with: what the same document declares (`declared_together`).
        locations: where its providers make things.
        settings: those of the providers that bind the tiers below.
        claims: what it has that there is once in the environment.
    """
    return TierContract(
        tier=tier.tier,
        application=tier.application,
        context=platform.context.path(tier.application),
        providers=providers,
        capabilities=tuple(capability.ref for capability in tier.capabilities),
        constraints=tier.constraints,
        outputs=tier.outputs,
        mode=declared_mode(platform, tier.tier, above),
        quotas=declarations.quotas(tier),
        usage=declarations.quota_usage(tier),
        uses=uses(tier, upper_tiers(platform.tiers, above)),
        declared_with=declared_with,
        declared=tuple(map(declared_capability, tier.capabilities)),
        locations=locations,
        settings=settings,
        claims=claims,
        routing={provider.name: tuple(sorted(provider.capabilities)) for provider in platform.providers},
        floors=declared_floors(platform, tier.tier),
    )


def declared_together(platform: Platform) -> Mapping[TierKey, tuple[TierKey, ...]]:
    """Map each tier to what the same documents declare beside it, as its contract carries it."""
    uppers: dict[str, list[TierKey]] = {}
    applications: dict[str, list[TierKey]] = {}
    documents = {tier.key: _documents(tier) for tier in platform.tiers if owns(tier)}
    for key, names in documents.items():
        for name in names:
            (applications if key.tier is Tier.APPLICATION else uppers).setdefault(name, []).append(key)
    found: dict[TierKey, tuple[TierKey, ...]] = {}
    for key, names in documents.items():
        if key.tier is Tier.APPLICATION:
            beside = _all(uppers, names) or [other for other in _all(applications, names) if other != key]
        else:
            beside = [TierKey(Tier.APPLICATION)] if _all(applications, names) else []
        found[key] = tuple(beside)
    return found


def owns(tier: TierDeclaration) -> bool:
    """Whether who declares a tier has it: an upper one that is empty only says that there is none."""
    return tier.tier is Tier.APPLICATION or bool(tier.capabilities)


def _documents(tier: TierDeclaration) -> tuple[str, ...]:
    places = [tier.declared_at, *(capability.declared_at for capability in tier.capabilities)]
    return tuple(dict.fromkeys(place.file for place in places if place is not None))


def _all(keys: Mapping[str, list[TierKey]], documents: Iterable[str]) -> list[TierKey]:
    return list(dict.fromkeys(key for name in documents for key in keys.get(name, ())))


def declared_capability(capability: Capability) -> dict[str, Any]:
    """Encode a capability as it is declared, resolved; secrets, references and templates as marks."""
    return {
        "name": capability.name,
        "type": capability.type,
        "provider": capability.provider,
        "properties": declared(capability.properties),
        "bindings": {need: str(ref) for need, ref in capability.bindings.items()},
    }


def contract_outputs(contract: TierContract, values: Mapping[str, OutputValue]) -> TierOutputs:
    """Select the outputs of a tier that its contract names; every capability's where it names none."""
    names = [output.name for output in contract.outputs] or sorted(values)
    return TierOutputs(contract.tier, contract.application, {name: values[name] for name in names if name in values})
