"""Session: a platform opened to plan and to apply, with upper tiers read, plugins selected and providers checked.

One way in for all verbs that run the engine. What comes out is frozen: whatever changes meanwhile (values of tiers that
were planned or applied) is handed from step to step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.errors import InputError
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Operation
from platform_pulumi.model.platform import Platform, ProviderDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import guard, preflight
from platform_pulumi.operations.contracts import declared_together, tier_contract
from platform_pulumi.operations.loading import LoadedPlatform, load
from platform_pulumi.operations.ports import Engine, Observer, StackSnapshot
from platform_pulumi.operations.runtimes import Runtimes
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.states import existing_stacks
from platform_pulumi.operations.task import Task
from platform_pulumi.operations.upstream import UpstreamTiers, check_quotas, read_upstream
from platform_pulumi.sdk.provider import ProviderDefinition


@dataclass(frozen=True)
class Session:
    """Platform that is open for planning and applying.

    Args:
        platform: completed by what the upper tiers say.
        tiers: those the task is about, topmost first.
        upstream: the tiers above that are only read.
        plugins: which plugin serves each provider: official, embedded or simulated.
        contracts: what the stacks of these tiers will tell those below.
    """

    services: Services
    task: Task
    platform: Platform
    engine: Engine
    simulated: bool
    tiers: tuple[TierDeclaration, ...]
    runtimes: Runtimes
    upstream: UpstreamTiers = field(default_factory=UpstreamTiers)
    plugins: Mapping[str, str] = field(default_factory=dict)
    contracts: Mapping[TierKey, TierContract] = field(default_factory=dict)
    operation: Operation = Operation.UP

    def snapshot(self, tier: TierDeclaration) -> StackSnapshot | None:
        """Return the recorded state of a tier's stack; the engine reads each once until it is changed."""
        return self.engine.snapshot(self.platform.context.stack(*tier.key))

    def plugin(self, provider: str) -> str:
        """Return the plugin of a provider: official, embedded or simulated."""
        return self.plugins.get(provider, "simulated" if self.simulated else "official")


@contextmanager
def open_session(
    services: Services, task: Task, observer: Observer, operation: Operation = Operation.UP
) -> Iterator[Session]:
    """Load a task's declarations, open the engine, read the stacks, check what can be checked before the engine runs.

    A destroy asks less: values that are gone, tiers above and providers of tiers without a stack need not be there.

    Raises:
        InputError: the declarations or flags are wrong.
        ConstraintError: a constraint or a quota is violated.
        RefusedError: the stacks run on other providers.
        EngineError: a provider is not there, or a stack is missing or unreadable.
    """
    destroying = operation is Operation.DESTROY
    loaded = load(services, task, strict=not destroying)
    tiers = loaded.select(task.selection, removed=destroying)
    runtimes = Runtimes(services, loaded.platform)
    if not destroying:
        preflight.check(runtimes, loaded.platform, tiers, loaded.simulated)
    with services.open_engine(loaded.platform, task.engine, loaded.simulated) as engine:
        upstream = UpstreamTiers()
        platform = loaded.platform
        if not destroying:
            upstream, platform, tiers = _complete(services, engine, loaded, tiers)
        else:
            _check_removed(engine, loaded, tiers)
        plugins = _select_plugins(engine, platform, tiers, upstream, observer)
        session = Session(services, task, platform, engine, loaded.simulated, tiers, runtimes, upstream, plugins)
        together = declared_together(platform)
        contracts = {tier.key: _contract(session, tier, together.get(tier.key, ())) for tier in tiers}
        session = replace(session, contracts=contracts, operation=operation)
        for tier in tiers:
            _check_providers(session, tier)
            _check_upper_providers(session, tier)
        if not destroying:
            _check_claims(session)
        yield session


def _complete(
    services: Services, engine: Engine, loaded: LoadedPlatform, tiers: tuple[TierDeclaration, ...]
) -> tuple[UpstreamTiers, Platform, tuple[TierDeclaration, ...]]:
    """The tiers above, the platform wired to and checked against them, and the chosen tiers of it."""
    upstream = read_upstream(engine, loaded.platform, tiers)
    platform = declarations.complete(loaded.platform, upstream.contracts, services.definitions)
    completed = tuple(found for tier in tiers if (found := platform.tier(*tier.key)) is not None)
    check_quotas(engine, platform, completed, upstream)
    return upstream, platform, completed


