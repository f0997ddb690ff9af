"""Collector of problems: all of them are raised at once, in one error.

Where kinds mix, tier boundaries come first (exit 4): what is not permitted is not excused by a mistake beside it. Then
mistakes in the input (2), then constraints (3): what is declared must be understood before it can be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from platform_pulumi.declarations.diagnostics.codes import Code
from platform_pulumi.errors import ConstraintError, InputError, PlatformError, Position, Problem, TierBoundaryViolation
from platform_pulumi.model.secrecy import masked

#: More than these are not shown: a file of the wrong kind would otherwise scroll the first mistake away.
LIMIT = 500


class Problems:
    """Collector of problems, which raises them as one error."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._seen: set[tuple[str, Position | None, str]] = set()

    def add(
        self,
        code: Code,
        detail: str,
        position: Position | None,
        *,
        length: int = 1,
        also: Iterable[Position] = (),
        warning: bool = False,
    ) -> None:
        """Add a problem of a kind."""
        self.note(code.problem(detail, position, length=length, also=also, warning=warning))

    def note(self, problem: Problem) -> None:
        """Add a problem; the same one twice (through a YAML alias) counts once. A value that it repeats is masked."""
        problem = replace(problem, detail=masked(problem.detail))
        key = (problem.code, problem.position, problem.detail)
        if key not in self._seen:
            self._seen.add(key)
            self._found.append(problem)

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return any(not problem.warning for problem in self._found)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what is wrong, by position."""
        return tuple(sorted((problem for problem in self._found if not problem.warning), key=_order))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return the warnings, by position."""
        return tuple(sorted((problem for problem in self._found if problem.warning), key=_order))

    def raise_if_any(self) -> None:
        """Raise the collected problems as one error.

        Raises:
            TierBoundaryViolation: something is declared in a tier that may not hold it (exit 4).
            InputError: the files are wrong (exit 2).
            ConstraintError: a constraint is violated (exit 3).
        """
        errors = self.errors
        if not errors:
            return
        kinds = {problem.code[:2] for problem in errors}
        error: type[PlatformError] = ConstraintError
        summary = "A constraint is violated"
        if "P4" in kinds:
            error, summary = TierBoundaryViolation, "A capability stands in a tier that may not hold it"
        elif "P2" in kinds:
            error, summary = InputError, "The declarations are wrong"
        count = f"{len(errors)} problem{'s' if len(errors) != 1 else ''}"
        shown = f", the first {LIMIT} are shown" if len(errors) > LIMIT else ""
        raise error(summary, f"{count}{shown}. Nothing was planned.", errors[:LIMIT])


def _order(problem: Problem) -> tuple[Position, str, str]:
    return (problem.position or Position("", 0, 0), problem.code, problem.detail)
