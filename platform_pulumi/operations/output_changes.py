"""Changes of a tier's outputs: the planned values beside the recorded ones.

A recorded secret is not decrypted to be compared. It is the same where nothing it comes from changes: no resource of
its capability, and none of the outputs that the capability is given. (What is declared is an input of a resource: the
fidelity tables hold that, field by field.) Of all else that cannot be compared, the plan says that it may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Action, PlanAction, PlannedOutput
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue, TierOutput, references
from platform_pulumi.operations.ports import StateOutput
from platform_pulumi.sdk.run import TierRun

#: The planned outputs of the tiers above that are planned as well.
Above: TypeAlias = Mapping[Tier, Mapping[str, PlannedOutput]]
_MAY_WEAKEN = frozenset({Action.UPDATE, Action.REPLACE})


def planned_outputs(
    outputs: Mapping[str, OutputValue],
    recorded: Mapping[str, StateOutput],
    sources: OutputSources,
    types: Mapping[str, str],
) -> dict[str, PlannedOutput]:
    """Compare the outputs after the plan with those recorded. Of a secret not even whether it is known is shown.

    Args:
        recorded: secrets with their values where those are to be had.
        sources: what the outputs come from.
        types: of the recorded outputs, for those that are removed.
    """
    planned = {
        name: PlannedOutput(
            type=output.type,
            change=_change(output, recorded.get(name), sources, name),
            value=output.value if output.known and not output.secret else None,
            unknown=not (output.known or output.secret),
            secret=output.secret,
        )
        for name, output in outputs.items()
    }
    for name, old in recorded.items():
        if name not in outputs and name != CONTRACT_OUTPUT:
            planned[name] = PlannedOutput(types.get(name, "string"), "removed", secret=old.secret)
    return planned


def _change(output: OutputValue, old: StateOutput | None, sources: OutputSources, name: str) -> str:
    if old is None:
        return "new"
    if not output.known:
        return "may-change"
    if output.secret != old.secret:
        return "changed"
    if old.secret and None in (old.value, output.value):  # of one of both it is not to be had
        return "same" if sources.stay(name) else "may-change"
    if output.value == old.value:
        return "same"
    return "may-change" if sources.may_stay(name) else "changed"


class OutputSources:
    """Sources of a tier's outputs: the capability each is of, and what that is given.

    Args:
        run: the tier's run; its capabilities stand in dependency order.
        actions: the tier's planned actions.
        above: the planned outputs of the tiers above; of one that is not planned nothing changes.
    """

    def __init__(self, run: TierRun, actions: Iterable[PlanAction], above: Above) -> None:
        self._run = run
        self._above = above
        self._actions: dict[str, list[PlanAction]] = {}
        for action in actions:
            self._actions.setdefault(action.capability, []).append(action)
        self._declared = {output.name: output.capability for output in run.outputs}
        self._still: set[str] = set()
        for capability in run.capabilities:
            if self._is_still(capability):
                self._still.add(capability.name)

    def stay(self, output: str) -> bool:
        """Whether nothing that an output comes from changes."""
        return self._capability(output) in self._still

    def may_stay(self, output: str) -> bool:
        """Whether all that changes an output may come as less than planned."""
        changing = [action for action in self._actions.get(self._capability(output), ()) if action.changes]
        return bool(changing) and all(action.conditional and action.action in _MAY_WEAKEN for action in changing)

    def _capability(self, output: str) -> str:
        return self._declared.get(output) or output.partition(":")[0]

    def _is_still(self, capability: Capability) -> bool:
        own = self._actions.get(capability.name)
        return bool(own) and not any(a.changes for a in own or ()) and all(self._given(capability))

    def _given(self, capability: Capability) -> Iterator[bool]:
        """Of each output that a capability is given, whether it stays."""
        for ref in capability.bindings.values():
            if ref.tier is self._run.tier:
                yield ref.name in self._still
            else:
                outputs = self._above.get(ref.tier, {})
                yield all(o.change == "same" for name, o in outputs.items() if name.startswith(f"{ref.name}:"))
        for reference in references(dict(capability.properties)):
            if isinstance(reference, TierOutput):
                output = self._above.get(reference.tier, {}).get(reference.name)
                yield output is None or output.change == "same"
            else:
                yield reference.capability in self._still
