"""Changes of capabilities as their consumers see them: what of each a section of a plan takes away or replaces.

Resources are the provider's business. For consumers a capability goes only where it is no longer declared, and is
replaced only where what they hold of it is another one then: a route table that is deleted, or a group of machines that
is replaced, is an update of the network or cluster that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Action, PlanAction, TierPlan

#: What may happen to an output that its consumers have nothing to do for.
_STILL = frozenset({"same", "new"})
#: What comes to be known with a capability that was not there before.
_NEW = frozenset({Action.CREATE, Action.READ, Action.IMPORT})
#: What says nothing of a capability: nothing happens to what is there.
_SILENT = frozenset({Action.NO_OP, Action.READ, Action.IMPORT})


@dataclass(frozen=True, slots=True)
class CapabilityChange:
    """Change of one capability that was there before.

    Args:
        action: delete, replace or update; None where nothing but the names of its outputs changes.
        outputs: its outputs that change, each with what happens to it.
        names: the output contract's names for its outputs that are dropped (delete) or mean another output (replace).
        grows: whether it only gets more of what it has; nothing that is there changes, no value either.
    """

    capability: str
    action: Action | None
    outputs: Mapping[str, Action] = field(default_factory=dict)
    names: Mapping[str, Action] = field(default_factory=dict)
    grows: bool = False


def capability_changes(plan: TierPlan, recorded: TierContract | None) -> Iterator[CapabilityChange]:
    """Yield the changes of a section's capabilities, the declared ones in their order, then those that go.

    Args:
        recorded: the contract that the stack carries; None where it has none.
    """
    types = {capability.name: capability.type for capability in plan.capabilities}
    before = {ref.name: ref.type for ref in recorded.capabilities} if recorded is not None else {}
    actions: dict[str, list[PlanAction]] = {}
    for action in plan.actions:
        actions.setdefault(action.capability, []).append(action)
    outputs = _outputs(plan)
    names = _names(plan, recorded)
    orphans = [name for name, own in actions.items() if name and any(a.action is Action.DELETE for a in own)]
    for name in dict.fromkeys((*types, *before, *orphans)):
        if name not in types:
            gone = dict.fromkeys(outputs.get(name, ()), Action.DELETE)
            yield CapabilityChange(name, Action.DELETE, gone)
            continue
        kept = before.get(name, types[name]) == types[name]
        change = _change(name, types[name], actions.get(name, []), outputs.get(name, {}), names.get(name, {}), kept)
        if change is not None:
            yield change


def _change(
    name: str,
    kind: str,
    actions: list[PlanAction],
    outputs: Mapping[str, str],
    names: Mapping[str, Action],
    kept: bool,
) -> CapabilityChange | None:
    kinds = {action.action for action in actions} - _SILENT
    moved = {output: change for output, change in outputs.items() if change not in _STILL}
    # What is there already has outputs, or resources that stay or change.
    existed = any(change != "new" for change in outputs.values()) or any(a.action not in _NEW for a in actions)
    if not existed or not (kinds or moved or names):
        return None
    if not kinds and not moved:
        return CapabilityChange(name, None, names=names)
    renewed = Action.REPLACE in kinds or {Action.CREATE, Action.DELETE} == {a.action for a in actions}
    if not kept or _is_another(name, kind, actions, moved, renewed):
        return CapabilityChange(name, Action.REPLACE, dict.fromkeys(moved, Action.REPLACE), names)
    verbs = {output: _verb(change, renewed) for output, change in moved.items()}
    return CapabilityChange(name, Action.UPDATE, verbs, names, grows=not moved and kinds == {Action.CREATE})


def _is_another(name: str, kind: str, actions: list[PlanAction], moved: Mapping[str, str], renewed: bool) -> bool:
    """Whether consumers meet another one: what tells it from others changes, or what it held is lost."""
    if any(action.loses_data for action in actions):
        return True
    model = CAPABILITY_TYPES[kind]
    if renewed and any(model.OUTPUTS[output].identifies for output in moved if output in model.OUTPUTS):
        return True
    return model.HOSTS and any(a.action is Action.REPLACE and a.resource_name == name for a in actions)


def _verb(change: str, renewed: bool) -> Action:
    """What happens to an output of a capability that stays the same one."""
    if change == "removed":
        return Action.DELETE
    # A value that is known is one that changes in place; an unknown one is a replaced resource's, if there is any.
    return Action.REPLACE if renewed and change == "unknown" else Action.UPDATE


def _outputs(plan: TierPlan) -> dict[str, dict[str, str]]:
    """What happens to the outputs of each capability: its change, or unknown."""
    found: dict[str, dict[str, str]] = {}
    for key, output in plan.outputs.items():
        capability, separator, name = key.partition(":")
        if separator:
            unknown = output.change not in _STILL and (output.unknown or output.change == "may-change")
            found.setdefault(capability, {})[name] = "unknown" if unknown else output.change
    return found


def _names(plan: TierPlan, recorded: TierContract | None) -> dict[str, dict[str, Action]]:
    """The recorded names of outputs that stand for another one now, or for none, by capability."""
    now = {output["name"]: (output["capability"], output["field"]) for output in plan.declarations.outputs}
    found: dict[str, dict[str, Action]] = {}
    for output in recorded.outputs if recorded is not None else ():
        source = (output.capability, output.field)
        if now.get(output.name) != source:
            verb = Action.REPLACE if output.name in now else Action.DELETE
            found.setdefault(output.capability, {})[output.name] = verb
    return found
