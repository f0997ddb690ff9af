"""Reservation of what an application takes of its namespaces, before anything of it is made (DESIGN sections 5 and 9).

A quota bounds all applications of a namespace together, and nothing keeps two runs apart. So each writes down in its
own stack what it is going to take, and only then looks at the others again: of two at once at least one sees the other.
The larger of before and after is recorded until the apply has come to its end, since that is what a failed one leaves.
"""

from __future__ import annotations

from dataclasses import replace

from platform_pulumi import declarations
from platform_pulumi.errors import ConstraintError
from platform_pulumi.model.contract import TierContract
from platform_pulumi.operations import guard
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.upstream import check_quotas, read_upstream
from platform_pulumi.sdk.run import TierRun


def reserve(session: Session, run: TierRun) -> TierRun:
    """Record what the run may take at most, and check the quotas again where that is more than before.

    The result is the run that records it, too, when its program comes to its end: deletes follow after that.

    Raises:
        ConstraintError: another application has taken the place meanwhile. What was recorded before is, again.
        EngineError: a state cannot be read or written.
    """
    recorded = guard.recorded_contract(session.engine.snapshot(run.stack))
    before = recorded.usage if recorded is not None else {}
    most = declarations.most_usage(before, run.contract.usage)
    if not _has_quotas(session) or not most:
        return run
    if most != before:
        session.engine.record_contract(run.stack, replace(recorded or _nothing(run.contract), usage=most))
        try:
            _check(session)
        except ConstraintError:
            session.engine.record_contract(run.stack, recorded)
            raise
    return replace(run, contract=replace(run.contract, usage=most))


def settle(session: Session, run: TierRun) -> TierRun:
    """Record what an application takes once it was applied to its end; the result is the run as it was planned."""
    contract = session.contracts[run.key]
    if run.contract.usage != contract.usage:
        session.engine.record_contract(run.stack, contract)
    return replace(run, contract=contract)


def _check(session: Session) -> None:
    session.engine.forget()
    upstream = read_upstream(session.engine, session.platform, session.tiers)
    check_quotas(session.engine, session.platform, session.tiers, upstream)


def _has_quotas(session: Session) -> bool:
    """Whether any namespace is bounded. What others take has to be known then, wherever they take it."""
    return bool(declarations.quota_limits(session.platform, session.upstream.contracts))


def _nothing(contract: TierContract) -> TierContract:
    """The contract of an application of which nothing is made yet."""
    return replace(contract, capabilities=(), outputs=(), uses=(), declared=())
