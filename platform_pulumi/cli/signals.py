"""Signals of a person or a pipeline that stop a command: passed on to what is under way, or an interrupt at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from platform_pulumi.operations.cancellation import Cancellation


def interrupt() -> None:
    """Have SIGTERM interrupt whatever is done, as Ctrl+C does: a pipeline that is cancelled sends it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def cancel(cancellation: Cancellation) -> None:
    """Have both cancel an operation; where nothing of it has to be ended in order it is interrupted as well."""

    def handle(number: int, frame: FrameType | None) -> None:
        cancellation.cancel()
        if not cancellation.shielded:
            signal.default_int_handler(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as a shell has it for what runs in the background
            signal.signal(number, handle)
