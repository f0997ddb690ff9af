"""State read from its files: whatever stands there is read as what it is or refused, never taken for nothing."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.engine.adoption import drop_pending
from platform_pulumi.engine.state import CliState, FileState, Revealed
from platform_pulumi.errors import EngineError, LockedError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.operations.ports import Lock, StackSnapshot, StateOutput

STACK = StackName("acme-shared-primitives", "prod")
URN = "urn:pulumi:prod::acme-shared-primitives::"
ROOT = f"{URN}pulumi:pulumi:Stack::acme-shared-primitives-prod"
COMPONENT = f"{URN}platform:aws:Database::db"
DATABASE = f"{URN}platform:aws:Database$aws:rds/instance:Instance::db"
SUBNETS = f"{URN}platform:aws:Database$aws:rds/subnetGroup:SubnetGroup::db-subnets"
PROVIDER, PASSWORD = f"{URN}pulumi:providers:eks::eks", f"{URN}platform:index:Password::password"
CIPHERTEXT = {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": "v1:abc"}
DEPLOYMENT: Mapping[str, Any] = {
    "manifest": {"time": "2026-11-22T10:00:00Z"},
    "resources": [
        {
            "urn": ROOT,
            "type": "pulumi:pulumi:Stack",
            "outputs": {"db:port": 5432.0, "db:host": "h", "db:connection_string": CIPHERTEXT},
        },
        {"urn": COMPONENT, "type": "platform:aws:Database", "parent": ROOT},
        {"urn": f"{URN}pulumi:providers:aws::aws", "type": "pulumi:providers:aws", "custom": True},
        {"urn": f"{URN}pulumi:pulumi:StackReference::i", "type": "pulumi:pulumi:StackReference", "custom": True},
        {"urn": DATABASE, "type": "aws:rds/instance:Instance", "custom": True, "parent": COMPONENT, "protect": True},
    ],
    "pending_operations": [
        {"type": "creating", "resource": {"urn": COMPONENT, "type": "platform:aws:Database", "parent": ROOT}},
        {"type": "creating", "resource": {"urn": PROVIDER, "type": "pulumi:providers:eks", "custom": True}},
        {"type": "creating", "resource": {"urn": PASSWORD, "type": "platform:index:Password", "custom": True}},
        {
            "type": "creating",
            "resource": {
                "urn": SUBNETS,
                "type": "aws:rds/subnetGroup:SubnetGroup",
                "custom": True,
                "parent": COMPONENT,
            },
        },
    ],
}


class Cli:
    """Answers CLI commands from a table of (exit code, stdout, stderr) by the command's first words."""

    def __init__(self, **answers: tuple[int, str, str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, project: str, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        assert project == STACK.project
        self.asked.append(arguments)
        return self.answers["_".join(arguments[:2]) if arguments[0] == "stack" else arguments[0]]


def checkpoint(deployment: Any, version: int = 3) -> bytes:
    return json.dumps({"version": version, "checkpoint": {"stack": STACK.qualified(), "latest": deployment}}).encode()


def put(root: Path, content: bytes, suffix: str = ".json", stack: StackName = STACK) -> Path:
    path = root / ".pulumi" / "stacks" / stack.project / f"{stack.name}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def lock(root: Path, name: str = "1.json", content: Any = None, **fields: Any) -> Path:
    held = {
        "pid": os.getpid(),
        "username": "ann",
        "hostname": socket.gethostname(),
        "timestamp": "2026-11-22T10:00:00Z",
    }
    path = root / ".pulumi" / "locks" / "organization" / STACK.project / STACK.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(held | fields) if content is None else content, encoding="utf-8")
    return path


def files(root: Path, cli: Cli | None = None) -> FileState:
    return FileState(root, CliState(cli or Cli()))


def read(root: Path) -> StackSnapshot:
    found = files(root).read(STACK)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def ended() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_checkpoint_is_read(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.resources == {DATABASE: "aws:rds/instance:Instance"}
    assert found.parents[DATABASE] == COMPONENT
    assert found.protected == {DATABASE}
    assert found.updated_at == "2026-11-22T10:00:00Z"
    assert found.lock is None
    assert (found.outputs["db:port"].value, found.outputs["db:host"].value) == (5432, "h")
    assert (found.outputs["db:connection_string"].value, found.outputs["db:connection_string"].secret) == (None, True)


def test_what_it_stands_for_is_known_by_the_providers_id(tmp_path: Path) -> None:
    left = {"urn": DATABASE, "type": "aws:rds/instance:Instance", "custom": True, "id": "db-old", "delete": True,
            "replacementTrigger": "old"}  # fmt: skip
    found = {**DEPLOYMENT["resources"][4], "id": "db-7", "replacementTrigger": ["v", 2.0]}
    document = {**DEPLOYMENT, "resources": [*DEPLOYMENT["resources"][:4], found, left]}
    put(tmp_path, checkpoint(document))
    snapshot = files(tmp_path).read(STACK)
    assert snapshot is not None
    assert snapshot.ids == {DATABASE: "db-7"}
    assert snapshot.triggers == {DATABASE: ["v", 2]}


def test_a_pending_create_of_something_real_is_known_with_the_component_it_belongs_to(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.pending == (("creating", SUBNETS),)
    assert found.parents[SUBNETS] == COMPONENT


def test_a_compressed_checkpoint_is_read(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(checkpoint(DEPLOYMENT)), ".json.gz")
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert DATABASE in found.resources


def test_there_is_no_stack_where_no_file_is(tmp_path: Path) -> None:
    assert files(tmp_path).reveal(STACK) is None
    assert files(tmp_path).stacks(STACK.project) == ()


@pytest.mark.parametrize("latest", [None, {}, {"manifest": {}}])
def test_a_stack_that_was_only_made_is_empty(tmp_path: Path, latest: Any) -> None:
    put(tmp_path, checkpoint(latest))
    assert files(tmp_path).reveal(STACK) == Revealed(read(tmp_path), read(tmp_path))
    found = read(tmp_path)
    assert (found.resources, found.outputs, found.pending, found.updated_at) == ({}, {}, (), "")


WHOLE = gzip.compress(checkpoint(DEPLOYMENT))


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"", ".json"),
        (b"{", ".json"),
        (b"[]", ".json"),
        (b"\xff\xfe", ".json"),
        (b'{"version": 3}', ".json"),
        (b'{"checkpoint": "x"}', ".json"),
        (checkpoint("x"), ".json"),
        (checkpoint({"resources": "x"}), ".json"),
        (checkpoint({"resources": [{"urn": "x"}]}), ".json"),
        (checkpoint({"pending_operations": [{}]}), ".json"),
        (checkpoint({"resources": {}}), ".json"),
        (checkpoint([]), ".json"),
        (checkpoint(""), ".json"),
        (checkpoint(DEPLOYMENT, version=5), ".json"),
        (checkpoint(None, version=2), ".json"),
        (b'{"version": 5, "checkpoint": {"state": {"resources": []}}}', ".json"),
        (b'{"checkpoint": {}}', ".json"),
        (b"not compressed", ".json.gz"),
        (WHOLE[:-20], ".json.gz"),
        (WHOLE[:20] + b"\x00" * 20 + WHOLE[40:], ".json.gz"),
    ],
)
def test_a_state_that_cannot_be_read_is_a_failure(tmp_path: Path, content: bytes, suffix: str) -> None:
    put(tmp_path, content, suffix)
    with pytest.raises(EngineError, match="A stack cannot be read") as refused:
        files(tmp_path).read(STACK)
    assert str(STACK) in refused.value.detail


