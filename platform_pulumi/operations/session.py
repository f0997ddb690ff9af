"""One command's work on a platform: the files read, the tiers chosen, the upper stacks read, runs built.

Everything the verbs share. A session is opened with the engine and lives as long as the command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord, TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations import guard
from platform_pulumi.operations.ports import Engine, Observer, StackSnapshot
from platform_pulumi.operations.request import Request
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream
from platform_pulumi.sdk.runtime import Runtime, open_runtime


@dataclass(frozen=True)
class Services:
    """What operations need from outside; `bootstrap` gives the real ones, tests give fakes.

    Args:
        definitions: the installed providers.
        environment: for `${env:X}`.
        open_engine: opens the engine for a platform and request; `simulated` says with which providers.
        record: a provider with its version, served by a plugin of that kind.
        now: milliseconds since the epoch.
        open_runtime: a provider's live side, given its resolved config and the environment; None where it has none.
    """

    definitions: Mapping[str, ProviderDefinition]
    environment: Mapping[str, str] = field(repr=False)
    open_engine: Callable[[Platform, Request, bool], AbstractContextManager[Engine]]
    record: Callable[[ProviderDefinition, str], ProviderRecord]
    now: Callable[[], int]
    open_runtime: Callable[[ProviderDefinition, Mapping[str, Any], Mapping[str, str]], Runtime | None] = open_runtime


@dataclass
class Session:
    """The state of one command: which tiers it works on and what it knows of the stacks."""

    services: Services
    request: Request
    platform: Platform
    engine: Engine
    simulated: bool
    tiers: tuple[TierDeclaration, ...]
    snapshots: dict[tuple[Tier, str | None], StackSnapshot | None] = field(default_factory=dict)
    contracts: dict[Tier, TierContract] = field(default_factory=dict)
    values: dict[Tier, Mapping[str, OutputValue]] = field(default_factory=dict)
    constraints_checked: int = 0
    plugins: Mapping[str, str] = field(default_factory=dict)
    _recalled: dict[Tier, TierContract] = field(default_factory=dict)

    def snapshot(self, tier: TierDeclaration) -> StackSnapshot | None:
        """The recorded state of a tier's stack, read once."""
        key = (tier.tier, tier.application)
        if key not in self.snapshots:
            self.snapshots[key] = self.engine.snapshot(self.platform.context.stack(*key))
        return self.snapshots[key]

    def forget(self, tier: TierDeclaration) -> None:
        """Read a tier's stack anew when it is asked for next: it was changed."""
        self.snapshots.pop((tier.tier, tier.application), None)

    def read_upper(self) -> None:
        """Read the contracts and outputs of the tiers above that this command does not work on, and check against them.

        Raises:
            EngineError: such a stack is missing, unreadable or without contract.
            ConstraintError: a constraint of theirs is violated.
            InputError: something references what they do not have.
        """
        chosen = {tier.tier for tier in self.tiers}
        needed = {upper for tier in self.tiers for upper in tier.tier.above} - chosen
        for upper in sorted(needed):
            self._read_upper(upper)
        self.platform = declarations.complete(self.platform, self.contracts, self.services.definitions)
        self.tiers = tuple(
            found for tier in self.tiers if (found := self.platform.tier(tier.tier, tier.application)) is not None
        )
        self._check_quotas()

    def run(self, tier: TierDeclaration) -> TierRun:
        """What the tier's program is given now, with the values known so far."""
        context = self.platform.context
        used = sorted({capability.provider for capability in tier.capabilities}) or [
            p.name for p in self.platform.providers
        ]
        return TierRun(
            context=context,
            tier=tier.tier,
            application=tier.application,
            stack=context.stack(tier.tier, tier.application),
            capabilities=tier.capabilities,
            outputs=tier.outputs,
            providers={name: ProviderRun(name, self._config(name)) for name in used},
            contract=self.contract(tier),
            upstream={upper: self._upstream(upper) for upper in tier.tier.above if self._exists(upper)},
            unprotected=self._holding(tier) & self.request.allow_data_loss,
            simulated=self.simulated,
        )

    def _holding(self, tier: TierDeclaration) -> frozenset[str]:
        """The names whose data a run of the tier can lose: what is declared, and what the stack still holds."""
        snapshot = self.snapshot(tier)
        held = {snapshot.named(urn) for urn in snapshot.protected} if snapshot else set()
        return frozenset(held | {capability.name for capability in tier.capabilities})

    def contract(self, tier: TierDeclaration) -> TierContract:
        """What the tier's stack will tell those below."""
        return TierContract(
            tier=tier.tier,
            application=tier.application,
            context=self.platform.context.path(tier.application),
            providers=self.providers(tier),
            capabilities=tuple(capability.ref for capability in tier.capabilities),
            constraints=tier.constraints,
            outputs=tier.outputs,
            mode=self.platform.modes.get(tier.tier, DEFAULT_MODES[tier.tier]),
            quotas=declarations.quotas(tier),
            usage=declarations.quota_usage(tier),
        )

    def providers(self, tier: TierDeclaration) -> tuple[ProviderRecord, ...]:
        """The providers a tier uses, as they are recorded."""
        used = {capability.provider for capability in tier.capabilities}
        definitions = self.services.definitions
        return tuple(self.services.record(definitions[name], self.plugin(name)) for name in sorted(used))

    def choose_plugins(self, observer: Observer) -> None:
        """Decide which plugins serve, given those that the stacks of this command were applied with.

        Raises:
            PlatformError: a plugin is wanted that is not to be had.
        """
        contracts = list(self.contracts.values())
        for tier in self.tiers:
            snapshot = self.snapshot(tier)
            if snapshot is not None and CONTRACT_OUTPUT in snapshot.outputs:
                contracts.append(guard.contract_of(snapshot))
        recorded = {record.name: record.plugin for contract in contracts for record in contract.providers}
        self.plugins = self.engine.select_plugins(recorded, observer)

    def reads_files(self, tier: TierDeclaration) -> bool:
        """Whether what a tier becomes depends on files beside the declarations."""
        definitions = self.services.definitions
        return any(
            definitions[capability.provider].bindings[capability.type].reads_files(capability.properties)
            for capability in tier.capabilities
        )

    def plans_nothing_after(self, tier: TierDeclaration) -> bool:
        """Whether the next plan of a tier that was applied to its end is known to be empty.

        Our own plugins compare what is declared with what they recorded, and nothing else; of others nobody can tell
        before they were asked.
        """
        providers = {capability.provider for capability in tier.capabilities}
        ours = all(self.plugin(name) == "embedded" for name in providers)
        return ours and bool(providers) and not self.reads_files(tier)

    def recall(self, tier: TierDeclaration, run: TierRun, snapshot: StackSnapshot) -> None:
        """Take a tier's outputs from its state, but for the secrets: see `reveal`."""
        self.values[tier.tier] = recorded_values(run.contract, snapshot)
        self._recalled[tier.tier] = run.contract

    def reveal(self) -> None:
        """Read the secrets among the outputs that were recalled: a program is about to be given them."""
        for tier, contract in self._recalled.items():
            if any(value.secret for value in self.values[tier].values()):
                snapshot = self.engine.snapshot(self.platform.context.stack(tier), reveal=True)
                assert snapshot is not None  # it was read before
                self.values[tier] = recorded_values(contract, snapshot)
        self._recalled.clear()

    @property
    def adopting(self) -> frozenset[str]:
        """The packages whose plugin, being ours, takes over what a killed run has made and not recorded."""
        ours = [name for name, plugin in self.plugins.items() if plugin == "embedded"]
        return frozenset(package for name in ours for package in self.services.definitions[name].packages)

    def plugin(self, name: str) -> str:
        """Which plugin serves a provider: official, embedded or simulated."""
        return self.plugins.get(name, "simulated" if self.simulated else "official")

    def guard_providers(self, tier: TierDeclaration, snapshot: StackSnapshot) -> None:
        """Refuse the run where the tier's stack was applied with other providers."""
        definitions = self.services.definitions
        packages = frozenset(p for record in self.providers(tier) for p in definitions[record.name].packages)
        guard.same_providers(snapshot, self.providers(tier), self.platform.context.path(), packages)

    def _exists(self, upper: Tier) -> bool:
        return upper in self.values

    def _upstream(self, upper: Tier) -> Upstream:
        declared = self.platform.tier(upper)
        outputs = self.contracts[upper].outputs if upper in self.contracts else declared.outputs if declared else ()
        stack = self.platform.context.stack(upper)
        snapshot = self.snapshots.get((upper, None))
        return Upstream(
            tier=upper,
            outputs={output.name: output for output in outputs},
            values=self.values[upper],
            reference=stack.qualified() if snapshot is not None else None,
        )

    def _read_upper(self, upper: Tier) -> None:
        stack = self.platform.context.stack(upper)
        snapshot = self.engine.snapshot(stack, reveal=True)
        self.snapshots[upper, None] = snapshot
        if snapshot is None:
            detail = (
                f"{upper.label} of {self.platform.context.path()} was never applied: there is no stack {stack}. Its "
                "constraints and outputs are not known, so nothing below it can be planned. Apply it first, or plan "
                f"the tiers together; if this platform has none, say so with an empty `{upper.label}:` under `tiers:`."
            )
            raise EngineError("An upper stack is missing", detail)
        contract = guard.contract_of(snapshot)
        self.contracts[upper] = contract
        self.values[upper] = recorded_values(contract, snapshot)

    def _config(self, name: str) -> Mapping[str, Any]:
        declared = next((p for p in self.platform.providers if p.name == name), None)
        if declared is None:
            return {}
        if self.simulated and not self.services.definitions[name].always_simulated:
            return {
                key: value for key, value in declared.config.items() if isinstance(value, str) and "${" not in value
            }
        return declarations.resolve_config(declared, environment=self.services.environment)

    def _check_quotas(self) -> None:
        others: list[TierContract] = []
        mine = {t.application for t in self.tiers if t.tier is Tier.APPLICATION}
        if mine:
            project = self.platform.context.stack(Tier.APPLICATION, "x").project
            prefix = self.platform.context.stack(Tier.APPLICATION, "x").name.removesuffix("x")
            for stack in self.engine.stacks(project):
                if stack.name.startswith(prefix) and stack.name.removeprefix(prefix) not in mine:
                    snapshot = self.engine.snapshot(stack)
                    if snapshot is not None and snapshot.resources:
                        others.append(guard.contract_of(snapshot))
        declarations.check_quotas(self.platform, self.contracts, others)


