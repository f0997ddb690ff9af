"""Scope of a component within a run: wiring, upstream values, names, tags, providers.

One `Scope` a run; a `CapabilityScope` of it for each capability.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from platform_pulumi.model.capability import Capability, CapabilityProperties, CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, OutputValue, Secret, Template, TierOutput
from platform_pulumi.sdk.naming import physical_name
from platform_pulumi.sdk.run import TierRun
from platform_pulumi.sdk.tagging import URN_TAG, urn_tag
from platform_pulumi.sdk.unknowns import as_output


class Scope:
    """Shared scope of all components of one run.

    Args:
        run: the run.
        reveal: provider name to the function that gives the password behind a `credential_ref`.
    """

    def __init__(
        self, run: TierRun, reveal: Mapping[str, Callable[[Scope, pulumi.Output[str]], pulumi.Output[str]]]
    ) -> None:
        self.run = run
        self.providers: dict[str, pulumi.ProviderResource] = {}
        #: The finished components of this run, by capability.
        self.components: dict[str, pulumi.Resource] = {}
        self._reveal = reveal
        self._outputs: dict[tuple[str, str], pulumi.Output[Any]] = {}
        self._types: dict[tuple[str, str], str] = {}
        self._upstream: dict[tuple[Tier, str, str], pulumi.Output[Any]] = {}

    def publish(self, capability: Capability, outputs: Mapping[str, pulumi.Output[Any]]) -> None:
        """Register a finished component's outputs for those declared after it."""
        for name, spec in type(capability.properties).OUTPUTS.items():
            self._types[capability.name, name] = spec.type
        for name, value in outputs.items():
            self._outputs[capability.name, name] = value

    def output(self, source: CapabilityRef, field: str) -> pulumi.Output[Any]:
        """Return an output of a capability of this tier or one above; unknown ones stay unknown.

        Raises:
            KeyError: the capability has no such output.
        """
        if source.tier is self.run.tier:
            return self._outputs[source.name, field]
        key = (source.tier, source.name, field)
        if key not in self._upstream:
            value = self.run.upstream[source.tier].values[f"{source.name}:{field}"]
            self._upstream[key] = as_output(value, f"{source}.{field}")
        return self._upstream[key]

    def resolve(self, reference: TierOutput | CapabilityOutput, provider: str) -> pulumi.Output[Any]:
        """Resolve a reference; a `credential_ref` becomes the password behind it, as a secret."""
        if isinstance(reference, TierOutput):
            declared = self.run.upstream[reference.tier].outputs[reference.name]
            source, field, kind = CapabilityRef(reference.tier, declared.capability, ""), declared.field, declared.type
        else:
            source, field = CapabilityRef(self.run.tier, reference.capability, ""), reference.field
            kind = self._types[reference.capability, field]
        value = self.output(source, field)
        return self._reveal[provider](self, value) if kind == "credential_ref" else value

    def upstream_value(self, source: CapabilityRef, field: str) -> OutputValue:
        """Return the plain value of an output of a tier above, for decisions that need one now."""
        return self.run.upstream[source.tier].values[f"{source.name}:{field}"]


@dataclass(frozen=True)
class CapabilityScope:
    """Scope of one capability."""

    shared: Scope
    capability: Capability

    @property
    def properties(self) -> CapabilityProperties:
        """Properties of the capability, an instance of its type's model."""
        return self.capability.properties

    @property
    def protect(self) -> bool:
        """Whether data-bearing resources are protected: always.

        Where a loss was allowed by name the engine ignores protection for that run. Taking it off here would
        leave the replacement unprotected, and the next loss unseen.
        """
        return True

    @property
    def dependencies(self) -> tuple[pulumi.Resource, ...]:
        """Components of the same tier that the declaration depends on; the tiers above are there already."""
        built = self.shared.components
        return tuple(built[entry.name] for entry in self.capability.depends_on if entry.name in built)

    def bound(self, need: str) -> CapabilityRef | None:
        """Return the capability a need (`network`) is wired to; None where nothing is."""
        return self.capability.bindings.get(need)

    def bound_output(self, need: str, field: str) -> pulumi.Output[Any]:
        """Return an output of the capability a need is wired to.

        Raises:
            KeyError: the need is not wired; the provider's `requires` should have refused that before.
        """
        return self.shared.output(self.capability.bindings[need], field)

    def text(self, value: Any) -> pulumi.Input[str]:
        """Convert text to an input: references resolved, secrets secret."""
        if isinstance(value, Secret):
            return pulumi.Output.secret(value.reveal())
        if isinstance(value, (TierOutput, CapabilityOutput)):
            return self.shared.resolve(value, self.capability.provider).apply(_written)
        if isinstance(value, Template):
            return pulumi.Output.concat(*(self.text(part) for part in value.parts))
        return cast("str", value)

    def is_secret(self, value: object) -> bool:
        """Whether a value is a secret, refers to one, or has one embedded."""
        if isinstance(value, Secret):
            return True
        if isinstance(value, Template):
            return any(self.is_secret(part) for part in value.parts)
        run = self.shared.run
        if isinstance(value, TierOutput):
            upstream = run.upstream[value.tier]
            declared = upstream.outputs[value.name]
            given = upstream.values[f"{declared.capability}:{declared.field}"]
            return declared.type == "credential_ref" or given.type == "credential_ref" or given.secret
        if isinstance(value, CapabilityOutput):
            source = next(c for c in run.capabilities if c.name == value.capability)
            spec = type(source.properties).OUTPUTS[value.field]
            return spec.secret or spec.type == "credential_ref"
        return False

    def provider(self, package: str) -> pulumi.ProviderResource:
        """Return the explicit provider resource of a package."""
        return self.shared.providers[package]

    def name(
        self, logical: str = "", *, replace_keys: Mapping[str, Any] | None = None, limit: int = 63, separator: str = "-"
    ) -> str:
        """Build a physical name for the resource of that logical name (platform_pulumi.sdk.naming)."""
        run = self.shared.run
        return physical_name(
            run.context.path().replace("/", "-"),
            *([run.application] if run.application else []),
            self.capability.name,
            logical,
            identity=f"{run.stack}::{self.capability.name}::{logical}",
            replace_keys=replace_keys,
            limit=limit,
            separator=separator,
        )

    def tags(self, logical: str) -> dict[str, str]:
        """Build the tags of a resource: where it belongs, the user's labels, and the URN it is found by."""
        run = self.shared.run
        return {
            **self.capability.labels,
            "platform:context": run.context.path(run.application),
            "platform:tier": run.tier.label,
            "platform:capability": self.capability.name,
            URN_TAG: urn_tag(run.stack, self.capability.name, logical),
        }


def _written(value: Any) -> str:
    """Format a typed output as text: strings as they are, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
