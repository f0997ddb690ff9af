"""Conversion of pydantic's validation errors to problems at the user's lines, and lenient reading of the rest.

Nothing here shows a value that is a secret or stands under a key that looks like one.
"""

from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from yaml.nodes import Node, ScalarNode

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, kind_of, listed, strange_letters
from platform_pulumi.declarations.references.resolver import Unresolved
from platform_pulumi.declarations.schemas.document import NAME_PATTERN
from platform_pulumi.declarations.yaml.scalars import in_quotes
from platform_pulumi.declarations.yaml.source import Source, Step, find_node, key_node
from platform_pulumi.model.capabilities.fields import DUPLICATE, KEY
from platform_pulumi.model.capabilities.texts import REFUSED
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.characters import shown
from platform_pulumi.model.secrecy import names_secret
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput

#: One error of pydantic's list.
ErrorDetails = Mapping[str, Any]
ModelT = TypeVar("ModelT", bound=BaseModel)
_TEXT_ERRORS = {"string_type", "string_sub_type", "string_unicode"}
_PLAIN_ERRORS = frozenset({"string_type", "int_type", "float_type", "bool_type"})
#: Errors whose reason shows the value already, where it may be shown.
_SAYS_ALL = frozenset({"value_error", REFUSED})
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def read(model: type[ModelT], data: Any, node: Node, source: Source, problems: Problems) -> ModelT:
    """Validate data with a shape's model; invalid values are noted as problems and left out."""
    if not isinstance(data, dict):
        if data is not None:
            detail = f"This should be a mapping: `key: value` lines. It is {kind_of(data)}."
            source.note(problems, codes.WRONG_VALUE, detail, node)
        return model.model_construct()
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        ErrorReport(model, node, source, problems).note(errors)
        return lenient(model, data, errors)


def lenient(model: type[ModelT], data: dict[str, Any], errors: typing.Iterable[ErrorDetails]) -> ModelT:
    """Build a shape of the valid data; a required field that is missing is not even an attribute."""
    errors = list(errors)
    for _ in range(len(errors) + 1):
        data = _without(data, errors)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            errors = list(error.errors(include_url=False))
        if all(error["type"] == "missing" and len(error["loc"]) == 1 for error in errors):
            return model.model_construct(**data)
    return model.model_construct()


