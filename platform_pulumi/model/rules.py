"""Evaluation of constraints on a capability's effective properties. Pure: no files, no positions.

A field is a path into the properties with defaults applied. Amounts compare exactly: quantities as Decimals, durations
in seconds, versions part by part. What cannot be compared, or is not known before an apply, counts as broken: a limit
that cannot be checked is none.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import BaseModel

from platform_pulumi.model.capabilities.fields import DURATION, QUANTITY, seconds
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.constraint import Constraint, written
from platform_pulumi.model.quantity import Quantity
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: A step from the properties to a value: a field or key, or an index.
Step = str | int
_MISSING = object()


class IncomparableError(ValueError):
    """Raised where value and limit have no order, or are of different kinds; the text says which."""


class Fields(NamedTuple):
    """Location of a constrained field in a capability type.

    Args:
        kind: quantity, duration, number, boolean or text.
        paths: the field and those that stand for it.
        has_default: whether leaving it out still gives a value.
        own: whether the type has the field itself, as the first of the paths.
        instead: the field whose value it has where it is left out: `memory`, of `resources.limits.memory`.
    """

    kind: str
    paths: tuple[tuple[str, ...], ...]
    has_default: bool
    own: bool = True
    instead: tuple[str, ...] = ()


class Breach(NamedTuple):
    """Broken constraint: the value (None where it was left out), where it may stand, and why, if not by comparing."""

    actual: Any
    places: tuple[tuple[Step, ...], ...]
    reason: str = ""


@functools.cache
def fields(model: type[CapabilityProperties], path: str) -> Fields | None:
    """Locate the field of that path in a type; None where the type has none: a constraint on it does not apply."""
    wanted = tuple(path.replace("[]", "").split("."))
    own = _leaf(model, wanted)
    standing = [tuple(p.split(".")) for p, target in model.STANDS_FOR.items() if target == path]
    paths = ([wanted] if own is not None else []) + standing
    if not paths:
        return None
    annotation, has_default = own if own is not None else _leaf(model, standing[0]) or (Any, False)
    instead = model.STANDS_FOR.get(".".join(wanted), "")
    place = tuple(instead.split(".")) if instead else ()
    return Fields(_kind(annotation), tuple(paths), has_default, own is not None, place)


def given(properties: CapabilityProperties, path: str) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Iterate over the values that a path leads to, each with its place; what is left out is none."""
    found = _values(properties, tuple(path.split(".")), ())
    return ((place, value) for place, value in found if value is not _MISSING)


def breach(constraint: Constraint, properties: CapabilityProperties, where: Fields) -> Breach | None:
    """Find how properties break a constraint on a field they have; None where they satisfy it."""
    places: list[tuple[Step, ...]] = []
    actual, reason, given = None, "", False
    for path in where.paths:
        for place, value in _values(properties, path, ()):
            if value is _MISSING:
                continue
            # What stands for a field bounds it no more than it is bounded: a request is no limit.
            given = given or not where.own or path == where.paths[0]
            try:
                broken = not holds(where.kind, constraint.operator, value, constraint.value)
                why = ""
            except IncomparableError as error:
                broken, why = True, str(error)
            if broken and (not places or value == actual):
                actual, reason = value, why
                places.append(place)
    if places:
        return Breach(actual, tuple(places), reason)
    if where.instead and not given:
        return breach(constraint, properties, where._replace(paths=(where.instead,), instead=()))
    if given or where.has_default or _empty_list(properties, where.paths[0]):
        return None
    return Breach(None, (), "")


def holds(kind: str, operator: str, actual: Any, limit: Any) -> bool:
    """Whether `actual operator limit` is true.

    Raises:
        IncomparableError: it cannot be said.
    """
    if isinstance(actual, (TierOutput, CapabilityOutput, Template)):
        message = "it is known only after an apply, so the limit cannot be checked"
        raise IncomparableError(message)
    value = _read(kind, actual.reveal() if isinstance(actual, Secret) else actual)
    if operator in {"in", "not_in"}:
        if not isinstance(limit, (list, tuple)):
            message = f"{operator} takes a list"
            raise IncomparableError(message)
        return (value in [_read(kind, item) for item in limit]) is (operator == "in")
    bound = _read(kind, limit)
    if operator == "==":
        return bool(value == bound)
    if kind in {"text", "boolean"}:
        return _in_order(operator, value, bound)
    return bool(value <= bound if operator == "<=" else value >= bound)


