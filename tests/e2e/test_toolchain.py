"""The window of supported Pulumi CLIs, from a user's PATH: both ends of it work, and another version is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from platform_pulumi.engine.toolchain import NEWEST, OLDEST, Version, format_version
from tests import clis
from tests.e2e.conftest import UNMEASURED, Project, changes

pytestmark = pytest.mark.engine


def on_path(folder: Path) -> dict[str, str]:
    """The environment of somebody who has this CLI first on PATH."""
    return {"PATH": os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)]), **UNMEASURED}


def with_version(folder: Path, version: str) -> dict[str, str]:
    """The environment of somebody whose only CLI says that it has this version."""
    cli = folder / "bin" / "pulumi"
    cli.parent.mkdir()
    cli.write_text(f"#!/bin/sh\necho v{version}\n", encoding="utf-8")
    cli.chmod(0o755)
    return {"PATH": f"{cli.parent}:/usr/bin:/bin", "XDG_CACHE_HOME": str(folder), "PULUMI_HOME": str(folder / "home")}


@pytest.mark.slow("a whole life: a plan, two applies, a plan and a destroy")
def test_a_whole_life_on_the_oldest_cli(project: Project) -> None:
    env = on_path(clis.oldest().parent)
    checks = project.json("doctor", env=env)["checks"]
    assert [c["found"].split()[0] for c in checks if c["name"] == "pulumi cli"] == [format_version(OLDEST)]
    planned = changes(project.json("preview", "--simulate", env=env))
    assert {action for _, action, _, _ in planned} == {"create"}
    applied = project.run("up", "--simulate", "--yes", env=env)
    assert applied.returncode == 0, applied.stderr
    project.replace("storage_gb: 100", "storage_gb: 200")
    update = ("shared_primitives", "update", "shared-postgres", "aws:rds/instance:Instance")
    assert changes(project.json("preview", "--simulate", env=env)) == [update]
    applied = project.run("up", "--simulate", "--yes", env=env)
    assert applied.returncode == 0, applied.stderr
    # The other end of the window goes on from there, whatever both of them write.
    assert changes(project.preview("--refresh")) == []
    loss = ("--allow-data-loss", "shared-postgres", "--allow-data-loss", "event-queue")
    destroyed = project.run("destroy", "--simulate", "--yes", *loss, env=env)
    assert destroyed.returncode == 0, destroyed.stderr
    assert not list(project.home.glob("simulated/.pulumi/stacks/*/*.json"))


def test_the_newest_cli_is_what_this_project_gets_for_itself(project: Project) -> None:
    """`make cli` has brought it; a developer's own one, if there is one, goes first."""
    checks = [c for c in project.json("doctor")["checks"] if c["name"] == "pulumi cli"]
    found = checks[-1]
    assert found["status"] == "ok"
    assert format_version(NEWEST) in found["found"] or "from cache" not in found["found"]


def neighbours() -> list[str]:
    """The versions just outside the window, and further away."""
    before: Version = (OLDEST[0], OLDEST[1] - 1, 99)
    after: Version = (NEWEST[0], NEWEST[1], NEWEST[2] + 1)
    return [format_version(before), format_version(after), "3.300.0", "4.0.0"]


@pytest.mark.parametrize("version", neighbours())
def test_a_version_outside_is_refused_with_what_to_do(project: Project, version: str) -> None:
    env = with_version(project.folder, version)
    for command in ("preview", "up", "destroy"):
        done = project.run(command, "--simulate", env=env)
        said = " ".join(done.stderr.split())
        assert done.returncode == 6, said
        assert "The Pulumi CLI is not supported" in said
        assert version in said
        assert f"Pulumi CLI {format_version(OLDEST)} to {format_version(NEWEST)}" in said
        assert "platform doctor --install" in said
    assert not project.home.exists()
    diagnosed = project.run("doctor", env=env)
    said = " ".join(diagnosed.stdout.split())
    assert diagnosed.returncode == 6
    assert f"{version} (PATH), not used" in said
    assert f"none that is supported: {format_version(OLDEST)} to {format_version(NEWEST)}" in said
    assert "platform doctor --install" in said
