"""Language server for one run of the CLI: the engine asks it to run a tier's program (Pulumi, `language.proto`)."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.errors import RunError
from pulumi.runtime import settings
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from platform_pulumi.engine.imports import ImportQueue
from platform_pulumi.engine.ipc import Launch
from platform_pulumi.engine.program import run_tier
from platform_pulumi.engine.program_environment import adopt
from platform_pulumi.engine.recording import RecordingMonitor
from platform_pulumi.engine.unknown_types import read_unknown_types
from platform_pulumi.errors import PlatformError
from platform_pulumi.sdk.run import TierRun

#: As Pulumi's own: whole states can pass through one message.
_MESSAGE_LIMIT = 400 << 20


class ProgramServer(LanguageServer):
    """Language server (gRPC) of one program, which waits for its input, and then for its turn.

    Args:
        launch: how the CLI is started.
        program: waits for what the program is made of, a pickled `TierRun`; None where the run is interrupted before.
        imports: what has to be imported before a program runs.
    """

    def __init__(self, launch: Launch, program: Callable[[], bytes | None], imports: ImportQueue) -> None:
        super().__init__(self._inline)
        self._launch = launch
        self._wait = program
        self._imports = imports
        self._run: TierRun | None = None
        self._recorder: RecordingMonitor | None = None
        self._trace = ""
        adopt(launch.environment)
        self._server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", _MESSAGE_LIMIT)]
        )

    def start(self) -> int:
        """Serve on a free port, which is returned."""
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(self, self._server)
        port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return port

    def stop(self) -> dict[str, Any]:
        """Stop serving; return what is known of the program: fields of `Finished`."""
        self._server.stop(0)
        recorder = self._recorder
        return {
            "trace": self._trace,
            "registered": dict(recorder.registered) if recorder else {},
            "outputs": dict(recorder.outputs) if recorder else {},
            "unknown_types": self._unknown_types(),
        }

    def _unknown_types(self) -> dict[str, dict[str, str]]:
        """The types of the unknown inputs that the CLI has written to its event log by now."""
        if self._run is None:
            return {}
        with self._imports.paused():  # an SDK may have to be read further
            return read_unknown_types(Path(self._launch.events), self._run)

    def Run(self, request: Any, context: Any) -> Any:  # noqa: N802  (gRPC's name)
        """Run the program; the SDK's state belongs to the process, so no other program runs meanwhile."""
        given = self._wait()
        if given is None:
            return language_pb2.RunResponse(error="interrupted before it was known what to run")
        with self._imports.paused():
            self._run = pickle.loads(given)
            return super().Run(request, context)  # type: ignore[no-untyped-call]  # the SDK's

    def _inline(self) -> None:
        assert self._run is not None
        self._recorder = RecordingMonitor(settings.get_monitor(), self._launch.key)
        settings.SETTINGS.monitor = self._recorder
        try:
            run_tier(self._run)
        except Exception as error:
            # The SDK would print a traceback to the user; it is kept for --debug instead.
            self._trace = traceback.format_exc()
            raise RunError(_words(error)) from None


def _words(error: Exception) -> str:
    """A program's failure in one line: our own errors say what to do, others say what they are."""
    if isinstance(error, PlatformError):
        return f"{error.summary}: {error.detail}" if error.detail else error.summary
    return f"the program failed: {type(error).__name__}: {error}"
