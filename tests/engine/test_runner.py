"""A run seen from the parent, whatever the child does: a child of ours on the other end of a socket pair."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.messages import INTERRUPT, Finished, Launch
from platform_pulumi.engine.runner import EngineRun
from platform_pulumi.engine.wire import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN
from platform_pulumi.errors import EngineError
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.events import ResourceChanged, RunEvent
from platform_pulumi.operations.ports import RunResult, StateOutput
from tests.operations.fakes import Watcher

LAUNCH = Launch(("pulumi", "up"), "/", {}, b"key", program=True)
DONE = Finished(code=0, words="", trace="", registered={}, outputs={})


def event(name: str) -> str:
    metadata = {"op": "create", "urn": f"urn:pulumi:a::b::t:i:T::{name}", "type": "t:i:T", "new": {"custom": True}}
    return json.dumps({"resourcePreEvent": {"metadata": metadata}}) + "\n"


class Parent:
    """In a language host's place: gives a connection whose other end the test holds."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._ours: Connection[Any, Any] = Connection(ours.detach())
        self.child: Connection[Any, Any] = Connection(theirs.detach())

    def connect(self) -> Connection[Any, Any]:
        return self._ours

    def dead(self) -> EngineError:
        return EngineError("The engine's process ended")


class Breaking(Watcher):
    """An observer that breaks off at the first resource, and at every later one."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error
        self.seen = 0

    def __call__(self, event: RunEvent) -> None:
        super().__call__(event)
        if isinstance(event, ResourceChanged):
            self.seen += 1
            raise self.error


@pytest.fixture
def parent() -> Parent:
    return Parent()


def start(parent: Parent, log: Path) -> EngineRun:
    run = EngineRun(cast("LanguageHost", parent), LAUNCH, log)
    assert parent.child.recv() == LAUNCH
    return run


def follow(run: EngineRun, watcher: Watcher | None = None) -> RunResult:
    return run.follow(Tier.APPLICATION, "shop", "applying", None, watcher or Watcher())


def answering(parent: Parent, log: Path, then: Callable[[], None]) -> threading.Thread:
    """A child that reports one event, and then does whatever the test says."""

    def live() -> None:
        log.write_text(event("one"), encoding="utf-8")
        then()

    thread = threading.Thread(target=live)
    thread.start()
    return thread


def test_a_run_is_followed_to_its_end(parent: Parent, tmp_path: Path) -> None:
    outputs = {
        "a": 3.0,
        "b": UNKNOWN,
        "c": {SIGNATURE_KEY: SECRET_SIGNATURE, "value": "hunter2"},
        "d": {"e": {SIGNATURE_KEY: SECRET_SIGNATURE, "value": UNKNOWN}},
    }
    run = start(parent, tmp_path / "log")
    done = Finished(code=0, words="", trace="", registered={}, outputs=outputs)
    thread = answering(parent, tmp_path / "log", lambda: parent.child.send(done))
    result = follow(run)
    thread.join()
    assert [step.name for step in result.steps.values()] == ["one"]
    assert not result.failed
    assert result.outputs == {
        "a": StateOutput(3),
        "b": StateOutput(None, known=False),
        "c": StateOutput("hunter2", secret=True),
        "d": StateOutput(None, secret=True, known=False),
    }
    assert "hunter2" not in repr(result)
    assert "hunter2" not in repr(done)


@pytest.mark.parametrize(
    ("words", "text"), [("error: no space left\n", "error: no space left"), ("", "the Pulumi CLI failed silently")]
)
def test_a_failure_no_event_explains_has_the_clis_own_words(
    parent: Parent, tmp_path: Path, words: str, text: str
) -> None:
    run = start(parent, tmp_path / "log")
    failed = Finished(code=255, words=words, trace="", registered={}, outputs={})
    thread = answering(parent, tmp_path / "log", lambda: parent.child.send(failed))
    result = follow(run)
    thread.join()
    assert result.failed
    assert [(d.severity, d.text) for d in result.diagnostics] == [("error", text)]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), BrokenPipeError("nobody reads"), RuntimeError("a bug")])
def test_whoever_watches_may_break_off_and_pulumi_still_finishes_its_step(
    parent: Parent, tmp_path: Path, error: BaseException
) -> None:
    log, told = tmp_path / "log", []

    def live() -> None:
        told.append(parent.child.recv())
        log.write_text(event("one") + (event("two") if not isinstance(error, KeyboardInterrupt) else ""), "utf-8")
        parent.child.send(DONE)

    run, watcher = start(parent, log), Breaking(error)
    thread = answering(parent, log, live)
    with pytest.raises(type(error)):
        follow(run, watcher)
    thread.join()
    assert told == [INTERRUPT]
    assert watcher.seen == 1


def test_an_interrupt_that_comes_when_the_run_has_ended_is_still_one(parent: Parent, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = start(parent, log)
    log.write_text(event("one"), encoding="utf-8")
    parent.child.send(DONE)
    parent.child.close()
    with pytest.raises(KeyboardInterrupt):
        follow(run, Breaking(KeyboardInterrupt()))


def test_a_run_whose_process_died_is_a_failure(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    parent.child.close()
    with pytest.raises(EngineError, match="The engine's process ended"):
        follow(run)


def test_a_program_for_a_run_that_is_gone_is_no_failure_of_its_own(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    parent.child.close()
    run.give(cast("Any", "a program"))
    with pytest.raises(EngineError):
        follow(run)


def test_a_run_that_is_given_up_is_told_so(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    run.abandon()
    with pytest.raises(EOFError):
        parent.child.recv()


def test_a_cli_that_cannot_be_started_is_a_failure_and_not_a_hang(tmp_path: Path) -> None:
    launch = Launch((str(tmp_path / "pulumi"), "refresh"), str(tmp_path), {}, b"key", program=False)
    with LanguageHost(os.environ) as host:
        result = follow(EngineRun(host, launch, tmp_path / "log"))
    assert result.failed
    (said,) = result.diagnostics
    assert "the Pulumi CLI cannot be run" in said.text
    assert str(tmp_path / "pulumi") in said.text
