"""Reader of the upstream tiers that a task only reads: their contracts and outputs, from their stacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from platform_pulumi import declarations
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, TierContract
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import guard
from platform_pulumi.operations.ports import Engine, StackSnapshot
from platform_pulumi.operations.states import existing_stacks, recorded_values

#: Outputs of tiers, recorded, planned or applied: `capability:field` or a contract's name to its value.
Values: TypeAlias = Mapping[Tier, Mapping[str, OutputValue]]


@dataclass(frozen=True, slots=True)
class UpstreamTiers:
    """Upstream tiers that a task only reads."""

    contracts: Mapping[Tier, TierContract] = field(default_factory=dict)
    values: Values = field(default_factory=dict, repr=False)


def read_upstream(engine: Engine, platform: Platform, tiers: Iterable[TierDeclaration]) -> UpstreamTiers:
    """Read the upstream tiers of these that are not among them.

    Raises:
        EngineError: such a stack is missing, unreadable or without contract.
    """
    tiers = tuple(tiers)
    needed = {upper for tier in tiers for upper in tier.tier.above} - {tier.tier for tier in tiers}
    contracts: dict[Tier, TierContract] = {}
    values: dict[Tier, Mapping[str, OutputValue]] = {}
    for upper in sorted(needed):
        stack = platform.context.stack(upper)
        snapshot = engine.snapshot(stack, reveal=True)
        if snapshot is None:
            detail = (
                f"{upper.label} of {platform.context.path()} was never applied: there is no stack {stack}. Its "
                "constraints and outputs are not known, so nothing below it can be planned. Apply it first, or plan "
                f"the tiers together; if this platform has none, say so with an empty `{upper.label}:` under `tiers:`."
            )
            raise EngineError("An upper stack is missing", detail)
        contracts[upper] = guard.contract_of(snapshot)
        values[upper] = recorded_values(contracts[upper], snapshot)
    return UpstreamTiers(contracts, values)


def check_quotas(engine: Engine, platform: Platform, tiers: Iterable[TierDeclaration], upper: UpstreamTiers) -> None:
    """Check the quotas of namespaces against all applications of the environment.

    Those of a run without applications are checked where it changes them: who takes more already is told now, and not
    when its next pod is refused.

    Raises:
        ConstraintError: they are exceeded.
        EngineError: another application's stack cannot be read.
    """
    mine = {tier.application for tier in tiers if tier.tier is Tier.APPLICATION}
    applied: tuple[StackName, ...] = ()
    if declarations.quota_limits(platform, upper.contracts) and (mine or _changes_quotas(engine, platform, tiers)):
        mine = mine or {tier.application for tier in platform.tiers if tier.tier is Tier.APPLICATION}
        applied = existing_stacks(engine, platform.context, Tier.APPLICATION)
    others = (_usage_of(engine.snapshot(stack)) for stack in applied if stack.application not in mine)
    declarations.check_quotas(platform, upper.contracts, [contract for contract in others if contract is not None])


def _usage_of(snapshot: StackSnapshot | None) -> TierContract | None:
    """Return the contract of another application, which says what it takes; None where it takes nothing."""
    contract = guard.recorded_contract(snapshot)
    if contract is None and snapshot is not None and (snapshot.resources or snapshot.pending):
        raise _unknown_usage(snapshot)
    return contract


def _changes_quotas(engine: Engine, platform: Platform, tiers: Iterable[TierDeclaration]) -> bool:
    """Whether a namespace of these tiers has another quota than its stack recorded."""
    for tier in tiers:
        recorded = guard.recorded_contract(engine.snapshot(platform.context.stack(*tier.key)))
        before = recorded.quotas if recorded is not None else {}
        if any(_bounds(quota) != _bounds(before.get(name, {})) for name, quota in declarations.quotas(tier).items()):
            return True
    return False


def _bounds(quota: Mapping[str, Any]) -> dict[str, Any]:
    """What a quota bounds, wherever it was written (`declarations.quotas`)."""
    return {name: value for name, value in quota.items() if name != "at"}


def _unknown_usage(snapshot: StackSnapshot) -> EngineError:
    """Build the error of an application that holds something, and says nowhere how much of its namespaces."""
    detail = (
        f"{snapshot.name} holds {len(snapshot.resources)} resources and has no output `{CONTRACT_OUTPUT}`, so what it "
        "takes of its namespaces is not known. Apply it to its end, or destroy it."
    )
    return EngineError("What another application takes is not known", detail)
