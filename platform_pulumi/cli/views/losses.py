"""What a plan loses: every capability whose data goes, with its place and whether that was allowed by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from platform_pulumi.cli.views.words import strongest, tier_name
from platform_pulumi.errors import Position
from platform_pulumi.model.plan import Action, Plan, PlanAction


class Loss(NamedTuple):
    """A capability that loses its data; `action` is delete or replace (or other)."""

    tier: str
    capability: str
    type: str
    action: Action
    declared_at: Position | None


def losses(plan: Plan) -> Iterator[Loss]:
    """Every loss of the plan, in the order of the tiers; each capability once."""
    for tier in plan.tiers:
        types = {capability.name: capability for capability in tier.capabilities}
        losing = dict.fromkeys([*tier.data_loss, *(_owner(a) for a in tier.actions if a.loses_data)])
        for name in losing:
            actions = [action for action in tier.actions if action.loses_data and _owner(action) == name]
            declared = types.get(name)
            yield Loss(
                tier=tier_name(tier.tier, tier.application),
                capability=name,
                type=declared.type if declared else "",
                action=strongest(actions) if actions else Action.DELETE,
                declared_at=declared.declared_at if declared else next((a.declared_at for a in actions), None),
            )


def _owner(action: PlanAction) -> str:
    """The name by which the loss is allowed: the capability's, or the resource's where no declaration names one."""
    return action.capability or action.resource_name
