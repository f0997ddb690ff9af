"""Reads values into pydantic shapes, and says in the user's words what does not fit.

Reading is lenient: what is wrong is noted and left out, and the rest is read, so that one run finds every mistake.
Nothing here shows a value that is a secret or stands under a key that looks like one.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from yaml.nodes import Node, ScalarNode

from platform_pulumi.declarations import codes
from platform_pulumi.declarations.document import NAME_PATTERN
from platform_pulumi.declarations.masking import is_secret_key
from platform_pulumi.declarations.problems import Problems, did_you_mean, listed
from platform_pulumi.declarations.references import Unresolved
from platform_pulumi.declarations.source import Source, Step, find, key_of, length
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

ModelT = TypeVar("ModelT", bound=BaseModel)
#: One error of pydantic's list.
Details = typing.Mapping[str, Any]

_TEXT_ERRORS = {"string_type", "string_sub_type", "string_unicode"}
_SHAPES = {
    "list_type": "a list: entries that begin with `- `",
    "tuple_type": "a list: entries that begin with `- `",
    "dict_type": "a mapping: `key: value` lines",
    "model_type": "a mapping: `key: value` lines",
    "model_attributes_type": "a mapping: `key: value` lines",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def read(model: type[ModelT], data: Any, node: Node, source: Source, problems: Problems) -> ModelT:
    """Read a shape; what does not fit is noted and left out."""
    if not isinstance(data, dict):
        if data is not None:
            detail = f"This should be a mapping: `key: value` lines. It is {kind_of(data)}."
            problems.add(codes.WRONG_VALUE, detail, source.position(node), length=length(node))
        return model.model_construct()
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    Report(model, node, source, problems).note(details)
    for _ in range(len(details) + 1):
        data = _without(data, details)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            details = error.errors(include_url=False)
    return model.model_construct()


class Report:
    """Turns pydantic's errors into problems at the user's lines.

    Args:
        model: what was to be read.
        node: where it stands.
        owner: how a person calls what has the fields (`database`), for "has no property"; a document's key without it.
        hidden: paths whose values came from a secret and are not to be shown.
    """

    def __init__(  # noqa: PLR0913  # what was read, and where it stands
        self,
        model: type[BaseModel],
        node: Node,
        source: Source,
        problems: Problems,
        *,
        owner: str = "",
        hidden: frozenset[tuple[Step, ...]] = frozenset(),
    ) -> None:
        self._model = model
        self._node = node
        self._source = source
        self._problems = problems
        self._owner = owner
        self._hidden = hidden

    def note(self, errors: typing.Iterable[Details]) -> None:
        """Note every error; those of a union's branches at one place count once."""
        errors = list(errors)
        seen: set[int] = set()
        for error in errors:
            loc = tuple(error["loc"])
            if isinstance(error.get("input"), Unresolved) or _is_other_branch(error, errors):
                continue
            if error["type"] == "extra_forbidden":
                self._unknown(loc)
            elif error["type"] == "missing":
                self._missing(loc)
            else:
                node, _ = find(self._node, loc)
                if id(node) in seen:
                    continue
                seen.add(id(node))
                code, detail = self._wrong(error, loc, node)
                self._add(code, detail, node)

    def _unknown(self, loc: tuple[Step, ...]) -> None:
        name = str(loc[-1])
        known = sorted(_names(self._model, loc[:-1]))
        hint = did_you_mean(name, known) or f" It has {listed(known)}."
        where = ".".join(str(step) for step in loc[:-1] if isinstance(step, str))
        if self._owner:
            of = f"`{self._owner}` has no property `{name}`" + (f" in `{where}`." if where else ".")
        else:
            of = f"There is no `{name}` here."
        node = key_of(self._node, loc) or find(self._node, loc)[0]
        self._add(codes.UNKNOWN_PROPERTY if self._owner else codes.UNKNOWN_KEY, f"{of}{hint}", node)

    def _missing(self, loc: tuple[Step, ...]) -> None:
        node, key = find(self._node, loc[:-1])
        info = _field(self._model, loc)
        about = f" {info.description}" if info is not None and info.description else ""
        of = f"`{self._owner}` needs" if self._owner else "This needs"
        path = ".".join(str(step) for step in loc if isinstance(step, str))
        self._add(codes.MISSING, f"{of} `{path}`.{about}", key or node)

    def _wrong(self, error: Details, loc: tuple[Step, ...], node: Node) -> tuple[codes.Code, str]:
        value, kind = error.get("input"), error["type"]
        name = _last_key(self._node, loc)
        label = f"`{name}`" if name else "This"
        if isinstance(value, (TierOutput, CapabilityOutput, Template)):
            detail = f"{label} must be known before anything is applied: it cannot hold an output of a capability."
            return codes.REFERENCE_NOT_ALLOWED, f"{detail} Write the value, or ${{app.NAME}}."
        if isinstance(value, Secret):
            return codes.SECRET_NOT_ALLOWED, f"{label} cannot hold a secret. Write the value, or ${{app.NAME}} with --set."
        secret = loc in self._hidden or any(isinstance(step, str) and is_secret_key(step) for step in loc)
        if (kind in _TEXT_ERRORS or error["msg"].endswith("should be text")) and not isinstance(value, (dict, list)):
            return self._quotes(label, value, node, secret=secret)
        sentence = _sentence(error, label)
        shown = "" if secret or kind == "value_error" else _it_is(value)
        if secret and kind == "value_error":
            sentence = f"{label} has a value that it cannot have."
        info = _field(self._model, loc)
        about = f" {info.description}" if kind == "string_pattern_mismatch" and info is not None and info.description else ""
        named = kind == "string_pattern_mismatch" and error["ctx"]["pattern"] == NAME_PATTERN
        return (codes.WRONG_NAME if named else codes.WRONG_VALUE), f"{sentence}{about if not named else ''}{shown}"

    def _quotes(self, label: str, value: Any, node: Node, *, secret: bool) -> tuple[codes.Code, str]:
        if value is None:
            return codes.WRONG_VALUE, f"{label} should be text; nothing is given."
        if secret or not isinstance(node, ScalarNode):
            return codes.NEEDS_QUOTES, f"{label} is text: write it in quotes."
        return codes.NEEDS_QUOTES, f'{label} is text, and without quotes this is {kind_of(value)}: write it in quotes, "{node.value}".'

    def _add(self, code: codes.Code, detail: str, node: Node) -> None:
        self._problems.add(code, detail, self._source.position(node), length=length(node))