def test_a_checkpoint_with_features_is_read(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT, version=4))
    assert read(tmp_path).resources


@pytest.mark.parametrize("export", [{"version": 5, "deployment": DEPLOYMENT}, {"version": 3, "deployment": []}, {}])
def test_an_export_of_another_form_is_a_failure(export: Any) -> None:
    with pytest.raises(EngineError, match="A stack cannot be read"):
        CliState(Cli(stack_export=(0, json.dumps(export), ""))).read(STACK)


def test_stacks_that_cannot_be_listed_are_not_none(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / STACK.project
    folder.parent.mkdir(parents=True)
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(EngineError, match="The state backend cannot be read"):
        files(tmp_path).stacks(STACK.project)


def test_the_corrupt_example_is_one_that_zlib_refuses() -> None:
    with pytest.raises(zlib.error):
        gzip.decompress(WHOLE[:20] + b"\x00" * 20 + WHOLE[40:])


def test_secrets_are_asked_of_the_cli_only_where_there_are_some_and_they_are_wanted(tmp_path: Path) -> None:
    revealed = json.loads(json.dumps(DEPLOYMENT))
    revealed["resources"][0]["outputs"]["db:connection_string"] = {
        SIGNATURE_KEY: SECRET_SIGNATURE,
        "plaintext": '"postgres://u:p@h"',
    }
    cli = Cli(stack_export=(0, json.dumps({"version": 3, "deployment": revealed}), ""))
    put(tmp_path, checkpoint(DEPLOYMENT))
    files(tmp_path, cli).read(STACK)
    assert cli.asked == []
    found = files(tmp_path, cli).reveal(STACK)
    assert cli.asked == [("stack", "export", "--stack", "organization/acme-shared-primitives/prod", "--show-secrets")]
    assert found is not None
    assert found.shown.outputs["db:connection_string"].value == "postgres://u:p@h"
    assert found.shown.outputs["db:connection_string"].secret
    assert found.hidden.outputs["db:connection_string"] == StateOutput(None, secret=True)
    assert "postgres" not in repr(found)
    public = {"resources": [{**DEPLOYMENT["resources"][0], "outputs": {"a": 1}}]}
    put(tmp_path, checkpoint(public))
    files(tmp_path, cli).reveal(STACK)
    assert len(cli.asked) == 1


def test_a_lock_is_seen_while_secrets_are_revealed(tmp_path: Path) -> None:
    cli = Cli(stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""))
    put(tmp_path, checkpoint(DEPLOYMENT))
    lock(tmp_path)
    found = files(tmp_path, cli).reveal(STACK)
    assert found is not None
    assert found.shown.lock is not None


