"""A run seen from the parent, whatever the child does: a child of ours on the other end of a socket pair."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from platform_pulumi.engine.child import handle_run
from platform_pulumi.engine.imports import ImportQueue
from platform_pulumi.engine.ipc import INTERRUPT, Finished, Launch
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.runner import EngineRun
from platform_pulumi.errors import EngineError
from platform_pulumi.model.signatures import SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.unknown import UNKNOWN, UNKNOWN_TYPES
from platform_pulumi.operations.cancellation import Cancellation
from platform_pulumi.operations.events import Message, ResourceChanged, RunEvent, TierStarted
from platform_pulumi.operations.ports import RunResult, StateOutput
from tests.operations.fakes import Watcher
from tests.shared import until

LAUNCH = Launch(("pulumi", "up"), "/", {}, b"key", program=True, events="")
STARTED = TierStarted(TierKey(Tier.APPLICATION, "shop"), "applying", None)
DONE = Finished(code=0, words="", trace="", registered={}, outputs={})
#: Seconds after which something is taken for stuck.
PATIENCE = 30
#: Messages that say nothing: a run looks at its cancellation after each, and so several times before DONE is there.
TURNS = ["turn", "turn", "turn"]


def event(name: str) -> str:
    metadata = {"op": "create", "urn": f"urn:pulumi:a::b::t:i:T::{name}", "type": "t:i:T", "new": {"custom": True}}
    return json.dumps({"resourcePreEvent": {"metadata": metadata}}) + "\n"


#: What Pulumi writes last.
END = json.dumps({"cancelEvent": {}}) + "\n"


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


def rest(parent: Parent) -> list[Any]:
    """What a child was still told, once its run has been followed to the end."""
    told = []
    with contextlib.suppress(EOFError):
        while True:
            told.append(parent.child.recv())
    return told


@pytest.fixture
def parent() -> Parent:
    return Parent()


def start(parent: Parent, log: Path, cancellation: Cancellation | None = None) -> EngineRun:
    launch = replace(LAUNCH, events=str(log))
    run = EngineRun(cast("LanguageHost", parent), launch, cancellation or Cancellation())
    assert parent.child.recv() == launch
    return run


def follow(run: EngineRun, watcher: Watcher | None = None) -> RunResult:
    return run.follow(STARTED, watcher or Watcher())


def answering(parent: Parent, log: Path, then: Callable[[], None]) -> threading.Thread:
    """A child that reports one event, and then does whatever the test says."""

    def live() -> None:
        log.write_text(event("one") + END, encoding="utf-8")
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


def test_unknown_inputs_get_the_types_that_the_child_has_found(parent: Parent, tmp_path: Path) -> None:
    log, urn = tmp_path / "log", "urn:pulumi:a::b::t:i:T::one"
    metadata = {"op": "create", "urn": urn, "type": "t:i:T", "new": {"inputs": {"ids": UNKNOWN, "name": UNKNOWN}}}
    log.write_text(json.dumps({"resourcePreEvent": {"metadata": metadata}}) + "\n", encoding="utf-8")
    run = start(parent, log)
    parent.child.send(replace(DONE, unknown_types={urn: {"ids": "array"}, "urn:of nothing": {"x": "array"}}))
    new = follow(run).steps[urn].new
    assert new is not None
    assert {name: UNKNOWN_TYPES[value] for name, value in new.items()} == {"ids": "array", "name": "string"}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("error: no space left\n", "error: no space left"),
        ("error: postgres://me:hunter2@db/state\n", "error: postgres://me:*******@db/state"),
        ("", "the Pulumi CLI failed silently"),
    ],
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


def test_a_cancelled_run_finishes_its_step_and_stops_at_once_when_cancelled_again(
    parent: Parent, tmp_path: Path
) -> None:
    log, cancellation, received = tmp_path / "log", Cancellation(), []

    def live() -> None:
        cancellation.cancel()
        received.append(parent.child.recv())
        cancellation.cancel()
        received.append(parent.child.recv())
        parent.child.send(DONE)

    run, watcher = start(parent, log, cancellation), Watcher()
    thread = answering(parent, log, live)
    assert not follow(run, watcher).failed
    thread.join()
    assert received == [INTERRUPT, INTERRUPT]
    assert watcher.messages == ["stopping: Pulumi finishes the step it is in; interrupt again to stop at once"]


def test_an_observer_that_fails_while_a_run_is_cancelled_does_not_stop_it_at_once(
    parent: Parent, tmp_path: Path
) -> None:
    class Full(Watcher):
        def __call__(self, event: RunEvent) -> None:
            if isinstance(event, Message):
                raise BrokenPipeError("nobody reads")

    cancellation, received = Cancellation(), []
    cancellation.cancel()

    def live() -> None:
        received.append(parent.child.recv())
        for message in (*TURNS, DONE):
            parent.child.send(message)

    run = start(parent, tmp_path / "log", cancellation)
    thread = answering(parent, tmp_path / "log", live)
    with pytest.raises(BrokenPipeError):
        follow(run, Full())
    thread.join()
    assert [*received, *rest(parent)] == [INTERRUPT]


def test_of_two_runs_in_two_threads_the_one_that_is_cancelled_is_interrupted(tmp_path: Path) -> None:
    parents, tokens = (Parent(), Parent()), (Cancellation(), Cancellation())
    runs = [
        start(parent, tmp_path / str(i), token) for i, (parent, token) in enumerate(zip(parents, tokens, strict=True))
    ]
    watchers = (Watcher(), Watcher())
    threads = [
        threading.Thread(target=run.follow, args=(STARTED, watcher))
        for run, watcher in zip(runs, watchers, strict=True)
    ]
    for thread in threads:
        thread.start()
    tokens[1].cancel()
    first = parents[1].child.recv()
    for parent in parents:
        for message in (*TURNS, DONE):
            parent.child.send(message)
    for thread in threads:
        thread.join()
    assert (rest(parents[0]), [first, *rest(parents[1])]) == ([], [INTERRUPT])
    assert [len(watcher.messages) for watcher in watchers] == [0, 1]


@pytest.mark.parametrize("program", [False, True])
def test_a_run_that_is_cancelled_before_its_cli_has_started_does_not_start_it(tmp_path: Path, program: bool) -> None:
    cli, trace = tmp_path / "pulumi", tmp_path / "started"
    cli.write_text(f"#!/bin/sh\ntouch {trace}\n", encoding="utf-8")
    cli.chmod(0o700)
    launch = Launch((str(cli), "destroy"), str(tmp_path), {}, b"key", program=program, events=str(tmp_path / "log"))
    ours, theirs = socket.socketpair()
    parent, child = Connection(ours.detach()), Connection(theirs.detach())
    parent.send(INTERRUPT)
    parent.send(launch)
    handle_run(child, ImportQueue())
    finished = parent.recv()
    assert isinstance(finished, Finished)
    assert finished.code != 0
    assert "interrupted before" in finished.words
    assert not trace.exists()


def test_an_interrupt_that_comes_when_the_run_has_ended_is_still_one(parent: Parent, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = start(parent, log)
    log.write_text(event("one"), encoding="utf-8")
    parent.child.send(DONE)
    parent.child.close()
    with pytest.raises(KeyboardInterrupt):
        follow(run, Breaking(KeyboardInterrupt()))


@pytest.mark.parametrize("left", [event("one"), event("one") + event("two")[:40], ""])
def test_a_run_that_was_not_written_down_to_its_end_is_a_failure(parent: Parent, tmp_path: Path, left: str) -> None:
    run = start(parent, tmp_path / "log")
    (tmp_path / "log").write_text(left, encoding="utf-8")
    parent.child.send(DONE)
    result = follow(run)
    assert result.failed
    (said,) = result.diagnostics
    assert said.text.startswith("Pulumi could not write down all that it did: the disk is full. Make room")


@pytest.mark.parametrize(
    ("words", "locked"),
    [
        ("error: the stack is currently locked by 1 lock(s). Either wait for the other process(es)", True),
        ("error: [409] Conflict: Another update is currently in progress.", True),
        ("error: no such bucket", False),
    ],
)
def test_a_stack_in_somebody_elses_hands_is_told_from_a_failure(
    parent: Parent, tmp_path: Path, words: str, locked: bool
) -> None:
    run = start(parent, tmp_path / "log")
    parent.child.send(replace(DONE, code=255, words=words))
    result = follow(run)
    assert (result.failed, result.locked) == (True, locked)


def test_a_run_whose_process_died_is_a_failure(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    parent.child.close()
    with pytest.raises(EngineError, match="The engine's process ended"):
        follow(run)


def test_a_program_for_a_run_that_is_gone_is_no_failure_of_its_own(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    parent.child.close()
    run.send_program(cast("Any", "a program"))
    with pytest.raises(EngineError):
        follow(run)


def test_a_run_that_is_given_up_is_told_so(parent: Parent, tmp_path: Path) -> None:
    run = start(parent, tmp_path / "log")
    run.abandon()
    with pytest.raises(EOFError):
        parent.child.recv()


def test_a_cli_that_cannot_be_started_is_a_failure_and_not_a_hang(tmp_path: Path) -> None:
    command = (str(tmp_path / "pulumi"), "refresh")
    launch = Launch(command, str(tmp_path), {}, b"key", program=False, events=str(tmp_path / "log"))
    with LanguageHost(os.environ) as host:
        result = follow(EngineRun(host, launch, Cancellation()))
    assert result.failed
    (said,) = result.diagnostics
    assert "the Pulumi CLI cannot be run" in said.text
    assert str(tmp_path / "pulumi") in said.text


#: A CLI that speaks with its language server only once it was interrupted, as Pulumi does that is just starting.
LATE_CLI = """#!{python}
import signal, sys, time
from pathlib import Path
import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2_grpc

