"""Error classes with their exit codes, and the problem: a mistake at a place in the user's file.

A refused request is not a crash: every class here carries the exit code of the CLI (README, "Exit codes"), and
whatever reaches the top without being one of these is a bug (exit 1).

PlatformError
 ├── InputError             2  the declarations or the flags are wrong
 ├── ConstraintError        3  a constraint of this tier or of one above is violated
 ├── RefusedError           4  not approved, not permitted, data loss not named
 │    └── TierBoundaryViolation
 ├── LockedError            5  somebody else works on the stack, or a dead run left its lock
 │    └── BusyError
 ├── EngineError            6  the engine or a provider failed
 ├── ResultError            6  the result cannot be written; what was done stands
 └── Cancelled            130  somebody asked for it to stop
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Position in a user's file. Lines and columns count from 1, columns in characters.

    One that is `recorded` comes from an applied stack: its file may be another team's, of the same name as one here.
    """

    file: str
    line: int
    column: int
    recorded: bool = field(default=False, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def place(self) -> str:
        """File and line: `platform.yaml:41`."""
        return f"{self.file}:{self.line}"

    @classmethod
    def parse(cls, text: str, *, recorded: bool = False) -> Position:
        """Parse a position that `str` wrote.

        Raises:
            ValueError: it is none.
        """
        file, line, column = text.rsplit(":", 2)
        return cls(file, int(line), int(column), recorded)


@dataclass(frozen=True, slots=True)
class Problem:
    """Mistake at a position: a fixed `summary` without names, a `detail` in full sentences (what, why, what to do).

    `length` is the number of characters to underline at `position`; `also` names further places that belong to it
    (the constraint's line beside the value's). Nothing here may carry a secret.
    """

    code: str
    summary: str
    detail: str
    position: Position | None = None
    length: int = 1
    also: tuple[Position, ...] = ()
    warning: bool = False


class PlatformError(Exception):
    """Base of every error that the platform raises on purpose.

    Args:
        summary: one line, without the user's names.
        detail: what happened, why, what to do.
        problems: the single mistakes, where there are several.
    """

    code = "P0001"
    exit_code = 1

    def __init__(self, summary: str, detail: str = "", problems: Iterable[Problem] = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.problems = tuple(problems)


class InputError(PlatformError):
    """Error in the declarations, a file or a flag. Nothing was planned."""

    code = "P2000"
    exit_code = 2


class ConstraintError(PlatformError):
    """Violation of a constraint; nothing was touched."""

    code = "P3000"
    exit_code = 3


class RefusedError(PlatformError):
    """Refusal: not approved, or not permitted."""

    code = "P4000"
    exit_code = 4


class TierBoundaryViolation(RefusedError):
    """Declaration of a capability in a tier that may not hold it (specification, section 4)."""

    code = "P4001"


class LockedError(PlatformError):
    """Lock of the stack by another run, alive or dead."""

    code = "P5000"
    exit_code = 5


class BusyError(LockedError):
    """Lock of the stack by a run that lives: it will end.

    Args:
        holding: who holds which stack, since when.
    """

    def __init__(self, summary: str, detail: str, *, holding: str) -> None:
        super().__init__(summary, detail)
        self.holding = holding


class EngineError(PlatformError):
    """Failure of the Pulumi engine or a provider."""

    code = "P6000"
    exit_code = 6


class ResultError(PlatformError):
    """Failure to write a result where it was asked for: no undoing of what it tells."""

    code = "P6030"
    exit_code = 6


class Cancelled(PlatformError):  # noqa: N818  (no error of anybody: it was asked for)
    """Cancellation of the command, on request (`operations.cancellation`)."""

    code = "P7000"
    exit_code = 130
