"""Gets the permission to apply a section: the model decides; where an approval alone is missing, somebody is asked."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.access import Allowed, Need, decide
from platform_pulumi.model.plan import Approval, Operation, Plan, TierPlan
from platform_pulumi.operations.ports import Approver
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.stamps import moment


def permit(services: Services, plan: Plan, section: TierPlan, approver: Approver) -> Allowed:
    """Decide whether a section may be applied; where only an approval is missing, ask for it.

    Raises:
        RefusedError: it may not.
    """
    approvals = section.approvals
    decision = decide(services.actor, section, services.policy, approvals)
    if not isinstance(decision, Allowed) and decision.needs_approval and approver.approve(plan, section):
        given = Approval(services.actor.name, moment(services.now()), section.digest)
        decision = decide(services.actor, section, services.policy, (*approvals, given))
    if isinstance(decision, Allowed):
        return decision
    raise _refused(section, decision.requirements[0].need, [r.sentence for r in decision.requirements])


def require(services: Services, section: TierPlan, approvals: Iterable[Approval]) -> Allowed:
    """Decide by approvals that were given before; nobody is asked.

    Raises:
        RefusedError: it may not be applied.
    """
    decision = decide(services.actor, section, services.policy, approvals)
    if isinstance(decision, Allowed):
        return decision
    raise _refused(section, decision.requirements[0].need, [r.sentence for r in decision.requirements])


def _refused(section: TierPlan, need: Need, sentences: list[str]) -> RefusedError:
    destroying = section.operation is Operation.DESTROY
    rest = "destroyed, nor was anything above it" if destroying else "applied, nor was anything below it"
    if need is Need.APPROVAL:
        detail = f"{section.tier.label} needs approval and did not get it. It was not {rest}."
        return RefusedError("Not approved", detail)
    return RefusedError("Not permitted", f"{' '.join(sentences)} It was not {rest}.")
