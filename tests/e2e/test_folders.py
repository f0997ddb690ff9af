"""Folders with names that a URL, a shell or a line would take for something else, through the installed command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.conftest import Project
from tests.e2e.test_streams import SMALL, active

#: All that a URL escapes or ends with, and what no line or encoding can hold.
STRANGE = ("per%20cent", "-a?b#c% d&'\"\\ü\n\u202e", os.fsdecode(b"\xff"))


@pytest.mark.parametrize("name", STRANGE)
def test_a_whole_life_in_a_strange_folder(tmp_path: Path, name: str) -> None:
    project = Project(tmp_path / name)
    project.folder.mkdir()
    project.file.write_text(SMALL, encoding="utf-8")
    temporary = f"tmp{name}".encode(errors="ignore").decode()  # Pulumi itself runs there: it takes UTF-8 alone
    (tmp_path / temporary).mkdir()
    env = {"PLATFORM_HOME": f"home{name}", "TMPDIR": str(tmp_path / temporary)}
    done = project.run("up", "--yes", "--simulate", env=env)
    assert done.returncode == 0, done.stderr
    assert project.json("status", "--simulate", env=env)["tiers"][0]["capabilities"][0]["state"] == "active"
    done = project.run("destroy", "--yes", "--simulate", "--allow-data-loss", "jobs", env=env)
    assert done.returncode == 0, done.stderr
    left = sorted(path.name for path in project.folder.iterdir())
    assert left == [f"home{name}", "platform.yaml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, temporary])


def test_a_file_of_a_strange_name_and_a_backend_of_one(tmp_path: Path) -> None:
    project = Project(tmp_path)
    file = tmp_path / "-a:1:2?%20#\n.yaml"
    file.write_text(SMALL, encoding="utf-8")
    arguments = ("--simulate", "-f", f"./{file.name}", "--backend", "file://./st%3Fa%23t%2520e")
    assert project.run("up", "--yes", *arguments).returncode == 0
    assert (tmp_path / "st?a#t%20e" / "simulated" / ".pulumi").is_dir()
    assert active(project, *arguments) == {"net", "jobs"}
