"""Signal handlers: SIGINT and SIGTERM cancel an operation, or interrupt at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from platform_pulumi.operations.cancellation import Cancellation


def interrupt() -> None:
    """Have SIGTERM raise KeyboardInterrupt, as Ctrl+C does: a pipeline that is cancelled sends it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def cancel(cancellation: Cancellation) -> None:
    """Have SIGINT and SIGTERM cancel an operation; where nothing of it is shielded they interrupt as well."""

    def handle(number: int, frame: FrameType | None) -> None:
        cancellation.cancel()
        if not cancellation.shielded:
            signal.default_int_handler(number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as a shell has it for what runs in the background
            signal.signal(number, handle)
