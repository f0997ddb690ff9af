"""Values at paths of a document: `[]` is a list's first entry, `*` the first name of an open mapping."""

from __future__ import annotations

import itertools
from typing import Any


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path; what is missing on the way is made, None takes the field away."""
    *way, last = steps_of(document, path)
    target: Any = document
    for step, following in itertools.pairwise([*way, last]):
        if isinstance(target, dict):
            target = target.setdefault(step, [{}] if isinstance(following, int) else {})
        else:
            target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value


def steps_of(document: dict[str, Any], path: str) -> tuple[str | int, ...]:
    """The keys and indices that lead to the value at a path."""
    steps: list[str | int] = []
    at: Any = document
    for part in path.split("."):
        name = part.removesuffix("[]")
        step = next(iter(at), "name") if name == "*" and isinstance(at, dict) else name
        steps.append(step)
        at = at.get(step, {}) if isinstance(at, dict) else {}
        if part.endswith("[]"):
            steps.append(0)
            at = at[0] if isinstance(at, list) and at else {}
    return tuple(steps)
