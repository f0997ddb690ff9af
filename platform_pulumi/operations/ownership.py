"""Obstacle of an application without a name: it is `default`, and so is that of every other file without one.

Two teams that both leave the name out share a stack, and the second apply would delete what the first has made. Nothing
tells one file from another for certain; but a file none of whose capabilities, nor of those it is declared with, was
applied before is another one, and has to say whose application it means (docs/adr/0033).
"""

from __future__ import annotations

from collections.abc import Iterator

from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Action, Obstacle, Operation, TierPlan
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import guard
from platform_pulumi.operations.session import Session


def mistaken(session: Session, section: TierPlan) -> Iterator[Obstacle]:
    """Find what an application without a name deletes that was applied as another file's `default`.

    Raises:
        EngineError: a contract cannot be read.
    """
    tier = session.platform.tier(*section.key)
    if tier is None or tier.named:
        return
    recorded = guard.recorded_contract(session.snapshot(tier))
    declared = {capability.name for capability in tier.capabilities}
    deleted = {action.capability for action in section.actions if action.action is Action.DELETE}
    gone = [ref.name for ref in recorded.capabilities if ref.name in deleted - declared] if recorded else []
    if recorded is None or not gone or _is_same(session, section.key, recorded):
        return
    stack = session.engine.qualified(session.platform.context.stack(*section.key))
    verb = "up" if section.operation is Operation.UP else "destroy"
    detail = (
        f"This file does not name its application, so it is `default`; and as that, {', '.join(gone)} was applied to "
        f"{stack} from a file that declares something else. That would be deleted."
    )
    steps = (
        "Give the application of this file a name of its own: `application: NAME` under `platform:` (or, if `default` "
        "is meant to become what this file says, `application: default`).",
        f"Run `platform {verb}`.",
    )
    at = tier.declared_at
    yield Obstacle(*section.key, gone[0], "Another file's application would be deleted", detail, steps, at)


def _is_same(session: Session, key: TierKey, recorded: TierContract) -> bool:
    """Whether a stack was applied from these declarations as they were: some are in it still, in equal company."""
    beside = session.contracts[key].declared_with
    if _is_platform(beside) != _is_platform(recorded.declared_with):
        return False
    uppers = [tier for tier in session.tiers if tier.key in beside and tier.tier is not Tier.APPLICATION]
    applied = [(key, recorded), *((tier.key, guard.recorded_contract(session.snapshot(tier))) for tier in uppers)]
    return any(
        {ref.name for ref in before.capabilities} & {ref.name for ref in session.contracts[known].capabilities}
        for known, before in applied
        if before is not None
    )


def _is_platform(declared_with: tuple[TierKey, ...]) -> bool:
    return any(key.tier is not Tier.APPLICATION for key in declared_with)
