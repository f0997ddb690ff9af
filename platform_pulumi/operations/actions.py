"""Conversion of an engine run's steps and the program's registrations to the actions of a plan.

The engine knows the operation; the program knows the values, which of them are secret, and what an unknown one waits
for. Components, provider resources, StackReferences and the Stack itself stand outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Action, BoundCapability, PlanAction
from platform_pulumi.model.plan.declared import declared_changes
from platform_pulumi.model.property_path import overlap
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.certainty import Certainty
from platform_pulumi.operations.contracts import declared_capability
from platform_pulumi.operations.diffs import input_diffs
from platform_pulumi.operations.ports import Registered, RunResult, StackSnapshot, StateOutput, Step
from platform_pulumi.operations.shown_inputs import shown_inputs
from platform_pulumi.sdk.run import TierRun

#: Actions for which the program gives inputs.
_GIVEN = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.IMPORT})
_PROVIDER = "pulumi:providers:"
_OWN = ("pulumi:pulumi:", _PROVIDER)
_NONE: Mapping[str, Registered] = MappingProxyType({})


def plan_actions(run: TierRun, result: RunResult, snapshot: StackSnapshot | None) -> tuple[PlanAction, ...]:
    """Build the actions of a tier, in the order of its capabilities, then by URN."""
    capabilities = {capability.name: capability for capability in run.capabilities}
    parents = {**(snapshot.parents if snapshot else {}), **{s.urn: s.parent for s in result.steps.values() if s.parent}}
    diffs = {urn: input_diffs(step, result.registered.get(urn)) for urn, step in result.steps.items()}
    certainty = Certainty(run.tier, result, diffs, snapshot, parents)
    actions = []
    for step in result.steps.values():
        if step.custom and not step.type.startswith(_OWN):
            owner, component = capability_of(step.urn, parents), certainty.remote_component(step.urn)
            made = _action(step, capabilities.get(owner), owner)
            actions.append(
                replace(
                    made,
                    waits_for=certainty.waits_for(step.urn),
                    diff=diffs[step.urn],
                    secret_hashes=_secret_hashes(step, result.registered.get(component or step.urn)),
                    remote_component=component,
                )
            )
    return _ordered(actions, run.capabilities)


def replaced_providers(result: RunResult) -> tuple[str, ...]:
    """List the packages whose provider resource a run replaces."""
    steps = (step for step in result.steps.values() if step.action is Action.REPLACE)
    return tuple(sorted(step.type.removeprefix(_PROVIDER) for step in steps if step.type.startswith(_PROVIDER)))


def recorded_actions(capabilities: Sequence[Capability], snapshot: StackSnapshot) -> tuple[PlanAction, ...]:
    """Build a no-op action for every recorded resource, in the order of the capabilities, then by URN."""
    places = {capability.name: capability.declared_at for capability in capabilities}
    actions = []
    for urn, kind in snapshot.resources.items():
        owner = capability_of(urn, snapshot.parents)
        actions.append(
            PlanAction(
                action=Action.NO_OP,
                capability=owner,
                resource_name=urn_name(urn),
                resource_type=kind,
                provider=kind.partition(":")[0],
                urn=urn,
                declared_at=places.get(owner),
            )
        )
    return _ordered(actions, capabilities)


def _ordered(actions: Iterable[PlanAction], capabilities: Iterable[Capability]) -> tuple[PlanAction, ...]:
    order = {capability.name: index for index, capability in enumerate(capabilities)}
    return tuple(sorted(actions, key=lambda action: (order.get(action.capability, len(order)), action.urn)))


def bound_capabilities(
    run: TierRun,
    actions: Iterable[PlanAction],
    registered: Mapping[str, Registered] = _NONE,
    recorded: Iterable[Mapping[str, Any]] = (),
) -> tuple[BoundCapability, ...]:
    """List every capability with what it is wired to, what its actions wait for, and what changed of its declaration.

    A certain action waits for the values of upper tiers all the same. What it waits for within itself is not listed.

    Args:
        recorded: how the capabilities were declared when the tier was last applied.
    """
    before = {capability.get("name"): capability for capability in recorded}
    waits: dict[str, set[str]] = {}
    for action in actions:
        own = f"{run.tier.label}.{action.capability}."
        found = {name for name in action.waits_for if not name.startswith(own)}
        if action.action in _GIVEN and action.urn in registered:
            found |= registered[action.urn].waits_for
        waits.setdefault(action.capability, set()).update(found)
    return tuple(
        BoundCapability(
            name=capability.name,
            type=capability.type,
            provider=capability.provider,
            declared_at=capability.declared_at,
            bindings=tuple(sorted(map(str, capability.bindings.values()))),
            waits_for=tuple(sorted(waits.get(capability.name, ()))),
            new=capability.name not in before,
            diff=declared_changes(before.get(capability.name, now), now),
        )
        for capability, now in ((capability, declared_capability(capability)) for capability in run.capabilities)
    )


def typed_outputs(run: TierRun, outputs: Mapping[str, StateOutput]) -> dict[str, OutputValue]:
    """Type a run's outputs: `capability:field` from the capability type, the rest from the contract."""
    types = {
        f"{c.name}:{name}": spec.type for c in run.capabilities for name, spec in type(c.properties).OUTPUTS.items()
    }
    types.update({declared.name: declared.type for declared in run.outputs})
    return {
        name: OutputValue(types.get(name, "string"), output.value, output.known, output.secret)
        for name, output in outputs.items()
        if name != CONTRACT_OUTPUT
    }


def _action(step: Step, capability: Capability | None, owner: str) -> PlanAction:
    data = bool(capability and type(capability.properties).DATA_BEARING) or step.protected
    return PlanAction(
        action=step.action,
        capability=owner,
        resource_name=step.name,
        resource_type=step.type,
        provider=step.provider or step.type.partition(":")[0],
        urn=step.urn,
        declared_at=capability.declared_at if capability else None,
        before=shown_inputs(step.old),
        after=shown_inputs(step.new) if step.action is not Action.DELETE else None,
        loses_data=data and step.protected and step.action in {Action.DELETE, Action.REPLACE},
        replace_keys=tuple(sorted(step.replace_keys)),
        deletes_first=step.deletes_first,
    )


def _secret_hashes(step: Step, registered: Registered | None) -> dict[str, str]:
    """The hashes of the secrets that a resource is given; for the child of a remote component, of the component's.

    What exists keeps the recorded value of an input whose changes it ignores.
    """
    if registered is None or step.action not in _GIVEN:
        return {}
    ignored = registered.ignored if step.action in {Action.UPDATE, Action.REPLACE} else ()
    return {
        path: value
        for path, value in registered.secret_hashes.items()
        if not any(overlap(path, other, indexes=False) for other in ignored)
    }
