"""Names in a task's options that nothing has, or that change nothing: they are said, and a mistyped one is refused.

A name that is gone is no mistake: the command that a failed run says to type again still holds what was deleted by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from platform_pulumi.declarations.diagnostics.wording import did_you_mean
from platform_pulumi.errors import InputError
from platform_pulumi.model.plan import TierPlan
from platform_pulumi.operations.events import Message
from platform_pulumi.operations.ports import Observer
from platform_pulumi.operations.session import Session


def check_losses(session: Session, sections: Iterable[TierPlan], observer: Observer) -> None:
    """Check the names whose data may be lost against a plan.

    Raises:
        InputError: one is a misspelling of a name that is there.
    """
    actions = [action for section in sections for action in section.actions]
    losing = {action.owner for action in actions if action.loses_data}
    known = {action.owner for action in actions} | _declared(session)
    _check("--allow-data-loss", session.task.allow_data_loss - losing, known, "no data of it is lost", observer)


def check_forgotten(session: Session, observer: Observer) -> None:
    """Check the names whose pending creates are forgotten against what is pending.

    Raises:
        InputError: one is a misspelling of a name that is there.
    """
    snapshots = [found for tier in session.tiers if (found := session.snapshot(tier)) is not None]
    pending = {found.named(urn) for found in snapshots for urn in found.creating}
    idle = session.task.forget_pending - pending
    _check("--forget-pending", idle, pending | _declared(session), "no create of it is pending", observer)


def _declared(session: Session) -> set[str]:
    return {capability.name for tier in session.platform.tiers for capability in tier.capabilities}


def _check(option: str, idle: Collection[str], known: Collection[str], nothing: str, observer: Observer) -> None:
    for name in sorted(idle):
        hint = did_you_mean(name, known, cutoff=0.8) if name not in known else ""
        if hint:
            raise InputError("Unknown capability", f"{option} names `{name}`, and there is no such capability.{hint}")
        observer(Message(f"{option} {name}: {nothing if name in known else 'there is nothing of that name'}"))
