"""`platform export`: where text and secrets go, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from platform_pulumi.declarations.documents import Declared, read_documents
from platform_pulumi.errors import InputError
from platform_pulumi.model.value import Secret
from platform_pulumi.operations.task import Selection, Task
from platform_pulumi.sdk.export import MARK, Export, ExportedFile
from tests.cli.conftest import Cli, FakeOperations

TEXT = f"{MARK}compose` from platform.yaml\n"


@dataclass
class Exporting(FakeOperations):
    """Operations that export."""

    exported: Export = field(default_factory=lambda: Export(TEXT))
    outs: list[Path | None] = field(default_factory=list)
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def export(self, task: Task, form: str, out: Path | None, command: tuple[str, ...] = ()) -> Export:
        assert form == "compose"
        self.outs.append(out)
        self.commands.append(command)
        given: Export = self._given("export", task, self.exported)
        return given

    def export_forms(self) -> tuple[str, ...]:
        return ("compose",)


@pytest.fixture
def operations(canary: str) -> Exporting:
    return Exporting(exported=Export(TEXT, (ExportedFile("secrets/p/a.env", Secret(canary), secret=True),)))


def test_text_alone_goes_to_stdout(cli: Cli, canary: str, tmp_path: Path) -> None:
    result = cli("export", "compose")
    assert result.exit_code == 0
    assert result.stdout == TEXT
    assert "--out FILE only, to secrets/p/ beside it" in result.stderr
    assert canary not in result.output
    assert not list(tmp_path.iterdir())


def test_out_writes_all_of_it(cli: Cli, canary: str, tmp_path: Path) -> None:
    result = cli("export", "compose", "--out", "c.yaml")
    assert result.exit_code == 0
    assert not result.stdout
    assert "Written to c.yaml" in result.stderr
    assert "Secrets are in secrets/p/ beside it." in result.stderr
    assert canary not in result.output
    assert (tmp_path / "c.yaml").read_text() == TEXT
    assert (tmp_path / "secrets/p/a.env").read_text() == canary


def test_options_become_a_request(cli: Cli, operations: Exporting) -> None:
    cli("export", "compose", "-f", "a.yaml", "-f", "b.yaml", "--app", "api", "--set", "image=api:2", "--out", "c.yaml")
    cli("export", "compose")
    files = (Path("a.yaml"), Path("b.yaml"))
    assert operations.tasks == [
        Task(Declared(read_documents(files), {"image": "api:2"}), Selection(application="api")),
        Task(Declared(read_documents([Path("platform.yaml")]))),
    ]
    assert operations.outs == [Path("c.yaml"), None]


def test_the_command_that_repeats_it_holds_no_value(cli: Cli, operations: Exporting, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    cli("export", "compose", "-f", "in/a.yaml", "--app", "api", "--set", "password=canary-1", "--out", "out/c.yaml")
    cli("export", "compose")
    said = "platform export compose -f a.yaml --app api --set password=VALUE --out c.yaml"
    default = "platform export compose -f platform.yaml --out compose.yaml"
    assert operations.commands == [tuple(said.split()), tuple(default.split())]


def test_somebody_elses_file_stays(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("services: {}\n")
    result = cli("export", "compose", "--out", "c.yaml")
    assert result.exit_code == 2
    assert "--force to replace it" in " ".join(result.stderr.split())
    assert (tmp_path / "c.yaml").read_text() == "services: {}\n"
    assert not (tmp_path / "secrets").exists()
    assert cli("export", "compose", "--out", "c.yaml", "--force").exit_code == 0
    assert cli("export", "compose", "--out", "c.yaml").exit_code == 0
    assert (tmp_path / "c.yaml").read_text() == TEXT


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["helm"], "there is no form 'helm'; there is compose."),
        ([], "Missing argument 'FORM'"),
        (["compose", "--tier", "2"], "an export holds all tiers"),
        (["compose", "--set", "secret-4711"], "is not of the form NAME=VALUE"),
        (["compose", "--out", "no/such/c.yaml"], "cannot be written"),
    ],
)
def test_misuse(arguments: list[str], expected: str, cli: Cli) -> None:
    result = cli("export", *arguments)
    assert result.exit_code == 2
    assert expected in " ".join(result.stderr.split())
    assert not result.stdout


def test_a_refusal_has_its_exit_code(cli: Cli, operations: Exporting) -> None:
    operations.error = InputError("Wrong", "Because.")
    result = cli("export", "compose")
    assert result.exit_code == 2
    assert "Because." in result.stderr
