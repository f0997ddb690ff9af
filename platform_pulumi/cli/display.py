"""Display of a run's progress on stderr: one that moves on a terminal, a line for each finished resource elsewhere.

rich is imported when a moving display begins and not before.
"""

from __future__ import annotations

import gc
from typing import Protocol

from platform_pulumi.cli.progress import PlainDisplay
from platform_pulumi.model.plan import Plan
from platform_pulumi.operations.events import RunEvent, TierStarted


class Display(Protocol):
    """An observer (`operations.ports.Observer`) that shows what it sees."""

    def __call__(self, event: RunEvent) -> None:
        """Show an event."""

    def expect(self, plan: Plan) -> None:
        """These tiers follow."""

    def close(self) -> None:
        """Leave the terminal as it was."""


def display(*, live: bool) -> Display:
    """The display for this stderr: `live` where it is a terminal that can redraw."""
    if live:
        from platform_pulumi.cli.live import LiveDisplay

        return Collecting(LiveDisplay())
    return Collecting(PlainDisplay())


class Collecting:
    """A display that has garbage looked for from the first tier on, which `cli.run` has put off.

    What was imported and read by then stays; what the runs of forty applications leave has to go.
    """

    def __init__(self, display: Display) -> None:
        self._display = display

    def __call__(self, event: RunEvent) -> None:
        """Show it; a tier's run is where garbage begins to be made."""
        if isinstance(event, TierStarted) and not gc.isenabled():
            gc.freeze()
            gc.enable()
        self._display(event)

    def expect(self, plan: Plan) -> None:
        """Pass it on."""
        self._display.expect(plan)

    def close(self) -> None:
        """Pass it on."""
        self._display.close()
