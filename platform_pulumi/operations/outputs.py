"""Reader of the applied outputs: the contract's outputs of each tier, from the stacks themselves."""

from __future__ import annotations

from platform_pulumi.errors import InputError
from platform_pulumi.model.applied import OutputsReport, TierOutputs
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import guard
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
    for key, snapshot in recorded_states(services, loaded, task.engine, loaded.select(task.selection)).items():
        if snapshot is None or not snapshot.outputs:
            continue
        contract = guard.contract_of(snapshot)
        values = recorded_values(contract, snapshot)
        names = [output.name for output in contract.outputs] or sorted(values)
        found.append(TierOutputs(*key, {name: values[name] for name in names if name in values}))
    if not found:
        detail = f"No tier of {context.path()} has been applied. Run `platform up` first."
        raise InputError("Nothing was applied yet", detail)
    applications = {t.application for t in found if t.tier is Tier.APPLICATION}
    application = applications.pop() if len(applications) == 1 else None
    return OutputsReport(context.path(application), tuple(found))
