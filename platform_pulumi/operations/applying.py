"""Applies planned tiers: refine what was planned elsewhere or earlier, then apply a tier, held to that plan.

The second and third of the steps that all verbs share (the first is `planning.plan_tier`).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from platform_pulumi.errors import Problem, RefusedError
from platform_pulumi.model.applied import ApplyError, Outcome, TierOutcome, TierOutputs
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.plan.order import deleting, expanding
from platform_pulumi.model.plan.ranges import changing
from platform_pulumi.model.plan.refinement import refines
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.urn import urn_type
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import actions, pending, reservation
from platform_pulumi.operations.contracts import contract_outputs
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.permission import permit
from platform_pulumi.operations.planned import PlannedTier, downstream_values
from platform_pulumi.operations.planning import reads_files
from platform_pulumi.operations.ports import Approver, Observer, RunResult, StackSnapshot, Step
from platform_pulumi.operations.runs import tier_run
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.upstream import Values
from platform_pulumi.sdk.run import TierRun


@dataclass(frozen=True, slots=True)
class AppliedTier:
    """Result of applying one tier.

    `outputs` are the values its stack has now, secrets among them: for the tiers below, never for a plan or a log.
    """

    outcome: TierOutcome
    outputs: Mapping[str, OutputValue]
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the apply of the tier failed."""
        return self.outcome.outcome is Outcome.FAILED


def apply_tiers(
    session: Session, planned: Sequence[PlannedTier], plan: Plan, observer: Observer, approver: Approver
) -> tuple[tuple[TierOutcome, ...], tuple[TierOutputs, ...]]:
    """Apply each tier in order, with the values those above have by then; stop at the first that is refused or fails.

    What the tiers below have let go of by then is deleted at the end, from the bottom up (docs/adr/0030).

    Raises:
        RefusedError: a section may not be applied; those above it stand.
        ApplyError: a tier failed; those above it stand, those below are untouched.
    """
    outcomes: list[TierOutcome] = []
    outputs: list[TierOutputs] = []
    values: Values = session.upstream.values
    given: list[Values] = []
    for index, one in enumerate(planned):
        permit(session.services, plan, one.section, approver)
        given.append(values)
        applied = apply_tier(session, one, values, observer)
        outcomes.append(applied.outcome)
        if applied.failed:
            rest = (_untouched(below) for below in planned[index + 1 :])
            raise apply_error(applied, plan, (*outcomes, *rest))
        outputs.append(contract_outputs(one.run.contract, applied.outputs))
        values = downstream_values(values, one.declaration.tier, applied.outputs)
    for index, one in reversed(tuple(enumerate(planned))):
        if one.section.deletes_last:
            applied = delete_held(session, one, given[index], outcomes[index], observer)
            outcomes[index] = applied.outcome
            if applied.failed:
                raise apply_error(applied, plan, tuple(outcomes))
    return tuple(outcomes), tuple(outputs)


def refine(approved: TierPlan, planned: TierPlan) -> None:
    """Refuse to apply a plan that does more than the one that was approved.

    Raises:
        RefusedError: with the differences.
    """
    found = refines(approved, planned)
    if not found.holds:
        problems = [
            Problem("P4020", "Differs from the approved plan", f"{d.where}: approved {d.approved}, now {d.now}")
            for d in found.differences
        ]
        detail = "What would be done now is not what was approved. No resource was touched. Have a new plan approved."
        raise RefusedError("The plan has changed", detail, problems)


def apply_tier(session: Session, planned: PlannedTier, values: Values, observer: Observer) -> AppliedTier:
    """Apply one planned tier, or skip it where it has nothing to apply. Deletes that come last are left to the end.

    Args:
        values: of the tiers above, as they are now.

    Raises:
        EngineError: the engine could not be started, or a state cannot be read.
    """
    tier = planned.declaration
    if not planned.section.applies:
        if _is_behind(planned.snapshot):
            return _expand(session, planned, values, observer)
        _clear_pending(session, planned.snapshot, observer)
        unchanged = TierOutcome(*tier.key, planned.section.stack, Outcome.UNCHANGED)
        return AppliedTier(unchanged, planned.outputs)
    if not _expands(planned.section):
        waiting = replace(_untouched(planned), outcome=Outcome.APPLIED)
        return AppliedTier(waiting, planned.outputs)
    return _expand(session, planned, values, observer)


