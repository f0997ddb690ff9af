"""Backend of a simulated package: the SDK's types validate, a table says how types behave, the world holds state.

Ids are opaque and outputs deterministic; computed outputs are unknown at preview; a resource under deletion protection
is not deleted; an id that is a name cannot be taken twice. Nothing here reaches a network.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any

from platform_pulumi.model.property_path import value_at
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins import outputs
from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.drift import drifted
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.provider import Difference, Naming, ProviderError, State
from platform_pulumi.plugins.refusals import delete_with, refuse_deletion, refuse_missing, refuse_taken, uses
from platform_pulumi.plugins.relations import Site
from platform_pulumi.plugins.schema import ResourceSchema, Types
from platform_pulumi.plugins.table import Entry, Resource, SimulatedPackage
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, has_unknown, open_value
from platform_pulumi.plugins.world import World, WorldResource, is_mark

#: The exit code of a provider with an injected crash.
CRASHED = 86


class Simulator:
    """Backend of one simulated package.

    Args:
        package: what the SDK does not say of it.
        types: its resource types.
        world: where its resources are.
        faults: what it does wrong.
        crash: ends the process.
    """

    def __init__(
        self,
        package: SimulatedPackage,
        types: Types,
        world: World,
        faults: Faults | None = None,
        crash: Callable[[int], Any] = os._exit,
    ) -> None:
        self._package = package
        self._types = types
        self._world = world
        self._faults = faults or Faults()
        self._crash = crash
        self._place = package.place({})

    def configure(self, config: Properties) -> None:
        """Store the place in the world that the provider's settings lead to."""
        self._place = self._package.place(open_value(config))

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        """Compare provider configurations: a change of `SimulatedPackage.replace` replaces its resources."""
        return compare(old, new, self._package.replace)

    def check(self, urn: Urn, inputs: Properties, _naming: Naming) -> tuple[Properties, Sequence[Failure]]:
        """Validate the inputs against the SDK's types."""
        self._entry(urn)
        return inputs, check(self._schema(urn), self._types.objects, inputs)

    def diff(self, urn: Urn, old: State, inputs: Properties) -> Difference:
        """Compare inputs; the table says what replaces, and a name that stays forces deletion first."""
        rules = self._entry(urn)
        changes = compare(old.inputs, inputs, rules.replace)
        before, after = open_value(old.inputs), open_value(inputs)
        stays = bool(rules.name) and value_at(before, rules.name) == value_at(after, rules.name) is not None
        return Difference(changes, delete_before_replace=stays)

    async def create(self, urn: Urn, inputs: Properties, preview: bool) -> State:
        """Create the resource in the world."""
        if preview:
            return State("", inputs, outputs.planned(self._resource(urn), inputs))
        await self._half_latency(urn)
        self._refuse_on("fail_on_create", "create", urn)
        self._must_be_reached()
        resource = self._resource(urn, incarnation=self._world.next_incarnation(urn.text))
        identifier, made = outputs.created(resource, inputs)
        self._must_be_free(urn, identifier)
        self._must_be_allowed(urn, self._site("", {}, inputs), made)
        self._put(resource, identifier, inputs, made)
        await self._half_latency(urn)
        if self._faults.hits("crash_at", urn.name):
            self._crash(CRASHED)
        self._lose_reply("create", urn)
        return State(identifier, inputs, made)

    async def update(self, urn: Urn, old: State, inputs: Properties, preview: bool) -> Properties:
        """Update the resource in the world."""
        changed = {change.root for change in compare(old.inputs, inputs, ())}
        if preview:
            return outputs.update_planned(self._resource(urn), old.outputs, inputs, changed)
        await self._half_latency(urn)
        self._refuse_on("fail_on_update", "update", urn)
        self._must_be_reached()
        thing = self._thing(urn, old.id)
        if thing is None or thing.deleted:
            message = f"{old.id} is not there any more; `refresh` takes note of it"
            raise ProviderError(message)
        resource = self._resource(urn, thing.incarnation, thing.version + 1)
        made = outputs.updated(resource, old.id, old.outputs, inputs, changed)
        self._must_be_allowed(urn, self._site(old.id, thing.inputs, inputs), made)
        self._put(resource, old.id, inputs, made)
        await self._half_latency(urn)
        self._lose_reply("update", urn)
        return made

    async def delete(self, urn: Urn, old: State) -> None:
        """Delete the resource from the world, unless it is protected."""
        await self._half_latency(urn)
        self._refuse_on("fail_on_delete", "delete", urn)
        self._must_be_reached()
        rules, thing = self._entry(urn), self._thing(urn, old.id)
        if thing is None or thing.deleted or thing.urn != urn.text:
            return  # It is gone; another URN may have taken its name since.
        if rules.protection and value_at(thing.inputs, rules.protection) is True:
            message = f"{old.id} cannot be deleted while {rules.protection} is true; set it to false first"
            raise ProviderError(message)
        site = self._site(old.id, thing.inputs, thing.inputs)
        refusal = refuse_deletion(site, urn.type, rules, self._package.entry)
        if refusal is not None:
            raise ProviderError(refusal)
        delete_with(site, urn.type, self._package.entry)
        await self._half_latency(urn)

    async def read(self, urn: Urn, old: State) -> State:
        """Read the resource from the world."""
        self._must_be_reached()
        thing = self._thing(urn, old.id)
        if thing is None or thing.deleted:
            return State()
        inputs, outcome = _restored(thing.inputs, old.inputs), _restored(thing.outputs, old.outputs)
        return State(thing.id, inputs, outcome)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Call a provider function that the table knows."""
        function = self._package.functions.get(token)
        if function is None:
            message = f"the function {token} is not simulated; add it to the package's `SimulatedPackage`"
            raise ProviderError(message)
        if has_unknown(arguments):
            return dict.fromkeys(arguments, UNKNOWN)
        return function(self._world, self._place, open_value(arguments))

    def _schema(self, urn: Urn) -> ResourceSchema:
        try:
            return self._types.resource(urn.type)
        except KeyError as error:
            message = f"the package {self._package.name} has no resource type {urn.type}"
            raise ProviderError(message) from error

    def _entry(self, urn: Urn) -> Entry:
        found = self._package.entry(urn.type)
        if found is None:
            message = f"{urn.type} is not simulated yet; give it an entry in the package's `SimulatedPackage`"
            raise ProviderError(message)
        return found

    def _thing(self, urn: Urn, identifier: str) -> WorldResource | None:
        """Return the resource in the world; first let it drift, where the time for that has come."""
        thing = self._world.find(self._where(urn.type), urn.type, identifier)
        after = self._faults.seconds("drift_after", urn.name)
        if thing is None or thing.deleted or after is None or self._world.now() - thing.changed_at < after:
            return thing
        return self._world.drift(thing, *drifted(self._entry(urn), thing.inputs, thing.outputs))

    def _resource(self, urn: Urn, incarnation: int = 1, version: int = 1) -> Resource:
        return Resource(urn, self._schema(urn), self._entry(urn), self._package, self._place, incarnation, version)

    def _where(self, kind: str) -> str:
        """The key of the place where resources of a type are."""
        entry = self._package.entry(kind)
        return self._place.common if entry is not None and entry.common else self._place.local

    def _site(self, identifier: str, old: Properties, new: Properties) -> Site:
        return Site(self._world, self._where, self._place.region, identifier, old, open_value(new))

    def _put(self, resource: Resource, identifier: str, inputs: Properties, made: Properties) -> None:
        urn, entry = resource.urn, resource.entry
        state = (urn.text, resource.incarnation, resource.version, inputs, made)
        within = str(open_value(made[entry.address])) if entry.address else ""
        thing = WorldResource(self._where(urn.type), urn.type, identifier, *state)
        self._world.put(thing, uses(self._site(identifier, {}, inputs), entry), within, entry.stored)

    def _must_be_reached(self) -> None:
        """Refuse what is asked of a place that is gone."""
        if self._world.is_closed(self._place.local):
            message = f"{self._place.local} cannot be reached: it was deleted, and everything in it"
            raise ProviderError(message)

    def _must_be_allowed(self, urn: Urn, site: Site, made: Properties) -> None:
        """Refuse what the service does: references to nothing, a name that is taken, its own rules."""
        entry = self._entry(urn)
        refusal = refuse_taken(site, urn.type, entry, made) or refuse_missing(site, entry)
        if refusal is not None:
            raise ProviderError(refusal)

    def _must_be_free(self, urn: Urn, identifier: str) -> None:
        """Refuse an id that is taken, also by the same create whose reply was lost: services do not know it again.

        IAM CreateRole: EntityAlreadyExists; EKS CreateCluster: ResourceInUseException.
        """
        thing = self._world.find(self._where(urn.type), urn.type, identifier)
        if thing is None or thing.deleted:
            return
        message = f"{identifier} already exists, made as {Urn.parse(thing.urn).name}"
        raise ProviderError(message)

    async def _half_latency(self, urn: Urn) -> None:
        """Wait half of the latency: services take part of their time before it is done, part before they say so."""
        seconds = self._faults.seconds("latency", urn.name)
        if seconds:
            await asyncio.sleep(seconds / 2)

    def _refuse_on(self, fault: str, verb: str, urn: Urn) -> None:
        if self._faults.hits(fault, urn.name):
            message = f"simulated fault: {verb} of {urn.name} refused ({fault})"
            raise ProviderError(message)

    def _lose_reply(self, verb: str, urn: Urn) -> None:
        if self._faults.hits("lost_reply", urn.name):
            message = f"simulated fault: the reply to the {verb} of {urn.name} was lost (lost_reply)"
            raise ProviderError(message)


def _restored(recorded: Any, known: Any) -> Any:
    """Restore the secrets that Pulumi's state still knows in the place of their marks."""
    if isinstance(known, Sealed):
        return known
    if isinstance(recorded, dict):
        old = known if isinstance(known, dict) else {}
        return {
            name: _restored(item, old.get(name))
            for name, item in recorded.items()
            if not (is_mark(item) and name not in old)
        }
    if isinstance(recorded, list):
        old_items = known if isinstance(known, list) else []
        return [_restored(item, old_items[i] if i < len(old_items) else None) for i, item in enumerate(recorded)]
    return recorded
