"""Reader of recorded states: which there are, and the values their outputs have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.context import Context, StackName
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.loading import LoadedPlatform
from platform_pulumi.operations.ports import Engine, StackSnapshot
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


def existing_stacks(engine: Engine, context: Context, tier: Tier) -> tuple[StackName, ...]:
    """List the existing stacks of a tier in a context; of tier 3 those of all applications, whoever declares them."""
    return tuple(stack for stack in engine.stacks(context.stack(tier).project) if context.includes(stack))


def recorded_values(contract: TierContract, snapshot: StackSnapshot) -> Mapping[str, OutputValue]:
    """Read a stack's recorded outputs with their types."""
    types = output_types(contract)
    return {
        name: OutputValue(types[name], output.value, secret=output.secret)
        for name, output in snapshot.outputs.items()
        if name in types
    }


def output_types(contract: TierContract) -> dict[str, str]:
    """Map the outputs of a contract, and those of its capabilities, to their types."""
    types = {
        f"{ref.name}:{name}": spec.type
        for ref in contract.capabilities
        if ref.type in CAPABILITY_TYPES
        for name, spec in CAPABILITY_TYPES[ref.type].OUTPUTS.items()
    }
    return types | {output.name: output.type for output in contract.outputs}
