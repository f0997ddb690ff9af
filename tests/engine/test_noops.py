"""A cached no-op holds for the very same question and no other: nothing that could change an answer is left out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.engine.noops import NoopCache
from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef, Dependency
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.context import Context, StackName
from platform_pulumi.model.contract import ProviderRecord, TierContract
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue, Secret, Template, TierOutput
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream

CONTEXT = Context("acme", "prod")
TWO = Tier.SHARED_PRIMITIVES
HERE = Position("platform.yaml", 1, 1)
PASSWORD = "canary-given-password"
STATES = {"shared_primitives": "a" * 64, "infrastructure": "b" * 64}
#: The code of a package of two modules that a proof depends on beside ours.
PACKAGE = "proofs_example"


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of PACKAGE, importable."""
    folder = tmp_path / "code" / PACKAGE
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "inner" / "module.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder.parent))
    return folder


@dataclass
class Store:
    """The cache in a file; each call is another process, as far as the cache is concerned."""

    file: Path

    def __call__(self, **other: Any) -> NoopCache:
        known = {"place": "file:///state", "key": b"key", "packages": [PACKAGE], "versions": ["3.262.0", "/bin/pulumi"]}
        return NoopCache(self.file, **{**known, **other})

    def contains(self, run: TierRun, states: Mapping[str, str] = STATES, **other: Any) -> bool:
        return self(**other).contains(run, states)

    def add(self, run: TierRun, states: Mapping[str, str] = STATES, **other: Any) -> None:
        self(**other).add(run, states)


@pytest.fixture
def store(tmp_path: Path, code: Path) -> Store:
    return Store(tmp_path / "cache" / "noops.json")


