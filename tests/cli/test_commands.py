from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest

from platform_pulumi.cli.app import COMMANDS, app
from platform_pulumi.cli.session import Terminal
from platform_pulumi.declarations.documents import Declared, Document, read_documents
from platform_pulumi.errors import (
    Cancelled,
    ConstraintError,
    EngineError,
    InputError,
    LockedError,
    PlatformError,
    Problem,
    RefusedError,
    TierBoundaryViolation,
)
from platform_pulumi.model.applied import Applied
from platform_pulumi.model.plan import document
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.doctor import Status
from platform_pulumi.operations.task import EngineOptions, Selection, Task
from tests.cli import samples
from tests.cli.conftest import Cli, FakeOperations
from tests.secrecy import CREDENTIALS, SECRET_NAMES

READING = ["validate", "preview", "outputs"]
APPLYING = ["up", "destroy"]


def test_every_verb_has_a_command_with_help(cli: Cli) -> None:
    result = cli("--help")
    assert result.exit_code == 0
    context = click.Context(app)
    for verb, summary in COMMANDS.items():
        command = app.get_command(context, verb)
        assert command is not None
        assert command.help
        assert f"{verb} " in result.stdout
        assert summary in " ".join(result.stdout.split())
        assert cli(verb, "-h").exit_code == 0


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout.startswith("platform-pulumi 0.")


@pytest.mark.parametrize("verb", [*READING, *APPLYING])
def test_options_become_a_task(verb: str, cli: Cli, operations: FakeOperations, tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("latency: 1s\n", encoding="utf-8")
    arguments = ["-f", "a.yaml", "--file", "b.yaml", "--tier", "2", "--provider", "mock", "--simulate"]
    arguments += ["--simulate-config", str(faults), "--app", "api", "--set", "image=api:2", "--set", "a=b=c"]
    arguments += ["--backend", "file:///tmp/x"]
    if verb in {"preview", *APPLYING}:
        arguments += ["--allow-data-loss", "db", "--allow-data-loss", "queue"]
    if verb in APPLYING:
        arguments += ["--yes", "--forget-pending", "db"]
    result = cli(verb, *arguments)
    assert result.exit_code == 0, result.output
    declared = Declared(read_documents([Path("a.yaml"), Path("b.yaml")]), {"image": "api:2", "a": "b=c"}, "mock")
    if verb == "validate":
        assert (operations.tasks, ("simulate", True) in operations.calls) == ([declared], True)
        return
    assert operations.tasks == [
        Task(
            declared,
            Selection(Tier.SHARED_PRIMITIVES, "api"),
            EngineOptions(simulate=True, faults=Document(str(faults), "latency: 1s\n"), backend="file:///tmp/x"),
            allow_data_loss=frozenset({"db", "queue"} if verb in {"preview", *APPLYING} else ()),
            forget_pending=frozenset({"db"} if verb in APPLYING else ()),
        )
    ]


def test_defaults(cli: Cli, operations: FakeOperations) -> None:
    cli("preview", "--tier", "application")
    cli("preview")
    usual = Declared(read_documents([Path("platform.yaml")]))
    assert operations.tasks == [Task(usual, Selection(Tier.APPLICATION)), Task(usual)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["preview", "--tier", "4"], "there is no tier '4'"),
        (["preview", "--set", "image"], "'image' is not of the form NAME=VALUE"),
        (["preview", "--set", "=secret-4711"], "a NAME is missing"),
        (["preview", "--format", "xml"], "'xml' is not one of"),
        (["preview", "--sim"], "--simulate"),
        (["preview", "extra"], "extra"),
        (["previw"], "No such command 'previw'"),
        (["--nonsense"], "--nonsense"),
        (["fidelity", "aws", "mock", "docker"], "at most two providers"),
    ],
)
def test_misuse_is_exit_2_in_both_forms(arguments: list[str], expected: str, cli: Cli) -> None:
    human = cli(*arguments)
    assert human.exit_code == 2
    assert expected in human.stderr
    assert human.stderr.startswith("error: ")
    assert not human.stdout
    assert "secret-4711" not in human.output
    if "--format" not in arguments:
        machine = cli(*arguments, "--format", "json")
        assert machine.exit_code == 2
        assert not machine.stderr
        assert json.loads(machine.stdout)["error"]["code"] == "P2900"


