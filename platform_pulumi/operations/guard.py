"""Safety checks before the engine changes anything: contracts, providers, data loss, locks and pending operations.

A refusal is a `RefusedError` (exit 4) or a `LockedError` (exit 5); it says what is missing and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from platform_pulumi.errors import BusyError, EngineError, LockedError, Problem, RefusedError
from platform_pulumi.model import contract_reader
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord, TierContract
from platform_pulumi.model.plan import Action, Obstacle, TierPlan
from platform_pulumi.model.urn import urn_name, urn_type
from platform_pulumi.operations import events
from platform_pulumi.operations.ports import Engine, Lock, Observer, StackSnapshot


def contract_of(snapshot: StackSnapshot) -> TierContract:
    """Read the contract that a stack carries.

    Raises:
        BusyError: it is being applied for the first time.
        EngineError: it has none, or none this program can read: never "no constraints".
    """
    output = snapshot.outputs.get(CONTRACT_OUTPUT)
    if output is None and _is_held(snapshot):
        raise busy(snapshot.name, snapshot.lock)  # it is being applied for the first time
    if output is None:
        detail = (
            f"{snapshot.name} has no output `{CONTRACT_OUTPUT}`, so its constraints are not known. It was not applied "
            "to its end by `platform up`, or not by it at all: apply that tier first."
        )
        raise EngineError("An upper stack has no contract", detail)
    try:
        contract = contract_reader.read(output.value)
        _check_place(snapshot.name, contract)
    except ValueError as error:
        detail = (
            f"The contract of {snapshot.name} cannot be read: {error}. So its limits are not known. Use the version "
            "that wrote it, or put an earlier state of the stack back."
        )
        raise EngineError("A stack's contract cannot be read", detail) from error
    return contract


def _check_place(stack: StackName, contract: TierContract) -> None:
    """Refuse the contract of another stack: it would bind whom it does not concern, and leave others free."""
    org, _, environment = contract.context.partition("/")
    name = StackName(f"{org}-{contract.tier.label.replace('_', '-')}", environment.replace("/", "."))
    if name != stack or contract.application != stack.application:
        message = f"it is the contract of {contract.tier.label} of {contract.context}"
        raise ValueError(message)


def recorded_contract(snapshot: StackSnapshot | None) -> TierContract | None:
    """Read the contract of a stack, if there is one: a stack that was never applied to its end has none.

    Raises:
        EngineError: it has one that this program cannot read.
    """
    return contract_of(snapshot) if snapshot is not None and CONTRACT_OUTPUT in snapshot.outputs else None


def check_providers(
    snapshot: StackSnapshot,
    providers: Iterable[ProviderRecord],
    context: str,
    packages: frozenset[str] = frozenset(),
    left: Iterable[ProviderRecord] = (),
) -> None:
    """Refuse a run with other providers, or another plugin mode, than the stack was applied with.

    Otherwise `--provider docker` on a production file would plan the deletion of all of it (DESIGN section 7). `left`
    are providers of the platform that the tier does not use any more, or not yet. A first apply that failed half way
    has recorded no providers: then the resources' Pulumi packages must be among `packages`, those of the platform's.
    """
    if CONTRACT_OUTPUT not in snapshot.outputs:
        there = {kind.partition(":")[0] for kind in snapshot.resources.values()} - {"platform"}
        if there - packages:
            raise _another_provider(
                snapshot, " and ".join(sorted(there)), _named((p.name, p.plugin) for p in providers), context
            )
        return
    recorded, wanted = contract_of(snapshot).providers, tuple(providers)
    if recorded and _kinds(recorded) - _kinds(left) != _kinds(wanted) - _kinds(left):
        recorded_as = _named((p.name, p.plugin) for p in recorded)
        wanted_as = _named((p.name, p.plugin) for p in wanted)
        raise _another_provider(snapshot, recorded_as, wanted_as, context)


def check_upper_providers(
    stack: StackName, capabilities: Iterable[Capability], providers: Iterable[ProviderRecord], upper: TierContract
) -> None:
    """Refuse a tier on other providers than the one above it was applied with, or real below simulated.

    A type may be another provider's where the document of the upper tier has routed it there. What that document did
    not say (an earlier version recorded no routing) is for the providers that the upper tier uses.
    """
    modes = {record.plugin == "simulated" for record in upper.providers}
    mixed = [record for record in providers if modes and (record.plugin == "simulated") not in modes]
    if mixed:
        there, here = (_named((r.name, r.plugin) for r in records) for records in (upper.providers, mixed))
        detail = f"{stack} would run on {here}, and {upper.key} of {upper.context} above it runs on {there}."
        raise RefusedError("Simulated and real tiers do not mix", detail)
    for capability in capabilities:
        meant = _routed(upper, capability.type)
        if meant and capability.provider not in meant:
            detail = (
                f"{capability.declared_at}: {capability.name} ({capability.type}) would be served by "
                f"{capability.provider}, and {upper.key} of {upper.context} above it was applied with "
                f"{' and '.join(sorted(meant))} for that. Declare the same `provider` here; `--provider NAME` runs all "
                f"tiers on another one, in a context of its own."
            )
            raise RefusedError("The tier above runs on another provider", detail)


def check_upper_settings(contract: TierContract, upper: TierContract) -> None:
    """Refuse settings that belong to a platform's limits, where a file below sets them to something else.

    What an earlier version did not record is not known, and binds from the next apply of the upper tier.
    """
    if "settings" in upper.lacking:
        return
    for provider, settings in contract.settings.items():
        for name, value in settings.items():
            above = upper.settings.get(provider, {}).get(name)
            entries = value.items() if isinstance(value, Mapping) else ()
            known = above if isinstance(above, Mapping) else {}
            others = [f"{name}.{entry}" for entry, one in entries if one != known.get(entry)]
            if not isinstance(value, Mapping) and value != above:
                others = [name]
            if others:
                detail = (
                    f"{' and '.join(others)} of provider {provider} is set here, and {upper.key} of {upper.context} "
                    "above was not applied with that. It belongs to the limits of a platform: leave it out, or have it "
                    "set there."
                )
                raise RefusedError("A setting of the tiers above is set to something else", detail)


def _routed(upper: TierContract, capability_type: str) -> set[str]:
    """The providers that may serve a type below a tier; none where its document does not say."""
    if "routing" in upper.lacking:
        return {record.name for record in upper.providers}
    named = {name for name, types in upper.routing.items() if capability_type in types}
    return named or {name for name, types in upper.routing.items() if not types}


def check_data_loss(sections: Iterable[TierPlan]) -> None:
    """Refuse every delete or replace of data that `--allow-data-loss` does not name."""
    problems = [
        Problem(
            code="P4010",
            summary="Data would be lost",
            detail=f"{action.owner} would be {_participle(action.action)} ({action.resource_type}) and loses its data. "
            f"If that is meant: --allow-data-loss {action.owner}",
            position=action.declared_at,
        )
        for section in sections
        for action in section.actions
        if action.loses_data and action.owner not in section.allowed_data_loss
    ]
    if problems:
        raise RefusedError("Data would be lost", "Nothing of this plan was begun.", problems)


def check_obstacles(obstacles: Iterable[Obstacle]) -> None:
    """Refuse what cannot be applied in one go, with the steps that lead there."""
    problems = [
        Problem(
            code="P4040",
            summary=obstacle.summary,
            detail="\n".join((obstacle.detail, *(f"{n}. {step}" for n, step in enumerate(obstacle.steps, 1)))),
            position=obstacle.declared_at,
        )
        for obstacle in obstacles
    ]
    if problems:
        raise RefusedError("It cannot be applied in one go", "Nothing of this plan was begun.", problems)


def check_lock(
    engine: Engine,
    snapshot: StackSnapshot | None,
    forget: frozenset[str],
    observer: Observer,
    adopting: frozenset[str] = frozenset(),
    found: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Refuse to work on a locked stack; clear the stale lock of a dead run, but for pending creates nobody looked up.

    A create that was under way when its run was killed may have happened: Pulumi would create it a second time, and
    nothing would know of the first. So it stops here until a person has looked (`--forget-pending`); but for packages
    whose plugin takes over what it finds of such a create (`adopting`), and for creates of which the provider said what
    there is (`found`, ids by URN) unless that is several things.
    """
    if snapshot is None:
        return
    if _is_held(snapshot):
        raise busy(snapshot.name, snapshot.lock)
    problems = [
        _pending_problem(snapshot, urn, found.get(urn, ()))
        for urn in snapshot.creating
        if snapshot.named(urn) not in forget
        and urn_type(urn).partition(":")[0] not in adopting
        and (urn not in found or len(found[urn]) > 1)
    ]
    if problems:
        detail = (
            f"A run on {snapshot.name} was killed"
            + (f" (it was {snapshot.lock.holder}, since {snapshot.lock.since})" if snapshot.lock else "")
            + f". Its state holds {len(snapshot.resources)} finished resources; what follows was under way. "
            "Look each one up at the provider, then run the command again with --forget-pending NAME for it."
        )
        raise LockedError("A run was killed before it was finished", detail, problems)
    if snapshot.lock is not None:
        text = (
            f"{snapshot.name}: {snapshot.lock.holder} was killed while it held the lock since {snapshot.lock.since}; "
            f"{len(snapshot.resources)} resources are recorded, going on from there"
        )
        observer(events.Message(text))
        engine.unlock(snapshot.name)
    for kind, urn in (left for left in snapshot.pending if left[1] not in found):
        observer(events.Message(f"{snapshot.name}: {urn_name(urn)} was left {kind}; it is planned again"))