def capability(properties: Mapping[str, Any] | None = None, **others: Any) -> Capability:
    written = {"engine": "postgresql", "version": "15", "password": Secret(PASSWORD), **(properties or {})}
    known: dict[str, Any] = {
        "name": "db",
        "type": "database",
        "tier": TWO,
        "properties": CAPABILITY_TYPES["database"].model_validate(written),
        "provider": "mock",
        "declared_at": HERE,
        "constraints": (Constraint("storage_gb", "<=", 100, "db", HERE),),
        "depends_on": (Dependency("queue"),),
        "bindings": {"network": CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")},
        "labels": {"team": "data"},
        "annotations": {"runbook": "https://x/y"},
    }
    return Capability(**{**known, **others})


def contract(**others: Any) -> TierContract:
    record = ProviderRecord("mock", "1", "simulated")
    known: dict[str, Any] = {"tier": TWO, "application": None, "context": "acme/prod", "providers": (record,)}
    rest = {"capabilities": (), "constraints": (), "outputs": (), "mode": Mode.AUTO_APPLY}
    return TierContract(**{**known, **rest, **others})


def upper(**others: Any) -> dict[Tier, Upstream]:
    known: dict[str, Any] = {
        "tier": Tier.INFRASTRUCTURE,
        "outputs": {"vpc_id": OutputDeclaration("vpc_id", "vpc", "id", "string", HERE)},
        "values": {"vpc:id": OutputValue("string", "vpc-1"), "vpc:token": OutputValue("string", secret=True)},
        "reference": "organization/acme-infrastructure/prod",
    }
    return {Tier.INFRASTRUCTURE: Upstream(**{**known, **others})}


def run(**others: Any) -> TierRun:
    known: dict[str, Any] = {
        "context": CONTEXT,
        "tier": TWO,
        "application": None,
        "stack": CONTEXT.stack(TWO),
        "capabilities": (capability(),),
        "outputs": (OutputDeclaration("host", "db", "host", "string", HERE),),
        "providers": {"mock": ProviderRun("mock", {"region": "eu", "key": Secret("canary-key"), "tags": ["a", "b"]})},
        "contract": contract(),
        "upstream": upper(),
        "simulated": True,
    }
    return TierRun(**{**known, **others})


def test_nothing_is_known_before_it_was_added(store: Store) -> None:
    assert not store.contains(run())
    store.add(run())
    assert store.contains(run())
    assert not store.contains(run(stack=StackName("acme-shared-primitives", "dev")))


def test_the_order_in_which_names_stand_does_not_matter(store: Store) -> None:
    config = {"region": "eu", "key": Secret("canary-key"), "tags": ["a", "b"]}
    store.add(run())
    backwards = ProviderRun("mock", dict(reversed(config.items())))
    assert store.contains(run(providers={"mock": backwards}), dict(reversed(STATES.items())))


def other_capability(**others: Any) -> dict[str, Any]:
    return {"capabilities": (capability(**others),)}


def properties(**changed: Any) -> dict[str, Any]:
    return {"capabilities": (capability(changed),)}


def config(**changed: Any) -> dict[str, Any]:
    known = {"region": "eu", "key": Secret("canary-key"), "tags": ["a", "b"]}
    return {"providers": {"mock": ProviderRun("mock", {**known, **changed})}}


def declared(**changed: Any) -> tuple[OutputDeclaration, ...]:
    return (replace(OutputDeclaration("host", "db", "host", "string", HERE), **changed),)


#: One thing changed in the run, each by what it is.
OTHERS: Mapping[str, dict[str, Any]] = {
    "a property": properties(storage_gb=200),
    "a type within a property": properties(version="16"),
    "a secret": properties(password=Secret("another")),
    "a secret that is none any more": properties(password=Template((PASSWORD, TierOutput(Tier.INFRASTRUCTURE, "a")))),
    "a reference": properties(password=TierOutput(Tier.INFRASTRUCTURE, "vpc_id")),
    "a name": other_capability(name="database"),
    "another provider of it": other_capability(provider="aws"),
    "where it is declared": other_capability(declared_at=Position("platform.yaml", 2, 1)),
    "a constraint": other_capability(constraints=(Constraint("storage_gb", "<=", 50, "db", HERE),)),
    "what it depends on": other_capability(depends_on=(Dependency("queue", optional=True),)),
    "what it is bound to": other_capability(
        bindings={"network": CapabilityRef(Tier.INFRASTRUCTURE, "other", "network")}
    ),
    "a label": other_capability(labels={"team": "web"}),
    "an annotation": other_capability(annotations={}),
    "another capability": {"capabilities": (capability(), capability(name="other"))},
    "no capability": {"capabilities": ()},
    "a setting": config(region="us"),
    "a secret setting": config(key=Secret("another")),
    "a list of a setting": config(tags=["b", "a"]),
    "a setting more": config(zone="a"),
    "another provider": {"providers": {"aws": ProviderRun("aws")}},
    "an output's name": {"outputs": declared(name="address")},
    "an output's source": {"outputs": declared(field="endpoint")},
    "no output": {"outputs": ()},
    "a contract's mode": {"contract": contract(mode=Mode.PLAN_AND_APPROVE)},
    "a contract's constraint": {"contract": contract(constraints=(Constraint("memory", "<=", "4Gi", "t", HERE),))},
    "a contract's provider": {"contract": contract(providers=(ProviderRecord("mock", "2", "simulated"),))},
    "a contract's plugin": {"contract": contract(providers=(ProviderRecord("mock", "1", "official"),))},
    "an output above that leads elsewhere": {
        "upstream": upper(outputs={"vpc_id": OutputDeclaration("vpc_id", "vpc", "cidr", "string", HERE)})
    },
    "an output above that is gone": {"upstream": upper(outputs={})},
    "a value above that is gone": {"upstream": upper(values={"vpc:id": OutputValue("string", "vpc-1")})},
    "another stack above": {"upstream": upper(reference="organization/acme-infrastructure/dev")},
    "no stack above": {"upstream": upper(reference=None)},
    "no tier above": {"upstream": {}},
    "another context": {"context": Context("acme", "prod", "aws")},
    "another tier": {"tier": Tier.APPLICATION},
    "an application": {"application": "shop"},
    "a real run": {"simulated": False},
}


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_another_run_is_not_known(store: Store, changed: dict[str, Any]) -> None:
    store.add(run())
    assert not store.contains(run(**changed))
    store.add(run(**changed))
    assert store.contains(run(**changed)), "it is not taken for the other"
    assert not store.contains(run())


def test_no_field_of_a_run_is_forgotten() -> None:
    """A field that is new has to be looked at: either it changes the proof (above) or it need not (below)."""
    covered = {name for changed in OTHERS.values() for name in changed}
    assert {field.name for field in fields(TierRun)} == covered | {"unprotected", "stack"}


@pytest.mark.parametrize(
    "changed",
    [
        {"upstream": upper(values={n: OutputValue("string", "other") for n in ("vpc:token", "vpc:id")})},
        {"unprotected": frozenset({"db"})},
    ],
    ids=["values of the tiers above, for which their states stand", "what may be lost, which is the guard's"],
)
def test_what_cannot_change_the_answer_is_no_part_of_it(store: Store, changed: dict[str, Any]) -> None:
    store.add(run())
    assert store.contains(run(**changed))


@pytest.mark.parametrize(
    "states",
    [
        {**STATES, "shared_primitives": "c" * 64},
        {**STATES, "infrastructure": "c" * 64},
        {"shared_primitives": STATES["infrastructure"], "infrastructure": STATES["shared_primitives"]},
        {"shared_primitives": STATES["shared_primitives"]},
        {},
    ],
    ids=["its own", "one above", "exchanged", "one less", "none"],
)
def test_another_state_is_not_known(store: Store, states: dict[str, str]) -> None:
    store.add(run())
    assert not store.contains(run(), states)


@pytest.mark.parametrize(
    "other",
    [
        {"versions": ["3.263.0", "/bin/pulumi"]},
        {"versions": ["3.262.0", "/opt/pulumi"]},
        {"key": b"another"},
        {"place": "file:///elsewhere"},
        {"packages": []},
    ],
    ids=str,
)
def test_another_machinery_is_not_known(store: Store, other: dict[str, Any]) -> None:
    store.add(run())
    assert not store.contains(run(), **other)
    assert store.contains(run(), versions=["/bin/pulumi", "3.262.0"], packages=[PACKAGE, "platform_pulumi", "no_such"])


def touch(folder: Path) -> None:
    os.utime(folder / "inner" / "module.py", ns=(1, 1))


def rewrite(folder: Path) -> None:
    path = folder / "inner" / "module.py"
    before = path.stat()
    path.write_text("x = 10\n", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        touch,
        rewrite,
        lambda folder: (folder / "inner" / "more.py").touch(),
        lambda folder: (folder / "inner" / "module.py").unlink(),
        lambda folder: (folder / "inner" / "module.py").rename(folder / "module.py"),
    ],
    ids=["touched", "of another size", "a module more", "a module less", "moved"],
)
def test_other_code_is_not_known(store: Store, code: Path, change: Callable[[Path], object]) -> None:
    store.add(run())
    (code / "inner" / "notes.txt").write_text("no code", encoding="utf-8")
    assert store.contains(run())
    change(code)
    assert not store.contains(run())


