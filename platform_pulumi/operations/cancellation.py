"""Cancellation token of one command.

A command is cancelled as often as somebody asks: the first time what is under way is finished in order, the second time
it stops at once. Where nothing has to be finished in order, whoever asks may end the command themselves (`shielded`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from platform_pulumi.errors import Cancelled


class Cancellation:
    """Cancellation token of one command; any thread or signal handler may cancel it."""

    def __init__(self) -> None:
        # To append is one step, in a signal handler too: neither a lock nor a count is.
        self._requests: list[None] = []
        self._shields = 0

    def cancel(self) -> None:
        """Request cancellation; a second request stops the command at once."""
        self._requests.append(None)

    @property
    def cancelled(self) -> bool:
        """Whether cancellation was requested."""
        return bool(self._requests)

    @property
    def requests(self) -> int:
        """Number of cancellation requests."""
        return len(self._requests)

    @property
    def shielded(self) -> bool:
        """Whether work is under way that handles a request itself, in order: nobody should interrupt it."""
        return self._shields > 0

    def check(self) -> None:
        """Raise if the command is cancelled.

        Raises:
            Cancelled: it is.
        """
        if self.cancelled:
            raise Cancelled("Cancelled", "Somebody asked for the command to stop; what it had done is recorded.")

    @contextmanager
    def shield(self) -> Iterator[None]:
        """Run the block to its orderly end, even when cancelled; the block looks at `requests`.

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
