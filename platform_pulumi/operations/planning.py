"""Planning of tiers, each against the planned outputs of those above it: the first of the steps all verbs share.

`plan_tier`, `applying.refine` and `applying.apply_tier` are re-entrant: they take what they need as values and keep
nothing. A destroy has its own first and last step (`destroy.plan_destroy`, `destroy.destroy_tier`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from platform_pulumi import declarations
from platform_pulumi.model.contract import CONTRACT_OUTPUT, TierContract
from platform_pulumi.model.json_form import declared
from platform_pulumi.model.plan import Declarations, Operation, Plan, PlanAction, TierPlan
from platform_pulumi.model.plan.effects import with_digest
from platform_pulumi.model.plan.limits import limit_changes
from platform_pulumi.model.platform import ProviderDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier, sole_application
from platform_pulumi.operations import actions, contract_changes, guard, pending
from platform_pulumi.operations.contracts import declared_capability
from platform_pulumi.operations.environment import recorded_contracts
from platform_pulumi.operations.events import Message
from platform_pulumi.operations.failures import engine_failure
from platform_pulumi.operations.graph import declared_graph
from platform_pulumi.operations.impact import impact
from platform_pulumi.operations.modes import effective_mode
from platform_pulumi.operations.obstacles import obstacles
from platform_pulumi.operations.ordering import ordered
from platform_pulumi.operations.output_changes import OutputSources, planned_outputs
from platform_pulumi.operations.planned import PlannedTier
from platform_pulumi.operations.ports import Observer, RunResult, StackSnapshot
from platform_pulumi.operations.removed import removed_applications
from platform_pulumi.operations.runs import tier_run
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.stamps import new_id, timestamp
from platform_pulumi.operations.states import output_types, recorded_values
from platform_pulumi.operations.upstream import Values
from platform_pulumi.sdk.run import TierRun


def plan_tiers(session: Session, observer: Observer) -> tuple[PlannedTier, ...]:
    """Plan each tier in order, against the planned outputs of those above. A known no-op is not run.

    Raises:
        EngineError: the engine failed, or a provider does not answer.
    """
    _refresh_killed(session, observer)
    planned = _noop_tiers(session)
    rest = session.tiers[len(planned) :]
    if rest:
        planned = [_revealed(session, known) for known in planned]
        session.engine.prefetch([session.platform.context.stack(*tier.key) for tier in rest])
    values = session.upstream.values
    for known in planned:
        values = known.downstream_values(values)
    for tier in rest:
        one = plan_tier(session, tier, values, observer, planned)
        still = not any(above.declaration.tier < tier.tier and above.section.applies for above in planned)
        if still and not one.section.applies:
            session.engine.remember_noop(one.run)
        planned.append(one)
        values = one.downstream_values(values)
    return ordered(planned)


def plan_tier(
    session: Session, tier: TierDeclaration, values: Values, observer: Observer, above: Sequence[PlannedTier] = ()
) -> PlannedTier:
    """Plan one tier.

    Args:
        values: of the tiers above, planned or applied.
        above: the sections planned before it, for its provenance.

    Raises:
        EngineError: the engine failed.
    """
    run = tier_run(session, tier, values)
    result = session.engine.preview(run, observer)
    if result.failed:
        raise engine_failure(tier, result, f"{tier.label} could not be planned")
    found = actions.plan_actions(run, result, session.snapshot(tier))
    return _planned(session, tier, run, result, found, above)


def make_plan(
    session: Session, sections: Sequence[TierPlan], seconds: float, operation: Operation = Operation.UP
) -> Plan:
    """Build the plan of all planned sections."""
    now = session.services.now()
    keys = [section.key for section in sections]
    tiers = [tier for tier in session.tiers if tier.key in keys]
    alone = sole_application(keys) if operation is Operation.UP else None
    records = {record for section in sections for record in section.providers}
    recorded = recorded_contracts(session, sections) if operation is Operation.UP else ()
    plan = Plan(
        id=new_id(now),
        context=session.platform.context.path(alone),
        created_at=timestamp(now),
        simulated=session.simulated,
        providers=tuple(sorted(records, key=lambda record: record.name)),
        tiers=tuple(sections),
        operation=operation,
        obstacles=obstacles(session, sections, recorded),
        seconds=round(seconds, 3),
    )
    if operation is Operation.DESTROY:
        return plan
    definitions = session.services.definitions
    return replace(
        plan,
        fidelity=tuple(definitions[c.provider].report(c) for tier in tiers for c in tier.capabilities),
        impact=impact(
            declared_graph(session.platform.tiers, session.upstream.contracts),
            recorded,
            sections,
        ),
        constraints_checked=declarations.constraints_checked(session.platform, session.upstream.contracts),
        warnings=(*session.platform.warnings, *removed_applications(session)),
    )


def _refresh_killed(session: Session, observer: Observer) -> None:
    """Have the engine refresh where a killed run had something under way: it may have happened, or not."""
    for tier in session.tiers:
        snapshot = session.snapshot(tier)
        if snapshot is None or not snapshot.pending:
            continue
        if snapshot.lock is not None and not snapshot.lock.dead:
            since = f"{snapshot.lock.holder} is at work on it since {snapshot.lock.since}"
            observer(Message(f"{snapshot.name}: {since}; planned by what is recorded by now"))
        else:
            pending.announce(session, snapshot, observer)
            observer(Message(f"{snapshot.name}: a run was killed; refreshing the state"))
            session.engine.require_refresh(snapshot.name)


def _noop_tiers(session: Session) -> list[PlannedTier]:
    """Plan the leading tiers that are known no-ops from their recorded state; nothing is run."""
    planned: list[PlannedTier] = []
    values = session.upstream.values
    for tier in session.tiers:
        snapshot = session.snapshot(tier)
        if snapshot is None or CONTRACT_OUTPUT not in snapshot.outputs or reads_files(session, tier):
            break
        run = tier_run(session, tier, values)
        if not session.engine.is_noop(run):
            break
        result = RunResult({}, {}, snapshot.outputs)
        known = _planned(session, tier, run, result, actions.recorded_actions(run.capabilities, snapshot), planned)
        recorded = recorded_values(run.contract, snapshot)
        planned.append(replace(known, section=replace(known.section, skipped=True), outputs=recorded))
        values = planned[-1].downstream_values(values)
    return planned


def _revealed(session: Session, known: PlannedTier) -> PlannedTier:
    """A tier that was not run with the secrets among its outputs: a program below is about to be given them."""
    if known.declaration.tier is Tier.APPLICATION or not any(value.secret for value in known.outputs.values()):
        return known
    snapshot = session.engine.snapshot(known.run.stack, reveal=True)
    assert snapshot is not None  # it was read before
    return replace(known, outputs=recorded_values(known.run.contract, snapshot))


def reads_files(session: Session, tier: TierDeclaration) -> bool:
    """Whether the resources of a tier depend on files beside the declarations."""
    definitions = session.services.definitions
    return any(
        definitions[capability.provider].bindings[capability.type].reads_files(capability.properties)
        for capability in tier.capabilities
    )


def _planned(
    session: Session,
    tier: TierDeclaration,
    run: TierRun,
    result: RunResult,
    found: tuple[PlanAction, ...],
    above: Sequence[PlannedTier],
) -> PlannedTier:
    snapshot = session.snapshot(tier)
    revealed = session.engine.revealed_snapshot(run.stack) or snapshot
    recorded = revealed.outputs if revealed else {}
    before = guard.recorded_contract(snapshot)
    mode, because = effective_mode(tier.key, run.contract.mode, snapshot, _recorded_above(session, tier.tier))
    sources = OutputSources(run, found, {p.section.tier: p.section.outputs for p in above})
    outputs = actions.typed_outputs(run, result.outputs)
    section = TierPlan(
        tier=tier.tier,
        application=tier.application,
        stack=session.engine.qualified(run.stack),
        digest="",
        mode=mode,
        mode_because=because,
        actions=found,
        outputs=planned_outputs(outputs, recorded, sources, output_types(before) if before else {}),
        capabilities=actions.bound_capabilities(run, found, result.registered, before.declared if before else ()),
        declarations=resolved_declarations(run, session.platform.providers),
        providers=run.contract.providers,
        replaced_providers=actions.replaced_providers(result),
        allowed_data_loss=run.unprotected,
        base={
            "stackVersion": _version(snapshot),
            "upperDigests": {p.section.tier.label: p.section.digest for p in above if p.section.tier < tier.tier},
        },
        limits=limit_changes(before, run.contract) if before is not None else (),
        contract_changes=before is None or contract_changes.differ(before, run.contract),
    )
    return PlannedTier(tier, run, with_digest(section), snapshot, outputs)


def resolved_declarations(run: TierRun, providers: Iterable[ProviderDeclaration] = ()) -> Declarations:
    """Collect the resolved declarations of a run, as the digest covers them; secrets by the hashes of inputs."""
    return Declarations(
        capabilities=tuple(map(declared_capability, run.capabilities)),
        constraints=tuple(
            {"field": c.field, "operator": c.operator, "value": declared(c.value)} for c in run.contract.constraints
        ),
        outputs=tuple(
            {"name": o.name, "capability": o.capability, "field": o.field, "type": o.type} for o in run.contract.outputs
        ),
        # The same resources elsewhere are others: provider resources are no actions, and a region is no input.
        providers=tuple(
            {"name": provider.name, "config": declarations.shown_config(provider)}
            for provider in sorted(providers, key=lambda provider: provider.name)
            if provider.name in run.providers and provider.config
        ),
    )


def _recorded_above(session: Session, tier: Tier) -> dict[Tier, TierContract]:
    """The contracts of the stacks above as they are recorded, whether or not they are applied in this run."""
    found = ((upper, session.engine.snapshot(session.platform.context.stack(upper))) for upper in tier.above)
    known = ((upper, guard.recorded_contract(snapshot)) for upper, snapshot in found)
    return {upper: contract for upper, contract in known if contract is not None}


def _version(snapshot: StackSnapshot | None) -> str | None:
    return snapshot.updated_at if snapshot is not None else None
