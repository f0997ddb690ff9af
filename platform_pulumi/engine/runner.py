"""Run of the Pulumi CLI, seen from the parent: launch, follow, interrupt, and the result as a value."""

from __future__ import annotations

import contextlib
import pickle
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from platform_pulumi import temporary
from platform_pulumi.engine.events import EventLog
from platform_pulumi.engine.ipc import INTERRUPT, Finished, Launch
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.property_values import contains_secret, contains_unknown, plain, with_types
from platform_pulumi.engine.pulumi_words import explained
from platform_pulumi.engine.reserve import UNLIMITED, Room
from platform_pulumi.model.secrecy import masked
from platform_pulumi.operations.cancellation import Cancellation
from platform_pulumi.operations.events import Message, ResourceChanged, RunEvent, TierFinished, TierStarted
from platform_pulumi.operations.ports import Diagnostic, Observer, RunResult, StateOutput
from platform_pulumi.sdk.run import TierRun

#: How often the event log is looked at while a run goes on, in seconds.
_TICK = 0.02
#: Pulumi's words for a lock that somebody else holds: of its file backends (`diy/lock.go`), and of its cloud.
_LOCKED = ("the stack is currently locked by", "Another update is currently in progress")


class EngineRun:
    """Started run of the CLI; its program may still be on its way.

    Args:
        host: whose process runs it.
        launch: how to start it.
        cancellation: interrupts it.
    """

    def __init__(self, host: LanguageHost, launch: Launch, cancellation: Cancellation) -> None:
        self._host = host
        self._log = EventLog(Path(launch.events))
        self._cancellation = cancellation
        self._answered = 0
        self._stopped = ""
        self._connection: Connection[Any, Any] = host.connect()
        self._finished: Finished | None = None
        self._connection.send(launch)

    def send_program(self, run: TierRun) -> None:
        """Send the program its input (a `TierRun`); the CLI has been waiting for it."""
        with contextlib.suppress(BrokenPipeError):  # the CLI has failed already; `follow` says why
            self._connection.send(pickle.dumps(run))

    def follow(self, started: TierStarted, observer: Observer, room: Room = UNLIMITED) -> RunResult:
        """Wait for the end, passing progress to the observer; cancelled, it finishes its step, unless cancelled again.

        So it does where there is little room left for its state.

        An observer that fails (nobody reads the progress any more) is not called again, and interrupts the run:
        whatever happens here, Pulumi is not killed in the middle of a step.

        Raises:
            EngineError: the run's process died.
            Exception: whatever the observer raised.
        """
        observer(started)
        broken: BaseException | None = None
        while self._finished is None:
            try:
                self._wait()
                self._watch(room)
                self._pass_on(observer if broken is None else _ignore)
                if broken is None:
                    self._report(started, observer)
            except _ProcessDied as error:
                raise self._host.dead() from error
            except BaseException as error:
                # Two interrupts stop it at once: an observer that fails while it stops in order must not add one.
                if broken is not None or not self._answered:
                    self._interrupt()
                broken = broken or error
        if broken is not None:
            raise broken
        self._report(started, observer)
        failed = self._finished.code != 0 or not self._log.ended
        observer(TierFinished(started.key, failed))
        return self._result(failed)

    def abandon(self) -> None:
        """Abandon a run that was started ahead and never followed; a preview holds nothing."""
        self._connection.close()

    def _wait(self) -> None:
        if not self._connection.poll(_TICK):
            return
        try:
            message = self._connection.recv()
        except (EOFError, ConnectionResetError) as error:
            raise _ProcessDied from error
        if isinstance(message, Finished):
            self._finished = message
            self._connection.close()

    def _watch(self, room: Room) -> None:
        reason = room.running_out()
        if reason and not self._stopped:
            self._stopped = reason
            self._interrupt()

    def _pass_on(self, observer: Observer) -> None:
        """Interrupt the CLI as often as the command was cancelled: the second time it stops at once."""
        for count in range(self._answered, self._cancellation.requests):
            self._answered = count + 1
            self._interrupt()
            if count == 0:
                observer(Message("stopping: Pulumi finishes the step it is in; interrupt again to stop at once"))

    def _interrupt(self) -> None:
        with contextlib.suppress(OSError):  # the run has just ended
            self._connection.send(INTERRUPT)

    def _report(self, started: TierStarted, observer: Observer) -> None:
        for progress in self._log.read():
            observer(ResourceChanged(started.key, progress))

    def _result(self, failed: bool) -> RunResult:
        assert self._finished is not None
        diagnostics = list(self._log.diagnostics)
        if self._finished.code == 0 and failed:
            # A plan of what is left of it would be shown, approved and not be what is done.
            text = f"Pulumi could not write down all that it did: the disk is full. {temporary.advice()}"
            diagnostics.append(Diagnostic("error", text))
        if failed and not any(d.severity == "error" for d in diagnostics):
            words = masked(explained(self._finished.words))
            diagnostics.append(Diagnostic("error", words or "the Pulumi CLI failed silently"))
        steps = self._log.steps
        for urn, types in self._finished.unknown_types.items():
            if urn in steps:
                steps[urn] = replace(steps[urn], new=with_types(steps[urn].new, types))
        return RunResult(
            steps=steps,
            registered=self._finished.registered,
            outputs={name: _output(value) for name, value in self._finished.outputs.items()},
            diagnostics=tuple(diagnostics),
            failed=failed,
            stopped=self._stopped if failed else "",
            locked=failed and not steps and any(word in d.text for word in _LOCKED for d in diagnostics),
        )


class _ProcessDied(Exception):  # noqa: N818  (seen here, reported by the host)
    """Raised where the process of the run is gone."""


def _ignore(_event: RunEvent) -> None:
    """Watch nothing."""


def _output(value: Any) -> StateOutput:
    if contains_unknown(value):
        return StateOutput(None, secret=contains_secret(value), known=False)
    return StateOutput(plain(value, reveal=True), secret=contains_secret(value))
