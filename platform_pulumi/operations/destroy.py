"""Destroy of a platform's stacks in reverse order, where nothing else uses them and every data loss is allowed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.applied import Applied, Outcome, Retained, TierOutcome
from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan import Action, Approval, Operation, TierPlan
from platform_pulumi.model.plan.effects import with_digest
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import guard, named, pending, preflight
from platform_pulumi.operations.actions import recorded_actions
from platform_pulumi.operations.applying import AppliedTier, apply_error, refine
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.modes import effective_mode
from platform_pulumi.operations.permission import permit, require
from platform_pulumi.operations.planning import make_plan
from platform_pulumi.operations.ports import Approver, DestroyTarget, Observer, StackSnapshot
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.session import Session, open_session
from platform_pulumi.operations.states import existing_stacks
from platform_pulumi.operations.task import Task


@dataclass(frozen=True, slots=True)
class PlannedDestroy:
    """Tier to destroy, with the state its section was planned from."""

    declaration: TierDeclaration
    snapshot: StackSnapshot
    section: TierPlan


def destroy(services: Services, task: Task, observer: Observer, approver: Approver) -> Applied:
    """Delete the stacks of the declared tiers, lowest first.

    Raises:
        RefusedError: other stacks use a tier, data would be lost, or it may not be destroyed.
        LockedError: a stack is locked.
        ApplyError: a stack could not be destroyed to its end.
        EngineError: a state cannot be read, or a provider is not there.
    """
    started = time.monotonic()
    with open_session(services, task, observer, Operation.DESTROY) as session:
        planned = _prepare(session, observer)
        sections = [one.section for one in planned]
        plan = make_plan(session, sections, time.monotonic() - started, Operation.DESTROY)
        named.check_losses(session, sections, observer)
        approver.show(plan)
        guard.check_obstacles(plan.obstacles)
        guard.check_data_loss(sections)
        outcomes: list[TierOutcome] = []
        for index, one in enumerate(planned):
            permit(services, plan, one.section, approver)
            applied = destroy_tier(session, one, observer)
            outcomes.append(applied.outcome)
            if applied.failed:
                rest = (_untouched(above) for above in planned[index + 1 :])
                raise apply_error(applied, plan, (*outcomes, *rest))
        return Applied(plan, tuple(outcomes), (), time.monotonic() - started)


def destroy_section(
    services: Services, task: Task, section: TierPlan, approvals: Iterable[Approval], observer: Observer
) -> Applied:
    """Destroy one section of a plan that was made before; see `up.apply_section`.

    Raises:
        RefusedError: it may not be destroyed, or more would be deleted than was planned; nothing was touched.
        PlatformError: whatever `destroy` raises.
    """
    started = time.monotonic()
    require(services, section, (*section.approvals, *approvals))
    with open_session(services, task.held_to(section), observer, Operation.DESTROY) as session:
        planned = _prepare(session, observer)
        if not planned:
            gone = TierOutcome(*section.key, section.stack, Outcome.UNCHANGED)
            plan = make_plan(session, [], time.monotonic() - started, Operation.DESTROY)
            return Applied(plan, (gone,), (), time.monotonic() - started)
        (one,) = planned
        refine(section, one.section)
        plan = make_plan(session, [one.section], time.monotonic() - started, Operation.DESTROY)
        guard.check_obstacles(plan.obstacles)
        applied = destroy_tier(session, one, observer)
        if applied.failed:
            raise apply_error(applied, plan, (applied.outcome,))
        return Applied(plan, (applied.outcome,), (), time.monotonic() - started)


def plan_destroy(session: Session) -> tuple[PlannedDestroy, ...]:
    """Plan the destroy of each tier that has a stack, lowest first; nothing is run for it."""
    return tuple(
        PlannedDestroy(tier, snapshot, _section(session, tier, snapshot)) for tier, snapshot in _existing(session)
    )


def destroy_tier(session: Session, planned: PlannedDestroy, observer: Observer) -> AppliedTier:
    """Delete what a section says, and the stack itself once it is empty."""
    section, tier, started = planned.section, planned.declaration, time.monotonic()
    unchanged = _outcome(planned, Outcome.UNCHANGED)
    if not section.applies:
        return AppliedTier(unchanged, {})
    pending.clear(session, planned.snapshot, observer)
    result = session.engine.destroy(_target(planned), observer)
    finished = {urn for urn, step in result.steps.items() if step.finished}
    done = sum(1 for action in section.actions if not action.retained and action.urn in finished)
    outcome = replace(
        unchanged,
        outcome=Outcome.FAILED if result.failed else Outcome.DESTROYED,
        summary={"delete": done},
        done=done,
        seconds=time.monotonic() - started,
    )
    problems = failure_problems(tier, result, planned.snapshot) if result.failed else ()
    return AppliedTier(outcome, {}, problems)


def _prepare(session: Session, observer: Observer) -> tuple[PlannedDestroy, ...]:
    """Check that the tiers can be destroyed, deal with what a killed run left, and plan."""
    existing = _existing(session)
    topmost_first = [tier for tier, _ in reversed(existing)]
    preflight.check(session.runtimes, session.platform, topmost_first, session.simulated, strict=False)
    _require_unused(session, topmost_first)
    named.check_forgotten(session, observer)
    pending.resolve(session, topmost_first, observer)
    return plan_destroy(session)


def _existing(session: Session) -> list[tuple[TierDeclaration, StackSnapshot]]:
    """The tiers that have a stack, lowest first."""
    return [(tier, found) for tier in reversed(session.tiers) if (found := session.snapshot(tier)) is not None]


def _require_unused(session: Session, tiers: Sequence[TierDeclaration]) -> None:
    """Refuse while stacks that are not destroyed with them stand on these tiers."""
    context = session.platform.context
    mine = {context.stack(*tier.key) for tier in tiers}
    highest = min((tier.tier for tier in tiers), default=Tier.APPLICATION)
    below = [stack for tier in Tier if tier > highest for stack in existing_stacks(session.engine, context, tier)]
    users = [stack for stack in below if stack not in mine and _needs_upper(session, stack)]
    if users:
        listed = ", ".join(str(stack) for stack in users)
        detail = f"{highest.label} of {context.path()} is used by {listed}. Destroy those first. Nothing was touched."
        raise RefusedError("The tier is in use", detail)


def _needs_upper(session: Session, stack: StackName) -> bool:
    """Whether anything in it still needs the tiers above: data that a destroy retained does not."""
    snapshot = session.engine.snapshot(stack)
    if snapshot is None:
        return False
    retained = _retained(session, snapshot)
    return bool(snapshot.resources.keys() - retained or (snapshot.outputs and not retained))


def _retained(session: Session, snapshot: StackSnapshot) -> frozenset[str]:
    """Select what a destroy retains: protected resources of retained types, unless their loss is allowed."""
    names = {capability.provider for tier in session.platform.tiers for capability in tier.capabilities}
    types = frozenset[str]().union(*(session.services.definitions[name].retained_types for name in names))
    allowed = session.task.allow_data_loss
    return frozenset(
        urn for urn in snapshot.protected if snapshot.resources.get(urn) in types and snapshot.named(urn) not in allowed
    )


def _section(session: Session, tier: TierDeclaration, snapshot: StackSnapshot) -> TierPlan:
    retained = _retained(session, snapshot)
    recorded = sorted(recorded_actions(tier.capabilities, snapshot), key=lambda action: action.urn)
    actions = (
        replace(action, retained=True)
        if action.urn in retained
        else replace(action, action=Action.DELETE, loses_data=action.urn in snapshot.protected)
        for action in recorded
    )
    held = {snapshot.named(urn) for urn in snapshot.protected}
    contract = session.contracts[tier.key]
    mode, because = effective_mode(tier.key, contract.mode, snapshot, {})
    section = TierPlan(
        tier=tier.tier,
        application=tier.application,
        stack=session.engine.qualified(snapshot.name),
        digest="",
        mode=mode,
        mode_because=because,
        actions=tuple(actions),
        outputs={},
        operation=Operation.DESTROY,
        providers=contract.providers,
        allowed_data_loss=session.task.allow_data_loss & held,
        base={"stackVersion": snapshot.updated_at},
    )
    return with_digest(section)


def _outcome(planned: PlannedDestroy, outcome: Outcome) -> TierOutcome:
    section = planned.section
    retained = tuple(
        Retained(action.capability, action.resource_type, planned.snapshot.ids.get(action.urn, ""))
        for action in section.actions
        if action.retained
    )
    return TierOutcome(*section.key, section.stack, outcome, total=_total(section), retained=retained)


def _untouched(planned: PlannedDestroy) -> TierOutcome:
    section = planned.section
    return TierOutcome(*section.key, section.stack, Outcome.UNTOUCHED, total=_total(section))


def _target(planned: PlannedDestroy) -> DestroyTarget:
    section, tier = planned.section, planned.declaration
    losing = tuple(action.urn for action in section.actions if action.loses_data)
    retained = any(action.retained for action in section.actions)
    return DestroyTarget(
        key=tier.key,
        stack=planned.snapshot.name,
        ignore_protect=bool(losing) and not retained,
        total=_total(section),
        unprotect=losing if retained else (),
        retained=retained,
    )


def _total(section: TierPlan) -> Range:
    return Range.exactly(section.summary["delete"])
