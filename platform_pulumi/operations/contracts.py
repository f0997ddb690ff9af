"""Makes the contract of a tier: what its stack tells the tiers below."""

from __future__ import annotations

from platform_pulumi import declarations
from platform_pulumi.model.contract import ProviderRecord, TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, Platform, TierDeclaration
from platform_pulumi.model.tier import Tier


def tier_contract(platform: Platform, tier: TierDeclaration, providers: tuple[ProviderRecord, ...]) -> TierContract:
    """The contract of a tier that these providers serve."""
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
    )


def mode_of(platform: Platform, tier: Tier) -> Mode:
    """How a tier's plan becomes an apply: as declared, or as usual for it."""
    return platform.modes.get(tier, DEFAULT_MODES[tier])
