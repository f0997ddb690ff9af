"""Reserve of a `file://` backend: room on its disk that is held back, so that a state can be written to its end.

On a full disk Pulumi leaves what it could write in the place of a state and of its copy `.bak` (gocloud's
`blob.WriteAll` closes a writer that failed, and `fileblob` renames what that wrote), and what was made meanwhile is
recorded nowhere. But it tries ten times, over half a minute (`pkg/backend/diy/state.go`). So a run that changes a stack
holds files back beside the states. Once the disk has little room but those, one goes, the run is stopped in order, and
what it has made is written where the file was. Whoever fills the disk may take that, too: then the next one goes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

#: Bytes of a state for each resource that a run makes or changes: an EKS cluster with its children has less for each.
_RESOURCE = 16 * 1024
#: A state is written beside the one before, and that to `.bak`.
_COPIES = 2
#: Locks, history, backups and attributes, in bytes.
_REST = 1 << 19
#: How many files are held back.
_PARTS = 3
#: Time until the next one goes, in seconds: Pulumi tries again after one, then after a little more.
_PAUSE = 1.5
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
    """Room on a disk that files hold back.

    Args:
        files: the files, already of their size.
        size: of one of them, in bytes: as much as is needed to write a state.
        free: tells how many bytes are free on the disk of a folder.
        clock: tells the time in seconds.
    """

    def __init__(
        self, files: list[Path], size: int, free: Callable[[Path], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = files
        self._folder = files[0].parent
        self._size = size
        self._free = free
        self._clock = clock
        self._next = 0.0
        self._said = ""

    def allocate(self) -> None:
        """Take the room.

        Raises:
            NoRoomError: there is too little.
        """
        reason = ""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in self._files:
                _allocate(file, self._size)
        except OSError as error:
            reason = f": {error.strerror}"
        if reason or self._free(self._folder) < self._size:
            need = -(-(len(self._files) + 1) * self._size // _MIB)
            message = (
                f"{self._folder} has too little room to record what this run would make{reason}. It takes {need} MiB "
                "of free disk. Make room, then run this again."
            )
            raise NoRoomError(message)

    def running_out(self) -> str:
        """Say that there is little room but what is held back, and give some of that; else return an empty text."""
        if not self._files or (self._said and self._clock() < self._next):
            return self._said
        free = self._free(self._folder)
        if free < self._size:
            self._files.pop().unlink(missing_ok=True)
            self._next = self._clock() + _PAUSE
            self._said = (
                f"The disk of {self._folder} is full but for {free // 1024} KiB. The run was stopped while all that it "
                "has made could still be recorded. Make room, then run this again."
            )
        return self._said

    def release(self) -> None:
        """Give all of the room back."""
        while self._files:
            self._files.pop().unlink(missing_ok=True)


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
    held = Reserve([folder / f"reserve-{os.getpid()}-{number}" for number in range(_PARTS)], size, free or _free)
    try:
        held.allocate()
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
    # Some file systems of the user's programs (FUSE) do not say how large they are.
    return about.f_bavail * about.f_frsize if about.f_blocks else sys.maxsize
