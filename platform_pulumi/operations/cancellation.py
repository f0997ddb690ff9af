"""Cancellation token of one command: asked for by anybody, answered by whoever works.

A command is cancelled as often as somebody asks: the first time what is under way is finished in order, the second time
it stops at once. Where nothing has to be finished in order, whoever asks may end the command themselves (`shielded`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from platform_pulumi.errors import Cancelled


class Cancellation:
    """A token of one command, from whichever thread or signal handler it is cancelled."""

    def __init__(self) -> None:
        # To append is one step, in a signal handler too: neither a lock nor a count is.
        self._requests: list[None] = []
        self._shields = 0

    def cancel(self) -> None:
        """Ask for the command to stop; asked again, it stops at once."""
        self._requests.append(None)

    @property
    def cancelled(self) -> bool:
        """Whether it was asked for."""
        return bool(self._requests)

    @property
    def requests(self) -> int:
        """How often it was asked for."""
        return len(self._requests)

    @property
    def shielded(self) -> bool:
        """Whether something is under way that answers a request itself, in order: nobody should break into it."""
        return self._shields > 0

    def check(self) -> None:
        """Begin nothing new once the command is cancelled.

        Raises:
            Cancelled: it is.
        """
        if self.cancelled:
            raise Cancelled("Cancelled", "Somebody asked for the command to stop; what it had done is recorded.")

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Do what has to be ended in order; whoever does it looks at `requests`.

        Raises:
            Cancelled: the command was cancelled before, or meanwhile.
        """
        self.check()
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
        self.check()
