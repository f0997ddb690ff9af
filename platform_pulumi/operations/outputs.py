"""Reader of the applied outputs: the contract's outputs of each tier, from the stacks themselves."""

from __future__ import annotations

from platform_pulumi.errors import InputError
from platform_pulumi.model.applied import OutputsReport
from platform_pulumi.model.tier import sole_application
from platform_pulumi.operations import guard
from platform_pulumi.operations.contracts import contract_outputs
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.states import recorded_states, recorded_values
from platform_pulumi.operations.task import Task


def outputs(services: Services, task: Task) -> OutputsReport:
    """Read the outputs of the applied tiers. A tier that declares no contract shows every capability's.

    Raises:
        InputError: the files are wrong, or nothing of them was applied.
        EngineError: a stack cannot be read.
    """
    loaded = load(services, task, strict=False, runs=False)
    context = loaded.platform.context
    found = []
    for snapshot in recorded_states(services, loaded, task.engine, loaded.select(task.selection)).values():
        if snapshot is None or not snapshot.outputs:
            continue
        contract = guard.contract_of(snapshot)
        found.append(contract_outputs(contract, recorded_values(contract, snapshot)))
    if not found:
        detail = f"No tier of {context.path()} has been applied. Run `platform up` first."
        raise InputError("Nothing was applied yet", detail)
    return OutputsReport(context.path(sole_application(tier.key for tier in found)), tuple(found))
