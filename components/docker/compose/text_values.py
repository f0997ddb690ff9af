"""Resolver of a deployment's values to plain text or secrets: references followed, nothing asked of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from components.docker.compose.secrets import SecretFiles
from components.docker.deployment import (
    OWN_NETWORK,
    Concatenated,
    Deployment,
    GeneratedPassword,
    NetworkName,
    UrlQuoted,
    Value,
)
from platform_pulumi.errors import InputError
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput, references


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCapability:
    """Capability with its deployment and its names in the file.

    Args:
        key: of its main service, of its network or volume, and of a network of its own.
        services: the key of each of its services, by suffix; volumes: of each of its volumes, by name.
    """

    tier: TierDeclaration
    capability: Capability
    key: str
    deployment: Deployment
    services: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)


class PlacedCapabilities:
    """Index of all capabilities of a Compose file, for references between them."""

    def __init__(self, placed: Sequence[PlacedCapability]) -> None:
        self.placed = tuple(placed)
        self._known = {(p.tier.tier, p.tier.application, p.capability.name): p for p in placed}

    def named(self, name: str, by: TierDeclaration) -> PlacedCapability | None:
        """Find the capability of that name in the tier, else in those above it."""
        places = [(by.tier, by.application), *((tier, None) for tier in by.tier.above)]
        return next((self._known[*place, name] for place in places if (*place, name) in self._known), None)

    def referred(self, reference: TierOutput | CapabilityOutput, by: TierDeclaration) -> tuple[PlacedCapability, str]:
        """Find the capability and the output of a reference."""
        if isinstance(reference, CapabilityOutput):
            return self._known[by.tier, by.application, reference.capability], reference.field
        tier = next(p.tier for p in self.placed if p.tier.tier is reference.tier)
        declared = next(output for output in tier.outputs if output.name == reference.name)
        return self._known[tier.tier, None, declared.capability], declared.field

    def network(self, placed: PlacedCapability, need: str) -> PlacedCapability:
        """Return the capability whose network a need stands for; OWN_NETWORK is its own."""
        if need == OWN_NETWORK:
            return placed
        ref = placed.capability.bindings[need]
        application = placed.tier.application if ref.tier is placed.tier.tier else None
        return self._known[ref.tier, application, ref.name]

    def needed(self, placed: PlacedCapability) -> Iterator[PlacedCapability]:
        """Iterate over the capabilities it depends on or refers to."""
        capability = placed.capability
        found = [self.named(dependency.name, placed.tier) for dependency in capability.depends_on]
        found += [self.referred(reference, placed.tier)[0] for reference in references(capability.properties)]
        yield from dict.fromkeys(p for p in found if p is not None and p is not placed)


class TextValues:
    """Resolver of values to text; what must not be shown is a `Secret`.

    Args:
        project: the file's own name: Compose sets it before the keys of networks and volumes.
    """

    def __init__(self, everything: PlacedCapabilities, files: SecretFiles, project: str) -> None:
        self._everything = everything
        self._files = files
        self._project = project

    def of(self, value: Value, at: PlacedCapability) -> str | Secret:
        """Resolve a value in a declaration of that capability."""
        if isinstance(value, (str, Secret)):
            return value
        if isinstance(value, GeneratedPassword):
            return self._files.generated_password(f"{at.key}-{value.name}")
        if isinstance(value, UrlQuoted):
            inner = self.of(value.value, at)
            return Secret(_quoted(inner.reveal())) if isinstance(inner, Secret) else _quoted(inner)
        if isinstance(value, (Concatenated, Template)):
            return _joined([self.of(part, at) for part in value.parts])
        return self._output(*self._everything.referred(value, at.tier))

    def named(self, key: str) -> str:
        """Return Compose's name of the network or volume of that key."""
        return f"{self._project}_{key}"

    def _output(self, of: PlacedCapability, name: str) -> str | Secret:
        outputs, spec = of.deployment.outputs, type(of.capability.properties).OUTPUTS[name]
        if name not in outputs:
            summary = "An output is known only once it is made"
            detail = f"`{of.capability.name}.{name}` is given by Docker when it is made; a Compose file cannot have it."
            raise InputError(summary, detail)
        value = outputs[name]
        if isinstance(value, NetworkName):
            return self.named(self._everything.network(of, value.need).key)
        text = json.dumps(value) if isinstance(value, (int, tuple, list)) else self.of(value, of)
        if isinstance(text, str) and (spec.secret or spec.type == "credential_ref"):
            return Secret(text)
        return text


def _joined(parts: Sequence[str | Secret]) -> str | Secret:
    text = "".join(part.reveal() if isinstance(part, Secret) else part for part in parts)
    return Secret(text) if any(isinstance(part, Secret) for part in parts) else text


def _quoted(text: str) -> str:
    return quote(text, safe="")
