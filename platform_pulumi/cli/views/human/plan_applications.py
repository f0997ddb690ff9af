"""Sections of applications that say the same, as one section on the page of a plan."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from platform_pulumi.cli.views.human.cascade import cascade_lines
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.words import counts, mode, plural
from platform_pulumi.model.plan import Action, TierPlan
from platform_pulumi.model.plan.causes import Cause, Consequences
from platform_pulumi.model.plan.queries import Group, by_capability
from platform_pulumi.model.plan.ranges import ranges
from platform_pulumi.model.tier import Tier

#: As many sections that say the same become one.
SAME = 3
#: Names of applications that are listed.
MOST = 40


def joined(tiers: Sequence[TierPlan], following: Consequences | None) -> Iterator[tuple[TierPlan, ...]]:
    """Group a plan's sections: those of applications that do nothing, or follow the same causes, stand together."""
    found: dict[Hashable, list[TierPlan]] = {}
    for tier in tiers:
        says = _says(tier, following) if following is not None else None
        found.setdefault(tier.key if says is None else says, []).append(tier)
    for same in found.values():
        if len(same) < SAME:
            yield from ((tier,) for tier in same)
        else:
            yield tuple(same)


def applications_section(page: Page, tiers: Sequence[TierPlan], following: Consequences, width: int) -> None:
    """Add the one section of these applications."""
    heading = Styled(f"3  {plural(len(tiers), 'application'):<{width}}   ", "strong")
    actions = [action for tier in tiers for action in tier.actions]
    if any(tier.applies for tier in tiers):
        page.sides([heading, counts(ranges(actions))], [Styled(f"each {mode(tiers[0])}", "dim")])
    else:
        page.line(heading, "nothing to do")
    names = [tier.application or "default" for tier in tiers]
    more = [f"and {len(names) - MOST} more (--full lists them)"] if len(names) > MOST else []
    page.paragraph(", ".join([*names[:MOST], *more]), indent=5)
    followers: dict[tuple[Cause, ...], list[Group]] = {}
    for tier in tiers:
        for group in by_capability(tier):
            if group.action is not Action.NO_OP:
                followers.setdefault(following[tier.key, group.name].causes, []).append(group)
    cascade_lines(page, followers, width)


def _says(tier: TierPlan, following: Consequences) -> Hashable:
    """What the section of an application has in common with others; None where it stands for itself."""
    groups = by_capability(tier)
    if tier.tier is not Tier.APPLICATION or any(group.diff for group in groups):
        return None
    if not tier.applies:
        return "nothing to do"
    changing = [group for group in groups if group.action is not Action.NO_OP]
    consequences = [following.get((tier.key, group.name)) for group in changing]
    whole = [found.causes for found in consequences if found is not None and found.whole]
    outputs = any(o.change != "same" and not o.unknown for name, o in tier.outputs.items() if ":" not in name)
    if not changing or len(whole) < len(changing) or tier.contract_changes or tier.data_loss or outputs:
        return None
    return (tier.mode, *dict.fromkeys(whole))
