"""Status of the applied capabilities: what the stacks recorded, and how their providers say it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from platform_pulumi.errors import EngineError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.status import (
    UNDER_WAY,
    AggregatedStatus,
    CapabilityStatus,
    Health,
    LiveState,
    ResourceState,
    ResourceStatus,
    StatusReport,
    TierStatus,
    aggregate,
)
from platform_pulumi.model.tier import sole_application
from platform_pulumi.model.urn import capability_of, urn_name, urn_type
from platform_pulumi.operations import guard, preflight
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.lookup import endpoint
from platform_pulumi.operations.ports import Lock, StackSnapshot
from platform_pulumi.operations.runtimes import Runtimes
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.states import recorded_states
from platform_pulumi.operations.task import Task
from platform_pulumi.sdk.runtime import RecordedResource

#: Of a resource whose provider was not asked.
NOT_ASKED = LiveState(ResourceState.ACTIVE, Health.UNKNOWN)
#: Of one that its provider knows nothing more of than what is recorded (a password, a name).
RECORDED = LiveState(ResourceState.ACTIVE, Health.NONE)
_LEFT = {
    ResourceState.CREATING: "a run was killed while it was created",
    ResourceState.UPDATING: "a run was killed while it was changed",
    ResourceState.DELETING: "a run was killed while it was deleted",
}


def status(services: Services, task: Task) -> StatusReport:
    """Report the capabilities of the chosen tiers, each with its state, and orphans that only the stacks still hold.

    Raises:
        InputError: the files are wrong.
        EngineError: a stack cannot be read, or a provider that can be asked does not answer.
    """
    loaded = load(services, task, strict=False, runs=False)
    platform, tiers = loaded.platform, loaded.select(task.selection)
    snapshots = recorded_states(services, loaded, task.engine, tiers)
    found = [(tier, snapshots[tier.key]) for tier in tiers]
    live, notes = _ask(Runtimes(services, platform), platform, found, loaded.simulated)
    return StatusReport(
        context=platform.context.path(sole_application(tier.key for tier in tiers)),
        simulated=loaded.simulated,
        tiers=tuple(_tier(platform, tier, snapshot, live) for tier, snapshot in found),
        last_sync=_moment(datetime.fromtimestamp(services.now() / 1000, UTC)),
        notes=notes,
    )


@dataclass(frozen=True)
class _Live:
    """Live states by URN, the providers that were asked, and the resources a destroy would retain."""

    states: Mapping[str, LiveState]
    asked: frozenset[str]
    retained: frozenset[str]


def recorded_resources(snapshot: StackSnapshot, capability: str) -> list[RecordedResource]:
    """List a stack's resources of a capability, in a stable order that counts replicas as people do."""
    return sorted(
        (
            RecordedResource(urn, kind, urn_name(urn), snapshot.ids.get(urn, ""))
            for urn, kind in snapshot.resources.items()
            if capability_of(urn, snapshot.parents) == capability
        ),
        key=lambda resource: (*_counted(resource.name), resource.type),
    )


def _counted(name: str) -> tuple[str, int]:
    head, _, tail = name.rpartition("-")
    return (head, int(tail)) if tail.isdecimal() and head else (name, 0)


def _ask(
    runtimes: Runtimes,
    platform: Platform,
    found: Sequence[tuple[TierDeclaration, StackSnapshot | None]],
    simulated: bool,
) -> tuple[_Live, tuple[str, ...]]:
    """Ask each provider once for all that it made."""
    wanted: dict[str, list[RecordedResource]] = {}
    first: dict[str, Capability] = {}
    for tier, snapshot in found:
        for capability in _capabilities(tier, snapshot):
            resources = recorded_resources(snapshot, capability.name) if snapshot is not None else []
            if resources:
                wanted.setdefault(capability.provider, []).extend(resources)
            if capability.declared is not None:
                first.setdefault(capability.provider, capability.declared)
    states: dict[str, LiveState] = {}
    asked: set[str] = set()
    retained: set[str] = set()
    notes = []
    for name, resources in wanted.items():
        runtime = None if simulated else runtimes.of(name)
        if runtime is None:
            notes.append(f"not asked: {'simulated ' if simulated else ''}{name} answers what its state says")
            continue
        try:
            states.update(runtime.inspect(resources))
        except EngineError as error:
            if name not in first:
                raise
            problem = preflight.problem(platform, first[name], error)
            raise EngineError("A provider does not answer", "How things are is not known.", [problem]) from error
        asked.add(name)
        retained_types = runtimes.services.definitions[name].retained_types
        retained.update(resource.urn for resource in resources if resource.type in retained_types)
    return _Live(states, frozenset(asked), frozenset(retained)), tuple(dict.fromkeys(notes))


@dataclass(frozen=True)
class _Known:
    """Capability, declared or only held by its stack."""

    name: str
    type: str
    provider: str
    declared: Capability | None = None


def _capabilities(tier: TierDeclaration, snapshot: StackSnapshot | None) -> Iterator[_Known]:
    """The declared ones, then those that the stack still holds."""
    declared = {capability.name for capability in tier.capabilities}
    yield from (_Known(c.name, c.type, c.provider, c) for c in tier.capabilities)
    if snapshot is None:
        return
    held: dict[str, str] = {}
    for urn in snapshot.resources:
        component = _component(urn, snapshot.parents)
        held.setdefault(urn_name(component), urn_type(component)) if component else None
    types = _types(snapshot)
    for name, token in held.items():
        if name not in declared:
            yield _Known(name, types.get(name, ""), token.split(":")[1])


def _component(urn: str, parents: Mapping[str, str]) -> str:
    """The URN of our component above a resource."""
    name = capability_of(urn, parents)
    while name and urn and not (urn_name(urn) == name and capability_of(urn, {}) == name):
        urn = parents.get(urn, "")
    return urn if name else ""