def why_malformed(operator: str, value: Any) -> str:
    """Say what is wrong with the value of a constraint of this operator; empty where nothing is."""
    items = value if isinstance(value, list) else [value]
    if operator in {"in", "not_in"}:
        if not isinstance(value, list) or not value:
            return f"`{operator}` takes a list of values: `value: [a, b]`."
    elif isinstance(value, list):
        return f"`{operator}` takes one value, not a list; `in` takes a list."
    if any(isinstance(item, (dict, list)) or item is None for item in items):
        return "A constraint compares with plain values: numbers, quantities, texts."
    if operator in {"<=", ">="} and not is_orderable(value):
        return f"{written(value)} is no amount: `{operator}` takes a number, or a quantity such as 512Mi, 500m or 2."
    return ""


def why_incomparable(constraint: Constraint, where: Fields) -> str:
    """Say why a constraint's value cannot be compared with the field; empty where it can."""
    items = constraint.value if isinstance(constraint.value, (list, tuple)) else [constraint.value]
    try:
        for item in items:
            value = _read(where.kind, item)
            if constraint.operator in {"<=", ">="} and where.kind in {"text", "boolean"}:
                _in_order(constraint.operator, value, value)
    except IncomparableError as error:
        return str(error)
    return ""


def loosens(own: Constraint, above: Constraint, where: Fields) -> bool:
    """Whether a capability's own constraint allows what the one above forbids.

    Two bounds in opposite directions say nothing of each other; the values are checked against both anyway.
    """
    if own.operator == above.operator and own.operator == "not_in":
        return False
    if own.operator in {"in", "=="}:
        values = own.value if own.operator == "in" else [own.value]
        return not all(_allowed(where.kind, above, value) for value in values)
    if own.operator == above.operator and own.operator in {"<=", ">="}:
        return not _allowed(where.kind, above, own.value)
    return False


def allows_more(old: Constraint, new: Constraint) -> bool:
    """Whether a constraint allows what another one of the same field and operator forbids, or may do so.

    It is asked without a type, so a text may be a quantity, a duration or a version: whatever both can be counts.
    """
    if new.operator in {"in", "not_in"}:
        was, now = ({str(item) for item in constraint.value} for constraint in (old, new))
        return not (now <= was if new.operator == "in" else was <= now)
    if new.operator == "==":
        return bool(old.value != new.value)
    readings = [_as_bounds(read, old.value, new.value) for read in (_amount_of, seconds, _as_version)]
    known = [was >= now if new.operator == "<=" else was <= now for was, now in filter(None, readings)]
    return not (known and all(known))


def _as_bounds(read: Callable[[str], Any], old: Any, new: Any) -> tuple[Any, Any] | None:
    try:
        return read(str(old)), read(str(new))
    except ValueError:
        return None


def _as_version(text: str) -> list[int]:
    if not _is_version(text):
        raise ValueError(text)
    return [int(part) for part in text.split(".")]


def ratio(kind: str, actual: Any, limit: Any) -> Decimal | None:
    """Divide the value by the limit; None where they are no amounts."""
    if kind not in {"quantity", "number", "duration"}:
        return None
    try:
        first, second = Decimal(_read(kind, actual)), Decimal(_read(kind, limit))
    except IncomparableError:
        return None
    return first / second if second else None


def is_orderable(value: Any) -> bool:
    """Whether a value has an order, so that a constraint can compare it: a number, quantity, duration or version."""
    if isinstance(value, bool):
        return False
    return _amount(value) is not None or (isinstance(value, str) and _is_version(value))


def _allowed(kind: str, constraint: Constraint, value: Any) -> bool:
    try:
        return holds(kind, constraint.operator, value, constraint.value)
    except IncomparableError:
        return True  # reported as a constraint that does not fit


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value)
    try:
        return _quantity(text).amount  # `5m` too, which might be a duration: both bound others
    except ValueError:
        pass
    try:
        return Decimal(seconds(text))
    except ValueError:
        return None


