"""Fakes of our own Protocols: an engine that keeps its stacks in memory, an observer, an approver, two providers.

The engine makes one resource of each capability, `acme:index:<type>` below a component. Its inputs are the capability's
properties and the upstream values they refer to; everything it gives is known once the resource exists.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.errors import EngineError
from platform_pulumi.model.access import Actor, Policy
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import ORGANIZATION, Context, StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord, TierContract
from platform_pulumi.model.leaves import walk
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.platform import Platform
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.model.value import CapabilityOutput, OutputValue, Secret, Template, TierOutput
from platform_pulumi.operations.events import Message, RunEvent, TierStarted
from platform_pulumi.operations.ports import (
    AdoptTarget,
    DestroyTarget,
    Diagnostic,
    Engine,
    Observer,
    Registered,
    RunResult,
    StackSnapshot,
    StateOutput,
    Step,
)
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import EngineOptions, Task
from platform_pulumi.sdk.fidelity import FULL
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition
from platform_pulumi.sdk.run import TierRun
from tests.reading import task

#: 2026-11-22T10:00:00Z, in milliseconds.
NOW = 1_795_341_600_000
#: Who runs it.
ANN = "ann"
#: The environment of PLATFORM, and the stacks of its tiers.
CONTEXT = Context("acme", "prod")
STACKS = ONE, TWO, THREE = [CONTEXT.stack(tier) for tier in Tier]
#: Changing one of these replaces the resource.
REPLACE_KEYS = {"cidr", "engine"}


def definition(
    name: str,
    *,
    always_simulated: bool = False,
    retained_types: frozenset[str] = frozenset(),
    reads_files: bool = False,
) -> ProviderDefinition:
    """A provider of every capability type that does everything in full and needs nothing."""
    return ProviderDefinition(
        name=name,
        packages={name: ""},
        bindings={
            kind: CapabilityBinding(
                component="", fidelity=dict.fromkeys(walk(model), FULL), reads_files=lambda _: reads_files
            )
            for kind, model in CAPABILITY_TYPES.items()
        },
        providers="",
        reveal="",
        always_simulated=always_simulated,
        config_fields={"region": "Where.", "account": "Whose.", "images": "What runs beside."},
        inherited=("images",),
        location=("region", "account"),
        realm=("account",),
        retained_types=retained_types,
        deletion_protection={"acme:index:database": "deletion_protection"},
    )


DEFINITIONS = {
    d.name: d for d in (definition("acme"), definition("rival"), definition("pretend", always_simulated=True))
}


@dataclass
class Watcher:
    """An observer that remembers."""

    runs: list[tuple[Tier, str | None, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def __call__(self, event: RunEvent) -> None:
        match event:
            case TierStarted(key, verb, _):
                self.runs.append((*key, verb))
            case Message(text):
                self.messages.append(text)


@dataclass
class Answer:
    """An approver: says yes, but to the tiers in `no`; remembers what it was shown and asked."""

    no: frozenset[Tier] = frozenset()
    shown: list[Plan] = field(default_factory=list)
    asked: list[Tier] = field(default_factory=list)

    def show(self, plan: Plan) -> None:
        self.shown.append(plan)

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        assert self.shown[-1] is plan
        self.asked.append(tier.tier)
        return tier.tier not in self.no


@dataclass
class FakeEngine:
    """Stacks in memory, and every call that may change them in `done`, in order.

    Args:
        stacks_: what exists.
        failing: capabilities whose create, update or delete fails.
        unreadable: stacks whose state cannot be read.
        plugins: which plugin serves each provider, where the engine decides that.
        organization: the one its stacks are in.
        deleting_first: capability types whose replacement cannot stand beside what it replaces.
        forgotten: called when states are to be read anew, for what others do meanwhile.
    """

    stacks_: dict[StackName, StackSnapshot] = field(default_factory=dict)
    inputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    unreadable: set[StackName] = field(default_factory=set)
    done: list[tuple[str, StackName]] = field(default_factory=list)
    expected: list[StackName] = field(default_factory=list)
    ups: list[TierRun] = field(default_factory=list)
    previews: list[TierRun] = field(default_factory=list)
    destroyed: list[DestroyTarget] = field(default_factory=list)
    adopted: list[AdoptTarget] = field(default_factory=list)
    recorded: dict[str, str] = field(default_factory=dict)
    refreshed: list[StackName] = field(default_factory=list)
    noops: dict[StackName, object] = field(default_factory=dict)
    plugins: dict[str, str] = field(default_factory=dict)
    organization: str = ORGANIZATION
    deleting_first: set[str] = field(default_factory=set)
    forgotten: Callable[[], None] = lambda: None

    def select_plugins(self, recorded: Mapping[str, str], observer: Observer) -> Mapping[str, str]:
        self.recorded = dict(recorded)
        return self.plugins

    def record_contract(self, stack: StackName, contract: TierContract | None) -> None:
        self.done.append(("record", stack))
        old = self.stacks_.get(stack) or StackSnapshot(stack, {}, {})
        outputs = {name: output for name, output in old.outputs.items() if name != CONTRACT_OUTPUT}
        if contract is not None:
            outputs[CONTRACT_OUTPUT] = StateOutput(json.dumps(contract.to_json(), sort_keys=True))
        self.stacks_[stack] = replace(old, outputs=outputs)

    def forget(self) -> None:
        self.forgotten()

    def clear_pending(self, stack: StackName) -> None:
        self.done.append(("clear_pending", stack))
        self.stacks_[stack] = replace(self.stacks_[stack], pending=())

    def adopt(self, target: AdoptTarget, observer: Observer) -> RunResult:
        self.done.append(("adopt", target.stack))
        self.adopted.append(target)
        observer(TierStarted(target.key, "recovering", None))
        failing = [urn for urn in target.created if urn.rpartition("::")[2] in self.failing]
        if failing:
            return RunResult(
                {}, {}, {}, tuple(Diagnostic("error", "cannot be read", urn) for urn in failing), failed=True
            )
        old = self.stacks_[target.stack]
        dealt = {*target.created, *target.absent}
        self.stacks_[target.stack] = replace(
            old,
            pending=tuple((kind, urn) for kind, urn in old.pending if kind == "creating" and urn not in dealt),
            resources={**old.resources, **{urn: urn.split("::")[2].rpartition("$")[2] for urn in target.created}},
            ids={**old.ids, **target.created},
        )
        return RunResult({}, {}, {})

    def require_refresh(self, stack: StackName) -> None:
        self.refreshed.append(stack)

    def is_noop(self, run: TierRun) -> bool:
        return run.stack in self.noops and self.noops[run.stack] == self._dependencies(run)

    def remember_noop(self, run: TierRun) -> None:
        self.noops[run.stack] = self._dependencies(run)

    def _dependencies(self, run: TierRun) -> object:
        states = [self.stacks_.get(run.context.stack(tier)) for tier in run.upstream]
        return (run.capabilities, run.outputs, run.contract, states, self.stacks_.get(run.stack))

    def prefetch(self, stacks: Sequence[StackName]) -> None:
        self.expected += stacks

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        if stack in self.unreadable:
            detail = f"The state of {stack} exists but cannot be read"
            raise EngineError("A stack cannot be read", detail)
        found = self.stacks_.get(stack)
        if found is None or reveal:
            return found
        outputs = {n: replace(o, value=None) if o.secret else o for n, o in found.outputs.items()}
        return replace(found, outputs=outputs)

    def revealed_snapshot(self, stack: StackName) -> StackSnapshot | None:
        return None

    def exists(self, stack: StackName) -> bool:
        return stack in self.stacks_ or stack in self.unreadable

    def qualified(self, stack: StackName) -> str:
        return stack.qualified(self.organization)

    def stacks(self, project: str) -> tuple[StackName, ...]:
        return tuple(sorted(stack for stack in {*self.stacks_, *self.unreadable} if stack.project == project))

    def unlock(self, stack: StackName) -> None:
        self.done.append(("unlock", stack))
        self.stacks_[stack] = replace(self.stacks_[stack], lock=None)

    def preview(self, run: TierRun, observer: Observer) -> RunResult:
        self.done.append(("preview", run.stack))
        self.previews.append(run)
        observer(TierStarted(run.key, "previewing", None))
        return self._run(run, dry=True)

    def up(
        self, run: TierRun, observer: Observer, total: Range | None = None, *, held: Collection[str] = ()
    ) -> RunResult:
        self.done.append(("up", run.stack))
        self.ups.append(run)
        observer(TierStarted(run.key, "applying", total))
        return self._up(run, held)

    def delete_held(self, run: TierRun, observer: Observer, total: Range | None = None) -> RunResult:
        self.done.append(("delete_held", run.stack))
        observer(TierStarted(run.key, "deleting", total))
        return self._up(run)

    def _up(self, run: TierRun, held: Collection[str] = ()) -> RunResult:
        result = self._run(run, dry=False, held=held)
        finished = {urn: step for urn, step in result.steps.items() if step.finished}
        old = self.stacks_.get(run.stack)
        live = {urn: step for urn, step in finished.items() if step.custom and urn in result.registered}
        gone = {urn for urn, step in finished.items() if step.action is Action.DELETE}
        kept = {urn: kind for urn, kind in (old.resources if old else {}).items() if urn not in {*live, *gone}}
        self.inputs.update({urn: self._inputs(run, _owner(run, urn)) for urn in live})
        bearing = {c.name for c in run.capabilities if type(c.properties).DATA_BEARING}
        self.stacks_[run.stack] = StackSnapshot(
            name=run.stack,
            outputs=result.outputs if not result.failed else (old.outputs if old else {}),
            resources={**kept, **{urn: step.type for urn, step in live.items()}},
            parents={**(old.parents if old else {}), **{urn: step.parent for urn, step in finished.items()}},
            protected=frozenset(urn for urn in live if _owner(run, urn).name in bearing)
            | (old.protected & frozenset(kept) if old else frozenset()),
            updated_at=str(len(self.done)),
            switches={urn: on for urn in live if (on := _switches(self.inputs[urn]))}
            | {urn: on for urn, on in (old.switches if old else {}).items() if urn in kept},
        )
        return result

    def destroy(self, target: DestroyTarget, observer: Observer) -> RunResult:
        self.done.append(("destroy", target.stack))
        self.destroyed.append(target)
        observer(TierStarted(target.key, "destroying", target.total))
        snapshot = self.stacks_[target.stack]
        steps = {}
        protected = snapshot.protected.difference(target.unprotect)
        kept = {urn: kind for urn, kind in snapshot.resources.items() if target.retained and urn in protected}
        for urn, kind in snapshot.resources.items():
            if urn in kept:
                continue
            name = urn.rpartition("::")[2]
            refused = urn in protected and not target.ignore_protect
            failed = name in self.failing or refused
            steps[urn] = Step(urn, kind, name, Action.DELETE, finished=not failed, failed=failed)
        failed = any(step.failed for step in steps.values())
        if not failed and kept:
            self.stacks_[target.stack] = replace(snapshot, resources=kept, protected=frozenset(kept))
        elif not failed:
            del self.stacks_[target.stack]
        words = tuple(Diagnostic("error", "cannot be deleted", urn) for urn, step in steps.items() if step.failed)
        return RunResult(steps=steps, registered={}, outputs={}, diagnostics=words, failed=failed)

    def _run(self, run: TierRun, *, dry: bool, held: Collection[str] = ()) -> RunResult:
        old = self.snapshot(run.stack)
        steps: dict[str, Step] = {}
        registered: dict[str, Registered] = {}
        outputs: dict[str, StateOutput] = {}
        words: list[Diagnostic] = []
        for capability in run.capabilities:
            component, urn = _urns(run, capability)
            inputs = self._inputs(run, capability)
            step = self._step(run, urn, inputs, old)
            failed = not dry and capability.name in self.failing and step.action is not Action.NO_OP
            steps[component] = Step(component, component.split("::")[2], capability.name, Action.NO_OP, custom=False)
            steps[urn] = replace(step, parent=component, finished=not failed and not dry, failed=failed)
            waits = frozenset(_waits(run, capability))
            secrets = {f"env.{n}": v for n, v in inputs.get("env", {}).items() if isinstance(v, Secret)}
            registered[urn] = Registered(
                urn,
                waits_for=waits,
                parent=component,
                unknown=frozenset(path for path, value in inputs.items() if value == UNKNOWN),
                secret=frozenset(secrets),
                secret_hashes={path: _hash(secret.reveal()) for path, secret in secrets.items()},
            )
            if failed:
                words.append(Diagnostic("error", "quota exceeded", urn))
                break
            known = not dry or step.action in {Action.NO_OP, Action.UPDATE}
            for name, spec in type(capability.properties).OUTPUTS.items():
                value = 5432 if spec.type == "integer" else f"{name} of {capability.name}"
                if spec.secret:
                    value = f"secret {value}"
                outputs[f"{capability.name}:{name}"] = StateOutput(value if known else None, spec.secret, known)
        if not words:
            self._delete(run, old, steps, dry, held)
            words += [Diagnostic("error", "cannot be deleted", step.urn) for step in steps.values() if step.failed]
        for declared in run.outputs:
            if f"{declared.capability}:{declared.field}" in outputs:
                outputs[declared.name] = outputs[f"{declared.capability}:{declared.field}"]
        outputs[CONTRACT_OUTPUT] = StateOutput(json.dumps(run.contract.to_json(), sort_keys=True))
        return RunResult(steps, registered, outputs, tuple(words), failed=bool(words))

    def _delete(
        self, run: TierRun, old: StackSnapshot | None, steps: dict[str, Step], dry: bool, held: Collection[str]
    ) -> None:
        for urn, kind in (old.resources if old else {}).items():
            if urn in steps:
                continue
            if urn in held:
                steps[urn] = Step(urn, kind, urn.rpartition("::")[2], Action.NO_OP, finished=True)
            else:
                assert old is not None
                protected = urn in old.protected
                failed = not dry and urn.rpartition("::")[2] in self.failing
                assert dry or not protected or run.unprotected, f"the engine refuses: {urn} is protected"
                steps[urn] = Step(
                    urn,
                    kind,
                    urn.rpartition("::")[2],
                    Action.DELETE,
                    parent=old.parents[urn],
                    old=_shown(self.inputs.get(urn, {})),
                    protected=protected,
                    finished=not dry and not failed,
                    failed=failed,
                )

    def _step(self, run: TierRun, urn: str, inputs: Mapping[str, Any], old: StackSnapshot | None) -> Step:
        kind, name = urn.split("::")[2].rpartition("$")[2], urn.rpartition("::")[2]
        before = self.inputs.get(urn) if old is not None and urn in old.resources else None
        if old is None or before is None:
            return Step(urn, kind, name, Action.CREATE, "acme", new=_shown(inputs))
        changed = [path for path in sorted({*before, *inputs}) if before.get(path) != inputs.get(path)]
        replaces = tuple(path for path in changed if path in REPLACE_KEYS)
        action = Action.REPLACE if replaces else Action.UPDATE if changed else Action.NO_OP
        return Step(
            urn,
            kind,
            name,
            action,
            "acme",
            old=_shown(before),
            new=_shown(inputs),
            changed={path: "update-replace" if path in replaces else "update" for path in changed},
            replace_keys=replaces,
            protected=urn in old.protected,
            deletes_first=bool(replaces) and kind.rpartition(":")[2] in self.deleting_first,
        )

    def _inputs(self, run: TierRun, capability: Capability) -> dict[str, Any]:
        wired = {
            need: _upstream(run, ref.tier, f"{ref.name}:{_first_output(ref.type)}")
            for need, ref in capability.bindings.items()
            if ref.tier is not run.tier
        }
        return {**{n: _resolved(run, v) for n, v in dict(capability.properties).items()}, **wired}


def _urns(run: TierRun, capability: Capability) -> tuple[str, str]:
    head = f"urn:pulumi:{run.stack.name}::{run.stack.project}::"
    component = f"{head}platform:acme:{capability.type}::{capability.name}"
    kind = f"platform:acme:{capability.type}$acme:index:{capability.type}"
    return component, f"{head}{kind}::{capability.name}"


def _owner(run: TierRun, urn: str) -> Capability:
    return next(c for c in run.capabilities if c.name == urn.rpartition("::")[2])


def _first_output(kind: str) -> str:
    return next(iter(CAPABILITY_TYPES[kind].OUTPUTS))


def _upstream(run: TierRun, tier: Tier, name: str) -> Any:
    value: OutputValue = run.upstream[tier].values[name]
    if not value.known:
        return UNKNOWN
    return Secret(value.value) if value.secret else value.value


def _resolved(run: TierRun, value: Any) -> Any:
    if isinstance(value, TierOutput):
        return _upstream(run, value.tier, value.name)
    if isinstance(value, CapabilityOutput):
        return str(value)
    if isinstance(value, Template):
        parts = [_resolved(run, part) for part in value.parts]
        return UNKNOWN if UNKNOWN in parts else "".join(p.reveal() if isinstance(p, Secret) else p for p in parts)
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, Mapping):
        return {name: _resolved(run, item) for name, item in value.items()}
    return [_resolved(run, item) for item in value] if isinstance(value, (list, tuple)) else value


def _waits(run: TierRun, capability: Capability) -> Iterator[str]:
    for ref in capability.bindings.values():
        if ref.tier is not run.tier:
            name = _first_output(ref.type)
            if not run.upstream[ref.tier].values[f"{ref.name}:{name}"].known:
                yield f"{ref}.{name}"


def _shown(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """As events show inputs: secrets redacted."""
    return {name: _redacted(value) for name, value in inputs.items()}


def _redacted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _redacted(item) for name, item in value.items()}
    return "[secret]" if isinstance(value, Secret) else value


def _switches(inputs: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, value in inputs.items() if value is True)


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def services(
    engine: FakeEngine,
    *,
    environment: Mapping[str, str] | None = None,
    definitions: Mapping[str, ProviderDefinition] | None = None,
    policy: Policy | None = None,
    opened: Callable[[Platform, EngineOptions, bool], None] = lambda platform, options, simulated: None,
) -> Services:
    """Services over a fake engine; `opened` hears how the engine was asked for."""

    @contextmanager
    def open_fake(platform: Platform, options: EngineOptions, simulated: bool) -> Iterator[Engine]:
        opened(platform, options, simulated)
        yield engine

    open_engine: Callable[[Platform, EngineOptions, bool], AbstractContextManager[Engine]] = open_fake
    return Services(
        definitions=definitions or DEFINITIONS,
        secrets=LocalSecrets(environment or {}),
        environment=environment or {},
        open_engine=open_engine,
        record=lambda d, plugin: ProviderRecord(d.name, "1.0", plugin),
        now=lambda: NOW,
        actor=Actor(ANN),
        policy=policy or Policy.owned_by(ANN),
    )


def forget_member(engine: FakeEngine, stack: StackName, member: str) -> None:
    """Make a stack's contract one of a version that did not know this member yet."""
    snapshot = engine.stacks_[stack]
    document = json.loads(snapshot.outputs[CONTRACT_OUTPUT].value)
    del document[member]
    outputs = {**snapshot.outputs, CONTRACT_OUTPUT: StateOutput(json.dumps(document))}
    engine.stacks_[stack] = replace(snapshot, outputs=outputs)


