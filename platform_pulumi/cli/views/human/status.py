"""Page of a status: a line a capability, and what is wrong under those that are not active."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from platform_pulumi.cli.views.human.plan import SIMULATED
from platform_pulumi.cli.views.page import Page, Piece, Styled
from platform_pulumi.cli.views.words import tier_name
from platform_pulumi.model.status import CapabilityStatus, ResourceState, StatusReport, TierStatus

#: Sign and style of a state; both only repeat the word beside them.
SIGNS = {
    ResourceState.PENDING: ("o", "dim"),
    ResourceState.CREATING: ("+", "change"),
    ResourceState.ACTIVE: ("✓", "good"),
    ResourceState.UPDATING: ("~", "change"),
    ResourceState.DELETING: ("-", "change"),
    ResourceState.DELETED: ("-", "bad"),
    ResourceState.FAILED: ("✗", "bad"),
    ResourceState.DEGRADED: ("!", "notice"),
    ResourceState.DRIFTED: ("≠", "bad"),
}
#: States whose cause stands in the log.
_LOGGED = frozenset({ResourceState.FAILED, ResourceState.DEGRADED, ResourceState.CREATING})
#: States that `up` fixes after a refresh.
_LOST = frozenset({ResourceState.DRIFTED, ResourceState.FAILED})


def status(report: StatusReport, next_step: Callable[..., str]) -> Page:
    """Format the report; `next_step` gives the command line of a verb with this call's options."""
    page = Page()
    right: Piece = Styled(f"asked {report.last_sync}", "dim")
    page.sides([Styled(report.context, "strong")], [Styled(SIMULATED, "notice") if report.simulated else right])
    capabilities = [capability for tier in report.tiers for capability in tier.capabilities]
    names = min(40, max([len("CAPABILITY"), *(len(c.capability) for c in capabilities)]))
    types = max([len("TYPE"), *(len(c.type) for c in capabilities)])
    page.blank()
    heading = f"     {'CAPABILITY':<{names}} {'TYPE':<{types}} {'STATE':<8} {'HEALTH':<9} READY RESTARTS ENDPOINT"
    page.line(Styled(heading, "dim"))
    for tier in report.tiers:
        _tier(page, tier, names, types)
    page.blank()
    for note in report.notes:
        page.paragraph(note, style="dim")
    page.line(Styled(verdict(report), "strong"))
    for command in _next(capabilities, next_step):
        page.line("Next: ", Styled(command, "strong"))
    return page


def verdict(report: StatusReport) -> str:
    """Summarise: `All is well: 6 active.`, or how many are not active and which."""
    capabilities = [capability for tier in report.tiers for capability in tier.capabilities]
    bad = [c for c in capabilities if c.state is not ResourceState.ACTIVE]
    if not capabilities:
        return "Nothing is declared or applied here."
    if not bad:
        # Where somebody was not asked, that all is well would be more than is known.
        many = f"{len(capabilities)} active"
        return f"{many}, by what is recorded." if report.notes else f"All is well: {many}."
    named = ", ".join(f"{c.capability} ({c.state})" for c in bad[:5])
    more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    return f"{len(bad)} of {len(capabilities)} {'is' if len(bad) == 1 else 'are'} not active: {named}{more}."


def _tier(page: Page, tier: TierStatus, names: int, types: int) -> None:
    page.blank()
    when = f"last change {tier.last_sync}" if tier.last_sync else "never applied"
    page.sides([Styled(f"{tier.tier.value}  {tier_name(tier.key)}", "strong")], [Styled(when, "dim")])
    if tier.lock:
        page.paragraph(tier.lock, indent=3, style="notice")
    for capability in tier.capabilities:
        _capability(page, capability, names, types)
    if not tier.capabilities:
        page.line("   nothing declared")


def _capability(page: Page, value: CapabilityStatus, names: int, types: int) -> None:
    sign, style = SIGNS[value.state]
    ready = f"{value.replicas[0]}/{value.replicas[1]}" if value.replicas else ""
    restarts = str(value.restarts) if value.restarts else ""
    pieces: list[Piece] = [
        "   ",
        Styled(sign, style),
        f" {value.capability:<{names}} {value.type or '(unknown)':<{types}} ",
        Styled(f"{value.state:<8}", style),
        f" {value.health:<9} {ready:<5} {restarts:<8} ",
    ]
    if page.fits(*pieces, value.endpoint):
        page.line(*pieces, value.endpoint)
    else:
        page.line(*pieces)
        page.line("       ", value.endpoint)
    if value.detail:
        page.paragraph(
            " ".join(value.detail.split()),
            indent=7,
            style=style if value.state is not ResourceState.ACTIVE else "change",
        )


def _next(capabilities: list[CapabilityStatus], next_step: Callable[..., str]) -> Iterator[str]:
    """Suggest the next command: the log of the first that is not well, `up` for what waits for it or is missing."""
    logged = [c for c in capabilities if c.state in _LOGGED and c.resources]
    if logged:
        first = logged[0]
        replicas_are_well = first.replicas is not None and first.replicas[0] == first.replicas[1]
        yield next_step("logs", first.capability, *(("--all",) if replicas_are_well else ()))
    live = {r.live.state for capability in capabilities for r in capability.resources}
    if live & _LOST:
        # What was removed or stopped is recorded as it was: only who looks finds out.
        yield next_step("up", "--refresh")
    elif any(capability.state in {ResourceState.PENDING, ResourceState.DELETED} for capability in capabilities):
        yield next_step("up")
