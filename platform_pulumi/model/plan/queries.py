"""Queries on a plan for views: actions by capability, data losses, impact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from platform_pulumi.errors import Position
from platform_pulumi.model.plan.values import Action, Affected, BoundCapability, Diff, Plan, PlanAction, TierPlan
from platform_pulumi.model.tier import Tier, TierKey

#: Severities of an impact, strongest first.
SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Group:
    """Actions of one capability in a tier. `type` is "" and `declared_at` None where no declaration names it any more.

    A destroy's plan lists no capabilities: there the actions say where each is declared. `diff` is what changes of the
    declaration, `waits_for` names outputs of the tiers above, and resources of other capabilities of its own tier.
    """

    name: str
    actions: tuple[PlanAction, ...]
    type: str = ""
    declared_at: Position | None = None
    waits_for: tuple[str, ...] = ()
    new: bool = False
    diff: tuple[Diff, ...] = ()

    @property
    def action(self) -> Action:
        """Action on the capability as a whole, the strongest of its resources'.

        One that is declared stays, though all that changes of it is deleted; with other resources it is another one.
        """
        strongest = strongest_action(self.actions)
        if not self.type:
            return strongest
        if {action.action for action in self.actions} == {Action.CREATE, Action.DELETE}:
            return Action.REPLACE
        return Action.UPDATE if strongest is Action.DELETE else strongest

    @property
    def removed(self) -> bool:
        """Whether the capability is an orphan: recorded, but no longer declared."""
        return bool(self.name) and self.declared_at is None and self.action is not Action.CREATE


class Loss(NamedTuple):
    """Data loss of a capability; `action` is delete or replace (or other)."""

    key: TierKey
    capability: str
    type: str
    action: Action
    declared_at: Position | None


def strongest_action(actions: Iterable[PlanAction]) -> Action:
    """Reduce the actions of a capability's resources to one, the strongest."""
    kinds = {action.action for action in actions} - {Action.READ}
    for action in (Action.REPLACE, Action.OTHER):
        if action in kinds:
            return action
    stays = Action.NO_OP in kinds
    kinds.discard(Action.NO_OP)
    if not kinds:
        return Action.NO_OP
    # Only what comes as a whole is new: one more replica is a change of what is there.
    return kinds.pop() if len(kinds) == 1 and not (stays and Action.CREATE in kinds) else Action.UPDATE


def by_capability(tier: TierPlan) -> tuple[Group, ...]:
    """Group a section's actions by capability: the declared ones in their order, then the orphans."""
    declared = {capability.name: capability for capability in tier.capabilities}
    actions: dict[str, list[PlanAction]] = {name: [] for name in declared}
    for action in tier.actions:
        actions.setdefault(action.capability, []).append(action)
    return tuple(_group(tier, name, tuple(own), declared.get(name)) for name, own in actions.items())


def loss_options(names: Iterable[str]) -> tuple[str, ...]:
    """Return the options of a command that allow the loss of these names, each once."""
    return tuple(word for name in dict.fromkeys(names) for word in ("--allow-data-loss", name))


def losses(plan: Plan) -> Iterator[Loss]:
    """List the data losses of a plan in the order of the tiers; each capability once."""
    for tier in plan.tiers:
        groups = {group.name: group for group in by_capability(tier)}
        for name in tier.data_loss:
            actions = [action for action in tier.actions if action.loses_data and action.owner == name]
            group = groups.get(actions[0].capability)
            yield Loss(
                key=tier.key,
                capability=name,
                type=group.type if group else "",
                action=strongest_action(actions),
                declared_at=group.declared_at if group and group.name else None,
            )


def impacts(plan: Plan) -> dict[tuple[TierKey, str], list[Affected]]:
    """Map each changed capability to those it affects, be it by an output: each once, as severely as any way does.

    Those of tier 3 change for their own application alone; another one may have the same names.
    """
    found: dict[tuple[TierKey, str], dict[tuple[TierKey, str], Affected]] = {}
    for impact in plan.impact:
        label, name, *_ = impact.changed.split(".")
        tier = Tier.from_label(label)
        for one in impact.affected:
            changed = TierKey(tier, one.application if tier is Tier.APPLICATION else None), name
            reached = found.setdefault(changed, {})
            known = reached.get((one.key, one.capability), one)
            reached[one.key, one.capability] = stronger(known, one)
    return {changed: list(reached.values()) for changed, reached in found.items()}


def stronger(one: Affected, other: Affected) -> Affected:
    """Choose the way by which a capability is affected more severely."""
    return min(one, other, key=lambda affected: (SEVERITIES.index(affected.severity), affected.kind))


def upper_waits(tier: TierPlan, waits_for: Iterable[str]) -> tuple[str, ...]:
    """Select what is waited for of the tiers above; the rest comes with the apply itself."""
    return tuple(dict.fromkeys(waited for waited in waits_for if not waited.startswith(f"{tier.tier.label}.")))


def _group(tier: TierPlan, name: str, actions: tuple[PlanAction, ...], declared: BoundCapability | None) -> Group:
    waited = dict.fromkeys(waited for action in actions for waited in action.waits_for)
    waits = tuple(one for one in waited if not one.startswith(f"{tier.tier.label}.{name}."))
    if declared is None:
        place = next((action.declared_at for action in actions if action.declared_at), None)
        return Group(name, actions, declared_at=place, waits_for=waits)
    waits = declared.waits_for or waits
    return Group(name, actions, declared.type, declared.declared_at, waits, declared.new, declared.diff)