def delete_held(
    session: Session, planned: PlannedTier, values: Values, before: TierOutcome, observer: Observer
) -> AppliedTier:
    """Delete what a tier's apply held back, once the tiers below have let go of it.

    Args:
        values: of the tiers above, as the tier was applied with.
        before: how far its apply came.

    Raises:
        EngineError: the engine could not be started, or a state cannot be read.
    """
    tier, started = planned.declaration, time.monotonic()
    run = reservation.reserve(session, tier_run(session, tier, values))
    result = session.engine.delete_held(run, observer, deleting(planned.section))
    if not result.failed:
        _finish(session, planned, run, observer)
    gone = {action.urn for action in planned.section.deletable if action.action is Action.DELETE}
    deleted = sum(step.urn in gone for step in _finished(result))
    summary = Counter(before.summary or _summary(result))
    if before.summary:  # what was held back counted as left as it is
        summary.update({"delete": deleted, "no-op": -deleted})
    outcome = replace(
        before,
        outcome=Outcome.FAILED if result.failed else Outcome.APPLIED,
        summary={action: count for action, count in summary.items() if count > 0},
        done=before.done + deleted,
        total=before.total.at_least(before.done + deleted),
        seconds=before.seconds + time.monotonic() - started,
    )
    problems = failure_problems(tier, result, planned.snapshot) if result.failed else ()
    return AppliedTier(outcome, actions.typed_outputs(run, result.outputs), problems)


def _expand(session: Session, planned: PlannedTier, values: Values, observer: Observer) -> AppliedTier:
    """Apply what is new or changed; all of it where no delete has to wait."""
    section, tier, started = planned.section, planned.declaration, time.monotonic()
    held = [action.urn for action in section.deletable] if section.deletes_last else []
    run = reservation.reserve(session, tier_run(session, tier, values))
    result = session.engine.up(run, observer, changing(expanding(section)), held=held)
    if not result.failed and not held:
        _finish(session, planned, run, observer)
    summary = _summary(result)
    done = sum(count for action, count in summary.items() if action != "no-op")
    outcome = TierOutcome(
        tier=tier.tier,
        application=tier.application,
        stack=section.stack,
        outcome=Outcome.FAILED if result.failed else Outcome.APPLIED,
        summary=summary,
        done=done,
        total=changing(section.actions).at_least(done),
        seconds=time.monotonic() - started,
    )
    problems = failure_problems(tier, result) if result.failed else ()
    return AppliedTier(outcome, actions.typed_outputs(run, result.outputs), problems)


def _is_behind(recorded: StackSnapshot | None) -> bool:
    """Whether a killed run may have changed or deleted what a state records as it was.

    A plan that looks then has nothing to do, and the state has.
    """
    under_way = {operation for operation, _ in recorded.pending} if recorded is not None else set()
    return bool(under_way - {"creating"})


def _expands(section: TierPlan) -> bool:
    """Whether a section has more to apply than deletes that come last."""
    return bool(expanding(section)) or section.contract_changes or section.outputs_change


def _finish(session: Session, planned: PlannedTier, run: TierRun, observer: Observer) -> None:
    """Note what is known of a tier that was applied to its end."""
    _clear_pending(session, planned.snapshot, observer)
    run = reservation.settle(session, run)
    if _is_noop_after(session, planned.declaration):
        session.engine.remember_noop(run)


def _summary(result: RunResult) -> dict[str, int]:
    return dict(Counter(step.action.value for step in _finished(result)))


def _finished(result: RunResult) -> list[Step]:
    """The finished steps on resources of the user's."""
    return [s for s in result.steps.values() if s.custom and s.finished and not urn_type(s.urn).startswith("pulumi:")]


def apply_error(applied: AppliedTier, plan: Plan, outcomes: tuple[TierOutcome, ...]) -> ApplyError:
    """Build the error of a run that stopped at this tier."""
    outcome = applied.outcome
    summary = f"{outcome.tier.label} failed after {outcome.done} of {outcome.total} resources"
    return ApplyError(summary, "", applied.problems, outcomes, plan)


def _is_noop_after(session: Session, tier: TierDeclaration) -> bool:
    """Whether the next plan of a tier that was applied to its end is known to be empty.

    Our own plugins compare what is declared with what they recorded, and nothing else; of others nobody can tell
    before they were asked.
    """
    providers = {capability.provider for capability in tier.capabilities}
    ours = all(session.plugin(name) == "embedded" for name in providers)
    return ours and bool(providers) and not reads_files(session, tier)


def _clear_pending(session: Session, before: StackSnapshot | None, observer: Observer) -> None:
    """Forget what a dead run had under way: by now it is made, adopted, looked up or taken away."""
    if before is not None and before.pending:
        now = session.engine.snapshot(before.name)
        pending.clear(session, before, observer, now.ids if now is not None else None)


def _untouched(planned: PlannedTier) -> TierOutcome:
    section = planned.section
    return TierOutcome(*section.key, section.stack, Outcome.UNTOUCHED, total=changing(section.actions))
