"""Call of a command: its request, and the format and destination of its result."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_pulumi.cli import output
from platform_pulumi.cli.next_step import command_line
from platform_pulumi.cli.request import Request
from platform_pulumi.cli.session import Session, Terminal
from platform_pulumi.errors import InputError

if TYPE_CHECKING:
    from platform_pulumi.bootstrap import Operations
    from platform_pulumi.cli.display import CollectingDisplay, Display
    from platform_pulumi.cli.views.page import Page
    from platform_pulumi.declarations.documents import Declared
    from platform_pulumi.operations.task import Task

#: Exit code where there are changes and `--detailed-exitcode` asks for it.
CHANGES = 7


@dataclass(frozen=True)
class Call:
    """Call of one command.

    Args:
        command: its verb.
        format: human, json or markdown.
        out: the file the result goes to; stdout where None.
        typed: the options that a next command needs as well.
    """

    session: Session
    command: str
    request: Request
    format: str = "human"
    out: Path | None = None
    typed: tuple[str, ...] = ()
    _displays: list[CollectingDisplay] = field(default_factory=list, init=False, repr=False, compare=False)

    @functools.cached_property
    def declared(self) -> Declared:
        """What the call's files declare; they are read once, since a pipe gives nothing to a second reader."""
        return self.request.declared()

    @functools.cached_property
    def task(self) -> Task:
        """Task of the call."""
        return self.request.task(self.declared)

    @property
    def operations(self) -> Operations:
        """Operations, built on first use."""
        return self.session.operations()

    @property
    def terminal(self) -> Terminal:
        """Capabilities of the streams."""
        return self.session.terminal()

    @property
    def touched(self) -> bool:
        """Whether anything was changed by now."""
        return any(shown.touched for shown in self._displays)

    def next_step(self, verb: str, *more: str) -> str:
        """Build the command to type next, with this call's options."""
        return command_line(verb, self.typed, *more)

    def check(self) -> None:
        """Refuse faults for a run that is not simulated: they would be silently without effect.

        Raises:
            InputError: the run is not simulated.
        """
        request = self.request
        if request.simulate_config is None or request.simulate:
            return
        always = self.operations.simulated_providers()
        if request.provider in always or (request.provider is None and self._declares_only(always)):
            return
        summary = "Simulated faults without a simulated run"
        names = " or ".join(f"`{name}`" for name in always)
        raise InputError(summary, f"--simulate-config needs --simulate, or the provider {names}.")

    def emit(
        self,
        *,
        human: Callable[[], Page],
        document: Callable[[], Mapping[str, Any]],
        markdown: Callable[[], str],
    ) -> None:
        """Write the result in the requested format, and only that, to stdout or to the file."""
        colour = self.terminal.colour_out and self.out is None
        if self.format == "json":
            text = output.json_text(document())
        elif self.format == "markdown":
            text = markdown()
        else:
            text = human().text(colour=colour)
        output.write(text, self.out)

    @contextmanager
    def show_progress(self) -> Iterator[Display]:
        """Show the progress of a run on stderr while it lasts."""
        from platform_pulumi.cli.display import display

        shown = display(live=self.terminal.live)
        self._displays.append(shown)
        try:
            yield shown
        finally:
            shown.close()

    def _declares_only(self, names: tuple[str, ...]) -> bool:
        providers = self.operations.validate(self.declared).providers
        return bool(providers) and all(provider.name in names for provider in providers)
