"""Which capability each need is wired to: the only candidate, or the one the declaration names."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.declarations import codes
from platform_pulumi.declarations.drafts import Draft
from platform_pulumi.declarations.locating import Locator
from platform_pulumi.declarations.problems import Problems, did_you_mean, listed
from platform_pulumi.declarations.views import View
from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import tier_of
from platform_pulumi.model.capability import CapabilityRef, Need, at_path
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition


class Wiring:
    """Wires the capabilities of one tier.

    Args:
        own: the tier's capabilities by name.
        views: the tiers above that are known.
        misplaced: types declared in a tier that may not hold them; that they are missing elsewhere needs no words.
    """

    def __init__(  # what is wired, what to, and where mistakes go
        self,
        tier: Tier,
        own: Mapping[str, Draft],
        views: Mapping[Tier, View],
        definitions: Mapping[str, ProviderDefinition],
        problems: Problems,
        locator: Locator,
        misplaced: frozenset[str],
    ) -> None:
        self._tier = tier
        self._own = own
        self._views = views
        self._definitions = definitions
        self._problems = problems
        self._locator = locator
        self._misplaced = misplaced
        self._candidates: dict[str, list[CapabilityRef]] = {}
        for view in views.values():
            for ref in view.capabilities.values():
                self._candidates.setdefault(ref.type, []).append(ref)
        for draft in own.values():
            if draft.model is not None and draft.model.TIER is not draft.tier:
                continue  # it is told that it stands in the wrong tier; nothing is wired to it
            self._candidates.setdefault(draft.type, []).append(draft.ref)

    def wire(self, draft: Draft) -> None:
        """Bind the needs of one capability; what cannot be bound is noted."""
        assert draft.model is not None  # wired only where the type is known
        if draft.model.TIER is not self._tier:
            return  # a violated boundary: what it would need from there says nothing
        draft.bindings = {}
        for need in draft.model.NEEDS:
            bound = self._bound(draft, need)
            if bound is not None and not self._is_unused(draft, need):
                draft.bindings[need.type] = bound
        if draft.type == "kubernetes_cluster":
            self._check_range(draft)

    def _bound(self, draft: Draft, need: Need) -> CapabilityRef | None:
        named = getattr(draft.properties, need.property, None)
        candidates = self._candidates.get(need.type, [])
        if named is not None:
            return self._named(draft, need, named, candidates)
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            self._check_required(draft, need)
            return None
        single = self._by_range(draft, need, candidates)
        # What the provider can do without is bound only where there is nothing to choose.
        if single is None and self._is_required(draft, need):
            self._refuse_choice(draft, need, candidates)
        return single

    def _named(self, draft: Draft, need: Need, name: str, candidates: list[CapabilityRef]) -> CapabilityRef | None:
        found = next((ref for ref in candidates if ref.name == name), None)
        if found is not None or not self._is_known(need.type):
            return found
        position, size = self._locator.property(draft.declared_at, (need.property,)) or (draft.declared_at, 1)
        others = {ref.name: ref for refs in self._candidates.values() for ref in refs}
        names = [ref.name for ref in candidates]
        if name in others:
            reason = f"`{name}` is a {others[name].type}, not a {need.type}."
        else:
            reason = f"There is no {need.type} `{name}`."
        hint = did_you_mean(name, names) or (f" There is {listed(names)}." if names else "")
        self._problems.add(codes.UNKNOWN_NEED, f"{reason}{hint}", position, length=size)
        return None

    def _check_required(self, draft: Draft, need: Need) -> None:
        if need.type in self._misplaced or not self._is_known(need.type):
            return
        if self._is_required(draft, need):
            position, size = self._locator.key(draft.declared_at, "type")
            detail = (
                f"`{draft.name}` ({draft.type}) on {draft.provider} needs a {need.type}, and none is declared in"
                f" {draft.tier.label} or above. Declare one in {tier_of(need.type).label}."
            )
            self._problems.add(codes.UNMET_NEED, detail, position, length=size)

    def _is_unused(self, draft: Draft, need: Need) -> bool:
        binding = self._binding(draft)
        return binding is not None and need.type in binding.unused

    def _is_required(self, draft: Draft, need: Need) -> bool:
        """Whether the provider cannot do without; a type that it does not serve is told elsewhere."""
        binding = self._binding(draft)
        return binding is not None and draft.properties is not None and need.type in binding.requires(draft.properties)

    def _binding(self, draft: Draft) -> CapabilityBinding | None:
        definition = self._definitions.get(draft.provider)
        return definition.bindings.get(draft.type) if definition is not None else None

    def _refuse_choice(self, draft: Draft, need: Need, candidates: list[CapabilityRef]) -> None:
        position, size = self._locator.name(draft.declared_at)
        also = [place for ref in candidates if (place := self._place(ref)) is not None][:5]
        detail = (
            f"`{draft.name}` could use {listed([_described(ref, self._place(ref)) for ref in candidates], limit=5)}."
            f" Name one in its properties: `{need.property}: {candidates[0].name}`."
        )
        self._problems.add(codes.AMBIGUOUS_NEED, detail, position, length=size, also=also)

    def _by_range(self, draft: Draft, need: Need, candidates: list[CapabilityRef]) -> CapabilityRef | None:
        """The network whose range the cluster repeats, where that singles one out."""
        wanted = at_path(draft.properties, "networking.vpc_cidr") if draft.properties is not None else None
        if wanted is None or need.type != "network":
            return None
        equal = [ref for ref in candidates if self._range(ref) == wanted]
        return equal[0] if len(equal) == 1 else None

    def _check_range(self, draft: Draft) -> None:
        """A cluster's `vpc_cidr` only repeats its network's range; a different one is a mistake in one of both."""
        network = draft.bindings.get("network")
        wanted = at_path(draft.properties, "networking.vpc_cidr") if draft.properties is not None else None
        actual = self._range(network) if network is not None else None
        if network is None or wanted is None or actual is None or wanted == actual:
            return
        position, size = self._locator.property(draft.declared_at, ("networking", "vpc_cidr")) or (draft.declared_at, 1)
        place = self._place(network)
        also = self._locator.property(place, ("cidr",)) if place is not None else None
        where = f" on line {also[0].line}" if also is not None else ""
        detail = (
            f"`{draft.name}` uses network `{network.name}`, whose range is {actual}{where}, and says {wanted}."
            " Write the same range in both, or leave `vpc_cidr` out."
        )
        self._problems.add(
            codes.CIDR_DIFFERS, detail, position, length=size, also=[also[0]] if also is not None else []
        )

    def _range(self, network: CapabilityRef) -> str | None:
        draft = self._own.get(network.name)
        return getattr(draft.properties, "cidr", None) if draft is not None else None

    def _place(self, ref: CapabilityRef) -> Position | None:
        if ref.tier is self._tier:
            return self._own[ref.name].declared_at
        return self._views[ref.tier].places.get(ref.name)

    def _is_known(self, capability_type: str) -> bool:
        """Whether the tier that would hold the type is declared or was read: else nothing can be said yet."""
        tier = tier_of(capability_type)
        return tier is self._tier or tier in self._views


def _described(ref: CapabilityRef, place: Position | None) -> str:
    return f"`{ref.name}`" + (f" (line {place.line})" if place is not None else "")
