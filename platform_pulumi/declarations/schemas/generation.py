"""Generator of `field_checks` from the models of `document` (`make fields`); it is not imported at run time.

Building the models costs every command some thirty milliseconds, and validating with them a tenth of the time of a
large platform, while nearly every file is right. So what is plainly right is taken by fast checks, written from the
models.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterator
from typing import Any, Literal

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from platform_pulumi.declarations.schemas import document
from platform_pulumi.declarations.schemas.deferred import ListOf, Shape
from platform_pulumi.model.capabilities.fields import DURATION

_HEAD = '''"""Fast checks of fields, generated from the models of `document` by `make fields`: do not edit."""

# fmt: off
from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.declarations.schemas.checks import (
{names}
)

'''
_PLAIN = {str: "text", int: "integer", float: "number", bool: "boolean", Any: "anything"}


def source() -> str:
    """Generate the text of the module `field_checks`.

    Raises:
        TypeError: a field's type has no check yet: add one to `checks` and to this module.
    """
    shapes: dict[str, str] = {}
    for model in vars(document).values():
        if isinstance(model, type) and issubclass(model, Shape) and model.__module__ == document.__name__:
            _define(model, shapes)
    body = "\n".join(shapes.values())
    used = sorted(name for name in (*_PLAIN.values(), *_OTHERS) if f" {name}" in body or f"({name}" in body)
    table = "".join(f'    "{name}": {_constant(name)},\n' for name in shapes)
    head = _HEAD.format(names="\n".join(f"    {name}," for name in ["FieldChecks", *used]))
    return f"{head}{body}\n\n#: The checks of each model.\nSHAPES: Mapping[str, FieldChecks] = {{\n{table}}}\n"


_OTHERS = ("any_of", "duration", "list_of", "mapping", "mapping_of", "one_of", "text_of")


def _define(model: type[BaseModel], shapes: dict[str, str]) -> None:
    """Write a shape, after those it is made of."""
    if model.__name__ in shapes:
        return
    fields, required, defaults = [], [], []
    for name, info in model.model_fields.items():
        nullable, check = _field(info, shapes)
        fields.append(f'    "{name}": {check},\n')
        if not nullable or info.is_required():
            required.append(name)
        if not info.is_required() and info.default is not None:
            defaults.append(f'"{name}": {info.default!r}')
    more = f", required=({', '.join(map(_quoted, required))},)" if required else ""
    more += f", defaults={{{', '.join(defaults)}}}" if defaults else ""
    shapes[model.__name__] = f"{_constant(model.__name__)} = FieldChecks({{\n{''.join(fields)}}}{more})"


def _field(info: FieldInfo, shapes: dict[str, str]) -> tuple[bool, str]:
    """Whether a field may be null, and its check."""
    annotation: Any = info.annotation
    parts = [part for part in _union(annotation) if part is not types.NoneType]
    nullable = annotation is Any or len(parts) < len(list(_union(annotation)))
    if len(parts) == 1 and _is_model(parts[0]):
        _define(parts[0], shapes)
        return nullable, _constant(parts[0].__name__)
    checks = [_check(part, list(info.metadata) if len(parts) == 1 else [], shapes) for part in parts]
    return nullable, checks[0] if len(checks) == 1 else f"any_of({', '.join(checks)})"


def _check(annotation: Any, metadata: list[Any], shapes: dict[str, str]) -> str:
    """The check of a type, as it is written.

    Raises:
        TypeError: there is none.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _check(arguments[0], [*metadata, *arguments[1:]], shapes)
    if annotation is str and metadata:
        return "duration" if DURATION in metadata else _text(metadata)
    if annotation is Any and all(isinstance(item, ListOf) for item in metadata):
        return "anything"  # read one by one
    if metadata:
        message = f"no check for {annotation} with {metadata}"
        raise TypeError(message)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if _is_model(annotation):
        _define(annotation, shapes)
        return f"{_constant(annotation.__name__)}.accepts"
    return _composed(origin, arguments, annotation, shapes)


def _composed(origin: Any, arguments: tuple[Any, ...], annotation: Any, shapes: dict[str, str]) -> str:
    if origin is Literal and all(isinstance(item, str) for item in arguments):
        return f"one_of({', '.join(map(_quoted, arguments))})"
    if origin is list:
        return f"list_of({_check(arguments[0], [], shapes)})"
    if origin is dict:
        key, item = (_check(argument, [], shapes) for argument in arguments)
        return "mapping" if (key, item) == ("text", "anything") else f"mapping_of({key}, {item})"
    if origin in {typing.Union, types.UnionType}:
        return f"any_of({', '.join(_check(part, [], shapes) for part in arguments)})"
    message = f"no check for {annotation}"
    raise TypeError(message)


def _text(metadata: list[Any]) -> str:
    """The check of a text with a pattern or limits.

    Raises:
        TypeError: something else is wanted of it.
    """
    limits: dict[str, Any] = {}
    for item in _flat(metadata):
        if isinstance(item, annotated_types.MinLen):
            limits["least"] = item.min_length
        elif isinstance(item, annotated_types.MaxLen):
            limits["most"] = item.max_length
        elif getattr(item, "pattern", None):
            limits["pattern"] = item.pattern.removeprefix("^").removesuffix("$")
        else:
            message = f"no check for text with {item!r}"
            raise TypeError(message)
    written = [f"{name}={_quoted(value) if isinstance(value, str) else value}" for name, value in limits.items()]
    return f"text_of({', '.join(written)})"


def _flat(metadata: list[Any]) -> Iterator[Any]:
    """Metadata with that of pydantic's fields taken out of them."""
    for item in metadata:
        if isinstance(item, FieldInfo):
            yield from item.metadata
        else:
            yield item


def _union(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        yield from typing.get_args(annotation)
    else:
        yield annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _constant(name: str) -> str:
    return "".join(f"_{c}" if c.isupper() and index else c for index, c in enumerate(name)).upper()


def _quoted(value: str) -> str:
    return f'r"{value}"' if "\\" in value else f'"{value}"'


if __name__ == "__main__":
    sys.stdout.write(source())
