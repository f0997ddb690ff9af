"""Room for a state is held back, given back, asked for before a run begins; what cannot be written leaves no half."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from platform_pulumi.engine.file_backend import create_stack, edit_checkpoint, find_checkpoint
from platform_pulumi.engine.locks import locked
from platform_pulumi.engine.reserve import NoRoomError, Reserve, reserved
from platform_pulumi.engine.state import CliState, FileState
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName

STACK = StackName("acme-infrastructure", "prod")
MIB = 1 << 20


@contextmanager
def no_longer_than(size: int) -> Iterator[None]:
    """Let no file grow beyond that many bytes; one that would is as on a full disk, but for the error's name."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_room_is_held_back_and_given_back_at_the_end(tmp_path: Path) -> None:
    with reserved(tmp_path, 0, 10) as room:
        held = [path.stat().st_blocks * 512 for path in (tmp_path / ".pulumi").iterdir()]
        assert min(held) >= MIB // 2
        assert room.running_out() == ""
    assert files(tmp_path) == []


def test_more_is_held_back_for_more(tmp_path: Path) -> None:
    sizes = []
    for state, changes in ((0, 0), (0, 100), (100_000, 0)):
        with reserved(tmp_path, state, changes):
            sizes.append(next((tmp_path / ".pulumi").iterdir()).stat().st_size)
    assert sizes[1] - sizes[0] >= 2 * 100 * 16 * 1024
    assert sizes[2] - sizes[0] >= 2 * 100_000


def test_it_is_given_back_in_parts_once_there_is_no_other(tmp_path: Path) -> None:
    """Whoever fills the disk may take what was given back."""
    parts = [tmp_path / f"reserve-{number}" for number in range(3)]
    for path in parts:
        path.write_bytes(bytes(10))
    free, now = [20], [100.0]
    room = Reserve(list(parts), 10, lambda _: free[0], lambda: now[0])
    assert (room.running_out(), len(files(tmp_path))) == ("", 3)
    left = []
    for free[0], now[0] in ((9, 101.0), (9, 101.1), (19, 103.0), (0, 103.1), (0, 105.0), (0, 107.0), (0, 109.0)):
        assert "is full but for 0 KiB" in room.running_out()
        left.append(len(files(tmp_path)))
    assert left == [2, 2, 2, 1, 0, 0, 0]


def test_a_run_without_room_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(NoRoomError, match="It takes 2 MiB of free disk"), reserved(tmp_path, 0, 0, lambda _: 1024):
        pytest.fail("it began")
    assert files(tmp_path) == []


def test_nor_one_whose_state_may_not_grow(tmp_path: Path) -> None:
    with no_longer_than(1024), pytest.raises(NoRoomError, match="too little room"), reserved(tmp_path, 0, 0):
        pytest.fail("it began")
    assert files(tmp_path) == []


def test_a_stack_that_cannot_be_made_is_not_half_made(tmp_path: Path) -> None:
    create_stack(tmp_path, StackName("acme-infrastructure", "dev"))
    before = files(tmp_path)
    with no_longer_than(20), pytest.raises(OSError, match="too large"):
        create_stack(tmp_path, STACK)
    assert files(tmp_path) == before


def test_a_lock_that_cannot_be_written_is_not_held(tmp_path: Path) -> None:
    with no_longer_than(20), pytest.raises(OSError, match="too large"), locked(tmp_path, STACK):
        pytest.fail("it is held")
    assert files(tmp_path) == []


def test_a_state_that_cannot_be_changed_stays_with_its_copy(tmp_path: Path) -> None:
    checkpoint = recorded(tmp_path, {"resources": []})
    assert edit_checkpoint(tmp_path, STACK, lambda deployment: bool(deployment.update({"resources": [1]}) or True))
    before = {path: path.read_bytes() for path in checkpoint.parent.iterdir()}
    state = FileState(tmp_path, CliState(_no_cli))
    with no_longer_than(20), pytest.raises(EngineError, match="The state cannot be written"):
        state.edit(STACK, lambda deployment: bool(deployment.update({"resources": [1, 2]}) or True))
    assert {path: path.read_bytes() for path in checkpoint.parent.iterdir()} == before


def test_a_damaged_state_names_the_last_copy_that_can_be_read(tmp_path: Path) -> None:
    checkpoint = recorded(tmp_path, {"resources": [], "manifest": {"time": "2026-11-28T01:02:03Z"}})
    whole = checkpoint.read_bytes()
    checkpoint.write_bytes(whole[:-10])
    state = FileState(tmp_path, CliState(_no_cli))
    with pytest.raises(EngineError, match="A stack cannot be read") as without:
        state.read(STACK)
    assert "last copy" not in without.value.detail
    Path(f"{checkpoint}.bak").write_bytes(whole[:-20])
    copy = tmp_path / ".pulumi/backups/acme-infrastructure/prod/prod.1.json"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(whole)
    Path(f"{copy}.attrs").write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match="A stack cannot be read") as damaged:
        state.read(STACK)
    assert f"{copy}, of 2026-11-28T01:02:03Z, with 0 resources" in damaged.value.detail


def recorded(root: Path, deployment: dict[str, object]) -> Path:
    """The checkpoint of the stack with that deployment."""
    create_stack(root, STACK)
    path = find_checkpoint(root, STACK)
    assert path is not None
    document = json.loads(path.read_bytes())
    document["checkpoint"]["latest"] = deployment
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _no_cli(_project: str, _arguments: tuple[str, ...]) -> tuple[int, str, str]:
    raise AssertionError
