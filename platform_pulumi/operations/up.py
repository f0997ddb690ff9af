"""Apply of a platform: plan, decide, then tier by tier, stopping at the first that is refused or fails.

`up` plans and applies in one process; `apply_section` applies one section of a plan that was made before, elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from platform_pulumi.model.applied import Applied
from platform_pulumi.model.plan import Approval, TierPlan
from platform_pulumi.operations import guard, named, pending
from platform_pulumi.operations.applying import apply_error, apply_tier, apply_tiers, refine
from platform_pulumi.operations.contracts import contract_outputs
from platform_pulumi.operations.events import Message
from platform_pulumi.operations.permission import require
from platform_pulumi.operations.planning import make_plan, plan_tiers
from platform_pulumi.operations.ports import Approver, Observer
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.session import open_session
from platform_pulumi.operations.task import Task


def up(services: Services, task: Task, observer: Observer, approver: Approver) -> Applied:
    """Plan and apply.

    Raises:
        ApplyError: a tier failed; those above it stand and are recorded.
        RefusedError: a tier may not be applied, or data would be lost.
        LockedError: a stack is locked, or a killed run left creates nobody has looked up.
        PlatformError: whatever `preview` raises.
    """
    started = time.monotonic()
    with open_session(services, task, observer) as session:
        named.check_forgotten(session, observer)
        pending.resolve(session, session.tiers, observer)
        planned = plan_tiers(session, observer)
        plan = make_plan(session, [one.section for one in planned], time.monotonic() - started)
        named.check_losses(session, plan.tiers, observer)
        approver.show(plan)
        guard.check_obstacles(plan.obstacles)
        guard.check_data_loss(plan.tiers)
        outcomes, outputs = apply_tiers(session, planned, plan, observer, approver)
        return Applied(plan, outcomes, outputs, time.monotonic() - started)


def apply_section(
    services: Services, task: Task, section: TierPlan, approvals: Iterable[Approval], observer: Observer
) -> Applied:
    """Apply one section of a plan that was made before: by another process, on another machine, by somebody else.

    The tier is planned again, since upper tiers may have been applied meanwhile; that plan has to refine the section,
    and is what is applied. The tiers above have to be applied by then.

    Args:
        task: the declarations the section was planned from; its selection and allowed losses are the section's.
        section: what was approved.
        approvals: of the section's digest, beside those the section carries.

    Raises:
        RefusedError: it may not be applied, or would do more than was planned; nothing was touched.
        ApplyError: the tier failed.
        PlatformError: whatever `up` raises.
    """
    started = time.monotonic()
    require(services, section, (*section.approvals, *approvals))
    with open_session(services, task.held_to(section), observer) as session:
        pending.resolve(session, session.tiers, observer)
        (planned,) = plan_tiers(session, observer)
        refine(section, planned.section)
        # Who uses what is deleted comes after it: that is left for a plan made once they have let go.
        planned = replace(planned, section=replace(planned.section, deletes_last=section.deletes_last))
        plan = make_plan(session, [planned.section], time.monotonic() - started)
        guard.check_obstacles(plan.obstacles)
        applied = apply_tier(session, planned, session.upstream.values, observer)
        if applied.failed:
            raise apply_error(applied, plan, (applied.outcome,))
        if section.deletes_last:
            waiting = len(planned.section.deletable)
            observer(
                Message(f"{section.stack}: {waiting} deletes wait until the tiers below are applied; plan again then")
            )
        outputs = contract_outputs(planned.run.contract, applied.outputs)
        return Applied(plan, (applied.outcome,), (outputs,), time.monotonic() - started)
