"""Builder of a tier's run: what its program is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platform_pulumi import declarations
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.ports import StackSnapshot
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.upstream import Values
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream


def tier_run(session: Session, tier: TierDeclaration, values: Values) -> TierRun:
    """Build the run of a tier, with the values known so far of the tiers above.

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
        contract=session.contracts[tier.key],
        upstream={upper: _upstream(session, upper, values[upper]) for upper in tier.tier.above if upper in values},
        unprotected=_losable(session.snapshot(tier), tier.capabilities) & session.task.allow_data_loss,
        simulated=session.simulated,
    )


def _losable(snapshot: StackSnapshot | None, declared: Iterable[Capability]) -> frozenset[str]:
    """The names whose data a run can lose: what is declared, and what the stack still holds."""
    held = {snapshot.named(urn) for urn in snapshot.protected} if snapshot is not None else set()
    return frozenset(held | {capability.name for capability in declared})


def _upstream(session: Session, upper: Tier, values: Mapping[str, OutputValue]) -> Upstream:
    contract, declared = session.upstream.contracts.get(upper), session.platform.tier(upper)
    outputs = contract.outputs if contract is not None else declared.outputs if declared is not None else ()
    stack = session.platform.context.stack(upper)
    return Upstream(
        tier=upper,
        outputs={output.name: output for output in outputs},
        values=values,
        reference=session.engine.qualified(stack) if session.engine.exists(stack) else None,
    )


def _config(session: Session, name: str) -> Mapping[str, object]:
    declared = session.platform.provider(name)
    if session.simulated and not session.services.definitions[name].always_simulated:
        return declarations.literal_config(declared)
    return declarations.resolve_config(declared, secrets=session.services.secrets)
