"""Commands within the steps that obstacles advise: to the letter, with every option that they need."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.model.plan import PlanAction
from platform_pulumi.model.plan.queries import loss_options


def command(verb: str, actions: Iterable[PlanAction]) -> str:
    """Return `platform VERB` with the options that allow what these actions lose."""
    return " ".join(("platform", verb, *loss_options(action.owner for action in actions if action.loses_data)))