def test_a_stack_that_vanishes_while_it_is_read_is_a_failure(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    cli = Cli(stack_export=(255, "", "error: no stack named 'organization/acme-shared-primitives/prod' found"))
    with pytest.raises(EngineError):
        files(tmp_path, cli).reveal(STACK)


def test_an_output_with_a_secret_within_is_secret(tmp_path: Path) -> None:
    outputs = {"a": {"b": [CIPHERTEXT]}, "c": {SIGNATURE_KEY: OUTPUT_SIGNATURE, "value": 1.0}}
    put(tmp_path, checkpoint({"resources": [{"urn": ROOT, "type": "pulumi:pulumi:Stack", "outputs": outputs}]}))
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.outputs["a"].secret
    assert (found.outputs["c"].value, found.outputs["c"].secret) == (1, False)


def test_stacks_of_a_project_are_listed_without_backups_and_others(tmp_path: Path) -> None:
    for name in ("prod.shop", "dev", "prod"):
        put(tmp_path, b"{}", stack=StackName(STACK.project, name))
    put(tmp_path, WHOLE, ".json.gz", StackName(STACK.project, "packed"))
    put(tmp_path, b"{}", ".json.bak", StackName(STACK.project, "gone"))
    put(tmp_path, b"{}", ".json.gz.bak", StackName(STACK.project, "gone"))
    put(tmp_path, b"{}", stack=StackName("other", "prod"))
    names = [stack.name for stack in files(tmp_path).stacks(STACK.project)]
    assert names == ["dev", "packed", "prod", "prod.shop"]


LockFile = Callable[[Path, int], Path]
ALIVE: LockFile = lambda root, ended: lock(root)  # noqa: E731  (three words each, read as a table)
DEAD: LockFile = lambda root, ended: lock(root, pid=ended)  # noqa: E731
ELSEWHERE: LockFile = lambda root, ended: lock(root, pid=ended, hostname="elsewhere")  # noqa: E731


@pytest.mark.parametrize(("held", "dead"), [(ALIVE, False), (DEAD, True), (ELSEWHERE, False)])
def test_a_lock_is_dead_only_where_its_process_ran_here_and_is_gone(
    tmp_path: Path, ended: int, held: LockFile, dead: bool
) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    fields = json.loads(held(tmp_path, ended).read_text(encoding="utf-8"))
    found = files(tmp_path).read(STACK)
    assert found is not None
    holder = f"ann@{fields['hostname']} (process {fields['pid']})"
    assert found.lock == Lock(holder, "2026-11-22T10:00:00Z", dead)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"pid": null}', '"x"'])