def busy(stack: StackName, lock: Lock | None) -> BusyError:
    """Build the error of a stack that another run works on."""
    holder = f"{lock.holder}{f' since {lock.since}' if lock.since else ''}" if lock is not None else "another run"
    holding = f"{stack} is locked by {holder}"
    detail = (
        f"{holding}. Wait for it to finish. If it runs on another machine and is surely dead, remove the lock with "
        "`pulumi cancel`."
    )
    return BusyError("The stack is locked", detail, holding=holding)


def _is_held(snapshot: StackSnapshot) -> bool:
    return snapshot.lock is not None and not snapshot.lock.dead


def _pending_problem(snapshot: StackSnapshot, urn: str, found: Sequence[str]) -> Problem:
    name, flag = urn_name(urn), snapshot.named(urn)
    if found:
        there = f"is there {len(found)} times and recorded nowhere: {', '.join(found)}."
        advice = "After deleting all but one, run the command again; after deleting all of them"
    else:
        there = (
            "may exist without being recorded; it carries the tag platform:urn or its name where the provider has them."
        )
        advice = "If it does not exist, or after deleting it"
    detail = f"{name} ({urn}) {there} {advice}: --forget-pending {flag}"
    return Problem("P5010", "A create was under way", detail)


def _another_provider(snapshot: StackSnapshot, there: str, wanted: str, context: str) -> RefusedError:
    detail = (
        f"{snapshot.name} runs on {there}; this run would use {wanted} and delete what is there. Use `--provider NAME` "
        f"to run {context} on another provider beside it, in a context of its own; to move it, destroy it first."
    )
    return RefusedError("The stack runs on another provider", detail)


def _kinds(providers: Iterable[ProviderRecord]) -> set[tuple[str, bool]]:
    """The providers and whether they are real: a published plugin and ours in its place plan the same of one state."""
    return {(provider.name, provider.plugin == "simulated") for provider in providers}


def _participle(action: Action) -> str:
    return "deleted" if action is Action.DELETE else "replaced"


def _named(providers: Iterable[tuple[str, str]]) -> str:
    return " and ".join(f"{name} ({plugin})" for name, plugin in sorted(providers)) or "no provider"
