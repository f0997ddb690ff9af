"""Messages (IPC) between the engine and its child process, over a private socket of this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The parent's end is imported before anything else of a command: it has to be light.
    from platform_pulumi.operations.ports import Registered

INTERRUPT = "interrupt"
#: What the process is asked: to import modules (a JSON list follows), or to run (a socket comes with it).
IMPORT, RUN = b"i", b"r"


@dataclass(frozen=True, slots=True)
class Launch:
    """Request to start the CLI: its arguments, working directory, whole environment and the file of its event log."""

    command: tuple[str, ...]
    directory: str
    environment: dict[str, str] = field(repr=False)
    key: bytes = field(repr=False)
    program: bool
    events: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Result of a run of the CLI.

    `trace` is the program's traceback, for `--debug` alone; `outputs` are the stack's in wire form, secrets too: they
    stay within this machine's pipe. `unknown_types` are the types of unknown inputs, by URN and path.
    """

    code: int
    words: str
    trace: str = ""
    registered: dict[str, Registered] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict, repr=False)
    unknown_types: dict[str, dict[str, str]] = field(default_factory=dict)
