"""Command line interface: thin commands, and views apart from the work.

A command turns argv into a `Request`, calls one operation and hands the value to a view (human, JSON document or
Markdown). Nothing here decides anything about a platform.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys


def main() -> None:
    """Run `platform` on this process's arguments and end it (console scripts `platform` and `platform-pulumi`)."""
    try:
        run()
    except SystemExit as end:
        _leave(end.code)


def run() -> None:
    """Run `platform` on this process's arguments.

    Raises:
        SystemExit: always; its code is the command's exit code.
    """
    # Importing makes a great many objects that stay: looking for garbage among them costs a fifth of a short command.
    # With the first run of the engine it is switched on again (`display.CollectingDisplay`).
    gc.disable()
    # Pydantic looks for its plugins among the entry points of every installed package when it is first used; no
    # package of ours has one, and the scan costs more than reading the declarations does.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _complete_streams()
    from platform_pulumi.cli import signals
    from platform_pulumi.cli.app import app

    signals.interrupt()
    app()


def _complete_streams() -> None:
    """Open a null device for each standard stream that is closed (`>&-`).

    Else the next file that is opened takes its number, and what is printed lands in it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115  for good


def _leave(code: object) -> None:
    """End the process at once: taking thousands of imported objects apart costs a tenth of a short command."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
