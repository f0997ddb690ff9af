"""Planned tier: a section of the plan, with what an apply in the same process needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platform_pulumi.model.plan import TierPlan
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.ports import StackSnapshot
from platform_pulumi.operations.upstream import Values
from platform_pulumi.sdk.run import TierRun


@dataclass(frozen=True, slots=True)
class PlannedTier:
    """Planned tier, with what an apply in the same process needs of it.

    Args:
        snapshot: the state it was planned from; None where there was no stack.
        outputs: planned values, secrets among them: never for a plan, a log or a file.
    """

    declaration: TierDeclaration
    run: TierRun
    section: TierPlan
    snapshot: StackSnapshot | None
    outputs: Mapping[str, OutputValue]

    def downstream_values(self, values: Values) -> Values:
        """Merge its planned outputs into the values that the tiers below see."""
        return downstream_values(values, self.declaration.tier, self.outputs)


def downstream_values(values: Values, tier: Tier, outputs: Mapping[str, OutputValue]) -> Values:
    """Merge the outputs of one more tier into the values that the tiers below see."""
    return values if tier is Tier.APPLICATION else {**values, tier: outputs}
