"""Relations of simulated resources: which input refers to what, and what a rule of a service can see around a resource.

Which there are, the entries of the packages' tables say (`Entry.relations`, `Entry.rules`), each by the service's
documentation. What follows from them: `platform_pulumi.plugins.refusals`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platform_pulumi.plugins.values import Properties, open_value

if TYPE_CHECKING:
    from platform_pulumi.plugins.world import World, WorldResource


class OnDelete(enum.StrEnum):
    """Effect on what refers to a resource when that resource is to be deleted."""

    #: The deletion is refused.
    REFUSE = "refuse"
    #: The deletion is refused while what refers to it is itself in use.
    WHILE_USED = "while used"
    #: What refers to it is deleted with it.
    CASCADE = "cascade"
    #: Nothing: the reference is left dangling.
    KEEP = "keep"


def _same(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Relation:
    """Reference from an input of one resource to another resource of the same package.

    Args:
        path: the dotted input path that refers; lists on the way are walked.
        to: the resource type that it refers to.
        missing: the service's error code for a reference to nothing.
        refused: its error code for the deletion of what is referred to.
        on_delete: what a deletion of what is referred to does.
        id_of: the id of what is referred to, given what the input holds.
        by: the output of what is referred to that the input holds, where that is not its id.
        given: whether an id is there without being made.
    """

    path: str
    to: str
    missing: str
    refused: str = ""
    on_delete: OnDelete = OnDelete.REFUSE
    id_of: Callable[[str], str] = _same
    by: str = ""
    given: Callable[[str], bool] = lambda _id: False


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference that a resource holds: the relation, and the id of what it refers to, or its output `Relation.by`."""

    relation: Relation
    key: str


@dataclass(frozen=True, slots=True)
class Site:
    """Resource that a rule of a service judges, and everything else where it is.

    Args:
        world: the simulated world.
        where: gives the key of the place where resources of a type are.
        region: the region where it is.
        id: its id; empty for one that is to be made.
        old: its inputs so far; empty for one that is to be made.
        new: its inputs; those so far where it is to be deleted.
    """

    world: World
    where: Callable[[str], str]
    region: str
    id: str
    old: Properties
    new: Properties

    def find(self, kind: str, identifier: Any) -> WorldResource | None:
        """Find a live resource by type and id."""
        if not isinstance(identifier, str):
            return None
        thing = self.world.find(self.where(kind), kind, identifier)
        return None if thing is None or thing.deleted else thing

    def referred(self, reference: Reference) -> WorldResource | None:
        """Find what a reference refers to."""
        relation = reference.relation
        if not relation.by:
            return self.find(relation.to, reference.key)
        named = (one for one in self.live(relation.to) if one.outputs.get(relation.by) == reference.key)
        return next(named, None)

    def value(self, kind: str, identifier: Any, name: str) -> Any:
        """Return an input of a live resource; None where either is not there."""
        thing = self.find(kind, identifier)
        return None if thing is None else thing.inputs.get(name)

    def users(self, kind: str, identifier: str, of: str) -> tuple[WorldResource, ...]:
        """List the live resources of the type `of` that refer to a resource."""
        found = self.world.users(self.where(kind), kind, identifier)
        return tuple({user.id: user for user, _ in found if user.type == of}.values())

    def live(self, kind: str) -> tuple[WorldResource, ...]:
        """List the live resources of a type."""
        return self.world.of_type(self.where(kind), kind)

    def changed(self, name: str) -> bool:
        """Whether an input is new or another one than before."""
        return bool(self.new.get(name) != self.old.get(name))


#: Rule of a service about one resource: None, or the refusal, which begins with the service's error code.
Rule = Callable[[Site], "str | None"]


def references(relations: Iterable[Relation], inputs: Mapping[str, Any]) -> Iterator[Reference]:
    """Iterate over what a resource with these relations and inputs refers to."""
    opened = open_value(dict(inputs))
    for relation in relations:
        for value in dict.fromkeys(_texts(opened, relation.path.split("."))):
            yield Reference(relation, relation.id_of(value))


def _texts(value: Any, path: list[str]) -> Iterator[str]:
    """Iterate over the texts at a path; an empty one refers to nothing."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif path and isinstance(value, dict):
        yield from _texts(value.get(path[0]), path[1:])
    elif not path and isinstance(value, str) and value:
        yield value
