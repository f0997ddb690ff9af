"""Files that are replaced: whole or as before, with their permissions, and nothing left beside them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from types import FrameType

import pytest

from platform_pulumi.atomic_file import replace_file


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("content", ["größer\n", b"\x00\xff"])
def test_a_file_is_written_and_replaced(tmp_path: Path, content: str | bytes, durable: bool) -> None:
    path = tmp_path / "state.json"
    path.write_text("before")
    replace_file(path, content, durable=durable)
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("durable", [False, True])
def test_a_durable_file_is_whole_on_its_disk_before_it_takes_its_place(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "state.json"
    path.write_text("before")
    synced: list[list[str]] = []

    def profile(_frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called is os.fsync:
            synced.append(sorted(file.read_text() for file in tmp_path.iterdir()))

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        replace_file(path, "after", durable=durable)
    finally:
        sys.setprofile(before)
    assert synced == ([["after", "before"]] if durable else [])


def test_only_the_owner_reads_it_unless_a_mode_is_given(tmp_path: Path) -> None:
    replace_file(tmp_path / "private", "x")
    replace_file(tmp_path / "public", "x", mode=0o644)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "public": 0o644}


def test_what_cannot_be_encoded_leaves_the_file_of_before(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("before")
    with pytest.raises(UnicodeEncodeError):
        replace_file(path, "\ud800")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_renamed_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OSError, match="taken"):
        replace_file(path, "x")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "missing" / "file", "x")
