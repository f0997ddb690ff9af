"""Builder of a tier's contract, which its stack exports for the tiers below, and selection of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from platform_pulumi import declarations
from platform_pulumi.model.applied import TierOutputs
from platform_pulumi.model.contract import ProviderRecord, TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.graph import upper_tiers, uses


def tier_contract(
    platform: Platform,
    tier: TierDeclaration,
    providers: tuple[ProviderRecord, ...],
    above: Mapping[Tier, TierContract] = MappingProxyType({}),
) -> TierContract:
    """The contract of a tier that these providers serve; `above` are those that were read of upper tiers."""
    return TierContract(
        tier=tier.tier,
        application=tier.application,
        context=platform.context.path(tier.application),
        providers=providers,
        capabilities=tuple(capability.ref for capability in tier.capabilities),
        constraints=tier.constraints,
        outputs=tier.outputs,
        mode=mode_of(platform, tier.tier),
        quotas=declarations.quotas(tier),
        usage=declarations.quota_usage(tier),
        uses=uses(tier, upper_tiers(platform.tiers, above)),
    )


def mode_of(platform: Platform, tier: Tier) -> Mode:
    """Return the apply mode of a tier: as declared, or the default."""
    return platform.modes.get(tier, DEFAULT_MODES[tier])


def contract_outputs(contract: TierContract, values: Mapping[str, OutputValue]) -> TierOutputs:
    """Select the outputs of a tier that its contract names; every capability's where it names none."""
    names = [output.name for output in contract.outputs] or sorted(values)
    return TierOutputs(contract.tier, contract.application, {name: values[name] for name in names if name in values})
