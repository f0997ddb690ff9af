"""Contract of a stack with the tiers below it: exported as its output `platform:contract` with each apply (DESIGN 7).

The contract travels with the stack, so that a file on another machine, with only the state backend in common, meets
the same constraints, wires to the same capabilities and sees the same outputs. A stack without one is not read as
"no constraints": it stops the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier, TierKey

#: The stack output that holds it, as JSON.
CONTRACT_OUTPUT = "platform:contract"
VERSION = "platform-contract/v1"
#: Members that a contract of an earlier version lacks; one without them says nothing about them.
LATER_MEMBERS = frozenset({"uses", "declaredWith", "locations", "declared", "floors", "routing", "settings", "claims"})


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """Provider that a stack was applied with, and the mode of its plugin: official, embedded or simulated."""

    name: str
    version: str
    plugin: str


@dataclass(frozen=True, slots=True)
class Use:
    """Use of a capability by another one, in its tier or below.

    Args:
        consumer: the capability that uses it.
        tier: the tier of the used `capability`.
        output: the output that is read; "" where the capability is used as a whole, by wiring or `dependsOn`.
        name: what the output contract calls that output, where it is read from a tier above by that name.
        need: the need that the capability is wired for.
        hard: whether the consumer cannot do without.
    """

    consumer: str
    tier: Tier
    capability: str
    output: str = ""
    name: str = ""
    need: str = ""
    hard: bool = True


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What a capability has that there is once in the environment, at its provider: a host, a port of a machine."""

    capability: str
    provider: str
    what: str


@dataclass(frozen=True, slots=True)
class TierContract:
    """Contract of an upper stack: everything a lower tier needs to know of it, besides the outputs' values.

    `constraints` are this tier's own; those of the tiers above stand in their own contracts. `capabilities` names what
    can be wired to, with the provider that serves it; `quotas` are the `resource_quotas` of its namespaces, and `usage`
    is what an application takes of each namespace (`{namespace: {"cpu": "3000m", "memory": "1536Mi", "pods": 6}}`).
    `uses` is what its capabilities use, here and above: whoever changes those learns from it whom that reaches.
    `declared_with` is what the same document declares beside an application: the upper tiers, where it holds any, else
    the other applications; of an upper tier only whether there are applications.
    `locations` are the settings that say where its providers make things (`{"aws": {"region": "eu-west-1"}}`), as far
    as they are written out.
    `declared` is a record of how each capability was declared, secrets and references as marks: for the next plan of
    this tier, which says what changed since. It is no part of what the tiers below are promised.
    `floors` are the modes that no tier below may be looser than, as far as its document says so (`tier3_mode`).
    `routing` are the providers of its document, each with the types that are routed to it; none means all others.
    `settings` are those of its providers that files below may not set to something else, as they are written.
    `claims` are what it has that no other stack of the environment can have as well.
    `lacking` names the members that it was read without, being of an earlier version.
    """

    tier: Tier
    application: str | None
    context: str
    providers: tuple[ProviderRecord, ...]
    capabilities: tuple[CapabilityRef, ...]
    constraints: tuple[Constraint, ...]
    outputs: tuple[OutputDeclaration, ...]
    mode: Mode
    quotas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    usage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    declared_with: tuple[TierKey, ...] = ()
    declared: tuple[Mapping[str, Any], ...] = ()
    locations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    floors: Mapping[Tier, Mode] = field(default_factory=dict)
    routing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims: tuple[ClaimRecord, ...] = ()
    lacking: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)

    def to_json(self) -> dict[str, Any]:
        """Convert the contract to a JSON object; `contract_reader.read` reads it back equal."""
        return {
            "version": VERSION,
            "tier": self.tier.label,
            "application": self.application,
            "context": self.context,
            "providers": [{"name": p.name, "version": p.version, "plugin": p.plugin} for p in self.providers],
            "capabilities": [{"name": c.name, "type": c.type} for c in self.capabilities],
            "constraints": [
                {
                    "field": c.field,
                    "operator": c.operator,
                    "value": c.value,
                    "source": c.source,
                    "at": str(c.declared_at),
                }
                for c in self.constraints
            ],
            "outputs": [
                {
                    "name": o.name,
                    "capability": o.capability,
                    "field": o.field,
                    "type": o.type,
                    "at": str(o.declared_at),
                }
                for o in self.outputs
            ],
            "mode": self.mode.value,
            "quotas": {name: dict(quota) for name, quota in self.quotas.items()},
            "usage": {name: dict(used) for name, used in self.usage.items()},
            "uses": [_write_use(use) for use in self.uses],
            "declaredWith": [{"tier": key.tier.label, "application": key.application} for key in self.declared_with],
            "declared": [dict(capability) for capability in self.declared],
            "locations": {name: dict(location) for name, location in self.locations.items()},
            "routing": {name: list(types) for name, types in self.routing.items()},
            "settings": {name: dict(settings) for name, settings in self.settings.items()},
            "floors": {tier.label: mode.value for tier, mode in self.floors.items()},
            "claims": [{"capability": c.capability, "provider": c.provider, "what": c.what} for c in self.claims],
        }


def _write_use(use: Use) -> dict[str, Any]:
    document = {
        "consumer": use.consumer,
        "tier": use.tier.label,
        "capability": use.capability,
        "output": use.output,
        "name": use.name,
        "need": use.need,
        "hard": use.hard,
    }
    return {name: value for name, value in document.items() if value != ""}
