"""The engine's child processes: a zygote that imports the SDK once, and a fork of it for each run.

The zygote (`python -P -m platform_pulumi.engine.child FD`) is given one socket per run over its control socket and
forks; it stays single threaded and opens no channel, so that forking is safe. A run's process is the leader of a
session of its own, starts the Pulumi CLI with a language server for the program, and speaks with its parent over its
socket alone: the values and secrets of a program never go through files, arguments or the environment.

Messages to a run: `Launch`, then `TierRun` where a program runs, then possibly `INTERRUPT`. From it: its process id,
then `Finished`; after that it takes another `Launch`, so that an apply finds warm what the plan of the same stack has
loaded. A socket that closes means that the parent is gone: the CLI is then interrupted, so that it finishes its step
and writes its state.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import traceback
from concurrent import futures
from multiprocessing.connection import Connection
from typing import Any

from platform_pulumi.engine.messages import IMPORT, INTERRUPT, Finished, Launch
from platform_pulumi.errors import PlatformError
from platform_pulumi.sdk.run import TierRun

#: How much of the CLI's own words is kept for a failure that no event explains.
_TAIL = 8_000
_MESSAGE = 1 << 16


def main() -> None:
    """The zygote: import what every run needs, then fork a run for each socket that arrives."""
    control = socket.socket(fileno=int(sys.argv[1]))
    # Imports make objects that stay: no garbage is looked for among them, here or, once frozen, in the forks.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    import grpc  # noqa: F401  imported here so that forks have it
    import pulumi  # noqa: F401  imported here so that forks have it
    from pulumi.automation import _server  # noqa: F401  imported here so that forks have it

    from platform_pulumi.engine import program, recording  # noqa: F401  imported here so that forks have it

    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE, 1)
        if not message:
            return
        if message.startswith(IMPORT):
            _preload(json.loads(message.removeprefix(IMPORT)))
            gc.freeze()
        elif os.fork() == 0:
            gc.enable()
            control.close()
            os._exit(_run(Connection(descriptors[0])))
        for descriptor in descriptors:
            os.close(descriptor)


def _preload(modules: list[str]) -> None:
    for module in modules:
        with contextlib.suppress(Exception):  # the run that needs it imports it again and says what is wrong
            importlib.import_module(module)


def _run(parent: Connection) -> int:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    inbox = _Inbox(parent)
    try:
        parent.send(os.getpid())
        threading.Thread(target=inbox.listen, daemon=True).start()
        while (launch := inbox.launches.get()) is not None:
            os.environ.clear()
            os.environ.update(launch.environment)
            _Run(parent, launch, inbox).finish()
    except (BrokenPipeError, ConnectionResetError):
        return 1
    return 0


class _Inbox:
    """The one reader of the parent's socket; its closing is an interrupt, and the end."""

    def __init__(self, parent: Connection) -> None:
        self._parent = parent
        self.launches: queue.SimpleQueue[Launch | None] = queue.SimpleQueue()
        self.programs: queue.SimpleQueue[TierRun | None] = queue.SimpleQueue()
        self.cli: subprocess.Popen[bytes] | None = None

    def listen(self) -> None:
        """Sort what comes until the parent is gone."""
        while True:
            try:
                message = self._parent.recv()
            except (EOFError, OSError):
                self._interrupt()
                self.launches.put(None)
                return
            if message == INTERRUPT:
                self._interrupt()
            elif isinstance(message, Launch):
                self.launches.put(message)
            else:
                self.programs.put(message)

    def _interrupt(self) -> None:
        self.programs.put(None)
        if self.cli is not None:
            with contextlib.suppress(ProcessLookupError):
                self.cli.send_signal(signal.SIGINT)


class _Run:
    """One run of the CLI, with or without a program."""

    def __init__(self, parent: Connection, launch: Launch, inbox: _Inbox) -> None:
        self._parent = parent
        self._launch = launch
        self._programs = inbox.programs
        self._server: Any = None
        self._recorder: Any = None
        self._trace = ""
        command = list(launch.command)
        if launch.program:
            command += [f"--client=127.0.0.1:{self._serve()}", "--exec-kind", "auto.inline"]
        self._cli = inbox.cli = subprocess.Popen(
            command,
            cwd=launch.directory,
            env=launch.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish(self) -> None:
        """Wait for the CLI and hand over everything the program registered."""
        assert self._cli.stderr is not None
        words = self._cli.stderr.read()[-_TAIL:].decode(errors="replace")
        code = self._cli.wait()
        if self._server is not None:
            self._server.stop(0)
        recorder = self._recorder
        self._parent.send(
            Finished(
                code=code,
                words=words,
                trace=self._trace,
                registered=dict(recorder.registered) if recorder else {},
                outputs=dict(recorder.outputs) if recorder else {},
            )
        )

    def _serve(self) -> int:
        """A language server whose program waits until the parent has sent what it is made of."""
        import grpc
        from pulumi.automation._server import LanguageServer
        from pulumi.runtime.proto import language_pb2_grpc

        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=_channel_options())
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(self._inline), self._server)
        port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return port

    def _inline(self) -> None:
        from pulumi.errors import RunError
        from pulumi.runtime import settings

        from platform_pulumi.engine.program import run_tier
        from platform_pulumi.engine.recording import RecordingMonitor

        run = self._programs.get()
        if run is None:
            message = "interrupted before it was known what to run"
            raise RunError(message)
        self._recorder = RecordingMonitor(settings.get_monitor(), self._launch.key)
        settings.SETTINGS.monitor = self._recorder
        try:
            run_tier(run)
        except Exception as error:
            # The SDK would print a traceback to the user; it is kept for --debug instead.
            self._trace = traceback.format_exc()
            raise RunError(_words(error)) from None


def _words(error: Exception) -> str:
    """A program's failure in one line: our own errors say what to do, others say what they are."""
    if isinstance(error, PlatformError):
        return f"{error.summary}: {error.detail}" if error.detail else error.summary
    return f"the program failed: {type(error).__name__}: {error}"


def _channel_options() -> list[tuple[str, int]]:
    return [("grpc.max_receive_message_length", 400 << 20)]


if __name__ == "__main__":
    main()