def _types(snapshot: StackSnapshot) -> Mapping[str, str]:
    if CONTRACT_OUTPUT not in snapshot.outputs:
        return {}
    return {ref.name: ref.type for ref in guard.contract_of(snapshot).capabilities}


def _tier(platform: Platform, tier: TierDeclaration, snapshot: StackSnapshot | None, live: _Live) -> TierStatus:
    return TierStatus(
        tier=tier.tier,
        application=tier.application,
        stack=str(platform.context.stack(*tier.key)),
        capabilities=tuple(_capability(tier, known, snapshot, live) for known in _capabilities(tier, snapshot)),
        last_sync=_synced(snapshot),
        lock=_lock(snapshot.lock) if snapshot is not None and snapshot.lock is not None else "",
    )


def _capability(tier: TierDeclaration, known: _Known, snapshot: StackSnapshot | None, live: _Live) -> CapabilityStatus:
    replicated = "replicas" in getattr(CAPABILITY_TYPES.get(known.type), "model_fields", {})
    resources = tuple(_resources(known, snapshot, live, replicated)) if snapshot is not None else ()
    folded = aggregate(resources, replicated=replicated and known.provider in live.asked, capability=known.name)
    address = endpoint(snapshot, known.name)
    if snapshot is not None:
        folded = _as_recorded(folded, known, snapshot, bool(resources))
        if address and not replicated and known.provider in live.asked:
            folded = _as_retained(folded, resources, live)
    details = [folded.detail]
    wanted = getattr(known.declared.properties, "replicas", None) if known.declared is not None else None
    if known.declared is None:
        details.append("no longer declared: the next `up` deletes it")
    elif folded.replicas is not None and wanted is not None and wanted != folded.replicas[1]:
        details.append(f"{folded.replicas[1]} were applied, and the file says replicas: {wanted}")
    elif folded.state is ResourceState.PENDING:
        details.append("not applied yet")
    return CapabilityStatus(
        capability=known.name,
        type=known.type,
        tier=tier.tier,
        application=tier.application,
        provider=known.provider,
        state=folded.state,
        health=folded.health,
        endpoint="" if folded.state is ResourceState.DELETED else address,
        restarts=folded.restarts,
        replicas=folded.replicas,
        detail="; ".join(filter(None, details)),
        declared_at=known.declared.declared_at if known.declared is not None else None,
        resources=resources,
    )


def _as_recorded(folded: AggregatedStatus, known: _Known, snapshot: StackSnapshot, resources: bool) -> AggregatedStatus:
    """Apply what the stack adds: an apply that never finished, and capabilities without any resource (stubs)."""
    began = resources or any(
        urn_name(urn) == known.name and capability_of(urn, {}) == known.name for urn in snapshot.parents
    )
    if not began or not known.type:
        return folded
    if not any(name.startswith(f"{known.name}:") for name in snapshot.outputs):
        if snapshot.lock is not None and not snapshot.lock.dead:
            return replace(folded, state=ResourceState.CREATING)
        detail = "; ".join(filter(None, (folded.detail, "its first apply did not finish: `platform up` goes on")))
        return replace(folded, state=ResourceState.FAILED, detail=detail)
    if not resources:
        return replace(folded, state=ResourceState.ACTIVE, health=Health.NONE, detail="has no resources of its own")
    return folded


def _as_retained(folded: AggregatedStatus, resources: Sequence[ResourceStatus], live: _Live) -> AggregatedStatus:
    """Apply what a destroy retained: the data alone does not make a capability active."""
    if folded.state is not ResourceState.ACTIVE or not resources or not all(r.urn in live.retained for r in resources):
        return folded
    detail = f"nothing of it runs; what holds data was retained: {', '.join(r.name for r in resources)}"
    return replace(folded, state=ResourceState.DELETED, health=Health.NONE, detail=detail)


def _resources(known: _Known, snapshot: StackSnapshot, live: _Live, replicated: bool) -> Iterator[ResourceStatus]:
    replica = re.compile(rf"{re.escape(known.name)}-\d+")
    here = recorded_resources(snapshot, known.name)
    under_way = {urn: kind for kind, urn in snapshot.pending if capability_of(urn, snapshot.parents) == known.name}
    busy = snapshot.lock is not None and not snapshot.lock.dead
    for resource in here:
        state = live.states.get(resource.urn, RECORDED if known.provider in live.asked else NOT_ASKED)
        if resource.urn in under_way:
            state = _pending(under_way.pop(resource.urn), busy)
        copy = replicated and replica.fullmatch(resource.name) is not None
        yield ResourceStatus(resource.urn, resource.type, resource.name, state, replica=copy)
    for urn, kind in under_way.items():
        copy = replicated and replica.fullmatch(urn_name(urn)) is not None
        yield ResourceStatus(urn, urn_type(urn), urn_name(urn), _pending(kind, busy), replica=copy)


def _pending(kind: str, busy: bool) -> LiveState:
    """Return the state of a pending step: of a run that is at work (`busy`), or of one that was killed."""
    state = UNDER_WAY.get(kind, ResourceState.UPDATING)
    return LiveState(state, Health.UNKNOWN, detail="" if busy else _LEFT[state])


def _synced(snapshot: StackSnapshot | None) -> str | None:
    """Return when the state was written, in UTC."""
    try:
        return _moment(datetime.fromisoformat(snapshot.updated_at).astimezone(UTC)) if snapshot is not None else None
    except ValueError:
        return None


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")


def _lock(lock: Lock) -> str:
    if lock.dead:
        return f"{lock.holder} was killed while it held the lock since {lock.since}"
    return f"{lock.holder} works on it since {lock.since}"
