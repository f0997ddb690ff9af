"""What can be seen of a tier from below, whether it stands in the files or was read from its stack's contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from platform_pulumi.declarations.drafts import TierDraft
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract


class View:
    """A tier from below. `places` are known only for capabilities in the files."""

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        self.capabilities: dict[str, CapabilityRef] = {}
        self.places: dict[str, Position] = {}
        self.outputs: dict[str, Position] = {}
        self.sources: dict[tuple[str, str], str] = {}
        self.constraints: tuple[Constraint, ...] = ()

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
        view = cls(contract.tier)
        view.capabilities = {ref.name: ref for ref in contract.capabilities}
        view.outputs = {output.name: output.declared_at for output in contract.outputs}
        view.sources = {(output.capability, output.field): output.name for output in contract.outputs}
        view.constraints = contract.constraints
        return view


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