def read(services: Services, request: Request, *, strict: bool = True) -> tuple[Platform, bool]:
    """The declarations of a request, and whether its run is simulated.

    Args:
        strict: whether values that are not there (environment, files, `${app.x}`) are errors.

    Raises:
        InputError: the files are wrong, or this version cannot run them.
        ConstraintError: a constraint is violated; TierBoundaryViolation: a capability stands in the wrong tier.
    """
    named = services.definitions.get(request.provider or "")
    platform = declarations.load(
        request.files,
        variables=request.variables,
        environment=services.environment,
        definitions=services.definitions,
        provider=request.provider,
        simulated=request.simulate or bool(named and named.always_simulated),
        strict=strict,
        replicas=request.replicas,
    )
    declarations.require_available(platform, services.definitions)
    return platform, is_simulated(platform, request, services.definitions)


def choose(platform: Platform, request: Request) -> tuple[TierDeclaration, ...]:
    """The tiers and applications a request is about, topmost first.

    Raises:
        InputError: the files hold none of them.
    """
    chosen = [tier for tier in platform.tiers if request.tier in {None, tier.tier}]
    if request.application is not None:
        chosen = [t for t in chosen if t.tier is not Tier.APPLICATION or t.application == request.application]
        if not any(t.tier is Tier.APPLICATION for t in chosen) and request.tier in {None, Tier.APPLICATION}:
            known = ", ".join(t.application or "" for t in platform.tiers if t.tier is Tier.APPLICATION) or "none"
            detail = f"No file declares the application {request.application!r}; declared: {known}."
            raise InputError("Unknown application", detail)
    if not chosen:
        label = request.tier.label if request.tier else "any tier"
        detail = f"The files declare nothing in {label}: {', '.join(platform.files)}."
        raise InputError("Nothing to work on", detail)
    return tuple(sorted(chosen, key=lambda t: (t.tier, t.application or "")))


