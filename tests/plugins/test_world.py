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
from platform_pulumi.plugins.world import Use, World, WorldResource, is_mark

CANARY = "canary-5b1e8d"
PLACE = "account/region"
KIND, URN = "aws:rds/instance:Instance", "urn:pulumi:s::p::t::n"


def test_it_survives_processes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "world.sqlite"
    first = World(path)
    first.put(
        WorldResource(PLACE, KIND, "db-1", URN, first.next_incarnation(URN), 1, {"size": 20}, {"size": 20, "port": 1})
    )
    first.close()
    second = World(path)
    thing = second.find(PLACE, KIND, "db-1")
    assert thing is not None
    assert (thing.inputs, thing.outputs, thing.incarnation) == ({"size": 20}, {"size": 20, "port": 1}, 1)
    assert second.next_incarnation(URN) == 2
    second.remove(PLACE, KIND, "db-1")
    assert second.live() == ()
    gone = second.find(PLACE, KIND, "db-1")
    assert gone is not None
    assert gone.deleted
    assert second.next_incarnation(URN) == 2
    second.close()


def test_two_processes_may_have_it_open(tmp_path: Path) -> None:
    one, other = World(tmp_path / "w"), World(tmp_path / "w")
    one.put(WorldResource(PLACE, KIND, "db-1", URN, 1, 1, {}, {}))
    other.put(WorldResource(PLACE, KIND, "db-2", URN, 2, 1, {}, {}))
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
    world.put(WorldResource(PLACE, KIND, "db-1", URN, 1, 1, {"a": [secret]}, {"b": Sealed(CANARY)}))
    thing = world.find(PLACE, KIND, "db-1")
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


def test_a_world_that_cannot_be_written_is_not_to_be_removed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "world.sqlite", tmp_path):
        with pytest.raises(EngineError) as caught:
            World(path)
        assert "emove" not in caught.value.detail
        assert "can be written to and has room" in caught.value.detail


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite"
    path.write_text("not a database, but long enough to be looked at as one" * 10)
    with pytest.raises(EngineError) as caught:
        World(path)
    assert str(path) in caught.value.detail
    assert "empty world" in caught.value.detail


def test_a_file_of_another_version_says_what_to_remove(tmp_path: Path) -> None:
    path = tmp_path / "simulated" / "world.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as older:
        older.execute("CREATE TABLE resources (type TEXT, id TEXT, urn TEXT)")
    with pytest.raises(EngineError) as caught:
        World(path)
    assert caught.value.summary == "The simulated world is of another version"
    assert f"Remove its folder, {path.parent}," in caught.value.detail


def test_one_id_in_two_places_is_two_things(tmp_path: Path) -> None:
    with closing(World(tmp_path / "w")) as world:
        world.put(WorldResource("here", KIND, "db-1", URN, 1, 1, {"size": 1}, {}))
        world.put(WorldResource("there", KIND, "db-1", URN, 1, 1, {"size": 2}, {}))
        world.remove("here", KIND, "db-1")
        assert [(thing.place, thing.inputs) for thing in world.live()] == [("there", {"size": 2})]


def test_a_place_within_a_resource_goes_with_it(tmp_path: Path) -> None:
    with closing(World(tmp_path / "w")) as world:
        world.put(WorldResource(PLACE, KIND, "cluster", URN, 1, 1, {}, {}), within="https://api.example")
        world.put(WorldResource("https://api.example", KIND, "default", URN, 1, 1, {}, {}))
        assert not world.is_closed("https://api.example")
        world.remove(PLACE, KIND, "cluster")
        assert world.live() == ()
        assert world.is_closed("https://api.example")
        assert not world.is_closed("https://elsewhere.example")


def test_users_are_those_that_are_there_and_refer_to_it_now(tmp_path: Path) -> None:
    with closing(World(tmp_path / "w")) as world:
        user = WorldResource(PLACE, KIND, "user", URN, 1, 1, {}, {})
        world.put(user, [Use("groupName", PLACE, KIND, "group")])
        assert [(thing.id, path) for thing, path in world.users(PLACE, KIND, "group")] == [("user", "groupName")]
        assert world.users("elsewhere", KIND, "group") == ()
        world.put(user, [Use("groupName", PLACE, KIND, "another")])
        assert world.users(PLACE, KIND, "group") == ()
        world.remove(PLACE, KIND, "user")
        assert world.users(PLACE, KIND, "another") == ()
