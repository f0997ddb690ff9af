"""What can be seen of a tier from below, whether it stands in the files or was read from its stack's contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from platform_pulumi.declarations.drafts import TierDraft
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.tier import Tier


@dataclass(slots=True)
class View:
    """A tier from below. `places` are known only for capabilities in the files."""

    tier: Tier
    capabilities: dict[str, CapabilityRef] = field(default_factory=dict)
    places: dict[str, Position] = field(default_factory=dict)
    outputs: dict[str, Position] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()

    @classmethod
    def of_drafts(cls, tier: Tier, drafts: Iterable[TierDraft]) -> View:
        """A tier as the files declare it."""
        view = cls(tier)
        for draft in drafts:
            for capability in draft.capabilities:
                view.capabilities.setdefault(capability.name, capability.ref)
                view.places.setdefault(capability.name, capability.declared_at)
            for output in draft.outputs:
                view.outputs.setdefault(output.name, output.declared_at)
                view.sources.setdefault((output.capability, output.field), output.name)
            view.constraints += tuple(draft.constraints)
        return view

    @classmethod
    def of_contract(cls, contract: TierContract) -> View:
        """A tier as its stack was applied."""
        return cls(
            contract.tier,
            {ref.name: ref for ref in contract.capabilities},
            {},
            {output.name: output.declared_at for output in contract.outputs},
            {(output.capability, output.field): output.name for output in contract.outputs},
            contract.constraints,
        )


def above(tier: Tier, drafts: Iterable[TierDraft], contracts: Mapping[Tier, TierContract]) -> dict[Tier, View]:
    """The tiers above one that are known: by their contract where it was read, else from the files."""
    views = {}
    drafts = tuple(drafts)
    for upper in tier.above:
        declared = [draft for draft in drafts if draft.tier is upper]
        if upper in contracts:
            views[upper] = View.of_contract(contracts[upper])
        elif declared:
            views[upper] = View.of_drafts(upper, declared)
    return views
