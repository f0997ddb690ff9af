"""Destroys a platform's stacks in reverse order, where nothing else uses them and no data is lost unasked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.applied import Applied, ApplyError, Kept, Outcome, TierOutcome
from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan import Action, Plan, PlanAction, PlanProvider, TierPlan
from platform_pulumi.model.platform import DEFAULT_MODES, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.operations import guard, pending, preflight
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.identity import new_id
from platform_pulumi.operations.ports import Approver, DestroyTarget, Observer, StackSnapshot
from platform_pulumi.operations.request import Request
from platform_pulumi.operations.session import Services, Session, choose, read
from platform_pulumi.sdk.provider import ProviderDefinition


def destroy(services: Services, request: Request, observer: Observer, approver: Approver) -> Applied:
    """Delete the stacks of the declared tiers, lowest first.

    Raises:
        RefusedError: other stacks use a tier, data would be lost, or it was not approved.
        LockedError: a stack is locked.
        ApplyError: a stack could not be destroyed to its end.
        EngineError: a state cannot be read, or a provider is not there.
    """
    started = time.monotonic()
    with _session(services, request, observer) as session:
        existing = _existing(session)
        topmost_first = [tier for tier, _ in reversed(existing)]
        preflight.check(services, session.platform, topmost_first, session.simulated, strict=False)
        _unused(session, [tier for tier, _ in existing])
        pending.resolve(session, topmost_first, observer)
        existing = _existing(session)
        plan = _plan(session, existing, time.monotonic() - started)
        approver.show(plan)
        guard.data_loss(plan, request.allow_data_loss)
        outcomes = _destroy_all(session, existing, plan, observer, approver)
        return Applied(plan, tuple(outcomes), (), time.monotonic() - started)


@contextmanager
def _session(services: Services, request: Request, observer: Observer) -> Iterator[Session]:
    platform, simulated = read(services, request, strict=False)
    with services.open_engine(platform, request, simulated) as engine:
        session = Session(services, request, platform, engine, simulated, choose(platform, request))
        session.choose_plugins(observer)
        for tier in session.tiers:
            snapshot = session.snapshot(tier)
            if snapshot is not None:
                session.guard_providers(tier, snapshot)
        yield session


def _existing(session: Session) -> list[tuple[TierDeclaration, StackSnapshot]]:
    """The tiers that have a stack, lowest first."""
    return [(tier, found) for tier in reversed(session.tiers) if (found := session.snapshot(tier)) is not None]


def _unused(session: Session, tiers: list[TierDeclaration]) -> None:
    """Refuse while stacks that are not destroyed with them stand on these tiers."""
    context = session.platform.context
    mine = {context.stack(tier.tier, tier.application) for tier in tiers}
    below: list[StackName] = []
    highest = min((tier.tier for tier in tiers), default=Tier.APPLICATION)
    if highest is Tier.INFRASTRUCTURE:
        below += [s for s in session.engine.stacks(context.stack(Tier.SHARED_PRIMITIVES).project) if _of(session, s)]
    if highest < Tier.APPLICATION:
        below += [s for s in session.engine.stacks(context.stack(Tier.APPLICATION).project) if _of(session, s)]
    users = [stack for stack in below if stack not in mine and _holds(session, stack)]
    if users:
        listed = ", ".join(str(stack) for stack in users)
        detail = f"{highest.label} of {context.path()} is used by {listed}. Destroy those first. Nothing was touched."
        raise RefusedError("The tier is in use", detail)


def _of(session: Session, stack: StackName) -> bool:
    """Whether a stack belongs to this context."""
    name = session.platform.context.stack(Tier.INFRASTRUCTURE).name
    return stack.name == name or stack.name.startswith(f"{name}.")


def _holds(session: Session, stack: StackName) -> bool:
    """Whether anything in it still needs the tiers above: data that a destroy kept does not."""
    snapshot = session.engine.snapshot(stack)
    if snapshot is None:
        return False
    kept = _kept(session, snapshot)
    return bool(snapshot.resources.keys() - kept or (snapshot.outputs and not kept))


def _kept(session: Session, snapshot: StackSnapshot) -> frozenset[str]:
    """What a destroy leaves: protected resources of types that stand by themselves, unless their loss is allowed."""
    types = frozenset().union(*(definition.keeps for definition in _definitions(session)))
    allowed = session.request.allow_data_loss
    return frozenset(
        urn for urn in snapshot.protected if snapshot.resources.get(urn) in types and snapshot.named(urn) not in allowed
    )


def _definitions(session: Session) -> list[ProviderDefinition]:
    names = {capability.provider for tier in session.platform.tiers for capability in tier.capabilities}
    return [session.services.definitions[name] for name in sorted(names)]


def _plan(session: Session, existing: list[tuple[TierDeclaration, StackSnapshot]], seconds: float) -> Plan:
    now = session.services.now()
    records = {record for tier, _ in existing for record in session.providers(tier)}
    return Plan(
        id=new_id(now),
        context=session.platform.context.path(),
        created_at=datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        simulated=session.simulated,
        providers=tuple(PlanProvider(r.name, r.version, r.plugin) for r in sorted(records, key=lambda r: r.name)),
        tiers=tuple(_section(tier, snapshot, _kept(session, snapshot)) for tier, snapshot in existing),
        seconds=seconds,
    )


def _section(tier: TierDeclaration, snapshot: StackSnapshot, kept: frozenset[str]) -> TierPlan:
    places = {capability.name: capability.declared_at for capability in tier.capabilities}
    actions = []
    for urn, kind in sorted(snapshot.resources.items()):
        owner = capability_of(urn, snapshot.parents)
        actions.append(
            PlanAction(
                action=Action.NO_OP if urn in kept else Action.DELETE,
                capability=owner,
                resource_name=urn_name(urn),
                resource_type=kind,
                provider=kind.partition(":")[0],
                urn=urn,
                declared_at=places.get(owner),
                loses_data=urn in snapshot.protected and urn not in kept,
                kept=urn in kept,
            )
        )
    return TierPlan(
        tier=tier.tier,
        application=tier.application,
        stack=snapshot.name.qualified(),
        digest="",
        mode=DEFAULT_MODES[tier.tier],
        actions=tuple(actions),
        outputs={},
        data_loss=tuple(sorted({a.capability or a.resource_name for a in actions if a.loses_data})),
        base={"stackVersion": snapshot.updated_at},
    )


def _destroy_all(
    session: Session,
    existing: list[tuple[TierDeclaration, StackSnapshot]],
    plan: Plan,
    observer: Observer,
    approver: Approver,
) -> list[TierOutcome]:
    outcomes: list[TierOutcome] = []
    for index, (tier, snapshot) in enumerate(existing):
        started, section = time.monotonic(), plan.tiers[index]
        kept = tuple(
            Kept(action.capability, action.resource_type, snapshot.ids.get(action.urn, ""))
            for action in section.actions
            if action.kept
        )
        blank = TierOutcome(
            tier.tier, tier.application, section.stack, Outcome.UNCHANGED, kept=kept, total=section.summary["delete"]
        )
        if kept and not blank.total:
            outcomes.append(blank)
            continue
        guard.approved(section, approver.approve(plan, section), destroying=True)
        pending.clear(session, snapshot, observer)
        result = session.engine.destroy(_target(tier, snapshot, section, bool(kept)), observer)
        done = sum(1 for a in section.actions if not a.kept and a.urn in result.steps and result.steps[a.urn].finished)
        outcomes.append(
            replace(
                blank,
                outcome=Outcome.FAILED if result.failed else Outcome.DESTROYED,
                summary={"delete": done},
                done=done,
                seconds=time.monotonic() - started,
            )
        )
        if result.failed:
            rest = [
                TierOutcome(t.tier, t.application, s.name.qualified(), Outcome.UNTOUCHED, total=len(s.resources))
                for t, s in existing[index + 1 :]
            ]
            summary = f"{tier.label} failed after {done} of {blank.total} resources"
            raise ApplyError(summary, "", failure_problems(tier, result, snapshot), (*outcomes, *rest), plan)
    return outcomes


def _target(tier: TierDeclaration, snapshot: StackSnapshot, section: TierPlan, kept: bool) -> DestroyTarget:
    losing = tuple(action.urn for action in section.actions if action.loses_data)
    return DestroyTarget(
        tier=tier.tier,
        application=tier.application,
        stack=snapshot.name,
        ignore_protect=bool(losing) and not kept,
        total=section.summary["delete"],
        unprotect=losing if kept else (),
        kept=kept,
    )
