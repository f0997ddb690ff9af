"""Session of a command: the operations, and the capabilities of the streams.

Tests pass a `Session` of their own as click's `obj`; nothing else needs replacing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from platform_pulumi.bootstrap import Operations


class PipeClosed(Exception):  # noqa: N818  (an end of the conversation, not an error)
    """Raised where the reader of our output has closed the pipe (`platform preview | head`)."""


class Terminal(NamedTuple):
    """Capabilities of the streams: to ask, to show colours, to redraw; `display`: to open a browser."""

    interactive: bool = False
    colour_out: bool = False
    colour_err: bool = False
    live: bool = False
    display: bool = False


def detect() -> Terminal:
    """Detect the capabilities of this process's streams. `NO_COLOR`, a dumb terminal or a CI run get plain lines."""
    dumb = os.environ.get("TERM") == "dumb"
    plain = dumb or bool(os.environ.get("NO_COLOR"))
    return Terminal(
        interactive=sys.stdin.isatty() and sys.stderr.isatty(),
        colour_out=sys.stdout.isatty() and not plain,
        colour_err=sys.stderr.isatty() and not plain,
        live=sys.stderr.isatty() and not plain and not os.environ.get("CI"),
        display=sys.stdin.isatty() and sys.stdout.isatty() and not os.environ.get("CI") and _has_display(),
    )


def _has_display() -> bool:
    """Whether a browser could show itself: on macOS always, elsewhere where there is a graphical session."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def build_operations() -> Operations:
    """Build the real operations, with the settings of this process, which its signals cancel."""
    from pathlib import Path

    from platform_pulumi import bootstrap, settings
    from platform_pulumi.cli import signals
    from platform_pulumi.operations.cancellation import Cancellation

    cancellation = Cancellation()
    signals.cancel(cancellation)
    return bootstrap.build(settings.read(os.environ, Path.cwd()), cancellation)


class Session(NamedTuple):
    """Dependencies of one command.

    Args:
        operations: builds the operations; called once the arguments are known to be right.
        terminal: tells what the streams are.
        launch: opens a URL in a browser; gives 0 where that went well.
    """

    operations: Callable[[], Operations] = build_operations
    terminal: Callable[[], Terminal] = detect
    launch: Callable[[str], int] = click.launch


def debug_option(function: Any) -> Any:
    """Add the option `--debug`, for the group and every command. `failure` looks for it among the arguments."""
    option = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal fault.")
    return option(function)