@pytest.mark.parametrize("verb", [*READING, *APPLYING])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("Wrong", "", [Problem("P2014", "Unknown property", "No.", samples.at(1))]), 2),
        (ConstraintError("Violated"), 3),
        (RefusedError("Refused"), 4),
        (TierBoundaryViolation("A tier"), 4),
        (LockedError("Locked"), 5),
        (EngineError("Failed"), 6),
        (samples.apply_error(), 6),
    ],
)
def test_errors_become_exit_codes(
    verb: str, error: PlatformError, code: int, cli: Cli, operations: FakeOperations
) -> None:
    operations.error = error
    human = cli(verb, *(["--yes"] if verb in APPLYING else []))
    assert human.exit_code == code
    assert error.code in human.stderr or error.problems
    assert "Traceback" not in human.output
    machine = cli(verb, "--format=json", *(["--yes"] if verb in APPLYING else []))
    assert machine.exit_code == code
    assert json.loads(machine.stdout)["error"]["code"] == error.code


def test_what_did_not_happen_is_said(cli: Cli, operations: FakeOperations) -> None:
    operations.error = InputError("Wrong", "", [Problem("P2014", "Unknown property", "No.")])
    assert cli("preview").stderr.endswith("1 problem. Nothing was planned.\n")
    assert cli("up", "--yes").stderr.endswith("1 problem. Nothing was touched.\n")
    assert cli("validate").stderr.endswith("1 problem.\n")


def test_a_failed_apply_repeats_the_options(cli: Cli, operations: FakeOperations) -> None:
    operations.error = samples.apply_error()
    result = cli("up", "-f", "my platform.yaml", "--simulate", "--yes", "--format", "human")
    assert "then `platform up -f 'my platform.yaml' --simulate` goes on from here" in result.stderr


def test_a_bug_is_one_sentence_without_its_message(cli: Cli, operations: FakeOperations) -> None:
    operations.error = KeyError(samples.CANARY)
    result = cli("preview")
    assert result.exit_code == 1
    assert "Internal fault (a bug of platform-pulumi): KeyError at conftest.py:" in result.stderr
    assert samples.CANARY not in result.output
    assert "Traceback" not in result.output
    assert json.loads(cli("preview", "--format", "json").stdout)["error"]["code"] == "P1000"


@pytest.mark.parametrize("arguments", [["preview", "--debug"], ["--debug", "preview"]])
def test_debug_shows_the_traceback(arguments: list[str], cli: Cli, operations: FakeOperations) -> None:
    operations.error = KeyError("what")
    assert "Traceback" in cli(*arguments).stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled("Cancelled")])
@pytest.mark.parametrize("form", ["human", "json"])
def test_an_interrupt_is_exit_130_wherever_it_came(
    error: BaseException, form: str, cli: Cli, operations: FakeOperations
) -> None:
    operations.error = error
    result = cli("preview", "--format", form)
    assert result.exit_code == 130
    assert result.stdout == ""
    assert result.stderr.endswith("\nerror: Interrupted\n")


def test_a_reader_that_left_is_no_error(cli: Cli, operations: FakeOperations) -> None:
    operations.error = BrokenPipeError()
    result = cli("preview")
    assert result.exit_code == 141
    assert "error" not in result.output


@pytest.mark.parametrize("format_", ["human", "json", "markdown"])
@pytest.mark.parametrize("verb", [*READING, *APPLYING, "doctor"])
def test_every_result_in_every_format(verb: str, format_: str, cli: Cli, operations: FakeOperations) -> None:
    operations.diagnosis = samples.diagnosis(Status.WARNING)
    result = cli(verb, "--format", format_, *(["--yes"] if verb in APPLYING else []))
    assert result.exit_code == 0, result.output
    assert samples.CANARY not in result.output
    if format_ == "json":
        assert isinstance(json.loads(result.stdout), dict)
    if format_ == "markdown":
        assert result.stdout.startswith(("#", "|", "platform.yaml is valid"))
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n")


def test_stdout_carries_the_result_alone(cli: Cli) -> None:
    result = cli("preview", "--format", "json")
    assert json.loads(result.stdout) == document.write(samples.from_nothing())
    assert "1 infrastructure  previewed" in result.stderr


def test_up_shows_the_plan_where_the_person_is(cli: Cli) -> None:
    assert "Plan 01KAP3M9" in cli("up", "--yes").stdout
    machine = cli("up", "--yes", "--format", "json")
    assert json.loads(machine.stdout)["schema"] == "platform-applied/v1"
    assert "Plan 01KAP3M9" in machine.stderr


