from __future__ import annotations

import os
import subprocess
import threading
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
    cached = make_cli(settings.cache_dir / "pulumi" / "v3.259.0" / "bin" / "pulumi", "v3.259.0")
    assert toolchain.find(settings) == toolchain.Toolchain(cached, "3.259.0", "cache")
    older = make_cli(settings.pulumi_home / "versions" / "3.99.0" / "bin" / "pulumi", "v3.250.0")
    newer = make_cli(settings.pulumi_home / "versions" / "3.260.0" / "bin" / "pulumi", "v3.260.0")
    assert toolchain.find(settings) == toolchain.Toolchain(newer, "3.260.0", "SDK")
    on_path = make_cli(tmp_path / "bin2" / "pulumi", "v3.261.0")
    assert toolchain.find(settings) == toolchain.Toolchain(on_path, "3.261.0", "PATH")
    home = make_cli(settings.pulumi_home / "bin" / "pulumi", "v3.262.1-dev.3")
    assert toolchain.find(settings) == toolchain.Toolchain(home, "3.262.1", "PULUMI_HOME")
    assert [one.path for one in toolchain.candidates(settings)] == [home, on_path, newer, older, cached]


def test_an_unsupported_one_is_passed_over(settings: Settings, tmp_path: Path, make_cli: MakeCli) -> None:
    make_cli(tmp_path / "bin" / "pulumi", "v3.20.0")
    good = make_cli(tmp_path / "bin2" / "pulumi", "v3.259.0")
    assert toolchain.find(settings).path == good


@pytest.mark.parametrize("version", ["v3.199.9", "v4.0.0", "v2.25.0", "no version at all", ""])
def test_without_a_supported_one_the_error_says_what_was_seen_and_what_to_do(
    settings: Settings, tmp_path: Path, make_cli: MakeCli, version: str
) -> None:
    path = make_cli(tmp_path / "bin" / "pulumi", version)
    with pytest.raises(EngineError) as raised:
        toolchain.find(settings)
    assert str(path) in raised.value.detail
    assert "platform doctor --install" in raised.value.detail


def test_nothing_anywhere_is_an_error(settings: Settings) -> None:
    with pytest.raises(EngineError, match="missing"):
        toolchain.find(settings)


def test_a_version_is_asked_for_once_and_again_when_the_file_changes(
    settings: Settings, tmp_path: Path, make_cli: MakeCli
) -> None:
    path = make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    assert [toolchain.find(settings).version for _ in range(3)] == ["3.259.0"] * 3
    assert starts(path) == 1
    make_cli(path, "v3.260.10")
    assert toolchain.find(settings).version == "3.260.10"
    assert starts(path) == 2


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"x": 1}', "\x00"])
def test_a_spoilt_version_cache_is_made_anew(
    settings: Settings, tmp_path: Path, make_cli: MakeCli, spoilt: str
) -> None:
    make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    settings.cache_dir.mkdir(parents=True)
    (settings.cache_dir / "cli-versions.json").write_text(spoilt)
    assert toolchain.find(settings).version == "3.259.0"


def test_a_cache_that_cannot_be_written_does_not_matter(settings: Settings, tmp_path: Path, make_cli: MakeCli) -> None:
    make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    settings.cache_dir.parent.mkdir(parents=True)
    settings.cache_dir.write_text("a file where the folder should be")
    assert toolchain.find(settings).version == "3.259.0"


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
    assert toolchain.find(settings).version == "3.259.0"
    assert not settings.pulumi_home.exists()


def test_install_takes_what_is_there(settings: Settings, tmp_path: Path, make_cli: MakeCli) -> None:
    path = make_cli(tmp_path / "bin" / "pulumi", "v3.259.0")
    told: list[str] = []
    assert toolchain.install(settings, told.append).path == path
    assert told == []


def build_with(tmp_path: Path, script: str) -> Settings:
    """Settings of a machine without network, whose `go` is a script; it sees its arguments as Go would."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!/bin/sh\n{script}")
    go.chmod(0o755)
    return read({"HOME": str(tmp_path / "home"), "PATH": f"{go.parent}{os.pathsep}{os.defpath}"}, tmp_path)


def unreachable(target: Path, progress: toolchain.Progress) -> bool:
    progress(f"no network: {target.name}")
    return False


BUILDS = """
[ "$1" = env ] && { echo go1.26.0; exit; }
echo built >> "$HOME.builds"
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
mkdir -p "$(dirname "$out")"
printf '#!/bin/sh\\necho v3.259.0\\n' > "$out"
chmod +x "$out"
"""


def test_install_builds_where_nothing_can_be_downloaded(tmp_path: Path) -> None:
    settings = build_with(tmp_path, BUILDS)
    told: list[str] = []
    found = toolchain.install(settings, told.append, download=unreachable)
    assert (found.version, found.source) == ("3.259.0", "cache")
    assert told[0].startswith("no network")
    assert "Building" in told[1]
    assert [path.name for path in (settings.cache_dir / "pulumi").iterdir() if path.is_dir()] == ["v3.259.0"]


def test_two_installs_at_once_build_once(tmp_path: Path) -> None:
    settings = build_with(tmp_path, BUILDS)
    found: list[toolchain.Toolchain] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(toolchain.install(settings, lambda line: None, download=unreachable))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert (tmp_path / "home.builds").read_text() == "built\n"


def test_a_build_that_fails_leaves_nothing_and_says_what_go_said(tmp_path: Path) -> None:
    settings = build_with(tmp_path, '[ "$1" = env ] && { echo go1.26.0; exit; }\necho "no such module" >&2; exit 1\n')
    with pytest.raises(EngineError) as raised:
        toolchain.install(settings, lambda line: None, download=unreachable)
    assert "no such module" in raised.value.detail
    assert [path for path in (settings.cache_dir / "pulumi").iterdir() if path.is_dir()] == []


def test_go_too_old_or_missing_is_said(tmp_path: Path) -> None:
    settings = build_with(tmp_path, "echo go1.19.8\n")
    with pytest.raises(EngineError) as raised:
        toolchain.install(settings, lambda line: None, download=unreachable)
    assert "Go 1.19.8 is too old" in raised.value.detail
    without = read({"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "nowhere")}, tmp_path)
    with pytest.raises(EngineError) as raised:
        toolchain.install(without, lambda line: None, download=unreachable)
    assert "there is no Go here" in raised.value.detail


def test_the_module_pins_what_is_tested() -> None:
    text = (toolchain.MODULE / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{toolchain.dotted(toolchain.TESTED)}" in text
    assert (
        f"github.com/pulumi/pulumi/pkg/v3 v{toolchain.dotted(toolchain.TESTED)} h1:"
        in (toolchain.MODULE / "go.sum").read_text()
    )


def test_we_never_ask_less_than_the_sdk_does() -> None:
    from pulumi.automation._minimum_version import _MINIMUM_VERSION

    asked = (_MINIMUM_VERSION.major, _MINIMUM_VERSION.minor, _MINIMUM_VERSION.patch)
    assert asked <= toolchain.MINIMUM


@pytest.mark.engine
def test_the_cli_of_this_machine_is_what_it_says(pulumi_cli: toolchain.Toolchain) -> None:
    said = subprocess.run([pulumi_cli.path, "version"], capture_output=True, text=True, check=True).stdout
    assert said.strip().lstrip("v") == pulumi_cli.version
    assert pulumi_cli.supported
