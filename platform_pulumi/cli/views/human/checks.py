"""Checks below the changes of a plan: constraints, and the fidelity of what changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from platform_pulumi.cli.views.page import Page
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.cli.views.words import gap_text, plural
from platform_pulumi.model.fidelity import Fidelity, FidelityReport, grouped
from platform_pulumi.model.plan import Action, Plan
from platform_pulumi.model.plan.causes import Consequences
from platform_pulumi.model.plan.queries import by_capability
from platform_pulumi.model.plan.ranges import ranges


def checks(page: Page, value: Plan, following: Consequences | None, options: ViewOptions) -> None:
    """Add the constraints and the fidelity: the gaps of what changes, and how to see the others.

    `following` is what only follows others: its gaps are what they were. Where it is None, nothing folds.
    """
    page.line(f"{'Constraints':<14}", f"{value.constraints_checked} checked, 0 violated")
    if any(not count.exact for tier in value.tiers for count in ranges(tier.actions).values()):
        page.line(f"{'Ranges':<14}", "what waits for other changes may turn out less, or nothing")
    reports = value.fidelity
    same = _unchanged(value, following) if following is not None else set()
    shown = [report for report in reports if report.gaps and (report.capability, report.type) not in same]
    kept = sum(len(grouped(report.gaps)) for report in reports if report not in shown)
    levels = [_levels(name, reports) for name in dict.fromkeys(report.provider for report in reports)]
    if levels:
        text = f"{'Fidelity':<14}{'; '.join(levels)}"
        more = f"{plural(kept, 'gap')} as before: {options.next_step('preview', '--full')}" if kept else ""
        if more and page.fits(f"{text}; {more}"):
            page.line(f"{text}; {more}")
        else:
            page.paragraph(text, hang=14)
            # In one piece, however long: it is there to be copied.
            page.line(f"{'':<14}{more}") if more else None
    for report in shown:
        page.line(f'   {report.type} "{report.capability}"')
        for gap in grouped(report.gaps):
            page.paragraph(f"- {gap.property}: {gap.fidelity.upper()} - {gap_text(gap)}", indent=5, hang=2)


def _levels(provider: str, reports: Iterable[FidelityReport]) -> str:
    """`aws: 4 full, 2 partial`."""
    counted = Counter(report.fidelity for report in reports if report.provider == provider)
    return f"{provider}: {', '.join(f'{counted[level]} {level}' for level in Fidelity if counted[level])}"


def _unchanged(value: Plan, following: Consequences) -> set[tuple[str, str]]:
    """The capabilities, by name and type, that are declared as before and change, if at all, because others do."""
    same: dict[tuple[str, str], bool] = {}
    for tier in value.tiers:
        for group in by_capability(tier):
            consequence = following.get((tier.key, group.name))
            still = group.action is Action.NO_OP or (consequence is not None and consequence.whole)
            name = (group.name, group.type)
            same[name] = same.get(name, True) and still and not group.new and not group.diff
    return {name for name, is_same in same.items() if is_same}
