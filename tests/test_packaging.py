"""The wheel carries what it must, the lock what it promises, and the two entry points are there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_three_packages_and_no_more(wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"platform_pulumi", "components", "stacks"}
    assert {f"{package}/py.typed" for package in ("platform_pulumi", "components", "stacks")} <= wheel


def test_the_wheel_holds_the_module_the_cli_is_built_from(wheel: set[str]) -> None:
    assert {f"platform_pulumi/engine/pulumi_cli/{name}" for name in ("go.mod", "go.sum", "tools.go")} <= wheel


def test_the_wheel_holds_every_module_of_the_packages(wheel: set[str]) -> None:
    sources = {
        str(path.relative_to(ROOT))
        for package in ("platform_pulumi", "components", "stacks")
        for path in (ROOT / package).rglob("*.py")
    }
    assert sources <= wheel


def test_every_entry_point_loads() -> None:
    for group in ("platform_pulumi.providers", "platform_pulumi.tiers"):
        declared = PROJECT["project"]["entry-points"][group]
        installed = {entry.name: entry for entry in entry_points(group=group)}
        assert declared.keys() <= installed.keys(), "make env"
        assert all(installed[name].load() is not None for name in declared)


def test_both_commands_are_the_same() -> None:
    scripts = {entry.name: entry.value for entry in entry_points(group="console_scripts")}
    assert scripts["platform"] == scripts["platform-pulumi"] == "platform_pulumi.cli:main"


def test_the_lock_has_hashes_and_no_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert all("--hash=sha256:" in entry and "==" in entry for entry in entries)
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|--trusted|#)", LOCK, re.MULTILINE)


def test_the_lock_holds_every_dependency() -> None:
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)}
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    wanted += PROJECT["build-system"]["requires"]
    assert {re.match(r"[\w.-]+", line)[0] for line in wanted} <= locked


def test_nothing_loads_pulumi_when_the_command_starts() -> None:
    code = "import sys, platform_pulumi.cli; print([m for m in sys.modules if m.split('.')[0].startswith('pulumi')])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
