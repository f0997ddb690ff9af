"""Simulated world: every resource that was created, in one SQLite file that survives processes.

It is what a cloud account is to the real providers. Secrets are not in it: in their place stands a keyed hash, so that
a changed secret can be distinguished from an unchanged one. The few that a service gives back (what Secrets Manager
stores) are beside it, encrypted; the key is in a file of its own (`platform_pulumi.plugins.vault`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.values import Properties, Sealed, open_value, seal_with
from platform_pulumi.plugins.vault import Vault

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    place TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, urn TEXT NOT NULL, incarnation INTEGER NOT NULL,
    version INTEGER NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, created_at REAL NOT NULL,
    changed_at REAL NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, stored BLOB, PRIMARY KEY (place, type, id)
);
CREATE INDEX IF NOT EXISTS resources_urn ON resources (urn);
CREATE TABLE IF NOT EXISTS uses (
    place TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
    used_place TEXT NOT NULL, used_type TEXT NOT NULL, used_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS uses_used ON uses (used_place, used_type, used_id);
CREATE INDEX IF NOT EXISTS uses_user ON uses (place, type, id);
CREATE TABLE IF NOT EXISTS places (
    place TEXT PRIMARY KEY, of_place TEXT NOT NULL, of_type TEXT NOT NULL, of_id TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS drifted (
    place TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, incarnation INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (place, type, id, incarnation, version)
);
"""
#: Seconds to wait for other processes.
_PATIENCE = 30.0
_MARK = "[secret "
#: Version of the file's tables; 0 was without places.
_VERSION = 1
_COLUMNS = "place, type, id, urn, incarnation, version, inputs, outputs, changed_at, deleted"


@dataclass(frozen=True, slots=True)
class WorldResource:
    """Resource in the world, `place` the key of its place. Secrets in `inputs` and `outputs` are marks (`is_mark`)."""

    place: str
    type: str
    id: str
    urn: str
    incarnation: int
    version: int
    inputs: Properties
    outputs: Properties
    changed_at: float = 0.0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """Reference of one resource to another, by an input path."""

    path: str
    place: str
    type: str
    id: str


