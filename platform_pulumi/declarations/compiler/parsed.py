"""Parsed form of one document, before it is merged with others, resolved and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from platform_pulumi.declarations.yaml.source import Source
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import Capability, CapabilityProperties, CapabilityRef, Dependency
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.platform import OutputDeclaration, ProviderDeclaration, TemplateDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import CapabilityOutput, TierOutput


@dataclass(slots=True, eq=False, repr=False)
class ParsedCapability:
    """Capability as far as it could be parsed: `properties` is None where they were wrong.

    An `incomplete` one has values that are not set while validating: no limit is checked against it.
    """

    name: str
    type: str
    tier: Tier
    declared_at: Position
    properties: CapabilityProperties | None = None
    depends_on: tuple[Dependency, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    references: tuple[TierOutput | CapabilityOutput, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    provider: str = ""
    incomplete: bool = False

    @property
    def ref(self) -> CapabilityRef:
        """Reference to this capability."""
        return CapabilityRef(self.tier, self.name, self.type)


@dataclass(slots=True, eq=False, repr=False)
class ParsedOutput:
    """Entry of `outputs:` before its source is looked up; `type` is None where it was left out."""

    name: str
    capability: str
    field: str
    type: str | None
    declared_at: Position


@dataclass(slots=True, eq=False, repr=False)
class ParsedTier:
    """One tier (one application of tier 3) as its documents declare it."""

    tier: Tier
    application: str | None
    declared_at: Position
    named: bool = True
    capabilities: list[ParsedCapability] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    outputs: list[ParsedOutput] = field(default_factory=list)

    @property
    def key(self) -> TierKey:
        """Key of the tier, or of the application of tier 3."""
        return TierKey(self.tier, self.application)


class ParsedAnnotations(NamedTuple):
    """Annotations as written: the position of their key, its length, and the capabilities they apply to (None: all)."""

    position: Position
    length: int
    reached: Sequence[ParsedCapability] | None


@dataclass(slots=True, eq=False, repr=False)
class ParsedDocument:
    """Parsed content of one document. Values with a position carry where they were written."""

    source: Source
    org: tuple[str, Position] | None = None
    environment: tuple[str, Position] | None = None
    providers: list[ProviderDeclaration] = field(default_factory=list)
    tiers: list[ParsedTier] = field(default_factory=list)
    execution: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    annotated: list[ParsedAnnotations] = field(default_factory=list)
    templates: list[TemplateDeclaration] = field(default_factory=list)
    uses: list[TemplateDeclaration] = field(default_factory=list)
    triggers: Mapping[str, Any] = field(default_factory=dict)
    is_platform: bool = False


# Tiers are resolved and checked twice: parsed ones over the documents alone, and those of the model once the contracts
# of applied tiers were read.
AnyCapability: TypeAlias = ParsedCapability | Capability
AnyOutput: TypeAlias = ParsedOutput | OutputDeclaration
AnyTier: TypeAlias = ParsedTier | TierDeclaration