def is_simulated(platform: Platform, request: Request, definitions: Mapping[str, ProviderDefinition]) -> bool:
    """Whether the run is simulated: on request, or because its only providers are.

    Raises:
        InputError: real and simulated providers are mixed, or faults are asked of a real run.
    """
    names = {capability.provider for tier in platform.tiers for capability in tier.capabilities}
    always = {name for name in names if definitions[name].always_simulated}
    if always and always != names and not request.simulate:
        detail = (
            f"{', '.join(sorted(always))} is simulated and {', '.join(sorted(names - always))} is real; a run is the "
            "one or the other. Add --simulate to simulate all of it."
        )
        raise InputError("Simulated and real providers are mixed", detail)
    simulated = request.simulate or bool(always)
    if request.simulate_config is not None and not simulated:
        detail = "--simulate-config describes a simulated run: add --simulate."
        raise InputError("Faults without simulation", detail)
    return simulated


def recorded_values(contract: TierContract, snapshot: StackSnapshot) -> dict[str, OutputValue]:
    """A stack's recorded outputs with their types."""
    types = {
        f"{ref.name}:{name}": spec.type
        for ref in contract.capabilities
        if ref.type in CAPABILITY_TYPES
        for name, spec in CAPABILITY_TYPES[ref.type].OUTPUTS.items()
    }
    types.update({output.name: output.type for output in contract.outputs})
    return {
        name: OutputValue(types[name], output.value, secret=output.secret)
        for name, output in snapshot.outputs.items()
        if name in types
    }


def names(tiers: Iterable[TierDeclaration]) -> str:
    """The tiers by label, for a sentence."""
    return ", ".join(tier.label if not tier.application else f"{tier.label} ({tier.application})" for tier in tiers)
