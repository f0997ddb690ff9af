"""Fast checks of field values, used by the generated `field_checks`: they accept values that are plainly right.

They say nothing of a value that is wrong, and may refuse one that a pydantic model would take: the model then decides.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, TypeAlias

from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.context import NAME

#: Whether a value is plainly right.
Check: TypeAlias = Callable[[Any], bool]


class FieldChecks:
    """Set of checks of a mapping's fields.

    Args:
        fields: a check for each, or those of a mapping below it.
        required: those that cannot be null.
        defaults: of fields that are left out, where it is not null.
    """

    __slots__ = ("_defaults", "_fields", "_required")

    def __init__(
        self,
        fields: Mapping[str, Check | FieldChecks],
        required: tuple[str, ...] = (),
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        self._fields = fields
        self._required = required
        self._defaults: dict[str, Any] = {**dict.fromkeys(fields), **(defaults or {})}

    def accept(self, data: Any) -> SimpleNamespace | None:
        """Return the fields of data that are plainly right; None where they are not."""
        if data.__class__ is not dict:
            return None
        fields = self._fields
        values = self._defaults.copy()
        for key, value in data.items():
            check = fields.get(key)
            if check is None:
                return None
            if value is not None:
                if check.__class__ is FieldChecks:
                    value = check.accept(value)  # noqa: PLW2901  # a mapping's, by its class
                    if value is None:
                        return None
                elif not check(value):  # type: ignore[operator]  # no mapping's, by its class
                    return None
            values[key] = value
        for name in self._required:
            if values[name] is None:
                return None
        return SimpleNamespace(**values)

    def accepts(self, data: Any) -> bool:
        """Whether data is plainly right."""
        return self.accept(data) is not None


def is_name(value: Any, limit: int) -> bool:
    """Whether a value is a name of small letters, digits and `-`, beginning with a letter, not ending with `-`."""
    return value.__class__ is str and len(value) <= limit and NAME.fullmatch(value) is not None


def anything(value: Any) -> bool:
    """Accept every value."""
    del value
    return True


def boolean(value: Any) -> bool:
    """Accept true and false."""
    return value.__class__ is bool


def integer(value: Any) -> bool:
    """Accept an integer."""
    return value.__class__ is int


def number(value: Any) -> bool:
    """Accept a number."""
    return value.__class__ is float


def text(value: Any) -> bool:
    """Accept any text."""
    return value.__class__ is str


def mapping(value: Any) -> bool:
    """Accept any mapping."""
    return value.__class__ is dict


def duration(value: Any) -> bool:
    """Accept a duration such as 10s."""
    try:
        return value.__class__ is str and seconds(value) >= 0
    except ValueError:
        return False


def text_of(pattern: str | None = None, least: int = 0, most: int | None = None) -> Check:
    """Build a check for text of a pattern and length."""

    def check(value: Any) -> bool:
        return (
            value.__class__ is str
            and len(value) >= least
            and (most is None or len(value) <= most)
            and (pattern is None or _compiled(pattern).fullmatch(value) is not None)
        )

    return check


def one_of(*known: str) -> Check:
    """Build a check for one of these texts."""
    texts = frozenset(known)
    return lambda value: value.__class__ is str and value in texts


def list_of(entry: Check) -> Check:
    """Build a check for a list of such entries."""
    return lambda value: value.__class__ is list and all(map(entry, value))


def mapping_of(key: Check, item: Check) -> Check:
    """Build a check for a mapping of such keys to such values."""
    return lambda value: value.__class__ is dict and all(map(key, value)) and all(map(item, value.values()))


def any_of(*checks: Check) -> Check:
    """Build a check for what one of these checks accepts."""
    return lambda value: any(check(value) for check in checks)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when a value is first held against it: compiling costs more than reading a file does."""
    return NAME if pattern == NAME.pattern else re.compile(pattern)
