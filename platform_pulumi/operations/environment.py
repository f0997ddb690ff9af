"""Reader of what the stacks of an environment recorded, whoever declares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import TierPlan
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import guard
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.states import existing_stacks


def recorded_contracts(session: Session, sections: Iterable[TierPlan]) -> tuple[TierContract, ...]:
    """Read the contracts of the planned stacks, and of all below an upper tier that changes.

    Each stack that is in no section costs a reading of its state; below tiers that stay as they are none is read. A
    stack that was never applied to its end has no contract, and has recorded nothing.

    Raises:
        EngineError: a state or a contract cannot be read.
    """
    found = (guard.recorded_contract(session.engine.snapshot(stack)) for stack in _concerned(session, sections))
    return tuple(contract for contract in found if contract is not None)


def _concerned(session: Session, sections: Iterable[TierPlan]) -> Iterator[StackName]:
    context = session.platform.context
    own = dict.fromkeys(context.stack(*tier.key) for tier in session.tiers)
    yield from own
    changing = min((section.tier for section in sections if section.applies), default=Tier.APPLICATION)
    for tier in Tier:
        if tier > changing:
            yield from (stack for stack in existing_stacks(session.engine, context, tier) if stack not in own)
