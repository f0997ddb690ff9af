"""Page of a plan: data losses, header, the changes tier by tier, checks, next command."""

from __future__ import annotations

from platform_pulumi.cli.views.human.checks import checks
from platform_pulumi.cli.views.human.order import obstacle_lines, order_lines
from platform_pulumi.cli.views.human.plan_applications import applications_section, joined
from platform_pulumi.cli.views.human.plan_tier import tier_section
from platform_pulumi.cli.views.human.problems import warning_lines
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.view_options import PLAIN, ViewOptions
from platform_pulumi.cli.views.words import mode, place
from platform_pulumi.model.plan import Operation, Plan
from platform_pulumi.model.plan.causes import consequences
from platform_pulumi.model.plan.queries import impacts, loss_options, losses

SIMULATED = "SIMULATED, nothing real is touched"
#: Digests on the page, one for each section; documents carry all of them.
MOST_DIGESTS = 4


def plan(value: Plan, options: ViewOptions = PLAIN) -> Page:
    """Format the whole plan. Data losses stand first and are never folded."""
    page = Page()
    destroying = value.operation is Operation.DESTROY
    _losses(page, value, options)
    obstacle_lines(page, value)
    _header(page, value, "Destroy" if destroying else "Plan")
    _moved_providers(page, value)
    names = (capability.name for tier in value.tiers for capability in tier.capabilities)
    width = min(40, max([18, *map(len, names)]))
    touched, following = impacts(value), None if options.full else consequences(value)
    for sections in joined(value.tiers, following):
        page.blank()
        if following is not None and len(sections) > 1:
            applications_section(page, sections, following, width)
        else:
            tier_section(page, sections[0], touched, following, width, mode(sections[0]))
    page.blank()
    if not destroying:
        order_lines(page, value)
        checks(page, value, following, options)
    if value.warnings:
        page.blank()
        warning_lines(page, value.warnings, folded=not options.full and not _first(value))
    if options.advise:
        page.blank()
        _next(page, value, options)
    return page


def _first(value: Plan) -> bool:
    """Whether some of it was never applied, so that nobody has read about it yet."""
    return not all(tier.base.get("stackVersion") for tier in value.tiers)


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
    signed = [tier.digest.removeprefix("sha256:")[:8] for tier in value.tiers if tier.digest]
    more = [f"and {len(signed) - MOST_DIGESTS} more"] if len(signed) > MOST_DIGESTS else []
    digests = " ".join([*signed[:MOST_DIGESTS], *more])
    page.sides(
        [Styled(f"{providers}   digest {digests}" if digests else providers, "dim")],
        [Styled(f"{value.seconds:.1f} s", "dim")],
    )


def _moved_providers(page: Page, value: Plan) -> None:
    """Say of what is replaced with its provider where that comes from: another region or account in its settings."""
    declared = {capability.provider for tier in value.tiers for capability in tier.capabilities}
    moved = {name for tier in value.tiers for name in tier.replaced_providers if name in declared}
    for name in sorted(moved):
        page.line(Styled(f"The provider {name} leads somewhere else now: all that it holds is replaced.", "replace"))


def _next(page: Page, value: Plan, options: ViewOptions) -> None:
    if value.obstacles:
        page.line("Next: take the steps above; as it is, no apply of this plan begins.")
        return
    refused = [loss.capability for loss in losses(value) if loss.capability not in options.allowed]
    if refused:
        flags = loss_options(refused)
        page.line("Next: keep what holds data, or name what may be lost:")
        page.line(f"      {options.next_step('up', *flags)}")
    elif value.changes:
        page.line("Next: ", Styled(options.next_step("up"), "strong"))
    else:
        page.line("Nothing to do: what is declared is what is there.")
