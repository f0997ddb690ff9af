"""Removed applications: those whose stacks stay although the document that declared them no longer does.

An application's contract records what its document declared beside it when it was applied. Whoever declares any of that
and not the application has removed it; a team whose file holds nothing but its own application is told of no other one
(docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Iterator

from platform_pulumi.errors import Problem
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import guard
from platform_pulumi.operations.contracts import owns
from platform_pulumi.operations.ports import StackSnapshot
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.states import existing_stacks


def removed_applications(session: Session) -> Iterator[Problem]:
    """Yield a warning for each removed application of the environment.

    Where nothing says that these documents ever declared an application, no state is read for it.

    Raises:
        EngineError: a state or a contract cannot be read.
    """
    platform = session.platform
    declared = {tier.key for tier in platform.tiers if owns(tier)}
    if not any(key.tier is Tier.APPLICATION for key in declared) and not _had_applications(session):
        return
    for stack in existing_stacks(session.engine, platform.context, Tier.APPLICATION):
        key = TierKey(Tier.APPLICATION, stack.application)
        snapshot = session.engine.snapshot(stack) if key not in declared else None
        contract = guard.recorded_contract(snapshot)
        if snapshot is not None and contract is not None and not declared.isdisjoint(contract.declared_with):
            yield _warning(session, snapshot, contract)


def _had_applications(session: Session) -> bool:
    """Whether an upper tier was applied from documents that declared applications as well."""
    contracts = (guard.recorded_contract(session.snapshot(tier)) for tier in session.tiers)
    return any(contract is not None and contract.declared_with for contract in contracts)


def _warning(session: Session, snapshot: StackSnapshot, contract: TierContract) -> Problem:
    name, count = contract.application, len(snapshot.resources)
    resources = f"{count} {'resource' if count == 1 else 'resources'}"
    beside = ", ".join(str(key) for key in contract.declared_with[:3])
    detail = (
        f"`{name}` was declared in one file with {beside} when it was applied, and is in no file of this run. Its "
        f"stack {session.engine.qualified(snapshot.name)} stays, with {resources}. "
        f"`platform destroy --tier {Tier.APPLICATION.value} --app {name}` with the options of this run deletes it. If "
        "another file declares it now, apply it from there."
    )
    return Problem("P4030", "An application is no longer declared", detail, warning=True)
