"""Stacks of this environment, whoever's files declare them: who stands on a tier."""

from __future__ import annotations

from collections.abc import Iterator

from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, TierContract
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import guard
from platform_pulumi.operations.session import Session


def stacks_below(session: Session, tier: Tier) -> tuple[StackName, ...]:
    """List the existing stacks of the tiers below one, those of all applications among them.

    Raises:
        EngineError: the backend cannot be read.
    """
    context = session.platform.context
    projects = [context.stack(lower).project for lower in Tier if lower > tier]
    return tuple(stack for project in projects for stack in session.engine.stacks(project) if _belongs(session, stack))


def contracts_below(session: Session, tier: Tier) -> Iterator[TierContract]:
    """Read the contracts of the stacks below a tier that hold anything and were applied to their end once.

    Raises:
        EngineError: a state, or its contract, cannot be read.
    """
    for stack in stacks_below(session, tier):
        snapshot = session.engine.snapshot(stack)
        if snapshot is not None and snapshot.resources and CONTRACT_OUTPUT in snapshot.outputs:
            yield guard.contract_of(snapshot)


def _belongs(session: Session, stack: StackName) -> bool:
    """Whether a stack belongs to this context."""
    name = session.platform.context.stack(Tier.INFRASTRUCTURE).name
    return stack.name == name or stack.name.startswith(f"{name}.")
