"""Error output of a command that did not succeed, and its exit code.

Everything that is no `PlatformError` and no misuse is a bug of ours: one sentence, and a traceback only on request,
because messages of foreign exceptions may hold what a user would not want in a log.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.session import PipeClosed, detect
from platform_pulumi.cli.source import source_line
from platform_pulumi.cli.views.document import results
from platform_pulumi.cli.views.human.applied import failure as apply_failure
from platform_pulumi.cli.views.human.problems import CHANGING, CONSEQUENCES, error_page
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.errors import InputError, PlatformError, ResultError
from platform_pulumi.model.applied import ApplyError

INTERRUPTED = 130
PIPE_CLOSED = 141
USAGE = "P2900"
FAULT = "P1000"


def report_error(error: PlatformError, call: Call) -> int:
    """Show a `PlatformError` in the format the call asked for; return the exit code."""
    # What others say, an engine or a daemon, may repeat an address with a password.
    error.detail = _masked(error.detail)
    error.problems = tuple(replace(problem, detail=_masked(problem.detail)) for problem in error.problems)
    if isinstance(error, ApplyError):
        page = apply_failure(error, ViewOptions(call.next_step, verb=call.command), source_line)
    else:
        page = error_page(error, source_line, _consequence(error, call))
    _tell(results.error(error, _standing(call)), page, call.format == "json")
    return error.exit_code


def _consequence(error: PlatformError, call: Call) -> str:
    """Say what an error left undone, or, once something was begun, that what was done stands."""
    if call.touched:
        return _standing(call)
    if isinstance(error, ResultError):
        return CONSEQUENCES[call.command] if call.command in CHANGING else ""
    return CONSEQUENCES.get(call.command, "") if error.exit_code in {2, 3} else ""


def _standing(call: Call) -> str:
    if not call.touched:
        return ""
    return f"What was done until then stands and is recorded; `{call.next_step('status')}` shows it."


def report_interrupt(call: Call) -> int:
    """Say that a command was interrupted, what of it stands and what goes on from there; return the exit code."""
    advice = ""
    if call.command in CHANGING:
        again = call.next_step(call.command)
        stands = f"What was done until then stands and is recorded; `{again}` goes on from there."
        advice = stands if call.touched else CONSEQUENCES[call.command]
    output.say("")  # after the ^C of the terminal
    _say(_one_line("Interrupted", advice))
    return INTERRUPTED


def report_unexpected(error: Exception, arguments: Sequence[str]) -> int:
    """Show misuse and faults: what no command could handle itself; return the exit code."""
    if isinstance(error, PipeClosed):
        _close_stdout()
        return PIPE_CLOSED
    if isinstance(error, click.exceptions.Abort):
        _say(_one_line("Interrupted"))
        return INTERRUPTED
    as_json = _wants_json(arguments)
    if isinstance(error, OSError) and _is_of_click(error):
        _say(_one_line(f"stdout cannot be written: {error.strerror}."))
        return ResultError.exit_code
    if isinstance(error, click.ClickException):
        text = _masked(error.format_message())
        context = error.ctx if isinstance(error, click.UsageError) else None
        advice = f"Try `{context.command_path} --help`." if context else ""
        _tell(results.failure(USAGE, "Wrong usage", text), _one_line(text, advice), as_json)
        return InputError.exit_code
    if "--debug" in arguments:
        output.say("".join(traceback.format_exception(error)), line=False)
    text = f"Internal fault (a bug of platform-pulumi): {type(error).__name__}{_place(error)}"
    advice = "Please report it with what you did. `--debug` shows the traceback; read it before you publish it."
    _tell(results.failure(FAULT, "Internal fault", f"{text}. {advice}"), _one_line(text, advice), as_json)
    return 1


def _masked(text: str) -> str:
    from platform_pulumi.model.secrecy import masked

    return masked(text)


def _tell(document: dict[str, Any], page: Page, as_json: bool) -> None:
    try:
        if as_json:
            output.write(output.json_text(document))
            return
    except ResultError:
        pass  # it is said where a person would look
    _say(page)


def _say(page: Page) -> None:
    output.say(page.text(colour=detect().colour_err), line=False, colour=True)


def _one_line(text: str, advice: str = "") -> Page:
    page = Page()
    page.line(Styled("error: ", "bad"), text)
    if advice:
        page.paragraph(advice, indent=3)
    return page


def _is_of_click(error: OSError) -> bool:
    """Whether it is click that could not print what it prints by itself: a help page, the version."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (Path(last.filename).parent.name, last.name) == ("click", "echo")


def _place(error: Exception) -> str:
    """Format the place of an exception, without its message: that may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether JSON was asked for; the arguments may be the very thing that is wrong, so click cannot tell."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(word == "--format=json" or (word == "--format" and after == "json") for word, after in pairs)


def _close_stdout() -> None:
    """Let the interpreter's last flush go nowhere, instead of failing once more (Python documentation, `signal`)."""
    with contextlib.suppress(OSError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
