"""The rules that networks, volumes and remote images share: defaults, what a change means, what a read brings back.

The published plugin bridges a Terraform provider: what changes is found between the recorded *outputs* and the new
inputs, an input that Docker fills in (computed) may be left out, and a set is compared without its order. Kinds and
paths follow what was recorded of it (tests/components/docker/plugin/recorded.json).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.docker.plugin import lists
from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import Change
from platform_pulumi.plugins.schema import ANY, ObjectSchema, ResourceSchema, Shape
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, open_value
from platform_pulumi.sdk.tagging import URN_TAG

#: The label by which a resource of ours is known again.
OUR_LABEL = URN_TAG
DEFAULTS = "__defaults"
LABELS: Shape = {"list": {"object": "Label"}}
LABEL = ObjectSchema({"label": "string", "value": "string"}, ("label", "value"))


class Form(enum.Enum):
    """How an input's changes are found."""

    VALUE = "value"
    #: A list whose order means nothing; of its items only what the inputs give is compared.
    SET = "set"


@dataclass(frozen=True, slots=True)
class Field:
    """One input.

    Args:
        shape: its type.
        form: how its changes are found.
        computed: Docker fills it in where it is left out.
        replaces: a change makes another resource.
        default: what it is where it is left out.
    """

    shape: Shape
    form: Form = Form.VALUE
    computed: bool = False
    replaces: bool = True
    default: Any = None


@dataclass(frozen=True, slots=True)
class Fields:
    """A type's inputs.

    Args:
        token: the type.
        fields: the inputs by name.
        objects: the objects within them.
        required: what must be given.
        refused: inputs of the published plugin that are not served here.
        autonamed: whether one without a name gets one.
    """

    token: str
    fields: Mapping[str, Field]
    objects: Mapping[str, ObjectSchema]
    required: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    autonamed: bool = True

    @property
    def replacing(self) -> tuple[str, ...]:
        """The inputs whose change makes another resource."""
        return tuple(name for name, field in self.fields.items() if field.replaces)

    def checked(self, inputs: Properties, name: str) -> tuple[Properties, Sequence[Failure]]:
        """The inputs with their defaults, and what is wrong with them; `name` is for one that has none."""
        given = {key: value for key, value in inputs.items() if value is not None}
        shapes = {key: field.shape for key, field in self.fields.items()} | dict.fromkeys(self.refused, ANY)
        added = {
            key: field.default for key, field in self.fields.items() if field.default is not None and key not in given
        }
        if self.autonamed and name and "name" not in given:
            added["name"] = name
        required = (*self.required, "name") if self.autonamed else self.required
        schema = ResourceSchema(self.token, shapes, required)
        failures = check(schema, self.objects, {**given, **added})
        reason = "the embedded docker plugin does not serve this; leave it out, or use the published plugin"
        failures += [Failure(key, reason) for key in self.refused if key in given]
        return {**_marked(given), **added, DEFAULTS: sorted(added)}, failures

    def changes(self, recorded: Properties, inputs: Properties) -> list[Change]:
        """What changes from the recorded outputs to these inputs."""
        old, new = open_value(recorded), plain(open_value(inputs))
        return [
            Change(path, kind, field.replaces)
            for name, field in sorted(self.fields.items())
            for path, kind in _changes(name, field, old.get(name), new.get(name), self._members(field))
        ]

    def planned(self, inputs: Properties, outputs: Sequence[str]) -> Properties:
        """These outputs of a resource that is to be made: what is given, unknown what Docker fills in, else nothing."""
        given = plain(inputs)
        computed = {name for name in outputs if name not in self.fields or self.fields[name].computed}
        return {name: given.get(name, UNKNOWN if name in computed else None) for name in outputs}

    def refreshed(self, inputs: Properties, outputs: Properties) -> Properties:
        """The recorded inputs where reality agrees with them, else reality; all that is known of an import."""
        if not inputs:
            found = {name: outputs.get(name) for name in self.fields}
            return {**_marked({name: value for name, value in found.items() if value}), DEFAULTS: []}
        real = {name: outputs.get(name) for name in inputs if name in self.fields}
        differ = {change.root for change in self.changes(real, inputs)}
        changed = {name: value for name, value in _marked(real).items() if name in differ and value is not None}
        kept = {name: value for name, value in inputs.items() if name not in differ}
        return {**kept, **sealed_like(inputs, changed)}

    def _members(self, field: Field) -> Sequence[str]:
        inner = field.shape.get("list") if isinstance(field.shape, dict) else None
        return tuple(self.objects[inner["object"]].fields) if isinstance(inner, dict) else ()


def plain(value: Any) -> Any:
    """Without the notes on defaults, all the way down."""
    if isinstance(value, Sealed):
        return Sealed(plain(value.value))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name != DEFAULTS}
    return [plain(item) for item in value] if isinstance(value, list) else value


def sealed_like(inputs: Properties, outputs: Properties) -> Properties:
    """The outputs, each of them a secret where something in the input of its name is."""
    return {
        name: Sealed(value) if name in inputs and _has_secret(inputs[name]) else value
        for name, value in outputs.items()
    }


def to_map(labels: Any) -> dict[str, str]:
    """Labels as Docker takes them."""
    return {item["label"]: item["value"] for item in open_value(labels) or ()}


def to_list(labels: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Labels as Pulumi's types have them, in an order of their own."""
    return [{"label": label, "value": value} for label, value in sorted((labels or {}).items())]


def ours(inputs: Properties, labels: Mapping[str, str] | None) -> bool:
    """Whether what has these labels was made for the resource of these inputs."""
    mark = to_map(inputs.get("labels")).get(OUR_LABEL)
    return mark is not None and (labels or {}).get(OUR_LABEL) == mark


def _marked(inputs: Mapping[str, Any]) -> Properties:
    return {name: _items_marked(value) for name, value in inputs.items()}


def _items_marked(value: Any) -> Any:
    if isinstance(value, Sealed):
        return Sealed(_items_marked(value.value))
    if isinstance(value, list):
        return [{**item, DEFAULTS: []} if isinstance(item, dict) else item for item in value]
    return value


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_secret(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_secret(item) for item in value)
    return isinstance(value, Sealed)


def _changes(name: str, field: Field, old: Any, new: Any, members: Sequence[str]) -> lists.Found:
    if new is None and field.computed:
        return
    if field.form is Form.SET and old and isinstance(old, list) and new and isinstance(new, list):
        yield from lists.sets(old, [_completed(item, old) for item in new], name, members)
    else:
        yield from lists.values(old, new, name)


def _completed(wanted: Any, there: Sequence[Any]) -> Any:
    """An item with the members that Docker filled in to one that fits it otherwise."""
    if isinstance(wanted, dict):
        for item in there:
            if all(item.get(key) == value or lists.is_empty(value) for key, value in wanted.items()):
                return {**item, **{key: value for key, value in wanted.items() if not lists.is_empty(value)}}
    return wanted
