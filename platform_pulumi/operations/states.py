"""Reader of recorded states and of the values their outputs have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import TierKey
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.loading import LoadedPlatform
from platform_pulumi.operations.ports import StackSnapshot
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import EngineOptions


def recorded_states(
    services: Services, loaded: LoadedPlatform, options: EngineOptions, tiers: Iterable[TierDeclaration]
) -> dict[TierKey, StackSnapshot | None]:
    """Read the states of these tiers' stacks, None where there is no such stack. Nothing is run.

    Raises:
        EngineError: a state exists and cannot be read.
    """
    context = loaded.platform.context
    with services.open_engine(loaded.platform, options, loaded.simulated) as engine:
        return {tier.key: engine.snapshot(context.stack(*tier.key)) for tier in tiers}


def recorded_values(contract: TierContract, snapshot: StackSnapshot) -> Mapping[str, OutputValue]:
    """Read a stack's recorded outputs with their types."""
    types = {
        f"{ref.name}:{name}": spec.type
        for ref in contract.capabilities
        if ref.type in CAPABILITY_TYPES
        for name, spec in CAPABILITY_TYPES[ref.type].OUTPUTS.items()
    }
    types.update({output.name: output.type for output in contract.outputs})
    return {
        name: OutputValue(types[name], output.value, secret=output.secret)
        for name, output in snapshot.outputs.items()
        if name in types
    }
