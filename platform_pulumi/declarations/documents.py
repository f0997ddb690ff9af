"""YAML documents as named texts, and the one reader of files.

Everything after this module works on texts, so that a server can hand over what it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.errors import Position, Problem


class Limits(NamedTuple):
    """Limits of one document: bytes, values (aliases counted where they are used), levels of nesting."""

    bytes: int = 1_000_000
    nodes: int = 100_000
    depth: int = 32


@dataclass(frozen=True, slots=True)
class Document:
    """YAML text with its name, which positions of problems carry; the text may hold secrets.

    `unreadable` says why there is no text: it is reported with the mistakes of the other documents.
    """

    name: str
    text: str = field(repr=False)
    unreadable: Problem | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations and what completes them.

    Args:
        documents: the YAML documents, joined.
        variables: values of `${app.x}`; they may be passwords.
        provider: this provider instead of the documents', in a context of its own.
        replicas: replicas of a capability instead of those declared; of tier 3 by `APPLICATION/NAME`.
    """

    documents: tuple[Document, ...]
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    provider: str | None = None
    replicas: Mapping[str, int] = field(default_factory=dict)


def read_documents(files: Iterable[Path], limits: Limits | None = None) -> tuple[Document, ...]:
    """Read files in the order given; one that is missing, too large or not UTF-8 becomes an unreadable document."""
    limits = limits or Limits()
    return tuple(_read(Path(file), limits) for file in files)


def too_large_problem(name: str, limits: Limits) -> Problem:
    """Build the problem of a document with more bytes than allowed."""
    detail = f"A file may hold {limits.bytes:,} bytes. Split it and give each part with -f: files are joined."
    return codes.TOO_LARGE.problem(detail, Position(name, 1, 1))


def line_and_column(text: str, offset: int | None = None) -> tuple[int, int]:
    """Convert an offset in a text to line and column, from 1 (its end where there is none)."""
    before = text[:offset]
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1, len(before) - start + 1


def _read(path: Path, limits: Limits) -> Document:
    name = str(path)
    start = Position(name, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError as error:
        reason = "is a directory" if path.is_dir() else (error.strerror or str(error)).lower()
        return Document(name, "", codes.UNREADABLE.problem(f"{name}: {reason}. Check the path.", start))
    except ValueError:  # a NUL in the path
        detail = "The path holds a character that no file name can have."
        return Document(name, "", codes.UNREADABLE.problem(detail, start))
    if len(data) > limits.bytes:
        return Document(name, "", too_large_problem(name, limits))
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return Document(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line, column = line_and_column(data[: error.start].decode("utf-8"))
        detail = f"Byte 0x{data[error.start]:02x} is not UTF-8 here ({error.reason}). Save the file as UTF-8."
        return Document(name, "", codes.NOT_UTF8.problem(detail, Position(name, line, column)))
