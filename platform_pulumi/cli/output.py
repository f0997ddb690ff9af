"""Output: results to stdout, or atomically to a file; what is said beside them to stderr.

A result may be of an apply, which cannot be undone: a file is tried before anything is done, and what fails at the end
is no `InputError`. What is only said is worth no failure: a full stderr is passed over.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from platform_pulumi.errors import InputError, ResultError

_UNWRITABLE = "The result cannot be written"


def json_text(document: Mapping[str, Any]) -> str:
    """Format a document as JSON text, its keys in their own order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def check(out: Path) -> None:
    """Check that a result can be written to a file, before anything is done for it.

    Raises:
        InputError: it cannot.
    """
    try:
        if _is_special(out):
            _refuse_unwritable(out)
        else:
            import tempfile

            target = _target(out)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}."):
                pass
    except OSError as error:
        raise InputError(_UNWRITABLE, f"{out}: {error.strerror}. Choose another --out.") from error


def write(text: str, out: Path | None = None) -> None:
    """Write a result to stdout, or to `out` (and say so on stderr).

    Raises:
        ResultError: it cannot be written.
        BrokenPipeError: nobody reads any more.
    """
    try:
        if out is None:
            # Bytes, so that no locale can refuse a character and click strips nothing: JSON and Markdown are UTF-8.
            click.echo(text.encode("utf-8", "replace"), nl=False)
        else:
            _write_file(text, out)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ResultError(_UNWRITABLE, f"{out or 'stdout'}: {error.strerror}.") from error
    if out is not None:
        say(f"Written to {out}")


def say(text: str, *, line: bool = True, colour: bool | None = None) -> None:
    """Write to stderr what goes with a result, as far as it can be written.

    Args:
        line: whether to end the line.
        colour: whether colours stay; detected where None.

    Raises:
        BrokenPipeError: nobody reads any more.
    """
    try:
        click.echo(text, err=True, nl=line, color=colour)
    except BrokenPipeError:
        raise
    except OSError:  # full, or not open for writing: no result depends on it
        return


def _write_file(text: str, out: Path) -> None:
    if _is_special(out):  # a pipe or a device is written to, never replaced
        with out.open("w", encoding="utf-8") as stream:
            stream.write(text)
        return
    from platform_pulumi.atomic_file import replace_file

    replace_file(_target(out), text, mode=0o644, durable=True)  # plans hold no secrets


def _target(out: Path) -> Path:
    """Follow links: what they lead to is written, and they stay."""
    return Path(os.path.realpath(out))


def _is_special(out: Path) -> bool:
    return out.exists() and not out.is_file()


def _refuse_unwritable(out: Path) -> None:
    """Raise the error that opening it would; a pipe is not opened yet: its reader may come later."""
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(out, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
