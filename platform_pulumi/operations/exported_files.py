"""Files of an export on disk: ownership, those of an earlier export, and writing secrets."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from platform_pulumi.atomic_file import replace_file
from platform_pulumi.errors import InputError
from platform_pulumi.sdk.export import MARK, Export, ExportedFile

_UNWRITABLE = "The result cannot be written"


def previous(folder: Path) -> Callable[[str], str | None]:
    """Return a reader of the files that an earlier export left in a folder, by relative path."""

    def read(path: str) -> str | None:
        with _said(folder / path):
            return (folder / path).read_bytes().decode() if (folder / path).exists() else None

    return read


def refuse_foreign(out: Path) -> None:
    """Refuse to overwrite a file that is no export of ours.

    Raises:
        InputError: it is somebody else's.
    """
    with _said(out):
        if not out.exists():
            return
        with out.open("rb") as file:
            ours = file.read(len(MARK)) == MARK.encode()
    if not ours:
        detail = (
            f"{out} is there, and was not made by `platform export`. Choose another --out, or --force to replace it."
        )
        summary = "The file is somebody else's"
        raise InputError(summary, detail)


def write(exported: Export, folder: Path) -> None:
    """Write the files beside the main one; one that is already as it should be is not touched.

    Raises:
        InputError: one cannot be written, or another export wrote a new password at the same moment.
    """
    for file in exported.files:
        path = folder / file.path
        with _said(path):
            for part in reversed(PurePosixPath(file.path).parents[:-1]):
                _folder(folder / part, private=file.secret and part == PurePosixPath(file.path).parent)
            if path.exists() and path.read_bytes() == file.data:
                path.chmod(0o600 if file.secret else 0o644)
            elif file.once:
                _create(path, file)
            else:
                replace_file(path, file.data, mode=0o600 if file.secret else 0o644)


def _folder(path: Path, *, private: bool) -> None:
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    if private:
        path.chmod(0o700)


def _create(path: Path, file: ExportedFile) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        detail = f"{path} was made by somebody else meanwhile: run it again, and it is taken as it is."
        summary = "Two exports at once"
        raise InputError(summary, detail) from error
    with os.fdopen(handle, "wb") as stream:
        stream.write(file.data)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    """Convert an OSError to an InputError. Contents never reach a message."""
    try:
        yield
    except UnicodeDecodeError as error:
        summary = "The file is not text"
        raise InputError(summary, f"{path} is no UTF-8 text.") from error
    except OSError as error:
        raise InputError(_UNWRITABLE, f"{path}: {error.strerror}.") from error
