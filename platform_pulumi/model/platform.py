"""Declared platform: the content of the YAML files, read, checked and frozen (specification, section 3.2)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.errors import Position, Problem
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.context import Context
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier, TierKey


class Mode(enum.StrEnum):
    """Apply mode of a tier: by itself, or after an approval (specification, section 3.4)."""

    PLAN_AND_APPROVE = "plan_and_approve"
    AUTO_APPLY = "auto_apply"


def strictest(*modes: Mode) -> Mode:
    """Return the mode that asks for most."""
    return Mode.PLAN_AND_APPROVE if Mode.PLAN_AND_APPROVE in modes else Mode.AUTO_APPLY


DEFAULT_MODES: Mapping[Tier, Mode] = {
    Tier.INFRASTRUCTURE: Mode.PLAN_AND_APPROVE,
    Tier.SHARED_PRIMITIVES: Mode.PLAN_AND_APPROVE,
    Tier.APPLICATION: Mode.AUTO_APPLY,
}


#: Schemes of the state backends that the engine knows.
STATE_SCHEMES = ("file", "s3", "gs", "azblob", "postgres", "postgresql", "http", "https")


def is_pulumi_cloud(backend: str) -> bool:
    """Whether a state backend's URL is that of Pulumi Cloud, or of a service that speaks its protocol."""
    return backend.startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class ProviderDeclaration:
    """Entry of `provider:`. `config` is as written; its references are resolved only when the provider runs.

    `capabilities` names the types routed to it; empty means every type no other entry claims.
    """

    name: str
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    capabilities: tuple[str, ...] = ()
    declared_at: Position | None = None


@dataclass(frozen=True, slots=True)
class OutputDeclaration:
    """Entry of a tier's `outputs:`: `name` stands for `capability`.`field`, of that `type`."""

    name: str
    capability: str
    field: str
    type: str
    declared_at: Position


@dataclass(frozen=True, slots=True)
class TierDeclaration:
    """Declaration of one tier, or one application of tier 3. Capabilities stand in dependency order.

    `constraints` is its `constraints_for_downstream`; `constraints_checked` is how many pairs of a capability of it and
    a constraint that reaches it were checked. `named` is whether a file names the application: without a name it is
    `default`, which is whoever's applied it last.
    """

    tier: Tier
    application: str | None
    capabilities: tuple[Capability, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    outputs: tuple[OutputDeclaration, ...] = ()
    declared_at: Position | None = None
    constraints_checked: int = 0
    named: bool = True

    @property
    def key(self) -> TierKey:
        """Key of the tier and its application."""
        return TierKey(self.tier, self.application)

    @property
    def label(self) -> str:
        """`infrastructure`, `shared_primitives` or `application`."""
        return self.tier.label


@dataclass(frozen=True, slots=True)
class TemplateDeclaration:
    """Template (specification, section 7.1), or the use of one: parsed, but not expanded.

    `parameters` maps a parameter's name to `{type, required, validation, declared_at}`; for a use, to the value given.
    """

    name: str
    version: str | None
    declared_at: Position
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Platform:
    """Merged files of a run. `tiers` holds those that are declared, topmost first, each application by itself.

    `templates` are the templates declared, `template_uses` the capabilities that ask for one, `triggers` what would
    start work by itself: all read and checked, none of them run yet. `source_map` lets later checks (against the tiers
    above) point at the user's lines; it holds the documents, which may hold secrets, and is never shown.
    """

    context: Context
    providers: tuple[ProviderDeclaration, ...]
    tiers: tuple[TierDeclaration, ...]
    modes: Mapping[Tier, Mode] = field(default_factory=lambda: dict(DEFAULT_MODES))
    execution: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    templates: tuple[TemplateDeclaration, ...] = ()
    template_uses: tuple[TemplateDeclaration, ...] = ()
    triggers: Mapping[str, Any] = field(default_factory=dict)
    source_map: SourceMap = field(default_factory=SourceMap, repr=False, compare=False)

    def provider(self, name: str) -> ProviderDeclaration:
        """Return the declaration of a provider; one without settings where no file declares it."""
        return next((p for p in self.providers if p.name == name), None) or ProviderDeclaration(name)

    def tier(self, tier: Tier, application: str | None = None) -> TierDeclaration | None:
        """Return the declaration of a tier (for tier 3, of that application), or None where no file declares it."""
        return next(
            (
                t
                for t in self.tiers
                if t.tier is tier and (tier is not Tier.APPLICATION or t.application == application)
            ),
            None,
        )
