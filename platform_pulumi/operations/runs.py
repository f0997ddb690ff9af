"""What a tier's program is given: its capabilities, its contract, and the values of the tiers above."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi import declarations
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.upper import Values
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream


def tier_run(session: Session, tier: TierDeclaration, values: Values) -> TierRun:
    """The run of a tier, with the values known so far of the tiers above.

    Raises:
        InputError: a provider's settings have no value.
    """
    context = session.platform.context
    used = sorted({capability.provider for capability in tier.capabilities}) or [
        provider.name for provider in session.platform.providers
    ]
    return TierRun(
        context=context,
        tier=tier.tier,
        application=tier.application,
        stack=context.stack(*tier.key),
        capabilities=tier.capabilities,
        outputs=tier.outputs,
        providers={name: ProviderRun(name, _config(session, name)) for name in used},
        contract=tier_contract(session, tier),
        upstream={upper: _upstream(session, upper, values) for upper in tier.tier.above if upper in values},
        unprotected=_losable(session, tier) & session.task.allow_data_loss,
        simulated=session.simulated,
    )


def tier_contract(session: Session, tier: TierDeclaration) -> TierContract:
    """What a tier's stack will tell those below."""
    return TierContract(
        tier=tier.tier,
        application=tier.application,
        context=session.platform.context.path(tier.application),
        providers=session.providers(tier),
        capabilities=tuple(capability.ref for capability in tier.capabilities),
        constraints=tier.constraints,
        outputs=tier.outputs,
        mode=mode_of(session.platform, tier.tier),
        quotas=declarations.quotas(tier),
        usage=declarations.quota_usage(tier),
    )


def mode_of(platform: Platform, tier: Tier) -> Mode:
    """How a tier's plan becomes an apply: as declared, or as usual for it."""
    return platform.modes.get(tier, DEFAULT_MODES[tier])


def _losable(session: Session, tier: TierDeclaration) -> frozenset[str]:
    """The names whose data a run of the tier can lose: what is declared, and what the stack still holds."""
    snapshot = session.snapshot(tier)
    held = {snapshot.named(urn) for urn in snapshot.protected} if snapshot else set()
    return frozenset(held | {capability.name for capability in tier.capabilities})


def _upstream(session: Session, upper: Tier, values: Values) -> Upstream:
    contract, declared = session.upper.contracts.get(upper), session.platform.tier(upper)
    outputs = contract.outputs if contract is not None else declared.outputs if declared is not None else ()
    stack = session.platform.context.stack(upper)
    return Upstream(
        tier=upper,
        outputs={output.name: output for output in outputs},
        values=values[upper],
        reference=stack.qualified() if session.engine.snapshot(stack) is not None else None,
    )


def _config(session: Session, name: str) -> Mapping[str, object]:
    declared = next((p for p in session.platform.providers if p.name == name), None)
    if declared is None:
        return {}
    if session.simulated and not session.services.definitions[name].always_simulated:
        return declarations.literal_config(declared)
    return declarations.resolve_config(declared, secrets=session.services.secrets)
