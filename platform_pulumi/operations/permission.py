"""Permission to apply a section: the model decides; where only an approval is missing, the approver is asked."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.access import Allowed, Missing, decide, missing_role
from platform_pulumi.model.plan import Approval, Operation, Plan, TierPlan
from platform_pulumi.model.tier import TierKey
from platform_pulumi.operations.ports import Approver
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.stamps import timestamp


def permit(services: Services, plan: Plan, section: TierPlan, approver: Approver) -> Allowed:
    """Decide whether a section may be applied; ask for an approval where only that is missing.

    Raises:
        RefusedError: it may not.
    """
    decision = decide(services.actor, section, services.policy, section.approvals)
    if isinstance(decision, Missing) and decision.needs_approval and approver.approve(plan, section):
        given = Approval(services.actor.name, timestamp(services.now()), section.digest)
        decision = decide(services.actor, section, services.policy, (*section.approvals, given))
    return _allowed(section, decision)


def require(services: Services, section: TierPlan, approvals: Iterable[Approval]) -> Allowed:
    """Decide by approvals that were given before; nobody is asked.

    Raises:
        RefusedError: it may not be applied, or its plan has come to an end.
    """
    if section.status.ended:
        detail = f"{section.key} of this plan is {section.status.value}. Plan again."
        raise RefusedError("The plan has come to its end", detail)
    return _allowed(section, decide(services.actor, section, services.policy, approvals))


def require_role(services: Services, key: TierKey, operation: Operation) -> None:
    """Refuse to touch a tier's state for somebody who may not change it, whatever the plan will be.

    Raises:
        RefusedError: the actor has no role that may.
    """
    missing = missing_role(services.actor, key, operation, services.policy)
    if missing is not None:
        raise RefusedError("Not permitted", f"{missing.sentence} Nothing was touched.")


def _allowed(section: TierPlan, decision: Allowed | Missing) -> Allowed:
    if isinstance(decision, Allowed):
        return decision
    destroying = section.operation is Operation.DESTROY
    rest = "destroyed, nor was anything above it" if destroying else "applied, nor was anything below it"
    if decision.needs_approval:
        detail = f"{section.tier.label} needs approval and did not get it. It was not {rest}."
        raise RefusedError("Not approved", detail)
    sentences = " ".join(requirement.sentence for requirement in decision.requirements)
    raise RefusedError("Not permitted", f"{sentences} It was not {rest}.")