def test_out_writes_the_whole_file_or_none(cli: Cli, tmp_path: Path) -> None:
    result = cli("preview", "--format", "json", "--out", "plan.json")
    written = tmp_path / "plan.json"
    assert result.stdout == ""
    assert "Written to plan.json" in result.stderr
    assert json.loads(written.read_text())["id"] == "01KAP3M9"
    assert stat.S_IMODE(written.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@pytest.mark.parametrize("where", ["no/such/folder.json", "/dev/null/x"])
def test_out_that_cannot_be_written_is_exit_2(where: str, cli: Cli) -> None:
    result = cli("preview", "--out", where)
    assert result.exit_code == 2
    assert "The result cannot be written" in result.stderr


def test_out_leaves_nothing_behind_where_the_name_is_taken(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    assert cli("schema", "--out", "taken").exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("verb", "make", "expected"),
    [
        ("preview", samples.changed, 7),
        ("preview", samples.nothing, 0),
        ("up", samples.from_nothing, 7),
        ("up", samples.nothing, 0),
    ],
)
def test_detailed_exit_code(
    verb: str, make: Callable[[], Any], expected: int, cli: Cli, operations: FakeOperations
) -> None:
    operations.plan = make()
    operations.applied = Applied(make(), ())
    arguments = ["--yes"] if verb == "up" else []
    assert cli(verb, *arguments).exit_code == 0
    assert cli(verb, *arguments, "--detailed-exitcode").exit_code == expected


@pytest.mark.parametrize(
    ("arguments", "declared", "expected"),
    [
        ([], "aws", 2),
        (["--provider", "aws"], "mock", 2),
        (["--simulate"], "aws", 0),
        (["--provider", "mock"], "aws", 0),
        ([], "mock", 0),
    ],
)
def test_faults_are_for_simulated_runs_only(
    arguments: list[str], declared: str, expected: int, cli: Cli, operations: FakeOperations, tmp_path: Path
) -> None:
    operations.platform = replace(operations.platform, providers=(ProviderDeclaration(declared),))
    faults = tmp_path / "faults.yaml"
    faults.touch()
    result = cli("preview", "--simulate-config", str(faults), *arguments)
    assert result.exit_code == expected
    assert ("--simulate-config needs --simulate" in result.stderr) == (expected == 2)


@pytest.mark.parametrize("verb", ["validate", "preview"])
def test_a_pipe_is_read_once(verb: str, cli: Cli, operations: FakeOperations, tmp_path: Path) -> None:
    """To see whether simulated faults fit, and then by the command: the second reader of a pipe finds nothing."""
    operations.platform = replace(operations.platform, providers=(ProviderDeclaration("mock"),))
    faults = tmp_path / "faults.yaml"
    faults.touch()
    reader, writer = os.pipe()
    os.write(writer, b"platform: {}\n")
    os.close(writer)
    assert cli(verb, "-f", f"/dev/fd/{reader}", "--simulate-config", str(faults)).exit_code == 0
    os.close(reader)
    last = operations.tasks[-1]
    declared = last.declared if isinstance(last, Task) else last
    assert [document.text for document in declared.documents] == ["platform: {}\n"]


def test_faults_that_cannot_be_read_are_told(cli: Cli, operations: FakeOperations) -> None:
    result = cli("preview", "--simulate", "--simulate-config", "none.yaml")
    assert result.exit_code == 2
    assert "File cannot be read" in result.stderr
    assert "none.yaml" in result.stderr
    assert operations.tasks == []


def test_the_next_command_has_the_same_options(cli: Cli) -> None:
    result = cli(
        "preview", "-f", "a b.yaml", "--simulate", "--tier", "2", "--set", "image=x", "--format", "human",
        "--backend", "postgres://me:hunter2@db/state?password=hunter3&x=1", "--detailed-exitcode",
    )  # fmt: skip
    command = next(line for line in result.stdout.splitlines() if line.startswith("Next: "))
    expected = "-f 'a b.yaml' --tier shared_primitives --set image=VALUE --simulate"
    assert command == f"Next: platform up {expected} --backend 'postgres://me:***@db/state?password=***&x=1'"


@pytest.mark.parametrize("form", CREDENTIALS)
def test_no_next_command_holds_credentials(form: str, cli: Cli, canary: str) -> None:
    text = form.replace("{}", canary.replace("-", ""))
    given = ["--set", f"url={text}", "--backend", text, "-f", text, "--provider", text, "--app", text]
    result = cli("preview", *given, "--simulate")
    assert "--set url=VALUE" in result.stdout
    assert canary.replace("-", "") not in result.output


@pytest.mark.parametrize("name", ["x", *SECRET_NAMES])
def test_no_next_command_holds_a_value(name: str, cli: Cli, canary: str) -> None:
    for arguments in (("preview",), ("preview", "--format", "markdown"), ("status",)):
        result = cli(*arguments, "--set", f"{name}={canary}", "--set", "other=b=c")
        assert f"--set {name}=VALUE --set other=VALUE" in result.stdout
        assert canary not in result.output


@pytest.mark.parametrize("verb", ["preview", "up", "export"])
def test_misuse_repeats_no_value_of_a_secret(verb: str, cli: Cli, canary: str) -> None:
    for word in (f"db_password={canary}", f"postgres://me:{canary}@db/app"):
        result = cli(verb, "compose", word)
        assert result.exit_code == 2
        assert "unexpected extra argument" in result.stderr
        assert canary not in result.output


@pytest.mark.parametrize("form", ["human", "json"])
def test_what_others_say_is_told_without_credentials(
    form: str, cli: Cli, operations: FakeOperations, canary: str
) -> None:
    said = f"dial tcp: postgres://me:{canary}@db/state does not answer"
    problem = Problem("P6010", "The engine failed", f"api: {said}")
    for operations.error in (EngineError("It failed", said), EngineError("It failed", "", [problem])):
        result = cli("preview", "--format", form)
        assert result.exit_code == 6
        assert "does not answer" in " ".join(result.output.split())
        assert canary not in result.output


@pytest.mark.parametrize(("providers", "count"), [([], 2), (["aws"], 1), (["aws", "mock"], 2)])
def test_fidelity_of_providers(providers: list[str], count: int, cli: Cli) -> None:
    document = json.loads(cli("fidelity", *providers, "--format", "json").stdout)
    assert len(document["providers"]) == count
    assert "--all lists them" in cli("fidelity", *providers).stdout
    assert "cidr" in cli("fidelity", *providers, "--all").stdout


def test_schema(cli: Cli) -> None:
    assert "$schema" in json.loads(cli("schema").stdout)


@pytest.mark.parametrize(("worst", "expected"), [(Status.OK, 0), (Status.WARNING, 0), (Status.ERROR, 6)])
def test_doctor(worst: Status, expected: int, cli: Cli, operations: FakeOperations) -> None:
    operations.diagnosis = samples.diagnosis(worst)
    result = cli("doctor", "--install")
    assert result.exit_code == expected
    assert ("install", True) in operations.calls
    assert "looking around" in result.stderr


def test_colour_only_on_a_terminal_that_wants_it(cli: Cli) -> None:
    assert "\x1b[" not in cli("preview").output
    cli.terminal = Terminal(colour_out=True)
    assert "\x1b[1mPlan" in cli("preview").stdout
    assert "\x1b[" not in cli("preview", "--format", "json").stdout


@pytest.mark.parametrize("error", [InputError("Wrong"), ConstraintError("Violated"), RefusedError("Refused")])
def test_what_was_applied_is_never_said_to_be_untouched(
    error: PlatformError, cli: Cli, operations: FakeOperations
) -> None:
    operations.error, operations.late = error, True
    human = cli("up", "--yes", "-f", "p.yaml").stderr
    assert "Nothing was touched" not in human
    assert human.endswith("What was done until then stands and is recorded; `platform status -f p.yaml` shows it.\n")
    machine = json.loads(cli("up", "--yes", "--format", "json").stdout)
    assert machine["error"]["detail"].endswith("`platform status` shows it.")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled("Cancelled")])
def test_an_interrupt_says_what_stands_and_what_goes_on(
    error: BaseException, cli: Cli, operations: FakeOperations
) -> None:
    operations.error = error
    for verb in ("up", "destroy"):
        result = cli(verb, "--yes", "--simulate")
        assert result.exit_code == 130
        said = " ".join(result.stderr.split())
        assert said.endswith(
            "error: Interrupted What was done until then stands and is recorded; "
            f"`platform {verb} --simulate` goes on from there."
        )
    operations.plan = samples.nothing()
    operations.plan = replace(operations.plan, tiers=())
    assert cli("up", "--yes").stderr.endswith("error: Interrupted\n   Nothing was touched.\n")
