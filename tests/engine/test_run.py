"""The real Pulumi CLI through our engine, on a backend of each test's own, with the mock provider's servers."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from components.mock import DEFINITION as MOCK
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.noops import NoopCache
from platform_pulumi.engine.pulumi import PulumiEngine
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.errors import Cancelled, EngineError, Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import Context
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord, TierContract
from platform_pulumi.model.plan import Action
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.cancellation import Cancellation
from platform_pulumi.operations.events import Progress, ResourceChanged, RunEvent
from platform_pulumi.operations.ports import AdoptTarget, DestroyTarget, RunResult
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.world import World
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream
from tests.operations.fakes import Watcher

pytestmark = pytest.mark.engine

CONTEXT = Context("acme", "prod")
HERE = Position("platform.yaml", 1, 1)
CANARY = "hunter2-never-seen"
ONE, TWO = Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES
#: How long a process may take to end once it was told to.
PATIENCE = 20.0
Open = Callable[..., PulumiEngine]


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """The folder of the state backend."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(tmp_path: Path, backend: Path, pulumi_cli: Toolchain) -> Iterable[Open]:
    """Opens engines on the test's backend; all are closed at the end."""
    with ExitStack() as stack:

        def open_engine(faults: Faults | None = None) -> PulumiEngine:
            neutral = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
            workspace = Workspace.create(
                toolchain=pulumi_cli.path,
                backend_url=f"file://{backend}",
                secrets={"PULUMI_CONFIG_PASSPHRASE": "correct horse"},
                simulated=True,
                plugins=None,
                environment=os.environ,
            )
            packages = {**serving.OWN, **serving.simulated(MOCK)}
            host = PluginHost(packages, tmp_path / "world.sqlite", faults=faults, simulated=True)
            return stack.enter_context(PulumiEngine(workspace, host, LanguageHost(neutral), b"key"))

        yield open_engine


def capability(name: str, kind: str, tier: Tier, written: Mapping[str, Any], *uses: Capability) -> Capability:
    properties = CAPABILITY_TYPES[kind].model_validate(written)
    bindings = {used.type: used.ref for used in uses}
    return Capability(name, kind, tier, properties, "mock", HERE, bindings=bindings)


def network(cidr: str = "10.0.0.0/16", name: str = "vpc", tier: Tier = ONE) -> Capability:
    return capability(name, "network", tier, {"cidr": cidr})


def database(*uses: Capability, engine: str = "postgresql", password: str = CANARY) -> Capability:
    written = {"engine": engine, "version": "15", "password": password}
    return capability("db", "database", TWO, written, *uses)


def run(tier: Tier, *capabilities: Capability, **fields: Any) -> TierRun:
    contract = TierContract(
        tier=tier,
        application=None,
        context="acme/prod",
        providers=(ProviderRecord("mock", "1", "simulated"),),
        capabilities=tuple(c.ref for c in capabilities),
        constraints=(),
        outputs=(),
        mode=Mode.AUTO_APPLY,
    )
    providers = {"mock": ProviderRun("mock")} if capabilities else {}
    known = {"outputs": (), "providers": providers, "contract": contract, "simulated": True}
    return TierRun(CONTEXT, tier, None, CONTEXT.stack(tier), capabilities, **{**known, **fields})


def actions(result: RunResult) -> dict[str, Action]:
    assert not result.failed, result.diagnostics
    return {s.name: s.action for s in result.steps.values() if s.custom and not s.type.startswith("pulumi:")}


def apply(engine: PulumiEngine, made: TierRun) -> RunResult:
    result = engine.up(made, Watcher())
    assert not result.failed, result.diagnostics
    return result


