"""Locks of the stacks in a `file://` backend, as Pulumi takes them (`pkg/backend/diy/lock.go`): a file for each run."""

from __future__ import annotations

import getpass
import json
import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from platform_pulumi.engine.processes import is_alive
from platform_pulumi.errors import BusyError
from platform_pulumi.model.context import ORGANIZATION, StackName
from platform_pulumi.operations.ports import Lock

#: Longer than this nobody takes to write a lock, in seconds.
_WRITING = 3.0


def find_lock(root: Path, stack: StackName) -> Lock | None:
    """Return the lock that counts: a live one before stale ones; None where there is none."""
    locks = [lock for path in lock_files(root, stack) if (lock := _read_lock(path)) is not None]
    return min(locks, key=lambda lock: lock.dead, default=None)


@contextmanager
def locked(root: Path, stack: StackName) -> Iterator[None]:
    """Hold a stack's lock, taken as Pulumi takes it: written, then others looked for.

    Raises:
        BusyError: somebody else holds it.
    """
    folder = _folder(root, stack)
    mine = folder / f"{uuid.uuid4()}.json"
    held = {
        "pid": os.getpid(),
        "username": _user(),
        "hostname": socket.gethostname(),
        "timestamp": datetime.now(UTC).isoformat(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    try:
        mine.write_text(json.dumps(held), encoding="utf-8")
        others = [path for path in lock_files(root, stack) if path != mine]
        if others:
            holding = f"{stack} is locked by {len(others)} other run(s)"
            detail = f"{holding}. Wait for it to finish, then run this again."
            raise BusyError("The stack is locked", detail, holding=holding)
        yield
    finally:
        mine.unlink(missing_ok=True)


def lock_files(root: Path, stack: StackName) -> list[Path]:
    """List the files that Pulumi takes for locks of a stack, also those that a kill left under a temporary name."""
    return sorted(path for path in _folder(root, stack).glob("*.json*") if path.suffix in {".json", ".tmp"})


def _folder(root: Path, stack: StackName) -> Path:
    """Return the folder of a stack's locks, a file each."""
    return root / ".pulumi" / "locks" / ORGANIZATION / stack.project / stack.name


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an id without a name, as containers have it
        return str(os.getuid())


def _read_lock(path: Path) -> Lock | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        here = held["hostname"] == socket.gethostname()
        return Lock(
            holder=f"{held['username']}@{held['hostname']} (process {held['pid']})",
            since=str(held["timestamp"]),
            dead=here and not is_alive(int(held["pid"])),
        )
    except FileNotFoundError:
        return None  # its run has just finished
    except (OSError, ValueError, KeyError, TypeError):
        return Lock(holder=f"an unreadable lock file {path.name}", since="", dead=_is_abandoned(path))


def _is_abandoned(path: Path) -> bool:
    """Whether nobody is writing a file any more that has its temporary name: the rename follows at once."""
    try:
        return path.suffix == ".tmp" and time.time() - path.stat().st_mtime > _WRITING
    except FileNotFoundError:
        return True
