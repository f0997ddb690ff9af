"""Capabilities: the base class of every type, and one declaration of it.

A type is a pydantic model (`platform_pulumi.model.capabilities`) with a documented field for each property. Around the
fields, class variables say which tier it belongs to, what it needs from above, and which outputs it promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel

from platform_pulumi.errors import Position
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.strict import StrictModel
from platform_pulumi.model.tier import Tier


@dataclass(frozen=True, slots=True)
class Need:
    """Need for another capability (by type) that this one must be wired to.

    `type` is the needed capability type; `property` is the field by which a declaration names one of several.
    Whether a missing one is an error is the provider's to say (`CapabilityBinding.requires`). Without the property
    `only_with` nothing comes of it: then there is no choice among several to be made.
    """

    type: str
    property: str
    only_with: str = ""


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """Output that a type promises: `type` is string, integer, boolean, list, map or credential_ref.

    `identifies` marks what tells one such thing from another: with another value it is another network, another queue.
    """

    type: str
    description: str
    secret: bool = False
    identifies: bool = False


class CapabilityProperties(StrictModel):
    """Base of every capability type."""

    #: The name in YAML, and the tier it belongs to.
    TYPE: ClassVar[str]
    TIER: ClassVar[Tier]
    #: What it must be wired to.
    NEEDS: ClassVar[tuple[Need, ...]] = ()
    #: What it promises to give.
    OUTPUTS: ClassVar[Mapping[str, OutputSpec]] = {}
    #: Whether losing it loses data: deletes and replaces then need `--allow-data-loss NAME`.
    DATA_BEARING: ClassVar[bool] = False
    #: Whether its consumers live in it: another one has nothing of theirs, even if it has the same name.
    HOSTS: ClassVar[bool] = False
    #: Paths that stand for another field and are bounded by its constraints (`{"resources.limits.memory": "memory"}`).
    STANDS_FOR: ClassVar[Mapping[str, str]] = {}
    #: Paths that take nothing but an output of a type above, by reference (`{"volumes.source": ("x", "name")}`): a name
    #: written out could be that of anything the machine or somebody else has.
    TAKES: ClassVar[Mapping[str, tuple[str, str]]] = {}


@dataclass(frozen=True, slots=True)
class Dependency:
    """Entry of `dependsOn`; a soft one (`optional: true`) may be missing."""

    name: str
    optional: bool = False
    declared_at: Position | None = None


@dataclass(frozen=True, slots=True)
class CapabilityRef:
    """Reference to a capability: its tier, name and type."""

    tier: Tier
    name: str
    type: str

    def __str__(self) -> str:
        return f"{self.tier.label}.{self.name}"


@dataclass(frozen=True, slots=True)
class Capability:
    """Declared capability, read and checked: the input of a component.

    `properties` is an instance of the type's model with defaults applied; `bindings` maps a need's type to the
    capability it is wired to; `provider` is the provider that serves the type in this platform.
    """

    name: str
    type: str
    tier: Tier
    properties: CapabilityProperties
    provider: str
    declared_at: Position
    constraints: tuple[Constraint, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    bindings: Mapping[str, CapabilityRef] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def ref(self) -> CapabilityRef:
        """Reference to this capability."""
        return CapabilityRef(self.tier, self.name, self.type)


def snake_case(name: str) -> str:
    """Convert the YAML's camelCase output names (`credentialRef`) to those of the contracts (`credential_ref`)."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def at_path(properties: BaseModel | Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path of effective properties; None where any part of it is missing or unset."""
    value: Any = properties
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
        if value is None:
            return None
    return value
