"""Errors of temporary files: the folder for them may be full, or not to be written to, as any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from platform_pulumi.errors import EngineError


@contextmanager
def writing() -> Iterator[None]:
    """Convert the errors of writing temporary files in the block.

    Raises:
        EngineError: one cannot be written.
    """
    try:
        yield
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        detail = f"{named}{error.strerror or error}. {advice()}"
        raise EngineError("A temporary file cannot be written", detail) from error


def advice() -> str:
    """Say what to do where temporary files cannot be written."""
    import tempfile  # noqa: PLC0415  only where something is wrong

    where = f" in {tempfile.tempdir}" if tempfile.tempdir else ""
    return f"Make room for temporary files{where}, or set TMPDIR to another folder; then run this again."
