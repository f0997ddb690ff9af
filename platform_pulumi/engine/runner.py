"""One engine run, seen from the parent: launch, follow, interrupt, and the result as a value."""

from __future__ import annotations

import contextlib
import pickle
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from platform_pulumi.engine.events import EventLog
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.messages import INTERRUPT, Finished, Launch
from platform_pulumi.engine.wire import contains_secret, contains_unknown, plain
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.events import Message, ResourceChanged, TierFinished, TierStarted
from platform_pulumi.operations.ports import Diagnostic, Observer, RunResult, StateOutput
from platform_pulumi.sdk.run import TierRun

#: How often the event log is looked at while a run goes on, in seconds.
_TICK = 0.02


class EngineRun:
    """A run of the CLI that has been started; its program may still be on its way.

    Args:
        host: whose process runs it.
        launch: how to start it.
        events: the event log that it writes.
    """

    def __init__(self, host: LanguageHost, launch: Launch, events: Path) -> None:
        self._host = host
        self._log = EventLog(events)
        self._connection: Connection[Any, Any] = host.connect()
        self._finished: Finished | None = None
        self._connection.send(launch)

    def give(self, run: TierRun) -> None:
        """Send the program what it is made of; the CLI has been waiting for it."""
        with contextlib.suppress(BrokenPipeError):  # the CLI has failed already; `follow` says why
            self._connection.send(pickle.dumps(run))

    def follow(
        self, tier: Tier, application: str | None, verb: str, total: int | None, observer: Observer
    ) -> RunResult:
        """Wait for the end, telling the observer; an interrupt lets Pulumi finish its step, a second one does not.

        An observer that fails (nobody reads the progress any more) is told nothing more and counts as an interrupt:
        whatever happens here, Pulumi is not killed in the middle of a step.

        Raises:
            EngineError: the run's process died.
            KeyboardInterrupt: the run was interrupted; what it had done is recorded.
            Exception: whatever the observer raised.
        """
        observer(TierStarted(tier, application, verb, total))
        interrupt: KeyboardInterrupt | None = None
        broken: Exception | None = None
        while self._finished is None:
            try:
                self._wait()
                if broken is None:
                    self._observe(tier, application, observer)
            except KeyboardInterrupt as error:
                if interrupt is None and broken is None:
                    observer(Message("stopping: Pulumi finishes the step it is in; interrupt again to stop at once"))
                interrupt = error
                self._interrupt()
            except _ObserverError as error:
                broken = error.cause
                self._interrupt()
        if broken is not None:
            raise broken
        self._report(tier, application, observer)
        failed = self._finished.code != 0
        observer(TierFinished(tier, application, failed))
        if interrupt is not None:
            raise interrupt
        return self._result(failed)

    def abandon(self) -> None:
        """Give up a run that was started ahead and never followed; a preview holds nothing."""
        self._connection.close()

    def _wait(self) -> None:
        if not self._connection.poll(_TICK):
            return
        try:
            message = self._connection.recv()
        except (EOFError, ConnectionResetError) as error:
            raise self._host.dead() from error
        if isinstance(message, Finished):
            self._finished = message
            self._connection.close()

    def _interrupt(self) -> None:
        with contextlib.suppress(OSError):  # the run has just ended
            self._connection.send(INTERRUPT)

    def _observe(self, tier: Tier, application: str | None, observer: Observer) -> None:
        try:
            self._report(tier, application, observer)
        except Exception as error:
            raise _ObserverError(error) from error

    def _report(self, tier: Tier, application: str | None, observer: Observer) -> None:
        for progress in self._log.read():
            observer(ResourceChanged(tier, application, progress))

    def _result(self, failed: bool) -> RunResult:
        assert self._finished is not None
        diagnostics = list(self._log.diagnostics)
        if failed and not any(d.severity == "error" for d in diagnostics):
            diagnostics.append(Diagnostic("error", self._finished.words.strip() or "the Pulumi CLI failed silently"))
        return RunResult(
            steps=self._log.steps,
            registered=self._finished.registered,
            outputs={name: _output(value) for name, value in self._finished.outputs.items()},
            diagnostics=tuple(diagnostics),
            failed=failed,
        )


class _ObserverError(Exception):
    """What an observer raised, told apart from what the run itself did."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _output(value: Any) -> StateOutput:
    if contains_unknown(value):
        return StateOutput(None, secret=contains_secret(value), known=False)
    return StateOutput(plain(value, reveal=True), secret=contains_secret(value))
