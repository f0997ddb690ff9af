"""Behaviour table of a simulated Pulumi package, which no SDK tells: what forces a replacement, the form of ids.

A provider has one `SimulatedPackage` for each Pulumi package it uses (`ProviderDefinition.simulated`), with an entry
for every resource type that its components create; the simulator refuses a type without one.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from platform_pulumi.plugins.relations import Relation, Rule
from platform_pulumi.plugins.value_templates import ACCOUNT
from platform_pulumi.sdk.simulation import SIMULATED_REGION

if TYPE_CHECKING:
    from platform_pulumi.model.urn import Urn
    from platform_pulumi.plugins.schema import ResourceSchema, Types
    from platform_pulumi.plugins.values import Properties
    from platform_pulumi.plugins.world import World

#: Properties of a resource, given its inputs and whatever is known of its outputs.
Computed = Callable[["Resource", "Properties"], "Properties"]
#: A provider function: the world, the provider's place in it and the arguments give the result.
Function = Callable[["World", "Place", Mapping[str, Any]], "Properties"]


@dataclass(frozen=True, slots=True)
class Place:
    """Part of the world that a provider resource leads to, by its settings.

    Args:
        region: the region, where the service has any.
        account: the account.
        local: the key of what belongs to this place alone; one place for all where it is empty.
        common: the key of what several places share: the types whose entry is `common`.
    """

    region: str = SIMULATED_REGION
    account: str = ACCOUNT
    local: str = ""
    common: str = ""


def region_of(config: Mapping[str, Any]) -> Place:
    """Return the place of a package whose provider may name a region, and that has one world for all of them."""
    region = config.get("region")
    return Place(region if isinstance(region, str) else SIMULATED_REGION)


class RemoteComponents(Protocol):
    """Builder of a package's remote components; created with the package's types."""

    async def construct(self, request: Any, context: Any, engine_address: str) -> Any:
        """Build the remote component that a `ConstructRequest` of the protocol asks for."""


class FoundBy(enum.StrEnum):
    """Key by which a resource whose create was not confirmed is found again (DESIGN section 7)."""

    TAG = "tag"
    NAME = "name"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Entry:
    """Behaviour of one resource type.

    Args:
        id: the id's form: `{hex17}` and its like are digits of the resource's own hash, `{name}` and so on its inputs.
        found_by: by its tags, by its name (the name is the id), or not at all.
        replace: dotted input paths that force a replacement.
        name: the input that is unique among its kind: a replacement that keeps it deletes first.
        outputs: computed outputs with a form of their own, in the notation of `id`.
        changes: computed outputs that an update may change, with the inputs that do it (none: any).
        protection: the input that refuses deletion while it is true.
        assigned: what the service fills in where the inputs leave it out, for ids and outputs to be made of.
        computed: computed outputs that no form can express.
        present: outputs that are optional in the SDK and there all the same.
        relations: what its inputs refer to.
        rules: what else the service refuses when it is made or changed.
        deletion: what else the service refuses when it is deleted.
        unique: inputs within whose values `name` is unique; empty for the whole place.
        taken: the service's error code for a name that is taken.
        common: whether it belongs to all regions of an account.
        address: the output that is the key of the place within it, as an API server's is a cluster's.
        stored: secret inputs that a function of the package gives back.
        absent: whether an output that the SDK calls required is not there, given the inputs and its name.
    """

    id: str
    found_by: FoundBy
    replace: tuple[str, ...] = ()
    name: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protection: str = ""
    assigned: Computed | None = None
    computed: Computed | None = None
    present: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    rules: tuple[Rule, ...] = ()
    deletion: tuple[Rule, ...] = ()
    unique: tuple[str, ...] = ()
    taken: str = ""
    common: bool = False
    address: str = ""
    stored: tuple[str, ...] = ()
    absent: Callable[[Properties, str], bool] | None = None


@dataclass(frozen=True, slots=True)
class SimulatedPackage:
    """Behaviour of one Pulumi package in the simulator.

    Args:
        name: the package.
        entry: the entry of a resource type; None where it is not simulated.
        types: gives the resource types; those of the package's SDK where None.
        functions: provider functions by token.
        components: `module:Class`, its `RemoteComponents`; loaded when an engine comes, and may import pulumi.
        text: a string output of no form of its own, given its name; plain digits where it gives None.
        replace: settings of the package's provider whose change replaces everything it holds.
        place: the place that a provider resource with these settings leads to.
    """

    name: str
    entry: Callable[[str], Entry | None]
    types: Callable[[], Types] | None = None
    functions: Mapping[str, Function] = field(default_factory=dict)
    components: str = ""
    text: Callable[[Resource, str], str | None] = lambda _resource, _name: None
    replace: tuple[str, ...] = ()
    place: Callable[[Mapping[str, Any]], Place] = region_of


@dataclass(frozen=True, slots=True)
class Resource:
    """Resource whose outputs are being made.

    `incarnation` counts the creates of its URN, `version` the updates since.
    """

    urn: Urn
    schema: ResourceSchema
    entry: Entry
    package: SimulatedPackage
    place: Place = field(default_factory=Place)
    incarnation: int = 1
    version: int = 1

    @property
    def region(self) -> str:
        """Region where it is."""
        return self.place.region

    @property
    def account(self) -> str:
        """Account that it belongs to."""
        return self.place.account

    @property
    def seed(self) -> str:
        """Seed of the deterministic values."""
        return f"{self.urn.text}#{self.incarnation}"
