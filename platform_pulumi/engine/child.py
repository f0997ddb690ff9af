"""Child process of the engine: runs the Pulumi CLI and the programs that it asks for (docs/adr/0017).

`python -P -m platform_pulumi.engine.child FD` is given a socket for each run over its control socket. A run has a
thread, starts the CLI with a language server for its program, and speaks with the parent over its socket alone: the
values and secrets of a program never go through files, arguments or the environment. CLIs may start side by side;
programs run one after the other. The SDK is imported only where a program may come.

Messages to a run: `Launch`, then a pickled `TierRun` where a program runs, then possibly `INTERRUPT`. From it:
`Finished`. A socket that closes means that the parent is gone: the CLI is then interrupted, so that it finishes its
step and writes its state.
"""

from __future__ import annotations

import contextlib
import gc
import json
import queue
import signal
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

from platform_pulumi.engine.imports import ImportQueue
from platform_pulumi.engine.ipc import IMPORT, INTERRUPT, Finished, Launch

#: How much of the CLI's own words is kept for a failure that no event explains.
_TAIL = 8_000
_MESSAGE = 1 << 16
#: The exit code of a run that no CLI ended.
_BROKEN = -1


def main() -> None:
    """Import modules and start a run for each socket that arrives, until the parent is gone and every run has ended.

    Runs that are still under way then end by themselves: their own sockets have closed, too. They are waited for here,
    since a main thread that ends takes the thread pools with it: a CLI would ask its language server, and wait for
    ever with the stack's lock in its hand.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is imported stays: no garbage is looked for while that goes on (`Imports`).
    gc.disable()
    imports = ImportQueue()
    runs: list[threading.Thread] = []
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE, 1)
        if not message:
            break
        if message.startswith(IMPORT):
            imports.add(json.loads(message.removeprefix(IMPORT)))
        for descriptor in descriptors:
            runs.append(threading.Thread(target=handle_run, args=(Connection(descriptor), imports)))
            runs[-1].start()
    for run in runs:
        run.join()


def handle_run(parent: Connection, imports: ImportQueue) -> None:
    """Run the CLI as the parent's `Launch` over this connection says, and answer with `Finished`."""
    inbox = _Inbox(parent)
    threading.Thread(target=inbox.listen, daemon=True).start()
    launch = inbox.launches.get()
    if launch is not None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the parent is gone
            parent.send(_finished(launch, inbox, imports))
    parent.close()


def _finished(launch: Launch, inbox: _Inbox, imports: ImportQueue) -> Finished:
    """Run the CLI and return the result, whatever happens: the parent waits for nothing else."""
    try:
        return _run_cli(launch, inbox, imports)
    except Exception as error:
        # A run that says nothing is waited for, for ever.
        return Finished(code=_BROKEN, words=f"the run broke off: {type(error).__name__}: {error}")


class _Inbox:
    """Reader of the parent's socket; its closing interrupts the CLI."""

    def __init__(self, parent: Connection) -> None:
        self._parent = parent
        self.launches: queue.SimpleQueue[Launch | None] = queue.SimpleQueue()
        #: Still pickled: to read a run takes modules that are just being imported in another thread.
        self.programs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._cli: subprocess.Popen[bytes] | None = None
        self._interrupted = False
        #: Held while the CLI starts: an interrupt comes before it, and it does not start, or after it, and reaches it.
        self._starting = threading.Lock()

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

    def start(self, command: list[str], **how: Any) -> subprocess.Popen[bytes] | None:
        """Start the CLI, which interrupts then reach; None where one has come already.

        Raises:
            OSError: it cannot be run.
        """
        with self._starting:
            if not self._interrupted:
                self._cli = subprocess.Popen(command, **how)
            return self._cli

    def _interrupt(self) -> None:
        self.programs.put(None)
        with self._starting:
            self._interrupted = True
            if self._cli is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._cli.send_signal(signal.SIGINT)


def _run_cli(launch: Launch, inbox: _Inbox, imports: ImportQueue) -> Finished:
    """Run the CLI to its end, with a language server where it is to run a program."""
    command, server = [*launch.command, "--event-log", launch.events], None
    if launch.program:
        from platform_pulumi.engine.language_server import ProgramServer

        server = ProgramServer(launch, inbox.programs.get, imports)
        command += [f"--client=127.0.0.1:{server.start()}", "--exec-kind", "auto.inline"]
    code, words = _wait_for(command, launch, inbox)
    program: dict[str, Any] = server.stop() if server is not None else {}
    return Finished(code=code, words=words, **program)


def _wait_for(command: list[str], launch: Launch, inbox: _Inbox) -> tuple[int, str]:
    """Wait for the CLI; return its exit code and its last output."""
    try:
        cli = inbox.start(
            command,
            cwd=launch.directory,
            env=launch.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        return _BROKEN, f"the Pulumi CLI cannot be run: {error}"
    if cli is None:
        return _BROKEN, "interrupted before the Pulumi CLI was started"
    with cli:
        assert cli.stderr is not None
        words = cli.stderr.read()[-_TAIL:].decode(errors="replace")
    return cli.returncode, words


if __name__ == "__main__":
    main()
