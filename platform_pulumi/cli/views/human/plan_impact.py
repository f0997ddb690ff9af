"""Whom changes reach, on the page of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from platform_pulumi.cli.views.page import Page
from platform_pulumi.cli.views.words import tier_name
from platform_pulumi.model.plan import Affected
from platform_pulumi.model.plan.causes import Consequences
from platform_pulumi.model.plan.queries import stronger
from platform_pulumi.model.tier import TierKey

#: Whom a change reaches, by tier and capability (`queries.impacts`).
Touched: TypeAlias = Mapping[tuple[TierKey, str], Iterable[Affected]]


def standing_out(affected: Iterable[Affected], following: Consequences | None) -> list[Affected]:
    """Select whom a change reaches but for those of whom a line of the plan says that they follow."""
    found = ((one, (following or {}).get((one.key, one.capability))) for one in affected)
    return [one for one, consequence in found if consequence is None or not consequence.whole]


def affected_lines(page: Page, affected: Iterable[Affected]) -> None:
    """Add whom changes reach, each once."""
    reached: dict[tuple[TierKey, str], Affected] = {}
    for one in affected:
        reached[one.key, one.capability] = stronger(reached.get((one.key, one.capability), one), one)
    places: dict[str, list[str]] = {}
    for one in reached.values():
        places.setdefault(tier_name(one.key), []).append(f"{one.capability} ({one.kind}, {one.severity})")
    if places:
        text = "; ".join(f"{', '.join(names)} in {where}" for where, names in places.items())
        page.paragraph(f"Touches: {text}", indent=5, hang=9)