PLATFORM = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  provider:
    name: acme
  tiers:
    infrastructure:
      capabilities:
        - name: vpc
          type: network
          properties:
            cidr: 10.0.0.0/16
      constraints_for_downstream:
        - field: memory
          operator: "<="
          value: 4Gi
    shared_primitives:
      capabilities:
        - name: db
          type: database
          properties:
            engine: postgresql
            version: "15"
            storage_gb: 100
      outputs:
        - name: db_host
          source: db.host
          type: string
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties:
            image: api:1
            memory: 1Gi
            cpu: 500m
            env:
              DB_HOST: "${tier2.db_host}"
"""
#: To be put behind PLATFORM: the last tier alone needs approval.
MODES = "  execution:\n    tier1_mode: auto_apply\n    tier2_mode: auto_apply\n    tier3_mode: plan_and_approve\n"


@dataclass(frozen=True)
class Files:
    """A declaration on disk that a test changes."""

    path: Path

    def write(self, *changes: tuple[str, str], text: str = PLATFORM) -> Files:
        """Write the platform with these replacements; each old text must be there once."""
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the declaration"
            text = text.replace(old, new)
        self.path.write_text(text, encoding="utf-8")
        return self

    def task(self, **options: Any) -> Task:
        """A task on the file, with the options of a command."""
        return task([self.path], **options)
