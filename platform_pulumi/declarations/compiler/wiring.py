"""Wiring of needs to capabilities: to the only candidate, or to the one that the declaration names."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from platform_pulumi.declarations.compiler.parsed import AnyCapability
from platform_pulumi.declarations.compiler.upstream import UpstreamTiers
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.known_names import KnownNames
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES, tier_of
from platform_pulumi.model.capability import CapabilityRef, Need, at_path
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition


class Wiring:
    """Wiring of the capabilities of one tier.

    Args:
        own: the tier's capabilities by name.
        upstream: the tiers above that are known.
        misplaced: types declared in a tier that may not hold them; that they are missing elsewhere needs no words.
    """

    def __init__(  # what is wired, what to, and where mistakes go
        self,
        tier: Tier,
        own: Mapping[str, AnyCapability],
        upstream: UpstreamTiers,
        definitions: Mapping[str, ProviderDefinition],
        problems: Problems,
        source_map: SourceMap,
        misplaced: frozenset[str],
    ) -> None:
        self._tier = tier
        self._own = own
        self._upstream = upstream
        self._definitions = definitions
        self._problems = problems
        self._source_map = source_map
        self._misplaced = misplaced
        here: dict[str, list[CapabilityRef]] = {}
        for capability in own.values():
            if capability.type in CAPABILITY_TYPES and tier_of(capability.type) is not capability.tier:
                continue  # in the wrong tier, which is a problem of its own; nothing is wired to it
            here.setdefault(capability.type, []).append(capability.ref)
        above = upstream.candidates
        both = {kind: [*above.get(kind, ()), *refs] for kind, refs in here.items()}
        self._candidates: dict[str, list[CapabilityRef]] = {**above, **both}

    @functools.cached_property
    def _by_name(self) -> Mapping[tuple[str, str], CapabilityRef]:
        return {(kind, ref.name): ref for kind, refs in reversed(self._candidates.items()) for ref in reversed(refs)}

    @functools.cached_property
    def _types(self) -> Mapping[str, str]:
        """Type of each capability that something could be wired to."""
        return {ref.name: ref.type for refs in self._candidates.values() for ref in refs}

    @functools.cached_property
    def _names(self) -> Mapping[str, KnownNames]:
        """Names of them, by type."""
        return {kind: KnownNames(ref.name for ref in refs) for kind, refs in self._candidates.items()}

    def wire(self, capability: AnyCapability) -> dict[str, CapabilityRef]:
        """Bind the needs of one capability, by type; what cannot be bound is noted."""
        model = CAPABILITY_TYPES[capability.type]
        if model.TIER is not self._tier:
            return {}  # a violated boundary: what it would need from there says nothing
        bindings: dict[str, CapabilityRef] = {}
        for need in model.NEEDS:
            bound = self._bound(capability, need)
            if bound is not None and not self._is_unused(capability, need):
                bindings[need.type] = bound
        if capability.type == "kubernetes_cluster":
            self._check_range(capability, bindings.get("network"))
        return bindings

    def _bound(self, capability: AnyCapability, need: Need) -> CapabilityRef | None:
        named = getattr(capability.properties, need.property, None)
        candidates = self._candidates.get(need.type, [])
        if named is not None:
            return self._named(capability, need, named)
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            self._check_required(capability, need)
            return None
        single = self._by_range(capability, need, candidates)
        # Also where the provider could do without: bound to none of several namespaces, it would escape their quotas.
        if single is None and not self._is_idle(capability, need):
            self._refuse_choice(capability, need, candidates)
        return single

    def _named(self, capability: AnyCapability, need: Need, name: str) -> CapabilityRef | None:
        found = self._by_name.get((need.type, name))
        if found is not None or not self._is_known(need.type):
            return found
        position, size = self._source_map.property(capability.declared_at, (need.property,)) or (
            capability.declared_at,
            1,
        )
        if name in self._types:
            reason = f"`{name}` is a {self._types[name]}, not a {need.type}."
        else:
            reason = f"There is no {need.type} `{name}`."
        names = self._names.get(need.type, KnownNames(()))
        hint = names.hint(name) or (f" There is {names.listed()}." if names else "")
        self._problems.add(codes.UNKNOWN_NEED, f"{reason}{hint}", position, length=size)
        return None

    def _check_required(self, capability: AnyCapability, need: Need) -> None:
        if need.type in self._misplaced or not self._is_known(need.type):
            return
        if self._is_required(capability, need):
            position, size = self._source_map.key(capability.declared_at, "type")
            detail = (
                f"`{capability.name}` ({capability.type}) on {capability.provider} needs a {need.type}, and none is"
                f" declared in {capability.tier.label} or above. Declare one in {tier_of(need.type).label}."
            )
            self._problems.add(codes.UNMET_NEED, detail, position, length=size)

    def _is_unused(self, capability: AnyCapability, need: Need) -> bool:
        binding, properties = self._binding(capability), capability.properties
        return binding is not None and properties is not None and need.type in binding.unused(properties)

    def _is_idle(self, capability: AnyCapability, need: Need) -> bool:
        """Whether nothing would come of the need: by the provider, or by what is declared.

        A type that the provider does not serve is a problem of its own.
        """
        if capability.properties is None or self._binding(capability) is None:
            return True
        idle = need.only_with != "" and getattr(capability.properties, need.only_with, None) is None
        return idle or self._is_unused(capability, need)

    def _is_required(self, capability: AnyCapability, need: Need) -> bool:
        """Whether the provider cannot do without; a type that it does not serve is a problem of its own."""
        binding = self._binding(capability)
        return (
            binding is not None
            and capability.properties is not None
            and need.type in binding.requires(capability.properties)
        )

    def _binding(self, capability: AnyCapability) -> CapabilityBinding | None:
        definition = self._definitions.get(capability.provider)
        return definition.bindings.get(capability.type) if definition is not None else None

    def _refuse_choice(self, capability: AnyCapability, need: Need, candidates: list[CapabilityRef]) -> None:
        position, size = self._source_map.name(capability.declared_at)
        also = [place for ref in candidates if (place := self._place(ref)) is not None][:5]
        choice = listed([_described(ref, self._place(ref)) for ref in candidates], limit=5)
        detail = (
            f"`{capability.name}` could use {choice}."
            f" Name one in its properties: `{need.property}: {candidates[0].name}`."
        )
        self._problems.add(codes.AMBIGUOUS_NEED, detail, position, length=size, also=also)

    def _by_range(self, capability: AnyCapability, need: Need, candidates: list[CapabilityRef]) -> CapabilityRef | None:
        """The network whose range the cluster repeats, where that singles one out."""
        wanted = at_path(capability.properties, "networking.vpc_cidr") if capability.properties is not None else None
        if wanted is None or need.type != "network":
            return None
        equal = [ref for ref in candidates if self._range(ref) == wanted]
        return equal[0] if len(equal) == 1 else None

    def _check_range(self, capability: AnyCapability, network: CapabilityRef | None) -> None:
        """A cluster's `vpc_cidr` only repeats its network's range; a different one is a mistake in one of both."""
        wanted = at_path(capability.properties, "networking.vpc_cidr") if capability.properties is not None else None
        actual = self._range(network) if network is not None else None
        if network is None or wanted is None or actual is None or wanted == actual:
            return
        position, size = self._source_map.property(capability.declared_at, ("networking", "vpc_cidr")) or (
            capability.declared_at,
            1,
        )
        place = self._place(network)
        also = self._source_map.property(place, ("cidr",)) if place is not None else None
        where = f" on line {also[0].line}" if also is not None else ""
        detail = (
            f"`{capability.name}` uses network `{network.name}`, whose range is {actual}{where}, and says {wanted}."
            " Write the same range in both, or leave `vpc_cidr` out."
        )
        self._problems.add(
            codes.CIDR_DIFFERS, detail, position, length=size, also=[also[0]] if also is not None else []
        )

    def _range(self, network: CapabilityRef) -> str | None:
        capability = self._own.get(network.name)
        return getattr(capability.properties, "cidr", None) if capability is not None else None

    def _place(self, ref: CapabilityRef) -> Position | None:
        if ref.tier is self._tier:
            return self._own[ref.name].declared_at
        return self._upstream.tiers[ref.tier].places.get(ref.name)

    def _is_known(self, capability_type: str) -> bool:
        """Whether the tier that would hold the type is declared or was read: else nothing can be said yet."""
        tier = tier_of(capability_type)
        return tier is self._tier or tier in self._upstream.tiers


def _described(ref: CapabilityRef, place: Position | None) -> str:
    return f"`{ref.name}`" + (f" (line {place.line})" if place is not None else "")
