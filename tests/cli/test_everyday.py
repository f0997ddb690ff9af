"""status, logs, open, scale and what doctor asks: the screens, and what becomes of options and errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from platform_pulumi.cli.next_step import command_line
from platform_pulumi.cli.output import json_text
from platform_pulumi.cli.session import Terminal, detect
from platform_pulumi.cli.views.document import results
from platform_pulumi.cli.views.document import status as status_document
from platform_pulumi.cli.views.human import scaled as scaled_view
from platform_pulumi.cli.views.human import status as status_view
from platform_pulumi.cli.views.markdown import status as status_markdown
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.status import LiveState, ResourceState, StatusReport
from platform_pulumi.operations.logs import LogOptions
from platform_pulumi.sdk.runtime import LogLine
from tests.cli import everyday, samples
from tests.cli.conftest import Cli, FakeOperations

Golden = Callable[[str, str], None]
REPORTS = {
    "status_well": everyday.well, "status_night": everyday.status, "status_not_asked": everyday.not_asked,
    "status_hostile": everyday.hostile,
}  # fmt: skip


def next_step(verb: str, *more: str) -> str:
    return command_line(verb, ("-f", "local.yaml"), *more)


@pytest.mark.parametrize("name", REPORTS)
def test_status(name: str, golden: Golden) -> None:
    report: StatusReport = REPORTS[name]()
    golden(f"{name}.txt", status_view.status(report, next_step).text())
    golden(f"{name}.md", status_markdown.status(report))
    golden(f"{name}.json", json_text(status_document.status(report)))


def test_colour_only_repeats_the_words(golden: Golden) -> None:
    coloured = status_view.status(everyday.status(), next_step).text(colour=True)
    golden("status_night_colour.txt", coloured)


def test_a_status_is_no_error_unless_asked_to_be(cli: Cli, operations: FakeOperations) -> None:
    assert cli("status").exit_code == 0
    assert cli("status", "--detailed-exitcode").exit_code == 7
    operations.how = everyday.well()
    assert cli("status", "--detailed-exitcode").exit_code == 0


def test_a_status_repeats_the_options_in_what_to_type(cli: Cli) -> None:
    assert "Next: platform logs -f local.yaml api-service" in cli("status", "-f", "local.yaml").stdout


def test_log_lines_carry_their_names_and_no_escapes(cli: Cli) -> None:
    result = cli("logs", "api-service")
    assert result.stdout == (
        "api-service-1  | listening on :8080\n"
        "api-service-10 | listening on :8080\n"
        "api-service-1  | red\\x1b[2J\\x07\n"
        "api-service-10 | red\\x1b[2J\\x07\n"
    )
    assert result.stderr == "note: api-service-2: removed by somebody\n"


def test_a_single_log_is_as_it_was_written(cli: Cli, operations: FakeOperations) -> None:
    operations.said = everyday.logs("db")
    assert cli("logs", "db").stdout == "listening on :8080\nred\\x1b[2J\\x07\n"


def test_log_lines_as_json(cli: Cli) -> None:
    lines = [json.loads(line) for line in cli("logs", "api-service", "--format", "json").stdout.splitlines()]
    assert lines[0] == {"source": "api-service-1", "text": "listening on :8080"}
    assert lines[2]["text"] == "\x1b[31mred\x1b[0m\x1b[2J\x07"


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], LogOptions(tail=100)),
        (["--tail", "5"], LogOptions(tail=5)),
        (["--since", "10m"], LogOptions(seconds=600)),
        (["--since", "1d", "--tail", "0", "--follow", "--all"], LogOptions(True, 0, 86400, True)),
    ],
)
def test_which_lines(arguments: list[str], wanted: LogOptions, cli: Cli, operations: FakeOperations) -> None:
    assert cli("logs", "api", *arguments).exit_code == 0
    assert ("api", wanted) in operations.calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["logs"], "Missing argument 'CAPABILITY'"),
        (["logs", "api", "--since", "soon"], "'soon' is not a duration such as 30s, 10m, 2h or 1d."),
        (["logs", "api", "--tail", "-1"], "-1 is not in the range x>=0"),
        (["logs", "api", "--format", "markdown"], "'markdown' is not one of"),
        (["scale", "api"], "Missing option '--replicas'"),
        (["scale", "api", "--replicas", "many"], "'many' is not a valid integer"),
        (["open"], "Missing argument 'CAPABILITY'"),
    ],
)
def test_misuse(arguments: list[str], said: str, cli: Cli) -> None:
    result = cli(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments", [["status"], ["logs", "api"], ["open", "api"], ["scale", "api", "--replicas", "2", "--yes"]]
)
def test_errors_become_exit_codes(arguments: list[str], cli: Cli, operations: FakeOperations) -> None:
    for error in (InputError("Unknown capability", "No."), EngineError("A provider does not answer", "Start it.")):
        operations.error = error
        assert cli(*arguments).exit_code == error.exit_code
        machine = cli(*arguments, "--format", "json")
        assert json.loads(machine.stdout)["error"]["code"] == error.code


def test_ctrl_c_while_following_is_exit_130(cli: Cli, operations: FakeOperations) -> None:
    def lines() -> Iterator[LogLine]:
        yield LogLine("api-1", "one")
        raise KeyboardInterrupt

    operations.said = replace(everyday.logs("api-1"), lines=lines())
    result = cli("logs", "api", "--follow")
    assert result.exit_code == 130
    assert result.stdout == "one\n"
    assert "Interrupted" in result.stderr


def test_a_daemon_that_goes_away_while_following_is_told(cli: Cli, operations: FakeOperations) -> None:
    def lines() -> Iterator[LogLine]:
        yield LogLine("api-1", "one")
        summary = "Docker refused"
        raise EngineError(summary, "It went away.")

    operations.said = replace(everyday.logs("api-1"), lines=lines())
    result = cli("logs", "api", "--follow")
    assert result.exit_code == 6
    assert "It went away." in result.stderr


SCREEN = Terminal(interactive=True, display=True)


def test_a_web_page_is_opened_where_there_is_a_display(cli: Cli) -> None:
    cli.terminal = SCREEN
    result = cli("open", "api-service")
    assert cli.launched == ["http://api.localhost:8080"]
    assert (result.stdout, result.stderr) == ("http://api.localhost:8080\n", "Opened in the browser.\n")


@pytest.mark.parametrize(
    ("terminal", "arguments"),
    [
        (Terminal(), []),
        (Terminal(interactive=True), []),
        (SCREEN, ["--print"]),
        (SCREEN, ["--format", "json"]),
        (SCREEN, ["--out", "where.txt"]),
    ],
)
def test_elsewhere_it_is_printed(terminal: Terminal, arguments: list[str], cli: Cli) -> None:
    cli.terminal = terminal
    assert cli("open", "api-service", *arguments).exit_code == 0
    assert cli.launched == []


def test_what_no_browser_opens_is_explained(cli: Cli, operations: FakeOperations) -> None:
    cli.terminal = SCREEN
    why = "shared-postgres speaks postgresql, not HTTP: 127.0.0.1:5432 is for its clients, not for a browser."
    operations.where = replace(everyday.address(), endpoint="127.0.0.1:5432", web=False, why_not=why)
    result = cli("open", "shared-postgres")
    assert cli.launched == []
    assert (result.exit_code, result.stdout, result.stderr) == (0, "127.0.0.1:5432\n", f"{why}\n")
    assert json.loads(cli("open", "shared-postgres", "--format", "json").stdout)["whyNot"] == why


def test_no_display_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("DISPLAY", ":0")
    assert not detect().display


def test_scale(golden: Golden) -> None:
    for name, value in {
        "scaled": everyday.scaled(),
        "scaled_unwritten": everyday.scaled(1, written=False),
        "scaled_same": everyday.scaled(5),
    }.items():
        golden(f"{name}.txt", scaled_view.scaled(value).text())
    nothing = replace(everyday.scaled(5), applied=replace(everyday.scaled().applied, plan=samples.nothing()))
    assert scaled_view.lasting_text(nothing) == (
        "Nothing to do: api-service has 5 replicas already, as platform.yaml:52 says."
    )
    golden("scaled.json", json_text(results.scaled(everyday.scaled())))


def test_scale_asks_as_up_does_and_says_how_long_it_lasts(cli: Cli, operations: FakeOperations) -> None:
    result = cli("scale", "api-service", "--replicas", "5", "--yes")
    assert result.exit_code == 0
    assert ("api-service", 5) in operations.calls
    assert result.stdout.startswith("Plan 01KAP3M9")
    assert "platform.yaml:52 still says replicas: 2" in result.stdout
    assert cli("scale", "api-service", "--replicas", "5").exit_code == 4
    markdown = cli("scale", "api-service", "--replicas", "5", "--yes", "--format", "markdown").stdout
    assert "still says replicas: 2" in markdown


def test_a_failed_scale_can_be_repeated(cli: Cli, operations: FakeOperations) -> None:
    operations.error = samples.apply_error()
    result = cli("scale", "-f", "local.yaml", "api-service", "--replicas", "5", "--yes")
    assert "platform scale" in result.stderr
    again = next(line for line in result.stderr.splitlines() if "platform scale" in line)
    assert all(word in again for word in ("api-service", "-f local.yaml", "--replicas 5"))


def test_doctor_passes_its_files_on(cli: Cli, operations: FakeOperations) -> None:
    cli("doctor", "-f", "a.yaml", "-f", "b.yaml")
    assert ("documents", "a.yaml", "b.yaml") in operations.calls
    cli("doctor")
    assert ("documents",) in operations.calls


def test_where_only_the_gateway_is_broken_its_log_is_named(cli: Cli, operations: FakeOperations) -> None:
    broken = LiveState(ResourceState.FAILED, detail="exited with code 1")
    resources = (everyday.resource("api-service-1"), everyday.resource("api-service-gateway", broken))
    found = everyday.capability("api-service", "container_runtime", 52, *resources)
    operations.how = replace(everyday.well(), tiers=(replace(everyday.well().tiers[2], capabilities=(found,)),))
    assert "Next: platform logs api-service --all\n" in cli("status").stdout
