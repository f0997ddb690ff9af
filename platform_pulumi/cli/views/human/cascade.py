"""What only follows others on the page of a plan: a line for each cause, and the name of all that loses data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from platform_pulumi.cli.views.human.plan_impact import affected_lines
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import SIGNS, STYLES, because, plural
from platform_pulumi.model.plan import Affected
from platform_pulumi.model.plan.causes import Cause
from platform_pulumi.model.plan.queries import Group, strongest_action
from platform_pulumi.model.plan.ranges import changing


def cascade_lines(
    page: Page,
    followers: Mapping[tuple[Cause, ...], Sequence[Group]],
    width: int,
    reached: Callable[[Group], Iterable[Affected]] = lambda _: (),
) -> None:
    """Add a line for each cause, with what its followers are; each of them that loses data is named.

    `reached` are those whom a follower reaches and of whom no line of the plan says that they follow as well.
    """
    for causes, groups in followers.items():
        actions = [action for group in groups for action in group.actions]
        kind, many = strongest_action(actions), plural(changing(actions), "resource")
        alone = groups[0] if len(groups) == 1 else None
        types = {group.type for group in groups}
        of_one_type = f"{len(groups)} {groups[0].type}" if len(types) == 1 else ""
        name = alone.name if alone else of_one_type or plural(len(groups), "capability", "capabilities")
        head = Styled(f"{SIGNS[kind]} {name:<{width}}", STYLES.get(kind, ""))
        loses: list[Piece] = [Styled("LOSES DATA", "bad"), "  "] if alone and _loses(alone) else []
        pieces: list[Piece] = ["   ", head, f" {alone.type:<20} " if alone else " ", f"{many}  ", *loses]
        why = because(causes)
        if page.fits(*pieces, why):
            page.line(*pieces, Styled(why, "dim"))
        else:
            page.line(*pieces)
            page.paragraph(why, indent=8, style="dim", hang=2)
        if len(types) > 1:
            page.paragraph(_kinds(groups), indent=8, style="dim", hang=2)
        if alone is None:
            losing = [group.name for group in groups if _loses(group)]
            if losing:
                page.paragraph(f"LOSES DATA: {', '.join(losing)}", indent=8, style="bad", hang=2)
        affected_lines(page, (one for group in groups for one in reached(group)))


def _loses(group: Group) -> bool:
    return any(action.loses_data for action in group.actions)


def _kinds(groups: Iterable[Group]) -> str:
    """`namespace app-namespace, 10 database`: a type with its only capability by name, or with their number."""
    names: dict[str, list[str]] = {}
    for group in groups:
        names.setdefault(group.type, []).append(group.name)
    return ", ".join(f"{type_} {own[0]}" if len(own) == 1 else f"{len(own)} {type_}" for type_, own in names.items())
