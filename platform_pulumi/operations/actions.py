"""Conversion of an engine run's steps and the program's registrations to the actions and outputs of a plan.

The engine knows the operation; the program knows the values, which of them are secret, and what an unknown one waits
for. Components, provider resources, StackReferences and the Stack itself stand outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Action, BoundCapability, Diff, PlanAction, PlannedOutput
from platform_pulumi.model.property_path import overlap, value_at
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.unknown import UNKNOWN_TYPES
from platform_pulumi.model.urn import capability_of, urn_name, urn_type
from platform_pulumi.model.value import OutputValue
from platform_pulumi.operations.ports import Registered, RunResult, StackSnapshot, StateOutput, Step
from platform_pulumi.sdk.run import TierRun

#: Our own components and the stack: the program builds them, and registers their children.
_OF_PROGRAMS = ("platform:", "pulumi:")
#: Actions for which the program gives inputs.
_GIVEN = frozenset({Action.CREATE, Action.UPDATE, Action.REPLACE, Action.IMPORT})
_OWN = ("pulumi:pulumi:", "pulumi:providers:")


def plan_actions(run: TierRun, result: RunResult, snapshot: StackSnapshot | None) -> tuple[PlanAction, ...]:
    """Build the actions of a tier, in the order of its capabilities, then by URN."""
    capabilities = {capability.name: capability for capability in run.capabilities}
    parents = {**(snapshot.parents if snapshot else {}), **{s.urn: s.parent for s in result.steps.values() if s.parent}}
    program = _Program(result.registered, parents)
    actions = []
    for step in result.steps.values():
        if step.custom and not step.type.startswith(_OWN):
            owner = capability_of(step.urn, parents)
            registered = result.registered.get(step.urn)
            actions.append(_action(step, capabilities.get(owner), owner, registered, program))
    return _ordered(actions, run.capabilities)


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


def bound_capabilities(run: TierRun, actions: Iterable[PlanAction]) -> tuple[BoundCapability, ...]:
    """List every capability with what it is wired to and what its actions wait for."""
    waits: dict[str, set[str]] = {}
    for action in actions:
        waits.setdefault(action.capability, set()).update(action.waits_for)
    return tuple(
        BoundCapability(
            name=capability.name,
            type=capability.type,
            provider=capability.provider,
            declared_at=capability.declared_at,
            bindings=tuple(sorted(map(str, capability.bindings.values()))),
            waits_for=tuple(sorted(waits.get(capability.name, ()))),
        )
        for capability in run.capabilities
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


def planned_outputs(
    outputs: Mapping[str, OutputValue], recorded: Mapping[str, StateOutput]
) -> dict[str, PlannedOutput]:
    """Compare the outputs after the plan with those recorded. Of a secret not even whether it is known is shown."""
    planned = {
        name: PlannedOutput(
            type=output.type,
            change=_change(output, recorded.get(name)),
            value=output.value if output.known and not output.secret else None,
            unknown=not (output.known or output.secret),
            secret=output.secret,
        )
        for name, output in outputs.items()
    }
    for name, old in recorded.items():
        if name not in outputs and name != CONTRACT_OUTPUT:
            planned[name] = PlannedOutput("string", "removed", secret=old.secret)
    return planned


def _change(output: OutputValue, old: StateOutput | None) -> str:
    if old is None:
        return "new"
    if not output.known:
        return "changed"
    if output.secret or old.secret:
        # A recorded secret is not decrypted to be compared; the actions say whether its resource changes.
        return "same" if output.secret == old.secret else "changed"
    return "same" if output.value == old.value else "changed"


def _action(
    step: Step, capability: Capability | None, owner: str, registered: Registered | None, program: _Program
) -> PlanAction:
    data = bool(capability and type(capability.properties).DATA_BEARING) or step.protected
    return PlanAction(
        action=step.action,
        capability=owner,
        resource_name=step.name,
        resource_type=step.type,
        provider=step.provider or step.type.partition(":")[0],
        urn=step.urn,
        waits_for=program.waits_for(step.urn) if step.action is not Action.DELETE else (),
        declared_at=capability.declared_at if capability else None,
        before=_shown(step.old),
        after=_shown(step.new) if step.action is not Action.DELETE else None,
        diff=tuple(_diffs(step, registered)) if step.action in {Action.UPDATE, Action.REPLACE} else (),
        loses_data=data and step.protected and step.action in {Action.DELETE, Action.REPLACE},
        secret_hashes=dict(registered.secret_hashes) if registered and step.action in _GIVEN else {},
        replace_keys=tuple(sorted(step.replace_keys)),
        remote_component=program.remote_component(step.urn),
        deletes_first=step.deletes_first,
    )


class _Program:
    """Registrations of the program, and of what a plugin registered below its remote components."""

    def __init__(self, registered: Mapping[str, Registered], parents: Mapping[str, str]) -> None:
        self._registered = registered
        self._parents = parents

    def waits_for(self, urn: str) -> tuple[str, ...]:
        """The outputs above that a resource, or the remote component it belongs to, waits for."""
        registered = self._registered.get(self._closest(urn))
        return tuple(sorted(registered.waits_for)) if registered is not None else ()

    def remote_component(self, urn: str) -> str:
        """The remote component a resource is a child of, or ""."""
        closest = self._closest(urn)
        return closest if closest != urn and not urn_type(closest).startswith(_OF_PROGRAMS) else ""

    def _closest(self, urn: str) -> str:
        """The resource itself, or the closest of its parents, that the program registered."""
        while urn and urn not in self._registered:
            urn = self._parents.get(urn, "")
        return urn


def _diffs(step: Step, registered: Registered | None) -> Iterator[Diff]:
    secret = registered.secret if registered else frozenset()
    for path, kind in sorted(step.changed.items()):
        old, new = value_at(step.old, path), value_at(step.new, path)
        if old == new:  # the same was declared before: it is reality that differs
            old = value_at(step.observed, path)
        hidden = any(overlap(path, known) for known in secret)
        hidden = hidden or REDACTED in (old, new)
        unknown = isinstance(new, str) and new in UNKNOWN_TYPES
        yield Diff(
            path=path,
            old=None if hidden else _shown_value(old),
            new=None if hidden or unknown else _shown_value(new),
            unknown=unknown,
            secret=hidden,
            replaces=kind.endswith("-replace"),
        )


def _shown(inputs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Inputs for people: no bookkeeping of the providers, unknowns by type."""
    if inputs is None:
        return None
    return {name: _shown_value(value) for name, value in inputs.items() if not name.startswith("__")}


def _shown_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown_value(item) for name, item in value.items() if not name.startswith("__")}
    if isinstance(value, list):
        return [_shown_value(item) for item in value]
    if isinstance(value, str) and value in UNKNOWN_TYPES:
        return {"unknown": True, "type": UNKNOWN_TYPES[value]}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
