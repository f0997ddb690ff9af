"""Page of outputs, as a table. Values are whole, so that they can be copied; secrets are never shown."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.words import format_value, tier_name
from platform_pulumi.model.applied import OutputsReport, TierOutputs
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.value import OutputValue


def outputs(report: OutputsReport) -> Page:
    """Format every tier's outputs."""
    page = Page()
    page.line(Styled(report.context, "strong"))
    if not report.tiers:
        page.line("Nothing is applied here yet.")
    output_lines(page, report.tiers)
    return page


def output_lines(page: Page, tiers: Iterable[TierOutputs]) -> None:
    """Add the outputs of some tiers."""
    tiers = tuple(tiers)
    names = [len(name) for tier in tiers for name in tier.outputs]
    types = [len(output.type) for tier in tiers for output in tier.outputs.values()]
    name_width, type_width = max(names, default=0), max(types, default=0)
    for tier in tiers:
        page.line(f"{tier.tier.value}  {tier_name(tier.key)}")
        for name, output in tier.outputs.items():
            page.line(
                f"   {name:<{name_width}}  ", Styled(f"{output.type:<{type_width}}", "dim"), f"  {_value(output)}"
            )
        if not tier.outputs:
            page.line("   no outputs")


def _value(output: OutputValue) -> str:
    if output.secret:
        return REDACTED
    return format_value(output.value, limit=None) if output.known else "not known yet"