def test_a_lock_that_cannot_be_read_is_held(tmp_path: Path, content: str) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    lock(tmp_path, content=content)
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.lock == Lock("an unreadable lock file 1.json", "", dead=False)


@pytest.mark.parametrize(("content", "age", "dead"), [(None, 0, True), ("", 60, True), ("{", 60, True), ("", 0, False)])
def test_a_lock_that_a_kill_left_under_its_temporary_name_is_dead(
    tmp_path: Path, ended: int, content: str | None, age: int, dead: bool
) -> None:
    """Pulumi takes it for a lock: whatever lies in the folder is one."""
    put(tmp_path, checkpoint(DEPLOYMENT))
    path = lock(tmp_path, "1.json.18ec10fc244d5add.tmp", content=content, pid=ended)
    os.utime(path, (time.time() - age, time.time() - age))
    found = read(tmp_path).lock
    assert found is not None
    assert found.dead is dead
    files(tmp_path).unlock(STACK)
    assert not path.exists()
    assert read(tmp_path).lock is None


@pytest.mark.parametrize("alive", [False, True])
def test_a_lock_that_outlived_its_stack_goes_when_the_stack_is_made_anew(
    alive: bool, tmp_path: Path, ended: int
) -> None:
    """A destroy was killed after it had removed the stack: nobody saw its lock, and Pulumi would wait for it."""
    held = lock(tmp_path, pid=os.getpid() if alive else ended)
    files(tmp_path).create(STACK)
    assert held.exists() is alive


@pytest.mark.parametrize(("dead", "alive"), [("1.json", "2.json"), ("2.json", "1.json")])
def test_of_several_locks_the_living_one_counts(tmp_path: Path, ended: int, dead: str, alive: str) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    lock(tmp_path, dead, pid=ended)
    lock(tmp_path, alive)
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.lock is not None
    assert not found.lock.dead


