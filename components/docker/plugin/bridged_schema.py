"""Schema of a type that the published plugin bridges from a Terraform provider: its inputs and their diffs.

Containers, networks, volumes and remote images are described by it alike: types, defaults (noted in `__defaults`, as
the bridge does), what is refused, and how a change is found. Kinds and paths of changes follow what was recorded of the
published plugin (tests/components/docker/plugin/recorded.json).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from components.docker.plugin import lists
from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.schema import ANY, ObjectSchema, ResourceSchema, Shape
from platform_pulumi.plugins.values import Properties, Sealed

#: Where the bridge notes the inputs that are defaults, in a resource and in each object within it.
DEFAULTS = "__defaults"
_UNSERVED = "the embedded docker plugin does not serve this; leave it out, or use the published plugin"


@dataclass(frozen=True, slots=True)
class Field:
    """Input of a type.

    Args:
        shape: its type.
        replaces: a change makes another resource (Terraform's ForceNew).
        computed: Docker or the image gives it where the program does not, so that leaving it out is no change.
        is_set: a list whose order means nothing.
        filled: of a set, whether Docker gives members that an item leaves out.
        default: what it is where the program leaves it out.
        sticks: Docker can change it but not take it away again: leaving it out makes another resource.
    """

    shape: Shape
    replaces: bool = True
    computed: bool = False
    is_set: bool = False
    filled: bool = False
    default: Any = None
    sticks: bool = False


@dataclass(frozen=True)
class BridgedSchema:
    """Schema of a type's inputs.

    Args:
        token: the type.
        fields: the inputs by name.
        objects: the objects within them.
        required: what must be given.
        member_defaults: by object, what its members are where the program leaves them out.
        unserved: inputs of the published plugin that are refused here by name.
        autonamed: whether one without a name gets one.
    """

    token: str
    fields: Mapping[str, Field]
    objects: Mapping[str, ObjectSchema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    member_defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unserved: tuple[str, ...] = ()
    autonamed: bool = True

    @property
    def replacing(self) -> tuple[str, ...]:
        """Inputs whose change forces a replacement."""
        return tuple(name for name, field in self.fields.items() if field.replaces)

    @property
    def defaults(self) -> Properties:
        """Defaults of the inputs that have one."""
        return {name: field.default for name, field in self.fields.items() if field.default is not None}

    def with_defaults(self, inputs: Properties, name: str) -> Properties:
        """Fill in the defaults, noted in `__defaults`; inputs without a name get this one."""
        given = {key: value for key, value in inputs.items() if value is not None}
        defaults = {**self.defaults, "name": name} if self.autonamed and name else self.defaults
        added = {key: default for key, default in defaults.items() if key not in given}
        return {**self.noted(given), **added, DEFAULTS: sorted(added)}

    def noted(self, inputs: Properties) -> Properties:
        """Fill in the defaults of nested objects, noted in each."""
        return {name: self._noted(value, self._shape(name)) for name, value in inputs.items()}

    def failures(self, inputs: Properties, name: str) -> list[Failure]:
        """Validate the inputs; `name` is for one that has none, empty where there is to be none."""
        given = {key: value for key, value in inputs.items() if value is not None}
        named = {"name": name, **given} if self.autonamed and name else given
        refused = [unserved(key) for key in self.unserved if key in given]
        return [*refused, *check(self._resource, self.objects, named)]

    def compare(self, name: str, old: Any, new: Any) -> lists.Found:
        """Compare two values of an input."""
        field = self.fields[name]
        if field.is_set and old and isinstance(old, list) and new and isinstance(new, list):
            wanted = [_filled(item, old) for item in new] if field.filled else new
            yield from lists.diff_sets(old, wanted, name, self._members(field.shape))
        else:
            yield from lists.diff_values(old, new, name)

    @cached_property
    def _resource(self) -> ResourceSchema:
        shapes = {name: field.shape for name, field in self.fields.items()} | dict.fromkeys(self.unserved, ANY)
        return ResourceSchema(self.token, shapes, (*self.required, "name") if self.autonamed else self.required)

    def _shape(self, name: str) -> Shape:
        return self.fields[name].shape if name in self.fields else ANY

    def _members(self, shape: Shape) -> Sequence[str]:
        item = shape["list"] if isinstance(shape, dict) and "list" in shape else None
        return tuple(self.objects[item["object"]].fields) if isinstance(item, dict) else ()

    def _noted(self, value: Any, shape: Shape) -> Any:
        if isinstance(value, Sealed):
            return Sealed(self._noted(value.value, shape))
        if not isinstance(shape, dict):
            return value
        if "list" in shape and isinstance(value, list):
            return [self._noted(item, shape["list"]) for item in value]
        if "object" in shape and isinstance(value, dict):
            members = self.objects[shape["object"]].fields
            noted = {key: self._noted(item, members.get(key, ANY)) for key, item in value.items()}
            defaults = self.member_defaults.get(shape["object"], {})
            added = {key: default for key, default in defaults.items() if value.get(key) is None}
            return {**noted, **added, DEFAULTS: sorted(added)}
        return value


def unserved(path: str) -> Failure:
    """Build the failure of an input, or a member within one, that is refused here."""
    return Failure(path, _UNSERVED)


def is_autonamed(inputs: Mapping[str, Any]) -> bool:
    """Whether the name is automatic."""
    return "name" in (inputs.get(DEFAULTS) or ())


def without_defaults(value: Any) -> Any:
    """Remove the notes on defaults from a value, all the way down."""
    if isinstance(value, Sealed):
        return Sealed(without_defaults(value.value))
    if isinstance(value, dict):
        return {name: without_defaults(item) for name, item in value.items() if name != DEFAULTS}
    return [without_defaults(item) for item in value] if isinstance(value, list) else value


def _filled(wanted: Any, there: Sequence[Any]) -> Any:
    """An item with the members that Docker gave to one that fits it otherwise."""
    if isinstance(wanted, dict):
        for item in there:
            if all(item.get(key) == value or lists.is_empty(value) for key, value in wanted.items()):
                return {**item, **{key: value for key, value in wanted.items() if not lists.is_empty(value)}}
    return wanted
