"""Page of an apply or a destroy, and of one that failed."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.cli.source import Lines
from platform_pulumi.cli.views.human.outputs import output_lines
from platform_pulumi.cli.views.human.plan import SIMULATED
from platform_pulumi.cli.views.human.problems import no_lines, problem_lines
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.cli.views.words import DONE, counts, plural, tier_name, tier_title
from platform_pulumi.model.applied import Applied, ApplyError, Outcome, TierOutcome
from platform_pulumi.model.plan.queries import loss_options

ENDINGS = {
    Outcome.APPLIED: "is applied and recorded",
    Outcome.DESTROYED: "is destroyed",
    Outcome.UNCHANGED: "had nothing to do",
    Outcome.FAILED: "failed",
    Outcome.UNTOUCHED: "was not started",
}


def applied(value: Applied) -> Page:
    """Format the outcome of every tier, then the outputs."""
    page = Page()
    plan = value.plan
    page.sides(
        [Styled(plan.context, "strong"), f"  plan {plan.id}"],
        [Styled(SIMULATED, "notice")] if plan.simulated else [],
    )
    for tier in value.tiers:
        name = tier_name(tier.key)
        what = counts(tier.summary, DONE, "nothing to do")
        time = f"{tier.seconds:.1f} s" if tier.seconds else ""
        page.sides([f"{tier.tier.value}  {name:<20} {_mark(tier)} {what}"], [Styled(time, "dim")])
    _retained(page, value.tiers)
    if any(tier.outputs for tier in value.outputs):
        page.blank()
        output_lines(page, value.outputs)
    return page


def _retained(page: Page, tiers: Iterable[TierOutcome]) -> None:
    """List the retained resources by their provider's names, and say how to delete them."""
    retained = [one for tier in tiers for one in tier.retained]
    if not retained:
        return
    page.blank()
    page.line("Retained, since it holds data:")
    for one in retained:
        # A password's id says nothing to anybody.
        name = "" if one.type.startswith("platform:") else f"  {one.id}"
        page.line(f"   {one.capability:<20}  {one.type}{name}")
    flags = " ".join(loss_options(one.capability for one in retained))
    page.paragraph(f"To delete it as well: {flags}", hang=3)


def failure(error: ApplyError, options: ViewOptions, lines: Lines = no_lines) -> Page:
    """Format a failure: where it stopped and why, what is applied, and what to type once the cause is fixed."""
    page = Page()
    failed = [tier for tier in error.tiers if tier.outcome is Outcome.FAILED]
    for tier in failed:
        far = f" after {tier.done} of {plural(tier.total, 'resource')}" if tier.total else ""
        page.sides(
            [Styled(f"{tier_title(tier.key)}  failed{far}", "bad")],
            [Styled(f"[{error.code}]", "dim")],
        )
    if not failed:
        page.sides([Styled(f"error: {error.summary}", "bad")], [Styled(f"[{error.code}]", "dim")])
    if error.detail:
        page.paragraph(error.detail, indent=3)
    for problem in error.problems:
        page.blank()
        problem_lines(page, problem, lines)
    page.blank()
    others = [f"{tier_title(tier.key)} {ENDINGS[tier.outcome]}" for tier in error.tiers if tier not in failed]
    if others:
        page.paragraph(f"{'; '.join(others)}.", indent=3)
    command = Styled(options.next_step(options.verb), "strong")
    if page.fits("   Next: fix the cause, then `", command, "` goes on from here."):
        page.line("   Next: fix the cause, then `", command, "` goes on from here.")
    else:
        page.line("   Next: fix the cause; this goes on from here:")
        page.line("     ", command)
    return page


def _mark(tier: TierOutcome) -> str:
    words = {Outcome.UNCHANGED: "unchanged", Outcome.UNTOUCHED: "not started"}
    return f"{words.get(tier.outcome, tier.outcome.value):<12}"