def test_a_process_that_ended_but_was_not_collected_holds_nothing(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # ends when the process does; nobody has waited for it yet
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    lock(tmp_path, pid=process.pid)
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.lock is not None
    assert found.lock.dead
    process.stdout.close()
    process.wait()


def test_unlocking_removes_the_locks_of_that_stack_alone(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    lock(tmp_path)
    lock(tmp_path, "2.json")
    other = tmp_path / ".pulumi" / "locks" / "organization" / STACK.project / "dev" / "1.json"
    other.parent.mkdir(parents=True)
    other.touch()
    files(tmp_path).unlock(STACK)
    found = files(tmp_path).read(STACK)
    assert found is not None
    assert found.lock is None
    assert other.exists()


def test_the_cli_is_asked_for_any_other_backend() -> None:
    cli = Cli(
        stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""),
        stack_ls=(0, json.dumps([{"name": "org/acme-shared-primitives/prod"}, {"name": "dev"}]), ""),
        cancel=(0, "", ""),
    )
    state = CliState(cli, "org")
    found = state.read(STACK)
    assert found is not None
    assert DATABASE in found.resources
    assert [stack.name for stack in state.stacks(STACK.project)] == ["dev", "prod"]
    state.unlock(STACK)
    assert cli.asked == [
        ("stack", "export", "--stack", "org/acme-shared-primitives/prod"),
        ("stack", "ls", "--json", "--project", "acme-shared-primitives"),
        ("cancel", "--yes", "--stack", "org/acme-shared-primitives/prod"),
    ]


def test_only_the_clis_own_words_mean_that_there_is_no_stack() -> None:
    gone = Cli(stack_export=(255, "", "error: no stack named 'prod' found"))
    assert CliState(gone).read(STACK) is None
    broken = Cli(stack_export=(255, "", "error: bucket platform-state not found"))
    with pytest.raises(EngineError, match="A stack cannot be read") as refused:
        CliState(broken).read(STACK)
    assert "bucket platform-state not found" in refused.value.detail


def test_a_backend_that_does_not_answer_sensibly_is_a_failure() -> None:
    with pytest.raises(EngineError, match="A stack cannot be read"):
        CliState(Cli(stack_export=(0, "<html>", ""))).read(STACK)
    with pytest.raises(EngineError, match="The state backend cannot be read") as refused:
        CliState(Cli(stack_ls=(255, "", "error: no credentials\n"))).stacks(STACK.project)
    assert refused.value.detail.endswith("acme-shared-primitives: error: no credentials")
    with pytest.raises(EngineError, match="The state backend cannot be read"):
        CliState(Cli(stack_ls=(0, "<html>", ""))).stacks(STACK.project)


def test_a_stack_that_another_run_has_made_meanwhile_is_there() -> None:
    there = "error: stack 'organization/acme-shared-primitives/prod' already exists"
    CliState(Cli(stack_init=(255, "", there))).create(STACK)
    with pytest.raises(EngineError, match="The state backend refused"):
        CliState(Cli(stack_init=(255, "", "error: forbidden"))).create(STACK)


def test_a_lock_that_cannot_be_removed_is_a_failure() -> None:
    with pytest.raises(EngineError, match="The lock cannot be removed"):
        CliState(Cli(cancel=(255, "", "error: forbidden"))).unlock(STACK)


def test_an_attribute_file_a_kill_left_half_written_goes_with_the_lock(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "acme-infrastructure"
    folder.mkdir(parents=True)
    broken, whole = folder / "prod.json.attrs", folder / "other.json.attrs"
    broken.write_bytes(b"")
    whole.write_text("{}", encoding="utf-8")
    FileState(tmp_path, CliState(lambda _project, _arguments: (1, "", ""))).unlock(
        StackName("acme-infrastructure", "prod")
    )
    assert not broken.exists()
    assert whole.exists()


def settle(cli: Callable[[str, tuple[str, ...]], tuple[int, str, str]]) -> None:
    CliState(cli, "org").edit(STACK, drop_pending)


class Importing(Cli):
    """Keeps what it is told to import."""

    imported: Any = None

    def __call__(self, project: str, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        if arguments[:2] == ("stack", "import"):
            self.imported = json.loads(Path(arguments[arguments.index("--file") + 1]).read_text(encoding="utf-8"))
            self.place = Path(arguments[arguments.index("--file") + 1])
            arguments = tuple(a for a in arguments if a != str(self.place))
        return super().__call__(project, arguments)


def test_what_a_dead_run_had_under_way_is_taken_out_and_nothing_else() -> None:
    cli = Importing(
        stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""), stack_import=(0, "", "")
    )
    settle(cli)
    rest = {name: value for name, value in DEPLOYMENT.items() if name != "pending_operations"}
    assert cli.imported == {"version": 3, "deployment": rest}
    assert cli.asked == [
        ("stack", "export", "--stack", "org/acme-shared-primitives/prod"),
        ("stack", "import", "--file", "--stack", "org/acme-shared-primitives/prod"),
    ]
    assert not cli.place.exists(), "a state is not left lying about"


def test_secrets_stay_as_they_are_recorded_while_it_is_taken_out() -> None:
    cli = Importing(
        stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""), stack_import=(0, "", "")
    )
    settle(cli)
    assert "--show-secrets" not in cli.asked[0]
    assert cli.imported["deployment"]["resources"][0]["outputs"]["db:connection_string"] == CIPHERTEXT


@pytest.mark.parametrize("left", [[], None])
def test_where_nothing_was_under_way_nothing_is_imported(left: Any) -> None:
    document = {"version": 3, "deployment": {**DEPLOYMENT, "pending_operations": left}}
    cli = Cli(stack_export=(0, json.dumps(document), ""))
    settle(cli)
    assert len(cli.asked) == 1


@pytest.mark.parametrize(
    ("answers", "summary", "detail"),
    [
        (
            {"stack_export": (255, "", "error: no credentials\n")},
            "A stack cannot be read",
            "The state of acme-shared-primitives/prod exists but cannot be read: error: no credentials",
        ),
        (
            {"stack_export": (0, "[]", "")},
            "A stack cannot be read",
            "The state of acme-shared-primitives/prod exists but cannot be read: the export has another form than "
            "expected (TypeError('list indices must be integers or slices, not str'))",
        ),
        (
            {
                "stack_export": (0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""),
                "stack_import": (255, "", "error: forbidden\n"),
            },
            "The state backend refused",
            "The state of acme-shared-primitives/prod cannot be changed: error: forbidden",
        ),
    ],
    ids=["not to be read", "another form", "not to be written"],
)
def test_what_cannot_be_taken_out_is_a_failure(
    answers: dict[str, tuple[int, str, str]], summary: str, detail: str
) -> None:
    with pytest.raises(EngineError) as refused:
        settle(Importing(**answers))
    assert (refused.value.summary, refused.value.detail) == (summary, detail)


@pytest.mark.parametrize("name", [".json", ".json.gz"])
def test_a_stack_of_files_is_changed_under_its_lock_and_keeps_what_it_was(tmp_path: Path, name: str) -> None:
    pack = gzip.compress if name.endswith(".gz") else bytes
    before = pack(checkpoint(DEPLOYMENT))
    path = put(tmp_path, before, name)
    Path(f"{path}.attrs").write_text('{"md5": "of what was there"}', encoding="utf-8")
    path.chmod(0o640)
    held: list[Lock | None] = []

    def change(deployment: dict[str, Any]) -> bool:
        held.append(read(tmp_path).lock)
        return drop_pending(deployment)

    files(tmp_path).edit(STACK, change)
    assert held[0] is not None
    assert not held[0].dead
    after = read(tmp_path)
    assert (after.pending, after.lock) == ((), None)
    unpack = gzip.decompress if name.endswith(".gz") else bytes
    rest = {key: value for key, value in DEPLOYMENT.items() if key != "pending_operations"}
    assert json.loads(unpack(path.read_bytes()))["checkpoint"]["latest"] == rest
    assert Path(f"{path}.bak").read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert {p.name for p in path.parent.iterdir()} == {path.name, f"{path.name}.bak"}


@pytest.mark.parametrize("deployment", [DEPLOYMENT, None], ids=["unchanged", "empty"])
def test_where_nothing_changes_no_file_is_written(tmp_path: Path, deployment: Any) -> None:
    path = put(tmp_path, checkpoint(deployment))
    before = path.stat().st_mtime_ns
    files(tmp_path).edit(STACK, lambda found: not found)
    assert path.stat().st_mtime_ns == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_stack_that_somebody_works_on_is_not_changed(tmp_path: Path) -> None:
    path = put(tmp_path, checkpoint(DEPLOYMENT))
    other = lock(tmp_path)
    before = path.read_bytes()
    with pytest.raises(LockedError, match="The stack is locked") as refused:
        files(tmp_path).edit(STACK, drop_pending)
    assert refused.value.detail == (
        "acme-shared-primitives/prod is locked by 1 other run(s). Wait for it to finish, then run this again."
    )
    assert path.read_bytes() == before
    assert list(other.parent.iterdir()) == [other], "ours is not left"


def test_a_stack_of_files_that_cannot_be_changed_says_which_file(tmp_path: Path) -> None:
    path = put(tmp_path, b"{")
    with pytest.raises(EngineError, match="A stack cannot be read") as refused:
        files(tmp_path).edit(STACK, drop_pending)
    assert f"{path} is damaged or of another form than expected (JSONDecodeError(" in refused.value.detail


@pytest.mark.parametrize("form", [None, 2, 4], ids=["no file", "older", "newer"])
def test_a_form_that_is_not_known_here_is_changed_by_the_cli(tmp_path: Path, form: int | None) -> None:
    if form is not None:
        put(tmp_path, checkpoint(DEPLOYMENT, version=form))
    cli = Importing(
        stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""), stack_import=(0, "", "")
    )
    files(tmp_path, cli).edit(STACK, drop_pending)
    assert cli.imported["deployment"]["resources"] == DEPLOYMENT["resources"]


