"""What one file says, before anything is joined, wired or judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from platform_pulumi.declarations.source import Source
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import Capability, CapabilityProperties, CapabilityRef, Dependency
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.platform import OutputDeclaration, ProviderDeclaration, TemplateDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, TierOutput, references

#: A capability type's model.
Model: TypeAlias = type[CapabilityProperties]


@dataclass(slots=True, eq=False, repr=False)
class Draft:
    """A capability as far as it could be read: `properties` is None where they were wrong.

    An `incomplete` one has values that are not set while validating: nothing that depends on them is judged.
    """

    name: str
    type: str
    tier: Tier
    declared_at: Position
    model: Model | None = None
    properties: CapabilityProperties | None = None
    depends_on: tuple[Dependency, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    references: tuple[TierOutput | CapabilityOutput, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    provider: str = ""
    incomplete: bool = False
    bindings: dict[str, CapabilityRef] = field(default_factory=dict)

    @classmethod
    def of(cls, capability: Capability) -> Draft:
        """A finished capability as a draft again, to be wired anew."""
        properties = capability.properties
        return cls(
            name=capability.name,
            type=capability.type,
            tier=capability.tier,
            declared_at=capability.declared_at,
            model=type(properties),
            properties=properties,
            depends_on=capability.depends_on,
            constraints=capability.constraints,
            references=tuple(_references(properties)),
            labels=capability.labels,
            annotations=capability.annotations,
            provider=capability.provider,
        )

    @property
    def ref(self) -> CapabilityRef:
        """The name others know it by."""
        return CapabilityRef(self.tier, self.name, self.type)

    def finished(self) -> Capability:
        """The capability; only for a draft without problems."""
        assert self.properties is not None, "a draft with problems is never finished"
        return Capability(
            name=self.name,
            type=self.type,
            tier=self.tier,
            properties=self.properties,
            provider=self.provider,
            declared_at=self.declared_at,
            constraints=self.constraints,
            depends_on=self.depends_on,
            bindings=self.bindings,
            labels=self.labels,
            annotations=self.annotations,
        )


@dataclass(slots=True, eq=False, repr=False)
class OutputDraft:
    """An entry of `outputs:` before its source is looked up; `type` is None where it was left out."""

    name: str
    capability: str
    field: str
    type: str | None
    declared_at: Position


@dataclass(slots=True, eq=False, repr=False)
class TierDraft:
    """One tier (one application of tier 3) as its files declare it."""

    tier: Tier
    application: str | None
    declared_at: Position
    capabilities: list[Draft] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    outputs: list[OutputDraft] = field(default_factory=list)

    @classmethod
    def of(cls, tier: TierDeclaration) -> TierDraft:
        """A finished tier as a draft again."""
        position = tier.declared_at or Position("", 1, 1)
        outputs = [OutputDraft(o.name, o.capability, o.field, o.type, o.declared_at) for o in tier.outputs]
        return cls(
            tier.tier,
            tier.application,
            position,
            [Draft.of(c) for c in tier.capabilities],
            list(tier.constraints),
            outputs,
        )

    def finished(self) -> TierDeclaration:
        """The tier; only for one without problems."""
        outputs = tuple(
            OutputDeclaration(o.name, o.capability, o.field, o.type or "", o.declared_at) for o in self.outputs
        )
        return TierDeclaration(
            tier=self.tier,
            application=self.application,
            capabilities=tuple(draft.finished() for draft in self.capabilities),
            constraints=tuple(self.constraints),
            outputs=outputs,
            declared_at=self.declared_at,
        )


class TemplateUse(NamedTuple):
    """A capability that comes from a template: its parameters as they were given."""

    name: str
    template: str
    version: str | None
    parameters: Mapping[str, Any]
    declared_at: Position


@dataclass(slots=True, eq=False, repr=False)
class FileDraft:
    """Everything one file says. Values with a position carry where they were written."""

    source: Source
    org: tuple[str, Position] | None = None
    environment: tuple[str, Position] | None = None
    providers: list[ProviderDeclaration] = field(default_factory=list)
    tiers: list[TierDraft] = field(default_factory=list)
    execution: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    templates: list[TemplateDeclaration] = field(default_factory=list)
    uses: list[TemplateUse] = field(default_factory=list)
    triggers: Mapping[str, Any] = field(default_factory=dict)
    is_platform: bool = False


def _references(value: Any) -> list[TierOutput | CapabilityOutput]:
    """Every reference in a finished capability's properties."""
    found: list[TierOutput | CapabilityOutput] = []
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if hasattr(item, "model_fields_set"):
            pending.extend(item.__dict__.values())
        elif isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, (list, tuple)):
            pending.extend(item)
        else:
            found.extend(references(item))
    return found