def kind_of(value: Any) -> str:
    """What a value is, in a person's words."""
    if value is None:
        return "nothing"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "a mapping"}
    return names.get(type(value), "a reference")


def value_at(data: Any, loc: tuple[Step, ...]) -> Any:
    """The value an error's path leads to; steps that lead nowhere are skipped."""
    for step in loc:
        if _leads(data, step):
            data = data[step]
    return data


def replaced(data: Any, loc: tuple[Step, ...], value: Any) -> Any:
    """A copy of nested values with one of them replaced; steps that lead nowhere are skipped."""
    path = [step for step in _resolved(data, loc)]
    return _replace(data, path, value)


def _replace(data: Any, path: list[Step], value: Any) -> Any:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = _replace(copy[path[0]], path[1:], value)
    return copy


def _resolved(data: Any, loc: tuple[Step, ...]) -> Iterator[Step]:
    for step in loc:
        if _leads(data, step):
            yield step
            data = data[step]


def _leads(data: Any, step: Step) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _without(data: Any, errors: typing.Iterable[Details]) -> Any:
    """A copy without the values that errors point at (for a missing one: without what lacks it)."""
    paths = {
        tuple(_resolved(data, tuple(error["loc"][:-1] if error["type"] == "missing" else error["loc"]))) for error in errors
    }
    for path in sorted(paths, key=repr, reverse=True):
        if not path:
            return {}
        parent = value_at(data, path[:-1])
        if _leads(parent, path[-1]):
            copy = {k: v for k, v in parent.items() if k != path[-1]} if isinstance(parent, dict) else [
                v for i, v in enumerate(parent) if i != path[-1]
            ]
            data = _replace(data, list(path[:-1]), copy)
    return data


def _is_other_branch(error: Details, errors: list[Details]) -> bool:
    """Whether a mapping was refused as text where another branch of the union looked into it."""
    if error["type"] not in _TEXT_ERRORS or not isinstance(error.get("input"), dict):
        return False
    place = error["loc"][:-1]
    return any(other is not error and other["loc"][: len(place)] == place for other in errors)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        if not isinstance(argument, (str, int)):
            yield from _models(argument)


def _names(model: type[BaseModel], loc: tuple[Step, ...]) -> set[str]:
    models = [model]
    for step in loc:
        fields = [m.model_fields[step] for m in models if isinstance(step, str) and step in m.model_fields]
        if fields:
            models = [found for info in fields for found in _models(info.annotation)]
    return {name for m in models for name in m.model_fields}


def _field(model: type[BaseModel], loc: tuple[Step, ...]) -> FieldInfo | None:
    models, info = [model], None
    for step in loc:
        fields = [m.model_fields[step] for m in models if isinstance(step, str) and step in m.model_fields]
        if fields:
            info = fields[0]
            models = list(_models(info.annotation))
    return info


def _sentence(error: Details, label: str) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        reason = str(error["msg"]).removeprefix("Value error, ")
        return f"{label} {reason}." if reason.startswith("should ") else f"{reason[:1].upper()}{reason[1:]}."
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{label} should be {words} {context[key]}."
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "")
        value = error.get("input")
        hint = did_you_mean(value, expected.replace(" or ", ", ").split(", ")) if isinstance(value, str) else ""
        return f"{label} should be {expected}.{hint}"
    if kind.startswith("int"):
        unquoted = isinstance(error.get("input"), str) and str(error["input"]).isdigit()
        return f"{label} should be a whole number{', without quotes' if unquoted else ''}."
    if kind.startswith("float"):
        return f"{label} should be a number."
    if kind.startswith("bool"):
        return f"{label} should be true or false."
    if kind in _SHAPES:
        return f"{label} should be {_SHAPES[kind]}."
    if kind in _TEXT_ERRORS:
        return f"{label} should be text."
    if kind == "string_pattern_mismatch":
        if context["pattern"] == NAME_PATTERN:
            return f"{label} is a name: small letters, digits and `-`, beginning with a letter."
        if context["pattern"] == "^/":
            return f"{label} should begin with /."
        return f"{label} should look like {context['pattern'].removeprefix('^').removesuffix('$')}."
    if kind == "string_too_long":
        return f"{label} should be at most {context['max_length']} characters long."
    if kind in {"string_too_short", "too_short"}:
        return f"{label} should not be empty." if context["min_length"] == 1 else f"{label} is too short."
    return f"{label}: {error['msg'][:1].lower()}{error['msg'][1:]}."


def _it_is(value: Any) -> str:
    if isinstance(value, (dict, list)) or value is None:
        return f" It is {kind_of(value)}."
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f" It is {text[:60]}{'…' if len(text) > 60 else ''}."  # noqa: PLR2004  # a line's width


def _last_key(root: Node, loc: tuple[Step, ...]) -> str:
    """The innermost key on an error's path: a union's tags and indexes are none."""
    name = ""
    for end in range(1, len(loc) + 1):
        key = key_of(root, loc[:end])
        name = key.value if key is not None and key.value == loc[end - 1] else name
    return name
