"""Atomic replacement of a file: written under a temporary name beside it, then renamed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def replace_file(path: Path, content: str | bytes, *, mode: int = 0o600, durable: bool = False) -> None:
    """Replace a file atomically: neither a reader nor a crash of this process sees half of it.

    Args:
        path: the file; its folder must exist.
        content: bytes, or text that is written as UTF-8.
        mode: its permissions; until it is complete only the owner can read it.
        durable: also whole when the machine stops meanwhile (fsync).

    Raises:
        OSError: it cannot be written; the file of before is still there, and nothing beside it.
    """
    import tempfile  # noqa: PLC0415  most commands write no file

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
