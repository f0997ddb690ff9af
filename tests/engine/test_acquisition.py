from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from platform_pulumi.engine import acquisition
from platform_pulumi.engine.toolchain import NEWEST, OLDEST, Toolchain, Version, format_version
from platform_pulumi.errors import EngineError
from platform_pulumi.settings import Settings, read

ROOT = Path(__file__).parent.parent.parent


def test_install_takes_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho v3.262.0\n", encoding="utf-8")
    path.chmod(0o755)
    settings = read({"HOME": str(tmp_path / "home"), "PATH": str(path.parent)}, tmp_path)
    told: list[str] = []
    assert acquisition.install(settings, told.append).path == path
    assert told == []


def cached(settings: Settings, version: str) -> Path:
    """A CLI of that version in the user's cache."""
    path = settings.cache_dir / "pulumi" / f"v{version}" / "bin" / "pulumi"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho v{version}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def build_with(tmp_path: Path, script: str) -> Settings:
    """Settings of a machine without network, whose `go` is a script; it sees its arguments as Go would."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!/bin/sh\n{script}")
    go.chmod(0o755)
    return read({"HOME": str(tmp_path / "home"), "PATH": f"{go.parent}{os.pathsep}{os.defpath}"}, tmp_path)


def unreachable(target: Path, version: Version, progress: acquisition.Progress) -> bool:
    progress(f"no network: {target.name}")
    return False


def test_what_cannot_be_downloaded_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    assert not acquisition.download(tmp_path / "cli", (0, 0, 1), told.append), "there is no such version"
    assert told[0] == "Downloading the Pulumi CLI 0.0.1 with the SDK's installer ..."
    assert told[1].startswith("It cannot be downloaded here (")
    assert len(told) == 2
    assert list(tmp_path.iterdir()) == []


BUILDS = """
[ "$1" = env ] && { echo go1.26.0; exit; }
echo built >> "$HOME.builds"
while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
mkdir -p "$(dirname "$out")"
printf '#!/bin/sh\\necho v3.274.1\\n' > "$out"
chmod +x "$out"
"""


def test_install_builds_where_nothing_can_be_downloaded(tmp_path: Path) -> None:
    settings = build_with(tmp_path, BUILDS)
    told: list[str] = []
    found = acquisition.install(settings, told.append, downloading=unreachable)
    assert (found.version, found.source) == ("3.274.1", "cache")
    assert told[0].startswith("no network")
    assert "Building" in told[1]
    assert [path.name for path in (settings.cache_dir / "pulumi").iterdir() if path.is_dir()] == ["v3.274.1"]


def test_an_older_one_of_our_own_gives_way_to_the_newest(tmp_path: Path) -> None:
    settings = build_with(tmp_path, BUILDS)
    cached(settings, "3.259.0")
    found = acquisition.install(settings, lambda line: None, downloading=unreachable)
    assert (found.version, found.source) == ("3.274.1", "cache")


def test_an_older_one_of_our_own_stays_where_no_newer_can_be_had(tmp_path: Path) -> None:
    settings = read({"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "nowhere")}, tmp_path)
    kept = cached(settings, "3.259.0")
    told: list[str] = []
    assert acquisition.install(settings, told.append, downloading=unreachable).path == kept
    assert told[-1].endswith("The one of before stays: 3.259.0.")


def test_two_installs_at_once_build_once(tmp_path: Path) -> None:
    settings = build_with(tmp_path, BUILDS)
    found: list[Toolchain] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(acquisition.install(settings, lambda line: None, downloading=unreachable))
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
        acquisition.install(settings, lambda line: None, downloading=unreachable)
    assert "no such module" in raised.value.detail
    assert [path for path in (settings.cache_dir / "pulumi").iterdir() if path.is_dir()] == []


def test_go_too_old_or_missing_is_said(tmp_path: Path) -> None:
    settings = build_with(tmp_path, "echo go1.19.8\n")
    with pytest.raises(EngineError) as raised:
        acquisition.install(settings, lambda line: None, downloading=unreachable)
    assert "Go 1.19.8 is too old" in raised.value.detail
    without = read({"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "nowhere")}, tmp_path)
    with pytest.raises(EngineError) as raised:
        acquisition.install(without, lambda line: None, downloading=unreachable)
    assert "there is no Go here" in raised.value.detail


@pytest.mark.parametrize(
    ("module", "version"), [(acquisition.MODULE, NEWEST), (ROOT / "tools" / "pulumi-oldest", OLDEST)]
)
def test_the_modules_pin_both_ends_of_the_window(module: Path, version: Version) -> None:
    pinned = f"github.com/pulumi/pulumi/pkg/v3 v{format_version(version)}"
    assert f"require {pinned}\n" in (module / "go.mod").read_text(encoding="utf-8")
    assert f"{pinned} h1:" in (module / "go.sum").read_text(encoding="utf-8")