def _read(kind: str, value: Any) -> Any:
    """A value in the form its kind compares in."""
    if kind == "boolean":
        if isinstance(value, bool):
            return value
        message = "it is true or false"
        raise IncomparableError(message)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        message = "it is not a single value"
        raise IncomparableError(message)
    text = str(value)
    if kind == "text":
        if isinstance(value, float):
            message = f"it is text: write {text} in quotes"
            raise IncomparableError(message)
        return text
    if kind == "duration":
        read: Callable[[str], Any] = seconds
    else:
        read = _amount_of
    try:
        return read(text)
    except ValueError as error:
        raise IncomparableError(str(error)) from error


@functools.lru_cache(maxsize=4096)
def _quantity(text: str) -> Quantity:
    return Quantity.parse(text)


def _amount_of(text: str) -> Decimal:
    return _quantity(text).amount


def _is_version(text: str) -> bool:
    return text.isascii() and all(part.isdigit() for part in text.split("."))


def _in_order(operator: str, value: Any, bound: Any) -> bool:
    """Compare texts as versions; other texts have no order."""
    if isinstance(value, str) and isinstance(bound, str) and _is_version(value) and _is_version(bound):
        first, second = ([int(part[:18]) for part in text.split(".")] for text in (value, bound))
        size = max(len(first), len(second))
        first += [0] * (size - len(first))
        second += [0] * (size - len(second))
        return first <= second if operator == "<=" else first >= second
    message = "it has no order: use ==, in or not_in"
    raise IncomparableError(message)


def _values(value: Any, path: tuple[str, ...], place: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every value a path leads to, with its place; `_MISSING` where something on the way is left out."""
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _values(item, path, (*place, index))
    elif not path:
        yield place, _MISSING if value is None else value
    elif value is None:
        yield place, _MISSING
    else:
        below = value.get(path[0]) if isinstance(value, Mapping) else getattr(value, path[0], None)
        yield from _values(below, path[1:], (*place, path[0]))


def _empty_list(properties: CapabilityProperties, path: tuple[str, ...]) -> bool:
    """Whether a path passes a list, of which there is then no element to bind."""
    return next(_values(properties, path, ()), None) is None


def _leaf(model: type[BaseModel], path: tuple[str, ...]) -> tuple[Any, bool] | None:
    """The annotation at a path and whether it has a default; None where the type has no such field."""
    annotation: Any = model
    has_default = False
    for part in path:
        inner = next(_models(annotation), None)
        if inner is not None:
            info = inner.model_fields.get(part)
            if info is None:
                return None
            annotation = _whole(info.annotation, info.metadata)
            has_default = not info.is_required() and info.default is not None
        elif (value := _mapping_value(annotation)) is not None:
            annotation, has_default = value, False
        else:
            return None
    if next(_models(annotation), None) is not None or _mapping_value(annotation) is not None:
        return None  # a group of fields is no field
    return annotation, has_default


def _whole(annotation: Any, metadata: list[Any]) -> Any:
    """A field's annotation with the metadata that pydantic took apart from it."""
    for item in metadata:
        annotation = typing.Annotated[annotation, item]
    return annotation


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) is not dict:
        for argument in typing.get_args(annotation):
            yield from _models(argument)


def _mapping_value(annotation: Any) -> Any:
    if typing.get_origin(annotation) is dict:
        return typing.get_args(annotation)[1]
    return next((found for a in typing.get_args(annotation) if (found := _mapping_value(a)) is not None), None)


def _kind(annotation: Any) -> str:
    parts = list(_parts(annotation))
    if QUANTITY in parts:
        return "quantity"
    if DURATION in parts:
        return "duration"
    if bool in parts:
        return "boolean"
    if int in parts or float in parts:
        return "number"
    return "text"


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if typing.get_origin(annotation) is not typing.Literal:
        for argument in typing.get_args(annotation):
            yield from _parts(argument)
