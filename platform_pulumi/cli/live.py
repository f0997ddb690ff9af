"""Live display: a bar for each running tier, the waiting ones under it, finished ones as lines that stay."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from platform_pulumi.cli.progress import DOING, RunProgress, elapsed
from platform_pulumi.cli.views.page import clean
from platform_pulumi.cli.views.words import tier_title
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.tier import TierKey
from platform_pulumi.operations.events import Message, ResourceChanged, RunEvent, TierFinished, TierStarted

_BAR = 25
_PER_SECOND = 8


class LiveDisplay:
    """Display that draws on stderr only while a tier runs, so that questions and results find a still terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._runs: dict[TierKey, RunProgress] = {}
        self._waiting: dict[TierKey, str] = {}
        self._live: Live | None = None

    def prepare(self, plan: Plan) -> None:
        """Remember the tiers of the plan: they are shown as waiting."""
        for tier in plan.tiers:
            if tier.changes:
                self._waiting[tier.key] = tier_title(tier.key)

    def __call__(self, event: RunEvent) -> None:
        """Draw an event, or print the line that stays of it."""
        match event:
            case TierStarted():
                self._start(event)
            case ResourceChanged(key, progress):
                self._runs[key].note(progress)  # the next refresh shows it
            case TierFinished():
                self._finish(event)
            case Message(text):
                self._console.print(Text(clean(text)))

    def _start(self, event: TierStarted) -> None:
        """Begin to draw."""
        self._waiting.pop(event.key, None)
        self._runs[event.key] = RunProgress(event)
        if self._live is None:
            self._live = Live(
                console=self._console, get_renderable=self._table, refresh_per_second=_PER_SECOND, transient=True
            )
            self._live.start()

    def _finish(self, event: TierFinished) -> None:
        """Leave the tier's last line; stop drawing where nothing is at work any more."""
        run = self._runs.pop(event.key)
        line = Text(run.ending(event.failed), style="red" if event.failed else "")
        if self._runs:
            self._console.print(line)
            return
        self._stop()
        self._console.print(line)

    def close(self) -> None:
        """Stop drawing and show the cursor again."""
        self._stop()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(width=_BAR, no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        for run in tuple(self._runs.values()):
            most = run.total.most if run.total else run.done
            bar = ProgressBar(total=most, completed=min(run.done, most), width=_BAR)
            table.add_row(run.label, bar if run.total else run.verb, run.count, _doing(run), elapsed(run.seconds))
        for label in tuple(self._waiting.values()):
            table.add_row(Text(label, style="dim"), Text("waiting", style="dim"))
        return table


def _doing(run: RunProgress) -> Text:
    current = run.current
    if current is None or current.action is Action.NO_OP:
        return Text("")
    doing = "planning" if run.verb == "previewing" else DOING.get(current.action, "working on")
    return Text(clean(f"{doing} {current.name} ({current.type})"))
