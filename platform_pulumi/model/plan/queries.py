"""Queries on a plan for views: actions by capability, data losses, causes and consequences, impact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from platform_pulumi.errors import Position
from platform_pulumi.model.plan.values import Action, Affected, BoundCapability, Plan, PlanAction, TierPlan
from platform_pulumi.model.tier import TierKey


@dataclass(frozen=True, slots=True)
class Group:
    """Actions of one capability in a tier. `type` is "" and `declared_at` None where no declaration names it any more.

    A destroy's plan lists no capabilities: there the actions say where each is declared.
    """

    name: str
    actions: tuple[PlanAction, ...]
    type: str = ""
    declared_at: Position | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def action(self) -> Action:
        """The strongest action of the group's resources."""
        return strongest_action(self.actions)

    @property
    def removed(self) -> bool:
        """Whether the capability is recorded but no longer declared."""
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
    """Group a section's actions by capability: the declared ones in their order, then those no longer declared."""
    declared = {capability.name: capability for capability in tier.capabilities}
    actions: dict[str, list[PlanAction]] = {name: [] for name in declared}
    for action in tier.actions:
        actions.setdefault(action.capability, []).append(action)
    return tuple(_group(name, tuple(own), declared.get(name)) for name, own in actions.items())


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


def is_consequence(action: PlanAction) -> bool:
    """Whether a replacement or update is only a consequence of others: all its changed inputs depend on them.

    What loses data, changes by a known value or a secret, or shows no changed input stands for itself.
    """
    if action.action not in {Action.REPLACE, Action.UPDATE} or action.loses_data or not action.diff:
        return False
    return all(diff.unknown and not diff.secret for diff in action.diff)


def causes(plan: Plan) -> dict[tuple[TierKey, str], tuple[str, ...]]:
    """Map capabilities that change only because others are replaced or created to those others (`tier.name`).

    A capability is one of them where all its changes are consequences (`is_consequence`), and something that it is
    wired to or waits for is replaced, created, or a consequence itself. What causes a change or loses data never is.
    """
    moving: set[str] = set()
    found: dict[tuple[TierKey, str], tuple[str, ...]] = {}
    for tier in plan.tiers:
        uses = {c.name: (*c.bindings, *(".".join(w.split(".", 2)[:2]) for w in c.waits_for)) for c in tier.capabilities}
        for group in by_capability(tier):
            name = f"{tier.tier.label}.{group.name}"
            changing = [action for action in group.actions if action.changes]
            because = tuple(dict.fromkeys(used for used in uses.get(group.name, ()) if used in moving))
            if changing and because and all(is_consequence(action) for action in changing):
                found[tier.key, group.name] = because
            if group.action in {Action.REPLACE, Action.CREATE} or (tier.key, group.name) in found:
                moving.add(name)
    return found


def impacts(plan: Plan) -> dict[tuple[str, str], list[Affected]]:
    """Map each changed capability (tier's label and name) to the capabilities it affects, each once."""
    found: dict[tuple[str, str], dict[Affected, None]] = {}
    for impact in plan.impact:
        tier, name, *_ = (*impact.changed.split("."), "")
        found.setdefault((tier, name), {}).update(dict.fromkeys(impact.affected))
    return {changed: list(affected) for changed, affected in found.items()}


def _group(name: str, actions: tuple[PlanAction, ...], declared: BoundCapability | None) -> Group:
    waits = tuple(dict.fromkeys(waited for action in actions for waited in action.waits_for))
    if declared is None:
        place = next((action.declared_at for action in actions if action.declared_at), None)
        return Group(name, actions, declared_at=place, waits_for=waits)
    return Group(name, actions, declared.type, declared.declared_at, declared.waits_for or waits)
