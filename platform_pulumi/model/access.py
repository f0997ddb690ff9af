"""Access control of tiers: roles, policy, and the one decision that the CLI, a server and workflows ask for.

The roles are the specification's (section 4.1). Deny by default; nothing here knows who is asking how.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from platform_pulumi.model.plan import Approval, Operation, TierPlan
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier, TierKey


class Role(enum.StrEnum):
    """Right of a principal on a tier (specification, section 4.1)."""

    ADMIN = "tier_admin"
    AUTHOR = "tier_author"
    VIEWER = "tier_viewer"
    APPROVER = "tier_approver"


#: Roles that may plan and apply, and roles that may approve.
APPLYING = frozenset({Role.ADMIN, Role.AUTHOR})
APPROVING = frozenset({Role.ADMIN, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Actor:
    """Person, or workflow in a person's name, that asks for something to be done."""

    name: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Policy of an organization: who has which role, and what a tier's plans require.

    Args:
        roles: roles by tier and principal.
        approvers: how many different people must approve a section that needs approval, by tier; one where left out.
        self_approval: whether who applies a section may be one of those who approve it.
    """

    roles: Mapping[Tier, Mapping[str, frozenset[Role]]] = field(default_factory=dict)
    approvers: Mapping[Tier, int] = field(default_factory=dict)
    self_approval: bool = True

    @classmethod
    def owned_by(cls, name: str) -> Policy:
        """Build the policy of a platform with one owner: its tier_admin, who approves their own plans."""
        return cls(roles={tier: {name: frozenset({Role.ADMIN})} for tier in Tier})

    def holds(self, name: str, tier: Tier, roles: frozenset[Role]) -> bool:
        """Whether a principal has one of these roles for a tier."""
        return bool(self.roles.get(tier, {}).get(name, frozenset()) & roles)


class RequirementKind(enum.StrEnum):
    """Kind of a requirement that is not met."""

    ROLE = "role"
    DATA_LOSS = "data loss"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Requirement that is not met, in a sentence; `names` are the roles, the capabilities, or who has approved."""

    kind: RequirementKind
    sentence: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Decision that the section may be applied; `approvals` are those that count for it."""

    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Decision that the section may not be applied yet, with the requirements that are not met."""

    requirements: tuple[Requirement, ...]

    @property
    def needs_approval(self) -> bool:
        """Whether an approval alone is missing, so that somebody may be asked for it."""
        return {requirement.kind for requirement in self.requirements} == {RequirementKind.APPROVAL}


def decide(actor: Actor, section: TierPlan, policy: Policy, approvals: Iterable[Approval] = ()) -> Allowed | Missing:
    """Decide whether an actor may apply a section now, given its approvals.

    A section that does nothing needs nothing. Otherwise the actor needs a role that may apply the tier; every loss of
    data has to be allowed by name; and a section of mode `plan_and_approve` needs its policy's number of approvals, of
    its very digest, by different people with a role that may approve the tier.
    """
    if not section.applies:
        return Allowed()
    counting = _counting(actor, section, policy, approvals)
    role = missing_role(actor, section.key, section.operation, policy)
    missing = [*([role] if role else []), *_losses(section), *_approvals(section, policy, counting)]
    return Missing(tuple(missing)) if missing else Allowed(counting)


def missing_role(actor: Actor, key: TierKey, operation: Operation, policy: Policy) -> Requirement | None:
    """Return what is missing where an actor has no role that may change a tier's stack at all, whatever is planned."""
    if policy.holds(actor.name, key.tier, APPLYING):
        return None
    doing = "destroy" if operation is Operation.DESTROY else "apply"
    needed = sorted(APPLYING)
    sentence = f"To {doing} {key}, {actor.name} needs the role {' or '.join(needed)}."
    return Requirement(RequirementKind.ROLE, sentence, tuple(needed))


def _losses(section: TierPlan) -> Iterable[Requirement]:
    unnamed = tuple(name for name in section.data_loss if name not in section.allowed_data_loss)
    if unnamed:
        yield Requirement(RequirementKind.DATA_LOSS, f"Data of {', '.join(unnamed)} would be lost.", unnamed)


def _approvals(section: TierPlan, policy: Policy, counting: tuple[Approval, ...]) -> Iterable[Requirement]:
    wanted = policy.approvers.get(section.tier, 1)
    if section.mode is Mode.PLAN_AND_APPROVE and len(counting) < wanted:
        by = tuple(approval.by for approval in counting)
        people = f"{wanted} people" if wanted > 1 else "one person"
        so_far = f"; approved so far by {', '.join(by)}" if by else ""
        yield Requirement(RequirementKind.APPROVAL, f"{section.key} needs the approval of {people}{so_far}.", by)


def _counting(actor: Actor, section: TierPlan, policy: Policy, approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The approvals that count: of this digest, by a person with the role, each person once."""
    found: dict[str, Approval] = {}
    for approval in approvals:
        own = approval.by == actor.name and not policy.self_approval
        if (
            section.digest
            and approval.digest == section.digest
            and not own
            and policy.holds(approval.by, section.tier, APPROVING)
        ):
            found.setdefault(approval.by, approval)
    return tuple(found.values())
