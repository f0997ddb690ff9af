"""Recovery of pending creates, left by a killed run: looked up at the provider, and adopted where they happened.

An embedded plugin adopts what a killed run created at its next create; for a published plugin the engine does, with the
ids that the provider's runtime finds (`Runtime.find`). Where no runtime can tell, a person has to look
(`guard.check_lock`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from platform_pulumi.errors import EngineError
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.urn import capability_of, urn_name, urn_type
from platform_pulumi.operations import events, guard
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.permission import require_role
from platform_pulumi.operations.ports import AdoptTarget, Observer, StackSnapshot
from platform_pulumi.operations.session import Session
from platform_pulumi.sdk.runtime import PendingCreate, Runtime
from platform_pulumi.sdk.tagging import urn_tag

#: The longest id that is shown whole; Docker's are shown as Docker shows them.
_WHOLE = 40


def resolve(session: Session, tiers: Sequence[TierDeclaration], observer: Observer) -> None:
    """Look up the pending creates in the stacks of these tiers, then adopt them.

    Raises:
        RefusedError: a killed run left something, and the actor may not change the stack.
        LockedError: a stack is locked, or a create has to be looked up by a person.
        EngineError: a provider does not answer, or the engine failed.
    """
    found = {}
    for tier in tiers:
        snapshot = session.snapshot(tier)
        if snapshot is not None:
            if snapshot.pending or (snapshot.lock is not None and snapshot.lock.dead):
                require_role(session.services, tier.key, session.operation)
            found[snapshot.name] = _look_up(session, snapshot)
            forget = session.task.forget_pending
            guard.check_lock(session.engine, snapshot, forget, observer, _adopting(session), found[snapshot.name])
    for tier in tiers:
        snapshot = session.snapshot(tier)
        if snapshot is not None and found[snapshot.name]:
            _adopt(session, tier, snapshot, found[snapshot.name], observer)


def announce(session: Session, snapshot: StackSnapshot, observer: Observer) -> None:
    """Report what `up` would do about pending creates. Nothing is changed.

    Raises:
        EngineError: a provider does not answer.
    """
    for urn, ids in _look_up(session, snapshot).items():
        observer(events.Message(f"{snapshot.name}: {_began(urn)}: {_fate(session, snapshot, urn, ids)} by `up`"))


def clear(
    session: Session, snapshot: StackSnapshot, observer: Observer, recorded: Mapping[str, str] | None = None
) -> None:
    """Delete what a killed run created through plugins of ours and nothing adopted, and drop its pending operations.

    An `up` adopts what is still declared as it was then. The rest, of a change that was reverted meanwhile, would stay
    behind as an orphan that no state records.

    Args:
        session: gives the providers' live sides.
        snapshot: the state in which that was noted.
        observer: gets a message for what was deleted.
        recorded: the ids of what is recorded by now, by URN; what `snapshot` has where None.

    Raises:
        EngineError: the provider does not answer, or does not let it go.
    """
    ids = snapshot.ids if recorded is None else recorded
    for runtime, urns in _asked(session, snapshot, "embedded"):
        _remove(runtime, snapshot, urns, frozenset(ids.values()), observer)
    if snapshot.pending:
        session.engine.clear_pending(snapshot.name)


def _look_up(session: Session, snapshot: StackSnapshot) -> dict[str, tuple[str, ...]]:
    """The creates of published plugins, with the ids of what there is of each and nobody recorded.

    What replaces something recorded counts as not there: the engine cannot take over both (`_adopt`).
    """
    found: dict[str, tuple[str, ...]] = {}
    for runtime, urns in _asked(session, snapshot, "official"):
        settled = {urn for urn in urns if urn in snapshot.ids or snapshot.named(urn) in session.task.forget_pending}
        open_ = [PendingCreate(urn, urn_type(urn), _tag(snapshot, urn)) for urn in urns if urn not in settled]
        there = runtime.find(open_, frozenset(snapshot.ids.values())) if open_ else {}
        found.update(
            {urn: () if urn in settled else tuple(there[urn]) for urn in urns if urn in settled or urn in there}
        )
    return found


def _adopt(
    session: Session,
    tier: TierDeclaration,
    snapshot: StackSnapshot,
    found: Mapping[str, tuple[str, ...]],
    observer: Observer,
) -> None:
    forgotten = session.task.forget_pending
    recorded = frozenset(snapshot.ids.values())
    for runtime, urns in _asked(session, snapshot, "official"):
        # What was never finished, and half of a replacement: what it replaces is recorded, and serves on.
        half = [urn for urn in urns if found.get(urn) == () and snapshot.named(urn) not in forgotten]
        _remove(runtime, snapshot, half, recorded, observer)
    for urn, ids in found.items():
        observer(events.Message(f"{snapshot.name}: {_began(urn)}: {_fate(session, snapshot, urn, ids)}"))
    there = {urn: ids[0] for urn, ids in found.items() if ids}
    absent = frozenset(found) - there.keys()
    result = session.engine.adopt(AdoptTarget(tier.key, snapshot.name, there, absent), observer)
    if result.failed:
        detail = f"Nothing else of {snapshot.name} was touched; the next run tries again."
        problems = failure_problems(tier, result, snapshot)
        raise EngineError("What a killed run made could not be taken over", detail, problems)


def _remove(
    runtime: Runtime, snapshot: StackSnapshot, urns: Sequence[str], recorded: frozenset[str], observer: Observer
) -> None:
    if urns:
        for what in runtime.clear([_tag(snapshot, urn) for urn in urns], recorded):
            observer(events.Message(f"{snapshot.name}: {what} was left by a run that was killed; removed"))


def _asked(session: Session, snapshot: StackSnapshot, plugin: str) -> Iterator[tuple[Runtime, list[str]]]:
    """The live sides of the providers which that kind of plugin serves, with the creates that were under way there."""
    for name, definition in sorted(session.services.definitions.items()):
        urns = [urn for urn in snapshot.creating if urn_type(urn).partition(":")[0] in definition.packages]
        if urns and session.plugin(name) == plugin:
            runtime = session.runtimes.of(name)
            if runtime is not None:
                yield runtime, urns


def _adopting(session: Session) -> frozenset[str]:
    """The packages whose plugin, being ours, takes over what a killed run has made and not recorded."""
    ours = [name for name, plugin in session.plugins.items() if plugin == "embedded"]
    return frozenset(package for name in ours for package in session.services.definitions[name].packages)


def _began(urn: str) -> str:
    return f"{urn_name(urn)} was being created when a run was killed"


def _fate(session: Session, snapshot: StackSnapshot, urn: str, ids: Sequence[str]) -> str:
    if len(ids) > 1:
        return f"{len(ids)} of it are there, and refused"
    if ids:
        return f"{_short(ids[0])} is there, and taken over"
    if urn in snapshot.ids:
        return "what it was to replace is there, and it is planned again"
    if snapshot.named(urn) in session.task.forget_pending:
        return "it is forgotten, and planned again"
    return "it is not there, and planned again"


def _short(found: str) -> str:
    return found if len(found) <= _WHOLE else found[:12]


def _tag(snapshot: StackSnapshot, urn: str) -> str:
    return urn_tag(snapshot.name, capability_of(urn, snapshot.parents), urn_name(urn))
