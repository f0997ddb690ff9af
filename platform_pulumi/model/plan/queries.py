"""Queries on a plan for views: actions by capability, data losses, causes and consequences, impact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from platform_pulumi.errors import Position
from platform_pulumi.model.plan.values import Action, Affected, BoundCapability, Plan, PlanAction, TierPlan, is_unknown
from platform_pulumi.model.tier import Tier, TierKey

#: Severities of an impact, strongest first.
SEVERITIES = ("high", "medium", "low")
#: A physical name with its random suffix (Pulumi documentation, "Autonaming").
_AUTONAME = re.compile(r"(?P<stem>.+-)[0-9a-f]{7}")


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
        """Strongest action of the group's resources."""
        return strongest_action(self.actions)

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


@dataclass(frozen=True, slots=True)
class Consequence:
    """The part of a capability's changes that only follows others.

    Args:
        causes: the replaced or created capabilities (`tier.name`) that it is wired to or waits for; none where its own
            resources follow each other.
        urns: the resources whose change is a consequence.
        whole: whether all that changes of it is one.
    """

    causes: tuple[str, ...]
    urns: frozenset[str]
    whole: bool


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


def consequences(plan: Plan) -> dict[tuple[TierKey, str], Consequence]:
    """Map each capability that changes, be it in part, because others are replaced or created to what of it does.

    A replacement or update is a consequence where each of its changed inputs is unknown until others are made, is a
    physical name that changes with every replacement, or changes exactly as an input of a cause does (a rule for the
    network's range). A replacement without a changed input is one, too: its provider, or what it depends on, is
    replaced. What loses data or changes a secret never is.
    """
    found: dict[tuple[TierKey, str], Consequence] = {}
    above: dict[str, frozenset[tuple[str, str]]] = {}
    for tier in plan.tiers:
        moved = dict(above)  # what another application has by the same name causes nothing here
        uses = {c.name: (*c.bindings, *(".".join(w.split(".", 2)[:2]) for w in c.waits_for)) for c in tier.capabilities}
        for group in by_capability(tier):
            causes = tuple(dict.fromkeys(used for used in uses.get(group.name, ()) if used in moved))
            derived = frozenset[tuple[str, str]]().union(*(moved[cause] for cause in causes))
            changing = [action for action in group.actions if action.changes]
            following = {action.urn for action in changing if _follows(action, derived)}
            if following == {action.urn for action in changing} and not causes:
                following = set()  # it stands for itself: nothing in the plan explains it
            if following:
                found[tier.key, group.name] = Consequence(causes, frozenset(following), len(following) == len(changing))
            if group.action in {Action.REPLACE, Action.CREATE} or following:
                own = {(repr(d.old), repr(d.new)) for a in changing if a.urn not in following for d in a.diff}
                moved[f"{tier.tier.label}.{group.name}"] = derived | own
        if tier.tier is not Tier.APPLICATION:
            above = moved
    return found


def _follows(action: PlanAction, derived: frozenset[tuple[str, str]]) -> bool:
    if action.action not in {Action.REPLACE, Action.UPDATE} or action.loses_data:
        return False
    if not action.diff:
        # The engine names no input where a provider or a dependency is what forces the replacement.
        return action.action is Action.REPLACE and _same(action.before, action.after, derived)
    return all(d.unknown or (not d.secret and _is_derived(d.old, d.new, derived)) for d in action.diff)


def _same(old: Any, new: Any, derived: frozenset[tuple[str, str]]) -> bool:
    """Whether two inputs are the same but for what is unknown and what is derived."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not is_unknown(new):
        return all(_same(old.get(name), new.get(name), derived) for name in {*old, *new})
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return all(_same(was, now, derived) for was, now in zip(old, new, strict=True))
    return old == new or is_unknown(new) or _is_derived(old, new, derived)


def _is_derived(old: Any, new: Any, derived: frozenset[tuple[str, str]]) -> bool:
    """Whether a value changes as an input of a cause does, or is a physical name that got another random suffix."""
    if (repr(old), repr(new)) in derived:
        return True
    was, now = (_AUTONAME.fullmatch(value) if isinstance(value, str) else None for value in (old, new))
    return was is not None and now is not None and was["stem"] == now["stem"]


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
            reached[one.key, one.capability] = _stronger(known, one)
    return {changed: list(reached.values()) for changed, reached in found.items()}


def _stronger(one: Affected, other: Affected) -> Affected:
    return min(one, other, key=lambda affected: (SEVERITIES.index(affected.severity), affected.kind))


def _group(name: str, actions: tuple[PlanAction, ...], declared: BoundCapability | None) -> Group:
    waits = tuple(dict.fromkeys(waited for action in actions for waited in action.waits_for))
    if declared is None:
        place = next((action.declared_at for action in actions if action.declared_at), None)
        return Group(name, actions, declared_at=place, waits_for=waits)
    return Group(name, actions, declared.type, declared.declared_at, declared.waits_for or waits)