def ask(*_):
    time.sleep(1)  # by then whoever only waits for the parent has gone
    try:
        language_pb2_grpc.LanguageRuntimeStub(channel).GetPluginInfo(Empty(), timeout={patience})
        Path("answer").write_text("OK")
    except grpc.RpcError as error:
        Path("answer").write_text(error.code().name)
    sys.exit()

address = next(word for word in sys.argv if word.startswith("--client=")).removeprefix("--client=")
channel = grpc.insecure_channel(address)
signal.signal(signal.SIGINT, ask)
Path("started").touch()
signal.pause()
"""
#: A command that starts a run, and is killed before it ends.
KILLED = """
import os, time
from platform_pulumi.engine.ipc import Launch
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.runner import EngineRun
from platform_pulumi.operations.cancellation import Cancellation
launch = Launch(("./pulumi", "up"), os.getcwd(), dict(os.environ), b"key", program=True, events="log")
run = EngineRun(LanguageHost(os.environ), launch, Cancellation())
time.sleep({patience})
"""


def test_a_cli_whose_command_was_killed_is_still_answered(tmp_path: Path) -> None:
    cli = tmp_path / "pulumi"
    cli.write_text(LATE_CLI.format(python=sys.executable, patience=PATIENCE), encoding="utf-8")
    cli.chmod(0o700)
    command = subprocess.Popen([sys.executable, "-c", KILLED.format(patience=PATIENCE)], cwd=tmp_path)
    try:
        until((tmp_path / "started").exists, "start of the CLI")
    finally:
        command.kill()
        command.wait()
    answer = tmp_path / "answer"
    assert until(lambda: answer.exists() and answer.read_text(encoding="utf-8"), "answer", 2 * PATIENCE) == "OK"