class ErrorReport:
    """Converter of pydantic's errors to problems at the user's lines.

    Args:
        model: what was to be read.
        node: where it stands.
        owner: how a person calls what has the fields (`database`), for "has no property"; a document's key without it.
        hidden: paths whose values came from a secret and are not to be shown.
    """

    def __init__(  # what was read, and where it stands
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

    def note(self, errors: typing.Iterable[ErrorDetails]) -> None:
        """Add every error as a problem; those of a union's branches at one place count once."""
        errors = list(errors)
        branches = _Branches(errors)
        seen: set[int] = set()
        for error in errors:
            loc: tuple[Step, ...] = error["loc"]
            if (
                isinstance(error.get("input"), Unresolved)
                or branches.are_elsewhere(error)
                or self._is_copy(loc, errors)
            ):
                continue
            if error["type"] == "extra_forbidden":
                self._unknown(loc)
            elif error["type"] == "missing":
                self._missing(loc)
            elif error["type"] == DUPLICATE:
                self._twice(error, loc)
            else:
                node, _ = find_node(self._node, loc)
                if loc[-1:] == (KEY,):
                    node = key_node(self._node, loc[:-1]) or node
                if id(node) in seen:
                    continue
                seen.add(id(node))
                code, detail = self._wrong(error, loc, node, is_plain=branches.are_plain(error))
                self._add(code, detail, node)

    def _unknown(self, loc: tuple[Step, ...]) -> None:
        name = str(loc[-1])
        models, _ = _followed(self._model, loc[:-1])
        known = sorted({field for model in models for field in model.model_fields})
        hint = did_you_mean(name, known) or f" It has {listed(known)}."
        where = ".".join(str(step) for step in loc[:-1] if isinstance(step, str))
        if self._owner:
            of = f"`{self._owner}` has no property `{name}`" + (f" in `{where}`." if where else ".")
        else:
            of = f"There is no `{name}` here."
        node = key_node(self._node, loc) or find_node(self._node, loc)[0]
        self._add(codes.UNKNOWN_PROPERTY if self._owner else codes.UNKNOWN_KEY, f"{of}{hint}", node)

    def _missing(self, loc: tuple[Step, ...]) -> None:
        node, key = find_node(self._node, loc[:-1])
        _, info = _followed(self._model, loc)
        about = f" {info.description}" if info is not None and info.description else ""
        of = f"`{self._owner}` needs" if self._owner else "This needs"
        written = [step for end, step in enumerate(loc) if key_node(self._node, loc[: end + 1]) is not None]
        path = ".".join(str(step) for step in (*written, loc[-1]) if isinstance(step, str))
        self._add(codes.MISSING, f"{of} `{path}`.{about}", key or node)

    def _twice(self, error: ErrorDetails, loc: tuple[Step, ...]) -> None:
        """An entry of a list that says what one before it says (`fields.distinct`)."""
        index = max(place for place, step in enumerate(loc) if isinstance(step, int))
        node, _ = find_node(self._node, loc)
        first, _ = find_node(self._node, (*loc[:index], error["ctx"]["first"], *loc[index + 1 :]))
        place = self._source.position(first)
        says = str(error["msg"])
        detail = f"{says[:1].upper()}{says[1:]} at {place.file}:{place.line}. Change one of them, or remove it."
        self._source.note(self._problems, codes.DUPLICATE_ENTRY, detail, node, also=[place])

    def _is_copy(self, loc: tuple[Step, ...], errors: list[ErrorDetails]) -> bool:
        """Whether a value that the file does not hold was copied from a wrong one that stands for it."""
        if not issubclass(self._model, CapabilityProperties) or len(loc) != 1 or key_node(self._node, loc) is not None:
            return False
        standing = {tuple(path.split(".")) for path, field in self._model.STANDS_FOR.items() if field == loc[0]}
        return any(error["loc"] in standing for error in errors)

    def _wrong(
        self, error: ErrorDetails, loc: tuple[Step, ...], node: Node, *, is_plain: bool
    ) -> tuple[codes.Code, str]:
        value, kind = error.get("input"), error["type"]
        name = _last_key(self._node, loc)
        label = f"`{shown(name)}`" if name else "This"
        if name and loc and isinstance(loc[-1], int):
            label = f"An entry of {label}"
        if isinstance(value, (TierOutput, CapabilityOutput, Template)):
            detail = f"{label} must be known before anything is applied: it cannot hold an output of a capability."
            return codes.REFERENCE_NOT_ALLOWED, f"{detail} Write the value, or ${{app.NAME}}."
        if isinstance(value, Secret) and kind != REFUSED:
            detail = (
                f"{label} cannot hold a secret. Write the value, or ${{app.NAME}} with --set; a NAME such as `token`"
            )
            return codes.SECRET_NOT_ALLOWED, f"{detail} makes it a secret."
        secret = loc in self._hidden or any(map(_is_secret, loc))
        if (kind in _TEXT_ERRORS or error["msg"].endswith("should be text")) and not isinstance(value, (dict, list)):
            return self._quotes(label, value, node, secret=secret)
        sentence = f"{label} should be text, a number, or true or false." if is_plain else _sentence(error, label)
        said = "" if secret or kind in _SAYS_ALL or ("short" in kind and not value) else _it_is(value)
        if kind == REFUSED and (secret or loc[-1:] == (KEY,)):  # the label is the key
            sentence = f"{label} {error['ctx']['reason']}."
        elif secret and kind == "value_error":
            sentence = f"{label} has a value that it cannot have."
        _, info = _followed(self._model, loc)
        about = (
            f" {info.description}"
            if kind == "string_pattern_mismatch" and info is not None and info.description
            else ""
        )
        named = kind == "string_pattern_mismatch" and error["ctx"]["pattern"] == NAME_PATTERN
        return (codes.WRONG_NAME if named else codes.WRONG_VALUE), f"{sentence}{about if not named else ''}{said}"

    def _quotes(self, label: str, value: Any, node: Node, *, secret: bool) -> tuple[codes.Code, str]:
        if value is None:
            return codes.WRONG_VALUE, f"{label} should be text; nothing is given."
        if secret or not isinstance(node, ScalarNode):
            return codes.NEEDS_QUOTES, f"{label} is text: write it in quotes."
        return (
            codes.NEEDS_QUOTES,
            f'{label} is text, and without quotes this is {kind_of(value)}: write it in quotes, "{node.value}".',
        )

    def _add(self, code: codes.Code, detail: str, node: Node) -> None:
        self._source.note(self._problems, code, detail, node)


def value_at(data: Any, loc: tuple[Step, ...]) -> Any:
    """Return the value at an error's path; steps that do not exist are skipped."""
    for step in loc:
        if _leads(data, step):
            data = data[step]
    return data


def replaced(data: Any, loc: tuple[Step, ...], value: Any) -> Any:
    """Copy nested values with one of them replaced; steps that do not exist are skipped."""
    return _replace(data, list(_resolved(data, loc)), value)


def _replace(data: Any, path: list[Step], value: Any) -> Any:
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
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


def _without(data: Any, errors: typing.Iterable[ErrorDetails]) -> Any:
    """A copy without the values that errors point at (for a missing one: without what lacks it)."""
    paths = {
        tuple(_resolved(data, error["loc"][:-1] if error["type"] == "missing" else error["loc"])) for error in errors
    }
    return _pruned(data, paths - {()})


def _pruned(data: Any, paths: typing.Iterable[tuple[Step, ...]]) -> Any:
    """A copy without the values at these paths, which all exist."""
    below: dict[Step, list[tuple[Step, ...]]] = {}
    for path in paths:
        below.setdefault(path[0], []).append(path[1:])
    gone = {step for step, rest in below.items() if () in rest}
    items = data.items() if isinstance(data, dict) else enumerate(data)
    kept = {step: _pruned(value, below[step]) if step in below else value for step, value in items if step not in gone}
    return kept if isinstance(data, dict) else list(kept.values())


def _is_secret(step: Step) -> bool:
    """Whether a key says that what is below it is secret; `[key]` is pydantic's word for the key itself."""
    return isinstance(step, str) and step != "[key]" and names_secret(step)


class _Branches:
    """Errors by the places they are below: a union's branches each have theirs."""

    def __init__(self, errors: typing.Iterable[ErrorDetails]) -> None:
        self._below: Counter[tuple[Step, ...]] = Counter()
        self._types: dict[tuple[Step, ...], set[str]] = {}
        for error in errors:
            loc: tuple[Step, ...] = error["loc"]
            self._below.update(loc[:end] for end in range(len(loc) + 1))
            self._types.setdefault(loc[:-1], set()).add(error["type"])

    def are_elsewhere(self, error: ErrorDetails) -> bool:
        """Whether a mapping was refused as text where another branch of the union looked into it."""
        if error["type"] not in _TEXT_ERRORS or not isinstance(error.get("input"), dict):
            return False
        return self._below[error["loc"][:-1]] > 1

    def are_plain(self, error: ErrorDetails) -> bool:
        """Whether a union of all plain values was refused: each of its branches has an error of its own."""
        return error["type"] in _PLAIN_ERRORS and self._types[error["loc"][:-1]] >= _PLAIN_ERRORS


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        if not isinstance(argument, (str, int)):
            yield from _models(argument)


def _followed(model: type[BaseModel], loc: tuple[Step, ...]) -> tuple[list[type[BaseModel]], FieldInfo | None]:
    """Follow a path through the models: those at its end, and the last field on it."""
    models, last = [model], None
    for step in loc:
        fields = [m.model_fields[step] for m in models if isinstance(step, str) and step in m.model_fields]
        if fields:
            last = fields[0]
            models = [found for info in fields for found in _models(info.annotation)]
    return models, last


def _sentence(error: ErrorDetails, label: str) -> str:
    """Say what is wrong with a value, in a sentence."""
    kind = error["type"]
    if kind in _SAYS_ALL:
        reason = str(error["msg"]).removeprefix("Value error, ")
        is_predicate = kind == REFUSED or reason.startswith("should ")
        return f"{label} {reason}." if is_predicate else f"{reason[:1].upper()}{reason[1:]}."
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{label} should be {words} {error['ctx'][key]}."
    for prefix, rule in _RULES.items():
        if kind.startswith(prefix):
            sentence = f"{label} {rule(error)}"
            return sentence if sentence.endswith("?") else f"{sentence}."
    return f"{label}: {error['msg'][:1].lower()}{error['msg'][1:]}."


def _one_of(error: ErrorDetails) -> str:
    expected = str(error["ctx"]["expected"]).replace("'", "")
    value = error.get("input")
    hint = did_you_mean(value, expected.replace(" or ", ", ").split(", ")) if isinstance(value, str) else ""
    return f"should be {expected}.{hint}" if hint else f"should be {expected}"


def _whole_number(error: ErrorDetails) -> str:
    value = error.get("input")
    is_quoted = isinstance(value, str) and value.isascii() and value.isdigit()
    return f"should be a whole number{', without quotes' if is_quoted else ''}"


def _looks(error: ErrorDetails) -> str:
    pattern = error["ctx"]["pattern"]
    if pattern == NAME_PATTERN:
        return "is a name: small letters, digits and `-`, beginning with a letter"
    if pattern == "^/":
        return "should begin with /"
    return f"should look like {pattern.removeprefix('^').removesuffix('$')}"


def _too_short(error: ErrorDetails) -> str:
    return "should not be empty" if error["ctx"]["min_length"] == 1 else "is too short"


#: By the beginning of pydantic's name for an error.
_RULES: Mapping[str, Callable[[ErrorDetails], str]] = {
    "literal_error": _one_of,
    "int": _whole_number,
    "float": lambda _: "should be a number",
    "bool": lambda _: "should be true or false",
    "list_type": lambda _: "should be a list: entries that begin with `- `",
    "dict_type": lambda _: _MAPPING,
    "model": lambda _: _MAPPING,
    "string_pattern_mismatch": _looks,
    "string_too_long": lambda error: f"should be at most {error['ctx']['max_length']} characters long",
    "string_too_short": _too_short,
    "too_short": _too_short,
    "string": lambda _: "should be text",
}
_MAPPING = "should be a mapping: `key: value` lines"


def _it_is(value: Any) -> str:
    if isinstance(value, (dict, list)) or value is None:
        return f" It is {kind_of(value)}."
    text = str(value).lower() if isinstance(value, bool) else str(value)
    hidden = strange_letters(text) if isinstance(value, str) else ""
    with_ = f", and holds {hidden}" if hidden else ""
    return f" It is {in_quotes(value, shown(text))}{with_}." if text else " It is empty."


def _last_key(root: Node, loc: tuple[Step, ...]) -> str:
    """The innermost key on an error's path: a union's tags and indexes are none."""
    name = ""
    for end in range(1, len(loc) + 1):
        key = key_node(root, loc[:end])
        name = key.value if key is not None and key.value == loc[end - 1] else name
    return name