def test_a_fingerprint_tells_a_state_from_any_other_and_stays_while_secrets_are_revealed(tmp_path: Path) -> None:
    cli = Cli(stack_export=(0, json.dumps({"version": 3, "deployment": DEPLOYMENT}), ""))

    def fingerprint(deployment: Any) -> str:
        put(tmp_path, checkpoint(deployment))
        return read(tmp_path).fingerprint

    first = fingerprint(DEPLOYMENT)
    assert first == fingerprint(DEPLOYMENT) != ""
    revealed = files(tmp_path, cli).reveal(STACK)
    assert revealed is not None
    assert revealed.shown.fingerprint == revealed.hidden.fingerprint == first
    assert first != fingerprint({**DEPLOYMENT, "manifest": {"time": "2026-11-22T10:00:01Z"}})
    assert first != fingerprint({**DEPLOYMENT, "pending_operations": []})


def test_the_export_of_a_state_has_a_fingerprint_that_tells_nobody_its_secrets() -> None:
    def fingerprint(deployment: Any, key: bytes = b"key") -> str:
        found = CliState(
            Cli(stack_export=(0, json.dumps({"version": 3, "deployment": deployment}), "")), key=key
        ).reveal(STACK)
        assert found is not None
        assert found.shown.fingerprint == found.hidden.fingerprint
        return found.hidden.fingerprint

    def output(plaintext: str) -> Any:
        secret = {SIGNATURE_KEY: SECRET_SIGNATURE, "plaintext": json.dumps(plaintext)}
        return {"resources": [{"urn": ROOT, "type": "pulumi:pulumi:Stack", "outputs": {"b": secret, "a": 1}}]}

    first = fingerprint(output("one"))
    assert first == fingerprint(json.loads(json.dumps(output("one"), sort_keys=True))) != ""
    assert first != fingerprint(output("two"))
    assert first != fingerprint(output("one"), b"another key")


def test_one_export_shows_a_state_with_its_secrets_and_without() -> None:
    secret = {SIGNATURE_KEY: SECRET_SIGNATURE, "plaintext": json.dumps("hunter2")}
    root = {"urn": ROOT, "type": "pulumi:pulumi:Stack", "outputs": {"a": 1, "b": secret}}
    cli = Cli(stack_export=(0, json.dumps({"version": 3, "deployment": {"resources": [root]}}), ""))
    found = CliState(cli).reveal(STACK)
    assert found is not None
    assert found.shown.outputs == {"a": StateOutput(1), "b": StateOutput("hunter2", secret=True)}
    assert found.hidden.outputs == {"a": StateOutput(1), "b": StateOutput(None, secret=True)}
    assert "hunter2" not in repr(found)
    assert cli.asked == [("stack", "export", "--stack", STACK.qualified(), "--show-secrets")]