class World:
    """Store of the simulated resources, an SQLite file.

    Args:
        path: where it is; made with mode 0600 if it is not there, and so is its key beside it, with the suffix `.key`.
        clock: gives the time in seconds.

    Raises:
        EngineError: the file cannot be opened, or is none of ours.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
            # One connection, used by the server's one thread; other processes wait for each other's short writes.
            self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
            _use_write_ahead_log(self._connection)
            self._connection.execute("PRAGMA synchronous=NORMAL")
            _refuse_older(self._connection, path)
            self._connection.executescript(_SCHEMA)
            self._vault = Vault(path.with_suffix(".key"))
        except (sqlite3.Error, OSError) as error:
            raise EngineError("The simulated world cannot be opened", _why_closed(path, error)) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def now(self) -> float:
        """Return the time by the world's clock."""
        return self._clock()

    def find(self, place: str, kind: str, identifier: str) -> WorldResource | None:
        """Find the resource of that place, type and id, deleted or not; None where there never was one."""
        query = f"SELECT {_COLUMNS} FROM resources WHERE place = ? AND type = ? AND id = ?"
        return self._one(query, place, kind, identifier)

    def find_containing(self, place: str, kind: str, words: str) -> WorldResource | None:
        """Find the newest live resource of a place and type whose properties contain this text."""
        query = (
            f"SELECT {_COLUMNS} FROM resources WHERE place = ? AND type = ? AND deleted = 0 AND"
            " (instr(inputs, ?) OR instr(outputs, ?)) ORDER BY changed_at DESC LIMIT 1"
        )
        return self._one(query, place, kind, words, words)

    def live(self) -> tuple[WorldResource, ...]:
        """List the live resources, in order of place, type and id."""
        return self._all(f"SELECT {_COLUMNS} FROM resources WHERE deleted = 0 ORDER BY place, type, id")

    def of_type(self, place: str, kind: str) -> tuple[WorldResource, ...]:
        """List the live resources of a place and type, in order of id."""
        query = f"SELECT {_COLUMNS} FROM resources WHERE place = ? AND type = ? AND deleted = 0 ORDER BY id"
        return self._all(query, place, kind)

    def users(self, place: str, kind: str, identifier: str) -> tuple[tuple[WorldResource, str], ...]:
        """List the live resources that refer to this one, each with the input path by which it does."""
        columns = ", ".join(f"resources.{column}" for column in _COLUMNS.split(", "))
        query = (
            f"SELECT {columns}, uses.path FROM uses JOIN resources USING (place, type, id)"
            " WHERE used_place = ? AND used_type = ? AND used_id = ? AND deleted = 0"
            " ORDER BY resources.type, resources.id, uses.path"
        )
        with closing(self._connection.execute(query, (place, kind, identifier))) as cursor:
            return tuple((_thing(row[:-1]), row[-1]) for row in cursor)

    def is_closed(self, place: str) -> bool:
        """Whether a place within a resource (`put`) is gone, because that resource is."""
        query = (
            "SELECT resources.deleted FROM places JOIN resources ON resources.place = of_place AND type = of_type"
            " AND id = of_id WHERE places.place = ?"
        )
        row = self._connection.execute(query, (place,)).fetchone()
        return row is not None and bool(row[0])

    def next_incarnation(self, urn: str) -> int:
        """Return one more than the creates of this URN so far."""
        row = self._connection.execute("SELECT max(incarnation) FROM resources WHERE urn = ?", (urn,)).fetchone()
        return int(row[0] or 0) + 1

    def stored(self, thing: WorldResource) -> Properties:
        """Return the secret inputs that were stored with a resource (`put`); none of one that is deleted.

        Raises:
            EngineError: they were stored with another key.
        """
        query = "SELECT stored FROM resources WHERE place = ? AND type = ? AND id = ? AND deleted = 0"
        row = self._connection.execute(query, (thing.place, thing.type, thing.id)).fetchone()
        return self._vault.decrypt(row[0]) if row is not None and row[0] is not None else {}

    def put(self, thing: WorldResource, uses: Iterable[Use] = (), within: str = "", stored: Sequence[str] = ()) -> None:
        """Store a resource as it is now.

        Args:
            thing: the resource; `changed_at` and `deleted` are the world's own affair.
            uses: what it refers to, in place of what it referred to before.
            within: the key of the place within it, where there is one.
            stored: inputs that are secret whatever they are marked as, and that `stored` gives back.
        """
        now, key = self._clock(), (thing.place, thing.type, thing.id)
        kept = {name: open_value(thing.inputs[name]) for name in stored if name in thing.inputs}
        sealed = {name: Sealed(value) for name, value in kept.items()}
        properties = (self._json({**thing.inputs, **sealed}), self._json({**thing.outputs, **sealed}))
        secret = self._vault.encrypt(kept) if kept else None
        with self._transaction():
            self._connection.execute(
                "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)"
                " ON CONFLICT (place, type, id) DO UPDATE SET urn = excluded.urn, incarnation = excluded.incarnation,"
                " version = excluded.version, inputs = excluded.inputs, outputs = excluded.outputs,"
                " changed_at = excluded.changed_at, deleted = 0, stored = excluded.stored",
                (*key, thing.urn, thing.incarnation, thing.version, *properties, now, now, secret),
            )
            self._connection.execute("DELETE FROM uses WHERE place = ? AND type = ? AND id = ?", key)
            self._connection.executemany(
                "INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*key, use.path, use.place, use.type, use.id) for use in uses],
            )
            if within:
                self._connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", (within, *key))

    def drift(self, thing: WorldResource, inputs: Properties, outputs: Properties) -> WorldResource:
        """Change a resource as somebody outside of Pulumi does, once after each create or update; return it.

        Args:
            thing: the resource as `find` gave it.
            inputs: its inputs after the change, secrets as marks.
            outputs: its outputs after the change, secrets as marks.
        """
        version = (thing.place, thing.type, thing.id, thing.incarnation, thing.version)
        with self._transaction():
            if self._connection.execute("INSERT OR IGNORE INTO drifted VALUES (?, ?, ?, ?, ?)", version).rowcount:
                self._connection.execute(
                    "UPDATE resources SET inputs = ?, outputs = ?"
                    " WHERE place = ? AND type = ? AND id = ? AND incarnation = ? AND version = ?",
                    (self._json(inputs), self._json(outputs), *version),
                )
        return self.find(thing.place, thing.type, thing.id) or thing

    def remove(self, place: str, kind: str, identifier: str) -> None:
        """Mark a resource as deleted, with all in the places within it; nothing happens where it never was."""
        now, key = self._clock(), (place, kind, identifier)
        with self._transaction():
            self._connection.execute(
                "UPDATE resources SET deleted = 1, stored = NULL, changed_at = ?"
                " WHERE place = ? AND type = ? AND id = ?",
                (now, *key),
            )
            self._connection.execute(
                "UPDATE resources SET deleted = 1, stored = NULL, changed_at = ? WHERE deleted = 0 AND place IN"
                " (SELECT place FROM places WHERE of_place = ? AND of_type = ? AND of_id = ?)",
                (now, *key),
            )

    def mark(self, secret: Any) -> str:
        """Return the mark (keyed hash) of a secret."""
        return f"{_MARK}{self._vault.hash(secret)}]"

    def _json(self, properties: Mapping[str, Any]) -> str:
        return json.dumps(seal_with(dict(properties), self.mark), separators=(",", ":"))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _all(self, query: str, *arguments: str) -> tuple[WorldResource, ...]:
        with closing(self._connection.execute(query, arguments)) as cursor:
            return tuple(_thing(row) for row in cursor)

    def _one(self, query: str, *arguments: str) -> WorldResource | None:
        row = self._connection.execute(query, arguments).fetchone()
        return None if row is None else _thing(row)


def _why_closed(path: Path, error: Exception) -> str:
    """Say why a world cannot be opened; only one that is damaged is to be removed."""
    reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    if damaged:
        advice = "Remove it to start with an empty world."
    else:
        advice = f"See that {path.parent} can be written to and has room, or choose another folder with PLATFORM_HOME."
    return f"{path} cannot be opened: {reason}. {advice}"


def _refuse_older(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file whose tables know no places: nobody can tell any more in which one its resources are."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'resources'").fetchone() is not None
    if known and version != _VERSION:
        detail = (
            f"{path} was written by another version of the platform. Remove its folder, {path.parent}, to start with"
            " an empty world: what was applied in it was simulated."
        )
        raise EngineError("The simulated world is of another version", detail)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the journal, when no other process is about to: SQLite fails at once there, instead of waiting."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def is_mark(value: Any) -> bool:
    """Whether a value is the mark of a secret."""
    return isinstance(value, str) and value.startswith(_MARK) and value.endswith("]")


def _thing(row: tuple[Any, ...]) -> WorldResource:
    place, kind, identifier, urn, incarnation, version, inputs, outputs, changed_at, deleted = row
    properties = json.loads(inputs), json.loads(outputs)
    return WorldResource(place, kind, identifier, urn, incarnation, version, *properties, changed_at, bool(deleted))
