"""The simulated world's file."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.values import Sealed
from platform_pulumi.plugins.world import World, is_mark

CANARY = "canary-5b1e8d"
KIND, URN = "aws:rds/instance:Instance", "urn:pulumi:s::p::t::n"


def test_it_survives_processes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "world.sqlite"
    first = World(path)
    first.put(KIND, "db-1", URN, first.next_incarnation(URN), 1, {"size": 20}, {"size": 20, "port": 1})
    first.close()
    second = World(path)
    thing = second.find(KIND, "db-1")
    assert thing is not None
    assert (thing.inputs, thing.outputs, thing.incarnation) == ({"size": 20}, {"size": 20, "port": 1}, 1)
    assert second.next_incarnation(URN) == 2
    second.remove(KIND, "db-1")
    assert second.live() == ()
    gone = second.find(KIND, "db-1")
    assert gone is not None
    assert gone.deleted
    assert second.next_incarnation(URN) == 2
    second.close()


def test_two_processes_may_have_it_open(tmp_path: Path) -> None:
    one, other = World(tmp_path / "w"), World(tmp_path / "w")
    one.put(KIND, "db-1", URN, 1, 1, {}, {})
    other.put(KIND, "db-2", URN, 2, 1, {}, {})
    assert {thing.id for thing in one.live()} == {"db-1", "db-2"}
    one.close()
    other.close()


def test_one_that_another_process_is_about_to_make_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not wait for a writer where the journal is to become a write-ahead log."""
    path = tmp_path / "world.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE resources_of_another_process (name)")
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        World(path).close()
        release.join()


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    world = World(tmp_path / "world.sqlite")
    secret = Sealed({"password": CANARY})
    world.put(KIND, "db-1", URN, 1, 1, {"a": [secret]}, {"b": Sealed(CANARY)})
    thing = world.find(KIND, "db-1")
    assert thing is not None
    assert is_mark(thing.inputs["a"][0])
    assert thing.inputs["a"][0] != thing.outputs["b"]
    assert thing.outputs["b"] == world.mark(CANARY)
    world.close()
    for file in tmp_path.iterdir():
        assert CANARY.encode() not in file.read_bytes()


def test_it_is_the_user_s_alone(tmp_path: Path) -> None:
    World(tmp_path / "world.sqlite").close()
    assert stat.S_IMODE((tmp_path / "world.sqlite").stat().st_mode) == 0o600


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite"
    path.write_text("not a database, but long enough to be looked at as one" * 10)
    with pytest.raises(EngineError) as caught:
        World(path)
    assert str(path) in caught.value.detail
    assert "empty world" in caught.value.detail
