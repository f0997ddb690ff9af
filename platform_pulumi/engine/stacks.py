"""Cache of recorded state: a command reads each stack once, and again after it has changed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from platform_pulumi.engine.reserve import Room
from platform_pulumi.engine.state import Change, StateReader
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName
from platform_pulumi.operations.ports import StackSnapshot


def _never(_stack: StackName) -> bool:
    return False


class Stacks:
    """Cache of the stacks of one backend, for the length of one command.

    Args:
        reader: reads and changes recorded state.
        eager: whether a stack's secrets are read with all else, since they may be wanted later in the command; worth
            it where each reading starts a CLI.
    """

    def __init__(self, reader: StateReader, eager: Callable[[StackName], bool] = _never) -> None:
        self._reader = reader
        self._eager = eager
        self._hidden: dict[StackName, StackSnapshot | None] = {}
        self._shown: dict[StackName, StackSnapshot | None] = {}
        self._listed: dict[str, tuple[StackName, ...]] = {}

    def read(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        """Return the stack's state, None where there is no such stack; with secret outputs for `reveal` alone.

        Raises:
            EngineError: it exists but cannot be read.
        """
        known = self._shown if reveal else self._hidden
        if stack not in known:
            if stack not in self._listed.get(stack.project, (stack,)):
                return None
            self._read(stack, reveal=reveal)
        return known[stack]

    def revealed_snapshot(self, stack: StackName) -> StackSnapshot | None:
        """Return the stack's state with secret outputs where that was read already: nothing is read now."""
        return self._shown.get(stack)

    def exists(self, stack: StackName) -> bool:
        """Whether the stack exists: known from what was read or listed, or it is read now."""
        if stack.project in self._listed and stack not in self._hidden:
            return stack in self._listed[stack.project]
        return self.read(stack) is not None

    def list(self, project: str) -> tuple[StackName, ...]:
        """List the stacks of a project.

        Raises:
            EngineError: the backend cannot be read.
        """
        if project not in self._listed:
            self._listed[project] = self._reader.stacks(project)
        return self._listed[project]

    def fingerprints(self, stacks: Iterable[StackName]) -> tuple[str, ...] | None:
        """Return fingerprints of these states; None where a stack does not exist or has none."""
        found = [snapshot.fingerprint if (snapshot := self.read(stack)) is not None else "" for stack in stacks]
        return tuple(found) if all(found) else None

    def create(self, stack: StackName) -> None:
        """Create a new, empty stack.

        Raises:
            EngineError: the backend refuses it.
        """
        with self.changing(stack):
            self._reader.create(stack)

    def unlock(self, stack: StackName) -> None:
        """Remove the stale lock of a dead run.

        Raises:
            EngineError: the backend refuses it.
        """
        with self.changing(stack):
            self._reader.unlock(stack)

    def edit(self, stack: StackName, change: Change) -> None:
        """Edit a stack's state; nothing is written where nothing changes.

        Raises:
            EngineError: it cannot be read, is of another form than expected, or cannot be written.
            LockedError: somebody works on the stack.
        """
        with self.changing(stack):
            self._reader.edit(stack, change)

    def reserve(self, stack: StackName, changes: int) -> AbstractContextManager[Room]:
        """Hold room for a run that changes so many resources of a stack.

        Raises:
            NoRoomError: there is too little.
        """
        return self._reader.reserve(stack, changes)

    def forget(self) -> None:
        """Read every stack anew from now on."""
        for known in (self._hidden, self._shown, self._listed):
            known.clear()

    @contextmanager
    def changing(self, stack: StackName) -> Iterator[None]:
        """Invalidate a stack's cached state at the end of the block, whatever the result of the change."""
        try:
            yield
        finally:
            self._hidden.pop(stack, None)
            self._shown.pop(stack, None)
            self._listed.pop(stack.project, None)

    def _read(self, stack: StackName, *, reveal: bool) -> None:
        if reveal or self._eager(stack):
            try:
                found = self._reader.reveal(stack)
            except EngineError:
                if reveal:
                    raise
                # Nobody has asked for the secrets yet, and all else may be readable.
            else:
                self._hidden[stack] = found.hidden if found is not None else None
                self._shown[stack] = found.shown if found is not None else None
                return
        self._hidden[stack] = self._reader.read(stack)
