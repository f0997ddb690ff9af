"""Simulated world: every resource that was created, in one SQLite file that survives processes.

It is what a cloud account is to the real providers. Secrets never enter it: in their place stands a keyed hash, so that
a changed secret can be distinguished from an unchanged one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.values import Properties, seal_with

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    type TEXT NOT NULL, id TEXT NOT NULL, urn TEXT NOT NULL, incarnation INTEGER NOT NULL, version INTEGER NOT NULL,
    inputs TEXT NOT NULL, outputs TEXT NOT NULL, created_at REAL NOT NULL, changed_at REAL NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (type, id)
);
CREATE INDEX IF NOT EXISTS resources_urn ON resources (urn);
CREATE TABLE IF NOT EXISTS drifted (
    type TEXT NOT NULL, id TEXT NOT NULL, incarnation INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (type, id, incarnation, version)
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
#: Seconds to wait for other processes.
_PATIENCE = 30.0
_MARK = "[secret "
_COLUMNS = "type, id, urn, incarnation, version, inputs, outputs, changed_at, deleted"


@dataclass(frozen=True, slots=True)
class WorldResource:
    """Resource in the world. Secrets within `inputs` and `outputs` are marks (`is_mark`)."""

    type: str
    id: str
    urn: str
    incarnation: int
    version: int
    inputs: Properties
    outputs: Properties
    changed_at: float
    deleted: bool = False


class World:
    """Store of the simulated resources, an SQLite file.

    Args:
        path: where it is; made with mode 0600 if it is not there.
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
            self._connection.executescript(_SCHEMA)
            self._connection.execute("INSERT OR IGNORE INTO settings VALUES ('key', ?)", (secrets.token_bytes(32),))
            (self._key,) = self._connection.execute("SELECT value FROM settings WHERE name = 'key'").fetchone()
        except (sqlite3.Error, OSError) as error:
            detail = f"{path} cannot be opened: {error}. Remove it to start with an empty world."
            raise EngineError("The simulated world cannot be opened", detail) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def now(self) -> float:
        """Return the time by the world's clock."""
        return self._clock()

    def find(self, kind: str, identifier: str) -> WorldResource | None:
        """Find the resource of that type and id, deleted or not; None where there never was one."""
        return self._one(f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND id = ?", kind, identifier)

    def find_containing(self, kind: str, words: str) -> WorldResource | None:
        """Find the newest live resource of a type whose properties contain this text."""
        query = (
            f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND deleted = 0 AND"
            " (instr(inputs, ?) OR instr(outputs, ?)) ORDER BY changed_at DESC LIMIT 1"
        )
        return self._one(query, kind, words, words)

    def live(self) -> tuple[WorldResource, ...]:
        """List the live resources, in order of type and id."""
        query = f"SELECT {_COLUMNS} FROM resources WHERE deleted = 0 ORDER BY type, id"
        with closing(self._connection.execute(query)) as cursor:
            return tuple(_thing(row) for row in cursor)

    def next_incarnation(self, urn: str) -> int:
        """Return one more than the creates of this URN so far."""
        row = self._connection.execute("SELECT max(incarnation) FROM resources WHERE urn = ?", (urn,)).fetchone()
        return int(row[0] or 0) + 1

    def put(
        self,
        kind: str,
        identifier: str,
        urn: str,
        incarnation: int,
        version: int,
        inputs: Mapping[str, Any],
        outputs: Mapping[str, Any],
    ) -> None:
        """Store a resource as it is now."""
        now = self._clock()
        self._connection.execute(
            "INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (type, id) DO UPDATE SET"
            " urn = excluded.urn, incarnation = excluded.incarnation, version = excluded.version,"
            " inputs = excluded.inputs, outputs = excluded.outputs, changed_at = excluded.changed_at, deleted = 0",
            (kind, identifier, urn, incarnation, version, self._json(inputs), self._json(outputs), now, now),
        )

    def drift(self, thing: WorldResource, inputs: Properties, outputs: Properties) -> WorldResource:
        """Change a resource as somebody outside of Pulumi does, once after each create or update; return it.

        Args:
            thing: the resource as `find` gave it.
            inputs: its inputs after the change, secrets as marks.
            outputs: its outputs after the change, secrets as marks.
        """
        version = (thing.type, thing.id, thing.incarnation, thing.version)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self._connection.execute("INSERT OR IGNORE INTO drifted VALUES (?, ?, ?, ?)", version).rowcount:
                self._connection.execute(
                    "UPDATE resources SET inputs = ?, outputs = ?"
                    " WHERE type = ? AND id = ? AND incarnation = ? AND version = ?",
                    (self._json(inputs), self._json(outputs), *version),
                )
        finally:
            self._connection.execute("COMMIT")
        return self.find(thing.type, thing.id) or thing

    def remove(self, kind: str, identifier: str) -> None:
        """Mark a resource as deleted; nothing happens where it never was."""
        self._connection.execute(
            "UPDATE resources SET deleted = 1, changed_at = ? WHERE type = ? AND id = ?",
            (self._clock(), kind, identifier),
        )

    def mark(self, secret: Any) -> str:
        """Return the mark (keyed hash) of a secret."""
        text = json.dumps(secret, sort_keys=True, default=str).encode()
        return f"{_MARK}{hmac.new(self._key, text, hashlib.sha256).hexdigest()}]"

    def _json(self, properties: Mapping[str, Any]) -> str:
        return json.dumps(seal_with(dict(properties), self.mark), separators=(",", ":"))

    def _one(self, query: str, *arguments: str) -> WorldResource | None:
        row = self._connection.execute(query, arguments).fetchone()
        return None if row is None else _thing(row)


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
    kind, identifier, urn, incarnation, version, inputs, outputs, changed_at, deleted = row
    return WorldResource(
        kind, identifier, urn, incarnation, version, json.loads(inputs), json.loads(outputs), changed_at, bool(deleted)
    )
