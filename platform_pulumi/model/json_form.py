"""JSON encoding of values, positions and problems, and a reader that names the place of a mistake in a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from platform_pulumi.errors import Position, Problem
from platform_pulumi.model import plain_values
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.tier import TierKey
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: What stands for a declared secret, and for text with one in it.
HIDDEN: Final = {"secret": True}
_T = TypeVar("_T")


def plain(value: Any) -> Any:
    """Convert a value to JSON values; a secret becomes a placeholder, wherever it stands."""
    return plain_values.plain(value, secret=lambda _: REDACTED)


def declared(value: Any) -> Any:
    """Convert a declared property to JSON values: secrets, references and templates as objects that name their kind."""
    return plain_values.plain(value, secret=lambda _: dict(HIDDEN), other=_reference)


def _reference(value: Any) -> Any:
    if isinstance(value, (TierOutput, CapabilityOutput)):
        return {"reference": str(value)}
    if isinstance(value, Template):
        if any(isinstance(part, Secret) for part in value.parts):
            return dict(HIDDEN)
        return {"template": [declared(part) for part in value.parts]}
    return declared(dict(value)) if isinstance(value, BaseModel) else str(value)


def tier(key: TierKey) -> dict[str, Any]:
    """Encode a tier: `{tier, number}`, and `application` where it has one."""
    application = {"application": key.application} if key.application else {}
    return {"tier": key.tier.label, "number": key.tier.value, **application}


def position(value: Position) -> dict[str, Any]:
    """Encode a position: `{file, line, column}`."""
    return {"file": value.file, "line": value.line, "column": value.column}


def problem(value: Problem) -> dict[str, Any]:
    """Encode a problem: `{code, summary, detail, file, line, column}`, the place null where there is none.

    `length`: the characters from there, where it is not one; `also`: places beside it.
    """
    at = value.position
    return {
        "code": value.code,
        "summary": value.summary,
        "detail": value.detail,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        **({"length": value.length} if value.length != 1 else {}),
        **({"also": [position(other) for other in value.also]} if value.also else {}),
        **({"warning": True} if value.warning else {}),
    }


class JsonError(ValueError):
    """Violation of a document's schema; the message names the place (`tiers[0].digest`) and what is wrong."""


@dataclass(frozen=True, slots=True)
class Node:
    """Value within a JSON document, with its path there."""

    value: Any
    path: str = ""

    def fail(self, what: str) -> JsonError:
        """Build the error for this place."""
        return JsonError(f"{self.path or 'the document'}: {what}")

    def __getitem__(self, name: str) -> Node:
        """Return a required member.

        Raises:
            JsonError: this is no object, or has no such member.
        """
        found = self.get(name)
        if found is None:
            what = f"{name!r} is missing"
            raise self.fail(what)
        return found

    def get(self, name: str) -> Node | None:
        """Return a member, or None where there is none or it is null.

        Raises:
            JsonError: this is no object.
        """
        value = self.mapping().get(name)
        return Node(value, f"{self.path}.{name}" if self.path else name) if value is not None else None

    def mapping(self) -> Mapping[str, Any]:
        """Return the value as an object.

        Raises:
            JsonError: it is none.
        """
        return self._as(dict, "an object")

    def items(self) -> Iterator[Node]:
        """Return the items of a list, none where it is absent.

        Raises:
            JsonError: it is no list.
        """
        for index, item in enumerate(self._as(list, "a list")):
            yield Node(item, f"{self.path}[{index}]")

    def list(self, name: str) -> Iterator[Node]:
        """Return the items of a member; none where it is left out."""
        found = self.get(name)
        return found.items() if found is not None else iter(())

    def members(self, name: str) -> dict[str, Node]:
        """Return the members of a member that is an object; none where it is left out."""
        found = self.get(name)
        if found is None:
            return {}
        return {key: Node(value, f"{found.path}.{key}") for key, value in found.mapping().items()}

    def text(self) -> str:
        """Return the value as text."""
        return self._as(str, "text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a member that is a list of texts."""
        return tuple(item.text() for item in self.list(name))

    def optional_text(self, name: str) -> str:
        """Return a member that is text, "" where it is left out."""
        found = self.get(name)
        return found.text() if found is not None else ""

    def flag(self, name: str) -> bool:
        """Return a member that is true or false, false where it is left out."""
        found = self.get(name)
        return found._as(bool, "true or false") if found is not None else False

    def integer(self) -> int:
        """Return the value as an integer."""
        if isinstance(self.value, bool):
            what = "a whole number is expected"
            raise self.fail(what)
        return self._as(int, "a whole number")

    def number(self) -> float:
        """Return the value as a number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return float(self.value)
        return self._as(float, "a number")

    def choice(self, make: Callable[[str], _T]) -> _T:
        """Return the text as a member of an enumeration.

        Raises:
            JsonError: it is none of them.
        """
        text = self.text()
        try:
            return make(text)
        except (KeyError, ValueError) as error:
            what = f"{text!r} is none of the known values"
            raise self.fail(what) from error

    def position(self) -> Position:
        """Decode a position (`{file, line, column}`)."""
        return Position(self["file"].text(), self["line"].integer(), self["column"].integer())

    def problem(self) -> Problem:
        """Decode a problem as `problem` encodes it."""
        at = self.position() if self.get("file") is not None else None
        return Problem(
            code=self["code"].text(),
            summary=self["summary"].text(),
            detail=self.optional_text("detail"),
            position=at,
            length=self["length"].integer() if self.get("length") is not None else 1,
            also=tuple(other.position() for other in self.list("also")),
            warning=self.flag("warning"),
        )

    def _as(self, kind: type[_T], name: str) -> _T:
        if not isinstance(self.value, kind):
            what = f"{name} is expected"
            raise self.fail(what)
        return self.value
