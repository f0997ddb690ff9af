"""Plain display of a run's progress, in lines on stderr, and the progress state that every display keeps.

Only names and types pass through here, never a value.
"""

from __future__ import annotations

import time

from platform_pulumi.cli import output
from platform_pulumi.cli.views.page import clean
from platform_pulumi.cli.views.words import DONE, plural, tier_title
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.tier import TierKey
from platform_pulumi.operations.events import (
    Message,
    Progress,
    ResourceChanged,
    ResourceProgress,
    RunEvent,
    TierFinished,
    TierStarted,
)

#: What is being done to a resource.
DOING = {
    Action.CREATE: "creating",
    Action.UPDATE: "changing",
    Action.REPLACE: "replacing",
    Action.DELETE: "deleting",
    Action.IMPORT: "importing",
    Action.READ: "reading",
    Action.OTHER: "working on",
}
#: How a verb of a run reads once it is over.
OVER = {
    "previewing": "previewed",
    "applying": "applied",
    "deleting": "deleted what nothing uses any more",
    "destroying": "destroyed",
    "recovering": "recovered",
}


class PlainDisplay:
    """Display in lines: one for each finished resource, one for each tier. A preview gives one line for each tier."""

    def __init__(self) -> None:
        self._runs: dict[TierKey, RunProgress] = {}

    def prepare(self, plan: Plan) -> None:
        """Do nothing."""

    def __call__(self, event: RunEvent) -> None:
        """Write a line where the event is worth one."""
        match event:
            case TierStarted():
                self._start(event)
            case ResourceChanged(key, progress):
                self._change(self._runs[key], progress)
            case TierFinished(key, failed):
                output.say(self._runs.pop(key).ending(failed))
            case Message(text):
                output.say(clean(text))

    def _start(self, event: TierStarted) -> None:
        """Say what begins, where it takes long enough to ask."""
        run = self._runs[event.key] = RunProgress(event)
        if run.verb != "previewing":
            many = f", {plural(run.total, 'resource')}" if run.total else ""
            output.say(f"{run.label}  {run.verb}{many}")

    def _change(self, run: RunProgress, progress: ResourceProgress) -> None:
        """Say what is done or failed."""
        run.note(progress)
        if run.verb != "previewing" and progress.state is not Progress.STARTED and progress.action is not Action.NO_OP:
            output.say(f"{run.label}  {run.count:>7}  {finished(progress)}")

    def close(self) -> None:
        """Do nothing."""


class RunProgress:
    """Progress of a tier's run."""

    def __init__(self, started: TierStarted) -> None:
        self.label = tier_title(started.key)
        self.verb = started.verb
        self.total = started.total
        self.done = 0
        self.current: ResourceProgress | None = None
        self._started = time.monotonic()

    def note(self, progress: ResourceProgress) -> None:
        """Count a resource."""
        if progress.state is Progress.STARTED:
            self.current = progress
        elif progress.state is Progress.DONE and (self.verb == "previewing" or progress.action is not Action.NO_OP):
            # What is left as it is counts to nobody who waits: an apply's total holds changes only.
            self.done += 1

    @property
    def seconds(self) -> float:
        """Elapsed seconds."""
        return time.monotonic() - self._started

    @property
    def count(self) -> str:
        """Format the count: `12/31`, `12 of 8-31`, or `12` where the total is unknown."""
        if not self.total:
            return str(self.done)
        return f"{self.done}/{self.total}" if self.total.exact else f"{self.done} of {self.total}"

    def ending(self, failed: bool) -> str:
        """Format the line that stays when the run is over."""
        if failed:
            many = f"{self.done} of {plural(self.total, 'resource')}" if self.total else plural(self.done, "resource")
            return f"{self.label}  failed after {many}, {elapsed(self.seconds)}"
        # A preview counts steps (a replacement is several); the plan behind it counts resources. A recovery reads.
        many = "" if self.verb in {"previewing", "recovering"} else f"{plural(self.done, 'resource')}, "
        return f"{self.label}  {OVER.get(self.verb, 'done')}, {many}{elapsed(self.seconds)}"


def finished(progress: ResourceProgress) -> str:
    """Format a finished resource: `created primary-cluster (aws:eks/nodeGroup:NodeGroup)`."""
    verb = DOING.get(progress.action, "working on")
    word = (
        f"FAILED {verb}"
        if progress.state is Progress.FAILED
        else DONE.get(progress.action.value, progress.action.value)
    )
    return clean(f"{word} {progress.name} ({progress.type})")


def elapsed(seconds: float) -> str:
    """Format a duration: `4.1 s`, `1m12s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest:02d}s"