def state(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_previews_are_started_ahead_and_touch_nothing(opened: Open, backend: Path) -> None:
    engine, watcher = opened(), Watcher()
    engine.prefetch([CONTEXT.stack(tier) for tier in Tier])
    for tier in Tier:
        result = engine.preview(run(tier), watcher)
        assert not result.failed
        assert set(result.outputs) == {CONTRACT_OUTPUT}
        assert json.loads(result.outputs[CONTRACT_OUTPUT].value)["tier"] == tier.label
    assert watcher.runs == [(tier, None, "previewing") for tier in Tier]
    assert state(backend) == set()
    assert engine.snapshot(CONTEXT.stack(ONE)) is None


def test_a_stack_lives_from_its_first_plan_to_its_end(opened: Open, backend: Path) -> None:
    engine, watcher = opened(), Watcher()
    made = run(ONE, network())
    planned = engine.preview(made, watcher)
    assert actions(planned) == {"vpc": Action.CREATE}
    assert not planned.outputs["vpc:id"].known

    done = apply(engine, made)
    assert all(step.finished for step in done.steps.values() if step.custom)
    assert done.outputs["vpc:id"].known
    found = engine.snapshot(made.stack)
    assert found is not None
    assert list(found.resources.values()) == ["mock:index:Network"]
    assert found.outputs["vpc:id"] == done.outputs["vpc:id"]
    assert json.loads(found.outputs[CONTRACT_OUTPUT].value) == made.contract.to_json()
    assert (found.lock, found.pending) == (None, ())
    assert engine.stacks(made.stack.project) == (made.stack,)

    before = {name: (backend / name).read_bytes() for name in state(backend)}
    assert actions(engine.preview(made, watcher)) == {"vpc": Action.NO_OP}
    assert actions(engine.preview(run(ONE, network("10.1.0.0/16")), watcher)) == {"vpc": Action.REPLACE}
    assert {name: (backend / name).read_bytes() for name in state(backend)} == before

    ended = engine.destroy(DestroyTarget(TierKey(ONE), made.stack), watcher)
    assert not ended.failed
    assert engine.snapshot(made.stack) is None
    assert engine.stacks(made.stack.project) == ()


def upstream(value: OutputValue) -> dict[Tier, Upstream]:
    """Tier 1 with a network of which the id is this."""
    others = {"cidr": "10.0.0.0/16", "private_subnet_ids": ["a"], "public_subnet_ids": ["b"]}
    values = {f"vpc:{name}": OutputValue("string", other) for name, other in others.items()}
    return {ONE: Upstream(ONE, {}, {**values, "vpc:id": value})}


def test_what_is_unknown_above_is_unknown_below_and_named(opened: Open) -> None:
    engine = opened()
    made = run(TWO, database(network()), upstream=upstream(OutputValue("string", known=False)))
    result = engine.preview(made, Watcher())
    assert actions(result) == {"db": Action.CREATE}
    (urn,) = (step.urn for step in result.steps.values() if step.name == "db" and step.custom)
    registered = result.registered[urn]
    assert registered.waits_for == {"infrastructure.vpc.id"}
    assert "password" in registered.secret_hashes
    known = engine.preview(replace(made, upstream=upstream(OutputValue("string", "vpc-1"))), Watcher())
    assert known.registered[urn].waits_for == frozenset()
    assert known.registered[urn].secret_hashes == registered.secret_hashes


def salt(backend: Path, tier: Tier) -> str:
    stack = CONTEXT.stack(tier)
    state = json.loads((backend / ".pulumi/stacks" / stack.project / f"{stack.name}.json").read_bytes())
    return str(state["checkpoint"]["latest"]["secrets_providers"]["state"]["salt"])


def test_new_stacks_use_the_key_of_the_others_and_old_ones_keep_theirs(opened: Open, backend: Path) -> None:
    """Of one command, and of a later one that makes another stack; a key of its own is what an earlier version made."""
    apply(opened(), run(ONE, network()))
    stack = CONTEXT.stack(TWO)
    apply(opened(), run(TWO, database()))
    assert salt(backend, TWO) != salt(backend, ONE), "nothing has read the other stack"
    own = salt(backend, TWO)
    engine = opened()
    assert engine.snapshot(CONTEXT.stack(ONE)) is not None
    apply(engine, run(TWO, database(password="another")))
    assert salt(backend, TWO) == own
    apply(engine, run(Tier.APPLICATION))
    assert salt(backend, Tier.APPLICATION) == salt(backend, ONE)
    revealed = opened().snapshot(stack, reveal=True)
    assert revealed is not None
    assert str(revealed.outputs["db:connection_string"].value).startswith("postgresql://")


def test_a_secret_is_given_to_nobody_but_the_engine(opened: Open, backend: Path) -> None:
    engine = opened()
    result = apply(engine, run(TWO, database()))
    assert result.outputs["db:connection_string"].secret
    hidden = engine.snapshot(CONTEXT.stack(TWO))
    assert hidden is not None
    assert hidden.outputs["db:connection_string"].value is None
    revealed = engine.snapshot(CONTEXT.stack(TWO), reveal=True)
    assert revealed is not None
    assert revealed.outputs["db:connection_string"] == result.outputs["db:connection_string"]
    assert CANARY not in repr((result, hidden, revealed))
    holding = [p for root in (backend, engine.workspace.root) for p in root.rglob("*") if p.is_file()]
    assert holding
    assert not [path for path in holding if CANARY.encode() in path.read_bytes()]


def test_protection_outlives_an_allowed_loss(opened: Open) -> None:
    engine = opened()
    apply(engine, run(TWO, database()))
    refused = engine.up(run(TWO, database(engine="mysql")), Watcher())
    assert refused.failed
    assert any("protect" in d.text for d in refused.diagnostics)
    apply(engine, run(TWO, database(engine="mysql"), unprotected=frozenset({"db"})))
    found = engine.snapshot(CONTEXT.stack(TWO))
    assert found is not None
    assert found.protected == frozenset(found.resources)
    assert engine.destroy(DestroyTarget(TierKey(TWO), found.name), Watcher()).failed
    assert not engine.destroy(DestroyTarget(TierKey(TWO), found.name, ignore_protect=True), Watcher()).failed


def test_a_program_error_is_one_sentence(opened: Open) -> None:
    declared = OutputDeclaration("host", "nobody", "host", "string", HERE)
    result = opened().preview(run(TWO, database(), outputs=(declared,)), Watcher())
    assert result.failed
    errors = [d.text for d in result.diagnostics if d.severity == "error"]
    assert errors == ["the program failed: KeyError: 'nobody:host'"]


def test_a_failing_resource_is_named_and_the_rest_is_recorded(opened: Open) -> None:
    engine = opened(Faults(fail_on_create=("db",)))
    vpc = network(tier=TWO)
    result = engine.up(run(TWO, vpc, database(vpc)), Watcher())
    assert result.failed
    (failed,) = (step for step in result.steps.values() if step.failed and step.custom)
    assert failed.name == "db"
    assert any(d.severity == "error" and d.urn == failed.urn for d in result.diagnostics)
    assert not any("Traceback" in d.text for d in result.diagnostics if d.severity == "error")
    found = engine.snapshot(CONTEXT.stack(TWO))
    assert found is not None
    assert [urn.rpartition("::")[2] for urn in found.resources] == ["vpc"]


def begins(event: RunEvent, name: str) -> bool:
    """Whether that resource's step begins."""
    return isinstance(event, ResourceChanged) and (event.progress.name, event.progress.state) == (
        name,
        Progress.STARTED,
    )


class Cancelling(Watcher):
    """Cancels when the first resource begins."""

    def __init__(self, cancellation: Cancellation) -> None:
        super().__init__()
        self.cancellation = cancellation

    def __call__(self, event: RunEvent) -> None:
        super().__call__(event)
        if begins(event, "vpc"):
            assert self.cancellation.shielded
            self.cancellation.cancel()


def test_a_cancelled_run_finishes_the_step_and_leaves_a_readable_state(opened: Open) -> None:
    engine = opened(Faults(latency={"*": 1.0}))
    watcher = Cancelling(engine.cancellation)
    vpc = network(tier=TWO)
    with pytest.raises(Cancelled):
        engine.up(run(TWO, vpc, database(vpc)), watcher)
    assert engine.cancellation.requests == 1
    assert len(watcher.messages) == 1
    with pytest.raises(Cancelled):
        engine.destroy(DestroyTarget(TierKey(TWO), CONTEXT.stack(TWO)), watcher)  # nothing is begun afterwards
    found = opened().snapshot(CONTEXT.stack(TWO))
    assert found is not None
    assert [urn.rpartition("::")[2] for urn in found.resources] == ["vpc"]
    assert (found.pending, found.lock) == ((), None)


def test_of_two_operations_in_two_threads_one_is_cancelled_and_the_other_one_ends(opened: Open) -> None:
    cancelled, other = opened(Faults(latency={"*": 1.0})), opened()
    watcher, ended = Cancelling(cancelled.cancellation), []

    def stop() -> None:
        with pytest.raises(Cancelled):
            cancelled.up(run(TWO, network(tier=TWO)), watcher)
        ended.append("cancelled")

    def finish() -> None:
        ended.append("applied" if actions(other.up(run(ONE, network()), Watcher())) else "")

    threads = [threading.Thread(target=work) for work in (stop, finish)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["applied", "cancelled"]
    assert (cancelled.cancellation.requests, other.cancellation.requests) == (1, 0)


def test_what_was_being_created_is_read_recorded_and_cleared_by_the_engine(opened: Open, backend: Path) -> None:
    engine = opened()
    vpc = network(tier=TWO)
    made = run(TWO, vpc, database(vpc))
    apply(engine, made)
    before = engine.snapshot(made.stack)
    assert before is not None
    names = {urn.rpartition("::")[2]: urn for urn in before.resources}

    def lose(deployment: dict[str, Any]) -> bool:
        """As if the run had been killed at the database, and at another one that it never came to make."""
        (lost,) = [r for r in deployment["resources"] if r["urn"] == names["db"]]
        deployment["resources"].remove(lost)
        asked = {key: value for key, value in lost.items() if key not in {"id", "outputs"}}
        other = {**asked, "urn": f"{asked['urn']}-2"}
        deployment["pending_operations"] = [{"type": "creating", "resource": r} for r in (asked, other)]
        return True

    engine._stacks.edit(made.stack, lose)  # what a kill does, without one
    left = engine.snapshot(made.stack)
    assert left is not None
    assert left.pending == (("creating", names["db"]), ("creating", f"{names['db']}-2"))
    there, absent = {names["db"]: before.ids[names["db"]]}, frozenset({f"{names['db']}-2"})
    watcher = Watcher()
    result = engine.adopt(AdoptTarget(TierKey(TWO), made.stack, there, absent), watcher)
    assert not result.failed, result.diagnostics
    assert watcher.runs == [(TWO, None, "recovering")]
    after = engine.snapshot(made.stack)
    assert after is not None
    assert (after.pending, after.ids) == ((), before.ids)
    assert after.resources == before.resources
    assert set(actions(engine.preview(made, watcher)).values()) == {Action.NO_OP}
    recorded = [path.read_text(encoding="utf-8") for path in backend.rglob("*") if path.is_file()]
    assert not any(CANARY in text for text in recorded)


def family() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_nothing_of_it_is_left_when_it_closes(opened: Open) -> None:
    before = family()
    engine = opened()
    root = engine.workspace.root
    engine.prefetch([CONTEXT.stack(tier) for tier in Tier])  # two of them are never asked for
    engine.preview(run(ONE), Watcher())
    started = [process for process in family() if process not in before]
    assert len(started) >= 3  # language host, provider servers, and the CLI of the next run at least
    engine.__exit__(None, None, None)
    _, alive = psutil.wait_procs(started, timeout=PATIENCE)
    assert alive == []
    assert not root.exists()


def test_a_child_that_was_killed_is_a_failure_and_not_a_hang(opened: Open) -> None:
    engine = opened(Faults(latency={"*": 30.0}))

    class Killing(Watcher):
        orphans: list[psutil.Process]

        def __call__(self, event: RunEvent) -> None:
            if begins(event, "vpc"):
                self.orphans = [p for p in family() if p.name() == engine.workspace.toolchain.name]
                for cli in self.orphans:
                    psutil.Process(cli.ppid()).kill()

    watcher = Killing()
    with pytest.raises(EngineError, match="The engine's process ended"):
        engine.up(run(ONE, network()), watcher)
    assert len(watcher.orphans) == 1
    engine.__exit__(None, None, None)
    assert psutil.wait_procs(watcher.orphans, timeout=PATIENCE)[1] == []


def test_a_run_is_proven_while_its_state_and_those_above_stay(opened: Open, tmp_path: Path) -> None:
    engine = opened()
    above, made = run(ONE, network()), run(TWO, database(network()), upstream=upstream(OutputValue("string", "vpc-1")))
    assert not engine.is_noop(made)
    engine.noops = NoopCache(tmp_path / "noops.json", "file://", b"key", (), ())
    engine.remember_noop(made)
    assert not engine.is_noop(made), "neither of the stacks exists"
    apply(engine, above)
    apply(engine, made)
    engine.remember_noop(made)
    assert engine.is_noop(made)
    assert not engine.is_noop(replace(made, capabilities=(database(network(), password="another"),)))
    engine.refresh = True
    assert not engine.is_noop(made), "how things are is not what is recorded"
    engine.remember_noop(replace(made, capabilities=()))
    engine.refresh = False
    assert engine.is_noop(made)
    apply(engine, run(ONE, network("10.1.0.0/16")))
    assert not engine.is_noop(made), "the stack above changed"
    engine.remember_noop(made)
    assert engine.is_noop(made)
    other = opened()
    other.noops = engine.noops
    assert other.is_noop(made), "another command knows it as well"
    other.require_refresh(made.stack)
    assert not other.is_noop(made), "a run was killed"
    apply(engine, replace(made, capabilities=(database(network(), password="another"),)))
    assert not engine.is_noop(made), "its own stack changed"
    assert CANARY not in (tmp_path / "noops.json").read_text(encoding="utf-8")


def test_what_is_kept_stays_with_its_stack_and_what_is_allowed_goes(opened: Open) -> None:
    engine = opened()
    space = capability("space", "namespace", TWO, {})
    apply(engine, run(TWO, database(), space))
    stack = CONTEXT.stack(TWO)
    before = engine.snapshot(stack)
    assert before is not None
    ended = engine.destroy(DestroyTarget(TierKey(TWO), stack, retained=True), Watcher())
    assert not ended.failed, ended.diagnostics
    kept = engine.snapshot(stack)
    assert kept is not None
    assert [urn.rpartition("::")[2] for urn in kept.resources] == ["db"]
    assert kept.protected == frozenset(kept.resources)
    assert kept.ids.items() <= before.ids.items()
    ended = engine.destroy(
        DestroyTarget(TierKey(TWO), stack, unprotect=tuple(kept.resources), retained=True), Watcher()
    )
    assert not ended.failed, ended.diagnostics
    left = engine.snapshot(stack)
    assert left is not None
    assert left.resources == {}


def world(tmp_path: Path) -> set[str]:
    """The live resources of the simulated world, by id."""
    opened_world = World(tmp_path / "world.sqlite")
    try:
        return {thing.id for thing in opened_world.live()}
    finally:
        opened_world.close()


def urns(result: RunResult, *names: str) -> frozenset[str]:
    return frozenset(step.urn for step in result.steps.values() if step.name in names)


def test_what_is_held_back_is_not_deleted_until_it_is_let_go(opened: Open, backend: Path, tmp_path: Path) -> None:
    engine = opened()
    first = apply(engine, run(ONE, network(), network("10.1.0.0/16", "old")))
    before = world(tmp_path)
    changed = run(ONE, network("10.2.0.0/16"))  # one replaced, one removed
    held = urns(first, "vpc", "old")
    result = engine.up(changed, Watcher(), held=held)
    assert actions(result) == {"vpc": Action.REPLACE, "old": Action.NO_OP}
    beside = world(tmp_path)
    assert before < beside, "both old ones stand beside the new one"
    again = engine.up(changed, Watcher(), held=held)
    assert not again.failed
    assert world(tmp_path) == beside
    rest = engine.preview(changed, Watcher())
    assert {s.name: s.action for s in rest.steps.values() if s.action is Action.DELETE and s.custom} == {
        "vpc (left by a replacement)": Action.DELETE,
        "old": Action.DELETE,
    }
    assert not engine.delete_held(changed, Watcher()).failed
    assert world(tmp_path) == beside - before
    assert set(actions(engine.preview(changed, Watcher())).values()) == {Action.NO_OP}
    assert "HeldBack" not in (backend / ".pulumi/stacks/acme-infrastructure/prod.json").read_text()


def test_a_replacement_that_deletes_first_says_so(opened: Open) -> None:
    engine = opened()
    apply(engine, run(ONE, network()))
    (step,) = [
        s
        for s in engine.preview(run(ONE, network("10.1.0.0/16")), Watcher()).steps.values()
        if s.name == "vpc" and s.custom
    ]
    assert not step.deletes_first
