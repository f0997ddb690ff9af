"""Apply mode of a tier: as its file declares it, but never looser than the stacks have recorded (DESIGN section 9).

A file alone can make it stricter only: a copy of it that says `auto_apply` would apply what others have to approve. To
loosen it takes one approval more, as recorded; from then on the looser one is.
"""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, Platform, strictest
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import guard
from platform_pulumi.operations.ports import StackSnapshot


def declared_mode(platform: Platform, tier: Tier, above: Mapping[Tier, TierContract]) -> Mode:
    """Return the mode of a tier: as declared, or the default; as strict as the tiers above ask for."""
    floors = (contract.floors.get(tier, Mode.AUTO_APPLY) for contract in above.values())
    return strictest(platform.modes.get(tier, DEFAULT_MODES[tier]), *floors)


def declared_floors(platform: Platform, tier: Tier) -> dict[Tier, Mode]:
    """Map the tiers below to the modes that the documents ask of them in so many words, where that is an approval."""
    asked = {below: platform.execution.get(f"tier{below.value}_mode") for below in Tier if below > tier}
    return {below: Mode.PLAN_AND_APPROVE for below, mode in asked.items() if mode == Mode.PLAN_AND_APPROVE}


def effective_mode(
    key: TierKey, declared: Mode, state: StackSnapshot | None, above: Mapping[Tier, TierContract]
) -> tuple[Mode, str]:
    """Return the mode by which a section is decided, and who asks for it where that is not its declaration.

    Args:
        declared: its own, with what the tiers above ask for (`declared_mode`).
        state: its stack, as it is recorded.
        above: the contracts that the stacks above have, those of tiers that change in the same run as well.
    """
    if declared is Mode.PLAN_AND_APPROVE:
        return declared, ""
    recorded = guard.recorded_contract(state)
    if recorded is None and state is not None and state.outputs:
        return Mode.PLAN_AND_APPROVE, "its stack has outputs and no contract, so how it was applied is not known"
    if recorded is not None and recorded.mode is Mode.PLAN_AND_APPROVE:
        return recorded.mode, "its stack was applied with `plan_and_approve`, which no file loosens by itself"
    for tier, contract in above.items():
        if contract.floors.get(key.tier) is Mode.PLAN_AND_APPROVE:
            return Mode.PLAN_AND_APPROVE, f"{tier.label} was applied with `tier{key.tier.value}_mode: plan_and_approve`"
    return declared, ""
