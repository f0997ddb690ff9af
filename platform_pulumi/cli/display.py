"""Display of a run's progress on stderr: redrawn on a terminal, a line for each finished resource elsewhere.

rich is imported when a moving display begins and not before.
"""

from __future__ import annotations

import gc
from typing import Protocol

from platform_pulumi.cli.progress import PlainDisplay
from platform_pulumi.model.plan import Plan
from platform_pulumi.operations.events import RunEvent, TierStarted
from platform_pulumi.operations.watch import Watch


class Display(Protocol):
    """Observer (`operations.ports.Observer`) that shows progress."""

    def __call__(self, event: RunEvent) -> None:
        """Show an event."""

    def prepare(self, plan: Plan) -> None:
        """Prepare for the tiers of a plan, which follow."""

    def close(self) -> None:
        """Restore the terminal."""


def display(*, live: bool) -> CollectingDisplay:
    """Create the display for this stderr: `live` where it is a terminal that can redraw."""
    if live:
        from platform_pulumi.cli.live import LiveDisplay

        return CollectingDisplay(LiveDisplay())
    return CollectingDisplay(PlainDisplay())


class CollectingDisplay:
    """Display that starts the garbage collector with the first tier, which `cli.run` has put off.

    What was imported and read by then stays; what the runs of forty applications leave has to go.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        self._watch = Watch(display)

    def __call__(self, event: RunEvent) -> None:
        """Show an event; start the collector with the first one."""
        if isinstance(event, TierStarted) and not gc.isenabled():
            gc.freeze()
            gc.enable()
        self._watch(event)

    @property
    def touched(self) -> bool:
        """Whether anything was changed by now."""
        return self._watch.touched

    def prepare(self, plan: Plan) -> None:
        """Forward to the wrapped display."""
        self._display.prepare(plan)

    def close(self) -> None:
        """Forward to the wrapped display."""
        self._display.close()
