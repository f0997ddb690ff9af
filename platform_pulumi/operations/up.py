"""Applies a platform: plan, ask, then tier by tier, stopping at the first that fails."""

from __future__ import annotations

import time

from platform_pulumi.model.applied import Applied, ApplyError, Outcome, TierOutcome, TierOutputs
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.urn import urn_type
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import guard, pending, section
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.ports import Approver, Observer, RunResult
from platform_pulumi.operations.preview import Previewed, make_plan, open_session, preview_tiers
from platform_pulumi.operations.request import Request
from platform_pulumi.operations.session import Services, Session


def up(services: Services, request: Request, observer: Observer, approver: Approver) -> Applied:
    """Plan and apply.

    Raises:
        ApplyError: a tier failed; those above it stand and are recorded.
        RefusedError: a tier was not approved, or data would be lost.
        LockedError: a stack is locked, or a killed run left creates nobody has looked up.
        PlatformError: whatever `preview` raises.
    """
    started = time.monotonic()
    with open_session(services, request, observer) as session:
        pending.resolve(session, session.tiers, observer)
        previewed = preview_tiers(session, observer)
        plan = make_plan(session, previewed, time.monotonic() - started)
        approver.show(plan)
        guard.data_loss(plan, request.allow_data_loss)
        outcomes, outputs = _apply_all(session, previewed, plan, observer, approver)
        return Applied(plan, tuple(outcomes), tuple(outputs), time.monotonic() - started)


def _apply_all(
    session: Session, previewed: list[Previewed], plan: Plan, observer: Observer, approver: Approver
) -> tuple[list[TierOutcome], list[TierOutputs]]:
    outcomes: list[TierOutcome] = []
    outputs: list[TierOutputs] = []
    for index, planned in enumerate(previewed):
        tier = planned.declaration
        if planned.plan.changes or planned.outputs_change:
            if planned.plan.changes and planned.plan.mode is Mode.PLAN_AND_APPROVE:
                guard.approved(planned.plan, approver.approve(plan, planned.plan))
            outcome, values, result = _apply(session, planned, observer)
            outcomes.append(outcome)
            if result.failed:
                rest = [_untouched(p) for p in previewed[index + 1 :]]
                problems = failure_problems(tier, result)
                summary = f"{tier.label} failed after {outcome.done} of {outcome.total} resources"
                raise ApplyError(summary, "", problems, (*outcomes, *rest), plan)
            if session.plans_nothing_after(tier):
                session.engine.remember_noop(session.run(tier))
        else:
            _settle(session, planned, observer)
            values = section.typed_outputs(planned.run, planned.result.outputs)
            outcomes.append(TierOutcome(tier.tier, tier.application, planned.plan.stack, Outcome.UNCHANGED))
        # Of a tier that was not run the secrets are not among `values`; where a tier below needs them, they were read.
        if tier.tier is not Tier.APPLICATION and not planned.plan.skipped:
            session.values[tier.tier] = values
        outputs.append(contract_outputs(planned, values))
    return outcomes, outputs


def _apply(
    session: Session, planned: Previewed, observer: Observer
) -> tuple[TierOutcome, dict[str, OutputValue], RunResult]:
    tier, started = planned.declaration, time.monotonic()
    total = len([a for a in planned.plan.actions if a.action is not Action.NO_OP])
    run = session.run(tier)
    result = session.engine.up(run, observer, total)
    if not result.failed:
        _settle(session, planned, observer)
    session.snapshots[tier.tier, tier.application] = session.engine.snapshot(run.stack)
    real = [s for s in result.steps.values() if s.custom and not urn_type(s.urn).startswith("pulumi:")]
    summary: dict[str, int] = {}
    for step in real:
        if step.finished:
            summary[step.action.value] = summary.get(step.action.value, 0) + 1
    done = sum(1 for step in real if step.finished and step.action is not Action.NO_OP)
    outcome = TierOutcome(
        tier=tier.tier,
        application=tier.application,
        stack=planned.plan.stack,
        outcome=Outcome.FAILED if result.failed else Outcome.APPLIED,
        summary=summary,
        done=done,
        total=max(total, done),
        seconds=time.monotonic() - started,
    )
    return outcome, section.typed_outputs(run, result.outputs), result


def _settle(session: Session, planned: Previewed, observer: Observer) -> None:
    """What a dead run had under way is made, adopted, looked up or taken away by now: it is forgotten."""
    before = session.snapshot(planned.declaration)
    if before is not None and before.pending:
        now = session.engine.snapshot(planned.run.stack)
        pending.clear(session, before, observer, now.ids if now is not None else None)


def contract_outputs(planned: Previewed, values: dict[str, OutputValue]) -> TierOutputs:
    """The contract's outputs of a tier; every capability's where it declares no contract."""
    tier = planned.declaration
    names = [declared.name for declared in tier.outputs] or sorted(values)
    return TierOutputs(tier.tier, tier.application, {name: values[name] for name in names if name in values})


def _untouched(planned: Previewed) -> TierOutcome:
    tier = planned.declaration
    total = len([a for a in planned.plan.actions if a.action is not Action.NO_OP])
    return TierOutcome(tier.tier, tier.application, planned.plan.stack, Outcome.UNTOUCHED, total=total)