def test_the_file_holds_no_secret_and_no_name(store: Store, canary: str) -> None:
    given = run(**properties(password=Secret(canary)), **config(key=Secret(canary)))
    store.add(given, {**STATES, "shared_primitives": canary})
    text = store.file.read_text(encoding="utf-8")
    assert len(json.loads(text)) == 1
    for shown in (canary, "acme", "postgresql", "shared"):
        assert shown not in text
    assert [path.name for path in store.file.parent.iterdir()] == ["noops.json"]


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'"x"', b"7", b"null", b"\xff\xfe", b"\x00", b'{"a": null}'])
def test_a_file_that_is_damaged_proves_nothing_and_is_made_anew(store: Store, spoilt: bytes) -> None:
    store.file.parent.mkdir()
    store.file.write_bytes(spoilt)
    assert not store.contains(run())
    store.add(run())
    assert store.contains(run())


def test_a_forged_proof_proves_nothing(store: Store) -> None:
    store.add(run())
    (name,) = json.loads(store.file.read_text(encoding="utf-8"))
    for value in ("", "0" * 64, None, ["x"], "é", "\ud800"):
        store.file.write_text(json.dumps({name: value}), encoding="utf-8")
        assert not store.contains(run())


def test_what_cannot_be_remembered_is_asked_again(store: Store) -> None:
    store.file.parent.write_text("a file where the folder should be", encoding="utf-8")
    store.add(run())
    assert not store.contains(run())


def test_a_stack_has_one_proof_the_last(store: Store) -> None:
    store.add(run())
    store.add(run(**properties(storage_gb=200)))
    assert not store.contains(run())
    assert store.contains(run(**properties(storage_gb=200)))
    assert len(json.loads(store.file.read_text(encoding="utf-8"))) == 1


def test_every_stack_and_every_place_has_its_own(store: Store) -> None:
    blog = run(stack=CONTEXT.stack(Tier.APPLICATION, "blog"))
    store.add(run())
    store.add(blog)
    store.add(run(), place="s3://state")
    assert store.contains(run())
    assert store.contains(blog)
    assert store.contains(run(), place="s3://state")


def test_the_stacks_that_were_not_asked_for_longest_are_forgotten(store: Store) -> None:
    store.file.parent.mkdir()
    store.file.write_text(json.dumps({f"stack-{n}": "proof" for n in range(2000)}), encoding="utf-8")
    store.add(run())
    known = list(json.loads(store.file.read_text(encoding="utf-8")))
    assert (len(known), known[0], known[-2]) == (2000, "stack-1", "stack-1999")
    assert store.contains(run())
    store.file.write_text(json.dumps({known[-1]: "old", **dict.fromkeys(known[:-1], "proof")}), encoding="utf-8")
    store.add(run())
    assert list(json.loads(store.file.read_text(encoding="utf-8")))[-1] == known[-1]
