"""A tier's actions by the capability they belong to, and the impacts by the capability that changes."""

from __future__ import annotations

from dataclasses import dataclass

from platform_pulumi.cli.views.words import strongest
from platform_pulumi.errors import Position
from platform_pulumi.model.plan import Action, Affected, BoundCapability, Plan, PlanAction, TierPlan


@dataclass(frozen=True)
class Group:
    """A capability's part of a tier. `type` is "" and `declared_at` None where no declaration names it any more.

    A destroy's plan lists no capabilities: there the actions say where each is declared.
    """

    name: str
    actions: list[PlanAction]
    type: str = ""
    declared_at: Position | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def kind(self) -> Action:
        """What happens to the capability."""
        return strongest(self.actions)

    @property
    def removed(self) -> bool:
        """Whether it was declared once and is not any more."""
        return bool(self.name) and self.declared_at is None and self.kind is not Action.CREATE


def by_capability(tier: TierPlan) -> list[Group]:
    """The declared capabilities in their order, each with its actions; then what no declaration names."""
    declared = {capability.name: capability for capability in tier.capabilities}
    actions: dict[str, list[PlanAction]] = {name: [] for name in declared}
    for action in tier.actions:
        actions.setdefault(action.capability, []).append(action)
    return [_group(name, own, declared.get(name)) for name, own in actions.items()]


def _group(name: str, actions: list[PlanAction], declared: BoundCapability | None) -> Group:
    waits = tuple(dict.fromkeys(waited for action in actions for waited in action.waits_for))
    if declared is None:
        place = next((action.declared_at for action in actions if action.declared_at), None)
        return Group(name, actions, declared_at=place, waits_for=waits)
    return Group(name, actions, declared.type, declared.declared_at, declared.waits_for or waits)


def reached(plan: Plan) -> dict[tuple[str, str], list[Affected]]:
    """Whom the changes of a capability (tier's label and name) reach, each once."""
    found: dict[tuple[str, str], dict[Affected, None]] = {}
    for impact in plan.impact:
        tier, name, *_ = (*impact.changed.split("."), "")
        found.setdefault((tier, name), {}).update(dict.fromkeys(impact.affected))
    return {changed: list(affected) for changed, affected in found.items()}
