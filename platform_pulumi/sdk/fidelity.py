"""Fidelity tables of bindings: a level for each field, and the gaps that a declaration meets.

A field is `FULL`, or has a gap; several, where it depends on the declaration what is lacking. A gap that is not there
whenever its field has a value has a `Condition`: the same words tell it in `platform fidelity` that a plan goes by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from platform_pulumi.model.fidelity import Fidelity, FidelityGap

if TYPE_CHECKING:
    from platform_pulumi.model.capability import Capability, CapabilityProperties


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition of a gap.

    Args:
        words: what the table says after "where": "it is true", "public_subnets is 0".
        holds: whether it does, given a value of the field and the whole capability's properties.
        bound: the need that has to be bound as well ("ingress").
    """

    words: str
    holds: Callable[[Any, CapabilityProperties], bool] = lambda _value, _properties: True
    bound: str = ""


IS_TRUE: Final = Condition("it is true", lambda value, _: value is True)


@dataclass(frozen=True, slots=True)
class FieldFidelity:
    """Fidelity of one leaf field on a provider, or one gap of it.

    `when` limits a gap to the declarations it concerns (`multi_az` is a gap only where it is true); without it the gap
    is reported wherever the field has a value. `describe`, where it is given, words the gap for the value at hand
    ("Amazon MQ offers 3.13, not 3.12; 3.13 is used"), `does` otherwise. A plan calls the property `called`, where that
    is given, instead of its path.
    """

    level: Fidelity
    does: str = ""
    workaround: str = ""
    when: Condition | None = None
    describe: Callable[[Any, CapabilityProperties], str] | None = None
    called: str = ""


#: What a table has for a field: its fidelity, or its gaps, each under a condition of its own.
Entry: TypeAlias = "FieldFidelity | tuple[FieldFidelity, ...]"

FULL = FieldFidelity(Fidelity.FULL)


def partial(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that is served with a difference."""
    return FieldFidelity(Fidelity.PARTIAL, does, workaround, **words)


def stub(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that something simpler stands in for."""
    return FieldFidelity(Fidelity.STUB, does, workaround, **words)


def none(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    """Build the entry of a field that has no effect."""
    return FieldFidelity(Fidelity.NONE, does, workaround, **words)


def entries_of(entry: Entry) -> tuple[FieldFidelity, ...]:
    """List what stands for a field, the lowest level first."""
    listed = entry if isinstance(entry, tuple) else (entry,)
    return tuple(sorted(listed, key=lambda one: -one.level.rank))


def gaps(table: Mapping[str, Entry], capability: Capability) -> Iterator[FidelityGap]:
    """Yield the gaps that a declaration meets, in the order of the table."""
    for path, entry in table.items():
        for one in entries_of(entry):
            values = _concerned(one, path, capability)
            if values:
                description = one.does if one.describe is None else one.describe(values[0], capability.properties)
                yield FidelityGap(one.called or path, one.level, description, one.workaround)


#: Rows of every table for what stands beside the properties of a declaration.
LABELS, ANNOTATIONS = "labels", "annotations"


def _concerned(entry: FieldFidelity, path: str, capability: Capability) -> list[Any]:
    """The values of the field that the gap concerns."""
    condition = entry.when
    if entry.level is Fidelity.FULL or (condition and condition.bound and condition.bound not in capability.bindings):
        return []
    beside = path in {LABELS, ANNOTATIONS}
    return [
        value
        for value in ([getattr(capability, path)] if beside else values_at(capability.properties, path))
        if value is not None
        and value not in ({}, [])
        and (condition is None or condition.holds(value, capability.properties))
    ]


def values_at(value: Any, path: str) -> Iterator[Any]:
    """List the values at a leaf path: `node_groups[].name` one for each group, `env.*` those of the mapping."""
    head, _, rest = path.partition(".")
    if head == "*":
        yield from value.values()
        return
    name, is_list = head.removesuffix("[]"), head.endswith("[]")
    item = getattr(value, name)
    for element in (item if is_list else [item]) if item is not None else ():
        if rest:
            yield from values_at(element, rest)
        else:
            yield element
