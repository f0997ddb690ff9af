"""Refusals of simulated services: references to nothing, names that are taken, deletions of what is in use.

What is refused, and with which words, the entries of the packages' tables say; here is how it is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.relations import OnDelete, Relation, Site, references
from platform_pulumi.plugins.table import Entry
from platform_pulumi.plugins.world import Use, WorldResource

#: The entry of a resource type; None where there is none.
Entries = Callable[[str], "Entry | None"]


def uses(site: Site, entry: Entry) -> list[Use]:
    """List what a resource with the new inputs uses of what is there."""
    found = [(reference.relation.path, site.referred(reference)) for reference in references(entry.relations, site.new)]
    return [Use(path, thing.place, thing.type, thing.id) for path, thing in found if thing is not None]


def refuse_missing(site: Site, entry: Entry) -> str | None:
    """Return the refusal of new references to what is not there, or of inputs against a rule of the service."""
    known = set(references(entry.relations, site.old))
    for reference in references(entry.relations, site.new):
        relation = reference.relation
        if reference in known or relation.given(reference.key):
            continue
        if site.referred(reference) is None:
            return f"{relation.missing}: {relation.path}: there is no {_short(relation.to)} {reference.key}"
    return next((refusal for rule in entry.rules for refusal in [rule(site)] if refusal), None)


def refuse_taken(site: Site, kind: str, entry: Entry, outputs: Mapping[str, Any]) -> str | None:
    """Return the refusal of a name that another live resource of the type has, where ids are not names."""
    if not entry.taken or entry.name not in outputs:
        return None
    name = outputs[entry.name]
    for other in site.live(kind):
        within = all(other.inputs.get(key) == site.new.get(key) for key in entry.unique)
        if other.id != site.id and within and other.outputs.get(entry.name) == name:
            return f"{entry.taken}: the name {name} is taken by {other.id} ({Urn.parse(other.urn).name})"
    return None


def refuse_deletion(site: Site, kind: str, entry: Entry, entries: Entries) -> str | None:
    """Return the refusal to delete a resource that is in use, or that a rule of the service keeps."""
    refusal = next((refusal for rule in entry.deletion for refusal in [rule(site)] if refusal), None)
    if refusal is not None:
        return refusal
    for user, relation in _users(site, kind, entries):
        if relation.on_delete is OnDelete.REFUSE:
            return _in_use(relation, site.id, user)
        if relation.on_delete is OnDelete.WHILE_USED:
            holder = next(iter(site.world.users(user.place, user.type, user.id)), None)
            if holder is not None:
                return _in_use(relation, site.id, holder[0])
    return None


def delete_with(site: Site, kind: str, entries: Entries) -> None:
    """Delete a resource, and what is deleted with it."""
    for user, relation in _users(site, kind, entries):
        if relation.on_delete is OnDelete.CASCADE:
            delete_with(replace(site, id=user.id, old=user.inputs, new=user.inputs), user.type, entries)
    site.world.remove(site.where(kind), kind, site.id)


def _users(site: Site, kind: str, entries: Entries) -> list[tuple[WorldResource, Relation]]:
    """What uses a resource, other than itself, each with the relation by which it does."""
    pairs = []
    for user, path in site.world.users(site.where(kind), kind, site.id):
        entry = entries(user.type)
        relations = entry.relations if entry is not None and (user.type, user.id) != (kind, site.id) else ()
        pairs += [(user, relation) for relation in relations if (relation.path, relation.to) == (path, kind)]
    return pairs


def _in_use(relation: Relation, identifier: str, user: WorldResource) -> str:
    name = Urn.parse(user.urn).name
    return (
        f"{relation.refused}: {identifier} cannot be deleted while the {_short(user.type)} {user.id} ({name}) uses it"
    )


def _short(kind: str) -> str:
    return kind.rpartition(":")[2]
