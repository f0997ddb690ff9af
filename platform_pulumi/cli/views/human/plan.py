"""Page of a plan: data losses, header, the changes tier by tier, checks, next command."""

from __future__ import annotations

from platform_pulumi.cli.views.human.order import obstacle_lines, order_lines
from platform_pulumi.cli.views.human.plan_tier import tier_section
from platform_pulumi.cli.views.human.problems import warning_lines
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.view_options import PLAIN, ViewOptions
from platform_pulumi.cli.views.words import gap_text, mode, place
from platform_pulumi.model.fidelity import Fidelity, grouped
from platform_pulumi.model.plan import Operation, Plan
from platform_pulumi.model.plan.queries import consequences, impacts, losses

SIMULATED = "SIMULATED, nothing real is touched"


def plan(value: Plan, options: ViewOptions = PLAIN) -> Page:
    """Format the whole plan. Data losses stand first and are never folded."""
    page = Page()
    destroying = value.operation is Operation.DESTROY
    _losses(page, value, options)
    obstacle_lines(page, value)
    _header(page, value, "Destroy" if destroying else "Plan")
    names = (capability.name for tier in value.tiers for capability in tier.capabilities)
    width = min(40, max([18, *map(len, names)]))
    touched, following = impacts(value), None if options.full else consequences(value)
    for tier in value.tiers:
        page.blank()
        tier_section(page, tier, touched, following, width, mode(tier))
    page.blank()
    if not destroying:
        order_lines(page, value)
        _checks(page, value)
    if value.warnings:
        page.blank()
        warning_lines(page, value.warnings)
    if options.advise:
        page.blank()
        _next(page, value, options)
    return page


def _losses(page: Page, value: Plan, options: ViewOptions) -> None:
    for loss in losses(value):
        allowed = loss.capability in options.allowed
        kind = f"{loss.type}, " if loss.type else ""
        at = f"{kind}{place(loss.declared_at)}" if loss.declared_at else "no longer declared"
        page.line(
            Styled("LOSES DATA", "alarm"),
            f"  {loss.action} {loss.capability} ({at}): ",
            Styled("allowed by name" if allowed else "refused unless allowed by name", "bad"),
        )
    page.blank()


def _header(page: Page, value: Plan, title: str) -> None:
    simulated = [Styled(SIMULATED, "notice")] if value.simulated else []
    page.sides([Styled(f"{title} {value.id}", "strong"), f"  {value.context}"], simulated)
    providers = ", ".join(f"{p.name} {p.version} ({p.plugin})".replace("  ", " ") for p in value.providers)
    digests = " ".join(tier.digest.removeprefix("sha256:")[:8] for tier in value.tiers if tier.digest)
    page.sides(
        [Styled(f"{providers}   digest {digests}" if digests else providers, "dim")],
        [Styled(f"{value.seconds:.1f} s", "dim")],
    )


def _checks(page: Page, value: Plan) -> None:
    page.line(f"{'Constraints':<14}", f"{value.constraints_checked} checked, 0 violated")
    reports = value.fidelity
    for provider in dict.fromkeys(report.provider for report in reports):
        own = [report for report in reports if report.provider == provider]
        levels = [(level, sum(report.fidelity is level for report in own)) for level in Fidelity]
        page.line(f"{'Fidelity':<14}", f"{provider}: ", ", ".join(f"{n} {level}" for level, n in levels if n))
    for report in reports:
        if not report.gaps:
            continue
        page.line(f'   {report.type} "{report.capability}"')
        for gap in grouped(report.gaps):
            page.paragraph(f"- {gap.property}: {gap.fidelity.upper()} - {gap_text(gap)}", indent=5, hang=2)


def _next(page: Page, value: Plan, options: ViewOptions) -> None:
    if value.obstacles:
        page.line("Next: take the steps above; as it is, no apply of this plan begins.")
        return
    refused = [loss.capability for loss in losses(value) if loss.capability not in options.allowed]
    if refused:
        flags = [word for name in dict.fromkeys(refused) for word in ("--allow-data-loss", name)]
        page.line("Next: keep what holds data, or name what may be lost:")
        page.line(f"      {options.next_step('up', *flags)}")
    elif value.changes:
        page.line("Next: ", Styled(options.next_step("up"), "strong"))
    else:
        page.line("Nothing to do: what is declared is what is there.")
