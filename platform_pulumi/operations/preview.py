"""Plans all tiers in one run: each against the planned outputs of those above it (DESIGN sections 1 and 2)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Plan, PlanAction, PlanProvider, TierPlan
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import events, pending, preflight, section
from platform_pulumi.operations.digest import effects_digest
from platform_pulumi.operations.failures import engine_failure
from platform_pulumi.operations.graph import impact
from platform_pulumi.operations.identity import new_id
from platform_pulumi.operations.ports import Observer, RunResult
from platform_pulumi.operations.request import Request
from platform_pulumi.operations.session import Services, Session, choose, read
from platform_pulumi.sdk.run import TierRun


@dataclass(frozen=True, slots=True)
class Previewed:
    """A planned tier with what an apply needs of it."""

    declaration: TierDeclaration
    run: TierRun
    result: RunResult
    plan: TierPlan

    @property
    def outputs_change(self) -> bool:
        """Whether the stack would give the tiers below anything else than it does, be it only passed through."""
        return any(output.change != "same" for output in self.plan.outputs.values())


def preview(services: Services, request: Request, observer: Observer) -> Plan:
    """Plan what `up` would do. Touches nothing.

    Raises:
        InputError: the declarations or flags are wrong.
        ConstraintError: a constraint is violated.
        RefusedError: the stacks run on other providers.
        EngineError: the engine failed, a provider is not there, or an upper stack is missing or unreadable.
    """
    started = time.monotonic()
    with open_session(services, request, observer) as session:
        previewed = preview_tiers(session, observer)
        return make_plan(session, previewed, time.monotonic() - started)


@contextmanager
def open_session(services: Services, request: Request, observer: Observer) -> Iterator[Session]:
    """Read the files, open the engine, read the stacks, check what can be checked before the engine runs."""
    platform, simulated = read(services, request)
    tiers = choose(platform, request)
    preflight.check(services, platform, tiers, simulated)
    with services.open_engine(platform, request, simulated) as engine:
        session = Session(services, request, platform, engine, simulated, tiers)
        session.read_upper()
        session.choose_plugins(observer)
        for tier in session.tiers:
            snapshot = session.snapshot(tier)
            if snapshot is not None:
                session.guard_providers(tier, snapshot)
        yield session


def preview_tiers(session: Session, observer: Observer) -> list[Previewed]:
    """Preview each tier in order, feeding its planned outputs to those below. What is proven unchanged is not run."""
    _doubt(session, observer)
    previewed: list[Previewed] = []
    for tier, run in _proven(session):
        previewed.append(_unchanged(session, tier, run, previewed))
    rest = session.tiers[len(previewed) :]
    if rest:
        session.reveal()
        session.engine.prefetch([session.platform.context.stack(t.tier, t.application) for t in rest])
    for tier in rest:
        run = session.run(tier)
        result = session.engine.preview(run, observer)
        if result.failed:
            raise engine_failure(tier, result, f"{tier.label} could not be planned")
        outputs = section.typed_outputs(run, result.outputs)
        if tier.tier is not Tier.APPLICATION:
            session.values[tier.tier] = outputs
        snapshot = session.snapshot(tier)
        planned = _planned(session, tier, run, result, section.plan_actions(run, result, snapshot), previewed)
        if not (planned.plan.changes or planned.outputs_change) and not any(_changes_above(tier, p) for p in previewed):
            session.engine.remember_noop(run)
        previewed.append(planned)
    return previewed


def _doubt(session: Session, observer: Observer) -> None:
    """Have the engine look at how things are where a killed run had something under way: it may have happened, or not.

    Simulated providers hold nothing that state does not.
    """
    if session.simulated:
        return
    for tier in session.tiers:
        snapshot = session.snapshot(tier)
        if snapshot is None or not snapshot.pending:
            continue
        if snapshot.lock is not None and not snapshot.lock.dead:
            since = f"{snapshot.lock.holder} is at work on it since {snapshot.lock.since}"
            observer(events.Message(f"{snapshot.name}: {since}; planned by what is recorded by now"))
        else:
            pending.tell(session, snapshot, observer)
            observer(events.Message(f"{snapshot.name}: a run was killed; looking at how everything is"))
            session.engine.require_refresh(snapshot.name)


def _proven(session: Session) -> list[tuple[TierDeclaration, TierRun]]:
    """The first tiers, as far as each was seen to have nothing to do and nothing has changed since."""
    found: list[tuple[TierDeclaration, TierRun]] = []
    for tier in session.tiers:
        snapshot = session.snapshot(tier)
        if snapshot is None or CONTRACT_OUTPUT not in snapshot.outputs or session.reads_files(tier):
            break
        run = session.run(tier)
        if not session.engine.is_noop(run):
            break
        if tier.tier is not Tier.APPLICATION:
            session.recall(tier, run, snapshot)
        found.append((tier, run))
    return found


def _unchanged(session: Session, tier: TierDeclaration, run: TierRun, above: list[Previewed]) -> Previewed:
    """The plan of a tier that was not run: what is recorded stays."""
    snapshot = session.snapshot(tier)
    assert snapshot is not None
    result = RunResult({}, {}, snapshot.outputs)
    planned = _planned(session, tier, run, result, section.recorded_actions(run, snapshot), above)
    return replace(planned, plan=replace(planned.plan, skipped=True))


def _changes_above(tier: TierDeclaration, planned: Previewed) -> bool:
    return planned.declaration.tier < tier.tier and (planned.plan.changes or planned.outputs_change)


def _planned(
    session: Session,
    tier: TierDeclaration,
    run: TierRun,
    result: RunResult,
    actions: tuple[PlanAction, ...],
    above: list[Previewed],
) -> Previewed:
    snapshot = session.snapshot(tier)
    recorded = snapshot.outputs if snapshot else {}
    plan = TierPlan(
        tier=tier.tier,
        application=tier.application,
        stack=run.stack.qualified(),
        digest=effects_digest(run, result, actions),
        mode=run.contract.mode,
        actions=actions,
        outputs=section.planned_outputs(section.typed_outputs(run, result.outputs), recorded),
        capabilities=section.bound_capabilities(run, actions),
        data_loss=tuple(sorted({a.capability or a.resource_name for a in actions if a.loses_data})),
        base={
            "stackVersion": snapshot.updated_at if snapshot else None,
            "upperDigests": {p.declaration.label: p.plan.digest for p in above if p.declaration.tier < tier.tier},
        },
        contract_changes=_contract_changes(run, recorded),
    )
    return Previewed(tier, run, result, plan)


def make_plan(session: Session, previewed: list[Previewed], seconds: float) -> Plan:
    """The plan of all previewed tiers."""
    now = session.services.now()
    records = {record for p in previewed for record in session.providers(p.declaration)}
    applications = {p.declaration.application for p in previewed if p.declaration.tier is Tier.APPLICATION}
    application = applications.pop() if len(applications) == 1 else None
    definitions = session.services.definitions
    plans = tuple(p.plan for p in previewed)
    return Plan(
        id=new_id(now),
        context=session.platform.context.path(application),
        created_at=datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        simulated=session.simulated,
        providers=tuple(PlanProvider(r.name, r.version, r.plugin) for r in sorted(records, key=lambda r: r.name)),
        tiers=plans,
        fidelity=tuple(definitions[c.provider].report(c) for p in previewed for c in p.declaration.capabilities),
        impact=impact(session.platform.tiers, plans),
        constraints_checked=declarations.constraints_checked(session.platform, session.contracts),
        warnings=session.platform.warnings,
        seconds=seconds,
    )


def _contract_changes(run: TierRun, recorded: Mapping[str, Any]) -> bool:
    """Whether the tiers below would be told something else. Lines that only moved in the file do not count."""
    output = recorded.get(CONTRACT_OUTPUT)
    if output is None:
        return True
    try:
        old = json.loads(output.value)
    except (TypeError, ValueError):
        return True
    return bool(_told(old) != _told(json.loads(json.dumps(run.contract.to_json()))))


def _told(contract: Any) -> Any:
    """What of a contract matters below: not where it was written, nor which of two equal plugins served."""
    told = _without_places(contract)
    if isinstance(told, dict):
        providers = [{**p, "plugin": p.get("plugin") == "simulated"} for p in told.get("providers") or ()]
        told = {**told, "providers": providers}
    return told


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_places(item) for name, item in value.items() if name != "at"}
    if isinstance(value, list):
        return [_without_places(item) for item in value]
    return value
