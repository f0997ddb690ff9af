from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from platform_pulumi.engine import toolchain
from platform_pulumi.errors import EngineError
from platform_pulumi.settings import Settings, read

MakeCli = Callable[[Path, str], Path]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environment = {"HOME": str(tmp_path / "home"), "PATH": f"{tmp_path / 'bin'}{os.pathsep}{tmp_path / 'bin2'}"}
    return read(environment, tmp_path)


@pytest.fixture
def make_cli() -> MakeCli:
    """Makes a CLI that answers with a version and counts its starts in a file beside it."""

    def make(path: Path, version: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\necho started >> "{path}.starts"\necho "{version}"\n')
        path.chmod(0o755)
        return path

    return make


def starts(path: Path) -> int:
    counter = path.with_name(f"{path.name}.starts")
    return len(counter.read_text().splitlines()) if counter.exists() else 0


def test_the_places_are_looked_at_in_order(settings: Settings, tmp_path: Path, make_cli: MakeCli) -> None:
    def cached(version: str) -> Path:
        return make_cli(settings.cache_dir / "pulumi" / version / "bin" / "pulumi", version)

    kept = cached("v3.259.0")
    assert toolchain.find_cli(settings) == toolchain.Toolchain(kept, "3.259.0", "cache")
    latest = cached("v3.274.1")
    assert toolchain.find_cli(settings) == toolchain.Toolchain(latest, "3.274.1", "cache")
    older = make_cli(settings.pulumi_home / "versions" / "3.99.0" / "bin" / "pulumi", "v3.260.1")
    newer = make_cli(settings.pulumi_home / "versions" / "3.260.0" / "bin" / "pulumi", "v3.260.0")
    assert toolchain.find_cli(settings) == toolchain.Toolchain(newer, "3.260.0", "SDK")
    on_path = make_cli(tmp_path / "bin2" / "pulumi", "v3.261.0")
    assert toolchain.find_cli(settings) == toolchain.Toolchain(on_path, "3.261.0", "PATH")
    home = make_cli(settings.pulumi_home / "bin" / "pulumi", "v3.262.1-dev.3")
    assert toolchain.find_cli(settings) == toolchain.Toolchain(home, "3.262.1", "PULUMI_HOME")
    assert [one.path for one in toolchain.candidates(settings)] == [home, on_path, newer, older, latest, kept]


@pytest.mark.parametrize("version", ["v3.20.0", "v3.258.99", "v3.274.2", "v3.280.0", "v4.0.0"])
def test_an_unsupported_one_is_passed_over(settings: Settings, tmp_path: Path, make_cli: MakeCli, version: str) -> None:
    make_cli(tmp_path / "bin" / "pulumi", version)
    good = make_cli(tmp_path / "bin2" / "pulumi", "v3.259.0")
    assert toolchain.find_cli(settings).path == good


@pytest.mark.parametrize("version", ["v3.259.0", "v3.262.4", "v3.274.1"])
def test_the_window_includes_both_its_ends(settings: Settings, tmp_path: Path, make_cli: MakeCli, version: str) -> None:
    make_cli(tmp_path / "bin" / "pulumi", version)
    assert toolchain.find_cli(settings).version == version.removeprefix("v")


@pytest.mark.parametrize("version", ["v3.258.0", "v3.274.2", "v4.0.0", "v2.25.0", "no version at all", ""])
def test_without_a_supported_one_the_error_says_what_was_seen_and_what_to_do(
    settings: Settings, tmp_path: Path, make_cli: MakeCli, version: str
) -> None:
    path = make_cli(tmp_path / "bin" / "pulumi", version)
    with pytest.raises(EngineError, match="not supported") as raised:
        toolchain.find_cli(settings)
    seen = toolchain.format_version(parsed) if (parsed := toolchain.parse_version(version)) else "does not start"
    assert f"{path} ({seen})" in raised.value.detail
    assert "Pulumi CLI 3.259.0 to 3.274.1" in raised.value.detail
    assert "platform doctor --install" in raised.value.detail


def test_nothing_anywhere_is_an_error(settings: Settings) -> None:
    with pytest.raises(EngineError, match="missing"):
        toolchain.find_cli(settings)


def test_a_version_is_asked_for_once_and_again_when_the_file_changes(
    settings: Settings, tmp_path: Path, make_cli: MakeCli
) -> None:
    path = make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    assert [toolchain.find_cli(settings).version for _ in range(3)] == ["3.259.0"] * 3
    assert starts(path) == 1
    make_cli(path, "v3.260.10")
    assert toolchain.find_cli(settings).version == "3.260.10"
    assert starts(path) == 2


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"x": 1}', "\x00"])
def test_a_spoilt_version_cache_is_made_anew(
    settings: Settings, tmp_path: Path, make_cli: MakeCli, spoilt: str
) -> None:
    make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    settings.cache_dir.mkdir(parents=True)
    (settings.cache_dir / "cli-versions.json").write_text(spoilt)
    assert toolchain.find_cli(settings).version == "3.259.0"


def test_a_cache_that_cannot_be_written_does_not_matter(settings: Settings, tmp_path: Path, make_cli: MakeCli) -> None:
    make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    settings.cache_dir.parent.mkdir(parents=True)
    settings.cache_dir.write_text("a file where the folder should be")
    assert toolchain.find_cli(settings).version == "3.259.0"


def test_a_folder_or_a_file_that_is_not_executable_is_no_cli(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "bin" / "pulumi").mkdir(parents=True)
    (tmp_path / "bin2").mkdir()
    (tmp_path / "bin2" / "pulumi").write_text("not executable")
    assert list(toolchain.candidates(settings)) == []


def test_asking_for_the_version_leaves_the_users_pulumi_home_alone(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\nmkdir -p "$PULUMI_HOME/logs"\necho v3.259.0\n')
    path.chmod(0o755)
    assert toolchain.find_cli(settings).version == "3.259.0"
    assert not settings.pulumi_home.exists()


def test_we_never_ask_less_than_the_sdk_does() -> None:
    from pulumi.automation._minimum_version import _MINIMUM_VERSION

    asked = (_MINIMUM_VERSION.major, _MINIMUM_VERSION.minor, _MINIMUM_VERSION.patch)
    assert asked <= toolchain.OLDEST


@pytest.mark.engine
def test_the_cli_of_this_machine_is_what_it_says(pulumi_cli: toolchain.Toolchain) -> None:
    said = subprocess.run([pulumi_cli.path, "version"], capture_output=True, text=True, check=True).stdout
    assert said.strip().lstrip("v") == pulumi_cli.version
    assert pulumi_cli.supported
