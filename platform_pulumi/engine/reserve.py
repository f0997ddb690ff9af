"""Reserve of a `file://` backend: room on its disk that is held back, so that a state can be written to its end.

On a full disk Pulumi leaves what it could write in the place of a state and of its copy `.bak` (gocloud's
`blob.WriteAll` closes a writer that failed, and `fileblob` renames what that wrote), and what was made meanwhile is
recorded nowhere. But it tries ten times, over half a minute (`pkg/backend/diy/state.go`). So a run that changes a stack
holds a file back beside the states. Once the disk has little room but that, the file goes, the run is stopped in order,
and what it has made is written where the file was.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

#: Bytes of a state for each resource that a run makes or changes: an EKS cluster with its children has less for each.
_RESOURCE = 16 * 1024
#: A state is written beside the one before, that to `.bak`, the whole to history and backups at the end; one is spare.
_COPIES = 5
#: Locks, history and attributes, in bytes.
_REST = 1 << 20
_MIB = 1 << 20


class NoRoomError(Exception):
    """Raised where there is too little room for a run; says what to do."""


class Room(Protocol):
    """Room that a run needs for its state."""

    def running_out(self) -> str:
        """Say that there is little room left, or return an empty text. What was held back is free then."""


class Unlimited:
    """Room where nobody can say how much there is."""

    def running_out(self) -> str:
        """Return an empty text."""
        return ""


UNLIMITED = Unlimited()


class Reserve:
    """Room on a disk that a file holds back.

    Args:
        file: the file, already of its size.
        free: tells how many bytes are free on the disk of a folder.
    """

    def __init__(self, file: Path, free: Callable[[Path], int]) -> None:
        self._file = file
        self._free = free
        self._enough = _enough(file.stat().st_size)
        self._said = ""

    def running_out(self) -> str:
        """Say that the disk is full but for what was held back, which is free then; else return an empty text."""
        if not self._said:
            free = self._free(self._file.parent)
            if free < self._enough:
                self.release()
                self._said = (
                    f"The disk of {self._file.parent} is full but for {free // 1024} KiB. The run was stopped while "
                    "all that it has made could still be recorded. Make room, then run this again."
                )
        return self._said

    def release(self) -> None:
        """Give the room back."""
        self._file.unlink(missing_ok=True)


@contextmanager
def reserved(root: Path, state: int, changes: int, free: Callable[[Path], int] | None = None) -> Iterator[Reserve]:
    """Hold room back in the block.

    Args:
        root: the backend's folder.
        state: the size of the stack's state by now, in bytes.
        changes: how many resources of it the run changes.
        free: tells how many bytes are free on the disk of a folder.

    Raises:
        NoRoomError: there is too little.
    """
    size = _COPIES * (state + _RESOURCE * changes) + _REST
    folder = root / ".pulumi"
    file = folder / f"reserve-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _allocate(file, size)
        held = Reserve(file, free or _free)
        if held.running_out():
            raise _too_little(folder, size)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _too_little(folder, size, error.strerror) from error
    try:
        yield held
    finally:
        with suppress(OSError):
            held.release()


def _allocate(file: Path, size: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)
    finally:
        os.close(descriptor)


def _free(folder: Path) -> int:
    about = os.statvfs(folder)
    return about.f_bavail * about.f_frsize


def _enough(reserve: int) -> int:
    """The room below which what is held back is needed."""
    return reserve // 2


def _too_little(folder: Path, size: int, reason: str | None = None) -> NoRoomError:
    need = -(-(size + _enough(size)) // _MIB)
    why = f": {reason}" if reason else ""
    return NoRoomError(
        f"{folder} has too little room to record what this run would make{why}. It takes {need} MiB of free disk. "
        "Make room, then run this again."
    )