def _check_removed(engine: Engine, loaded: LoadedPlatform, tiers: Iterable[TierDeclaration]) -> None:
    """Refuse an application that no file declares unless its stack stays, of providers that the files use.

    Raises:
        InputError: there is no such stack, or nothing here can delete what it holds.
        EngineError: it cannot be read.
    """
    platform = loaded.platform
    used = {capability.provider for tier in platform.tiers for capability in tier.capabilities}
    for tier in tiers:
        if platform.tier(*tier.key) is not None:
            continue
        snapshot = engine.snapshot(platform.context.stack(*tier.key))
        if snapshot is None:
            raise loaded.unknown_application(tier.application or "")
        others = {record.name for record in guard.contract_of(snapshot).providers} - used
        if others:
            detail = (
                f"{snapshot.name} runs on {', '.join(sorted(others))}, which serves nothing that these files declare. "
                f"Put the declaration of `{tier.application}` back, and destroy it with that."
            )
            raise InputError("The removed application runs on another provider", detail)


def _select_plugins(
    engine: Engine, platform: Platform, tiers: Iterable[TierDeclaration], upstream: UpstreamTiers, observer: Observer
) -> Mapping[str, str]:
    """Select the plugins, given those that the stacks were applied with."""
    contracts = list(upstream.contracts.values())
    for tier in tiers:
        contract = guard.recorded_contract(engine.snapshot(platform.context.stack(*tier.key)))
        contracts += [contract] if contract is not None else []
    recorded = {record.name: record.plugin for contract in contracts for record in contract.providers}
    return engine.select_plugins(recorded, observer)


def _contract(session: Session, tier: TierDeclaration, beside: tuple[TierKey, ...]) -> TierContract:
    if session.platform.tier(*tier.key) is None and (snapshot := session.snapshot(tier)) is not None:
        return guard.contract_of(snapshot)  # of a removed application: as it was when it was applied
    if tier.tier is not Tier.APPLICATION and not beside:
        recorded = guard.recorded_contract(session.snapshot(tier))
        # There were applications once: theirs may be the stacks that stay.
        beside = recorded.declared_with if recorded is not None else ()
    used = {capability.provider for capability in tier.capabilities}
    definitions = session.services.definitions
    records = tuple(session.services.record(definitions[name], session.plugin(name)) for name in sorted(used))
    locations = {name: _location(session.platform, definitions[name]) for name in sorted(used)}
    settings = {
        provider.name: found
        for provider in session.platform.providers
        if (found := _inherited(provider, definitions[provider.name]))
    }
    claims = declarations.claims(session.platform, tier, definitions)
    return tier_contract(
        session.platform,
        tier,
        records,
        session.upstream.contracts,
        declared_with=beside,
        locations=locations,
        settings=settings,
        claims=claims,
    )


def _inherited(provider: ProviderDeclaration, definition: ProviderDefinition) -> Mapping[str, Any]:
    """The settings that bind the tiers below, as they are written."""
    written = declarations.shown_config(provider)
    return {name: written[name] for name in definition.inherited if name in written}


def _location(platform: Platform, definition: ProviderDefinition) -> Mapping[str, str]:
    """The settings that say where a provider makes things, as far as they are written out, or implied by others."""
    literal = declarations.literal_config(platform.provider(definition.name))
    written = {**definition.implied(literal), **literal}
    return {name: str(written[name]) for name in definition.location if name in written}


def _check_claims(session: Session) -> None:
    """Refuse the run where it wants what another stack of the environment has: a host, a port of the machine.

    Where it wants nothing of that kind, no state is read for it.
    """
    if not any(contract.claims for contract in session.contracts.values()):
        return
    context = session.platform.context
    own = {context.stack(*tier.key) for tier in session.tiers}
    stacks = (stack for tier in Tier for stack in existing_stacks(session.engine, context, tier) if stack not in own)
    recorded = (guard.recorded_contract(session.engine.snapshot(stack)) for stack in stacks)
    others = [contract for contract in recorded if contract is not None]
    declarations.check_claims(session.platform, session.tiers, session.services.definitions, others)


def _check_upper_providers(session: Session, tier: TierDeclaration) -> None:
    """Refuse the run where a tier above, not part of it, was applied with other providers."""
    stack, providers = session.platform.context.stack(*tier.key), session.contracts[tier.key].providers
    for upper in session.upstream.contracts.values():
        if upper.tier < tier.tier:
            guard.check_upper_providers(stack, tier.capabilities, providers, upper)
            guard.check_upper_settings(session.contracts[tier.key], upper)


def _check_providers(session: Session, tier: TierDeclaration) -> None:
    """Refuse the run where the tier's stack was applied with other providers."""
    snapshot = session.snapshot(tier)
    if snapshot is not None:
        providers, definitions = session.contracts[tier.key].providers, session.services.definitions
        used = {record.name for record in providers}
        # A tier may come to use fewer: what goes is deleted by a provider that the platform still has.
        left = tuple(
            session.services.record(definitions[provider.name], session.plugin(provider.name))
            for provider in session.platform.providers
            if provider.name not in used
        )
        packages = frozenset(package for record in (*providers, *left) for package in definitions[record.name].packages)
        guard.check_providers(snapshot, providers, session.platform.context.path(), packages, left)
