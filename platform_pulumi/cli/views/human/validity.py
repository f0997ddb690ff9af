"""Page of valid declarations, with their warnings."""

from __future__ import annotations

from platform_pulumi.cli.source import Lines
from platform_pulumi.cli.views.human.problems import no_lines, problem_lines
from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.words import listed, plural
from platform_pulumi.model.platform import Platform


def validity(platform: Platform, lines: Lines = no_lines) -> Page:
    """Format one sentence, and the warnings."""
    page = Page()
    for warning in platform.warnings:
        problem_lines(page, warning, lines)
        page.blank()
    page.line(Styled(sentence(platform), "good"))
    return page


def sentence(platform: Platform) -> str:
    """Format `platform.yaml is valid: 3 tiers, 6 capabilities`."""
    capabilities = sum(len(tier.capabilities) for tier in platform.tiers)
    tiers = len({tier.tier for tier in platform.tiers})
    applications = sum(tier.application is not None for tier in platform.tiers)
    parts = [plural(tiers, "tier"), plural(capabilities, "capability", "capabilities")]
    if applications > 1:
        parts.insert(1, plural(applications, "application"))
    if platform.warnings:
        parts.append(plural(len(platform.warnings), "warning"))
    files = platform.files or ("the declarations",)
    verb = "is" if len(files) == 1 else "are"
    return f"{listed(files)} {verb} valid: {', '.join(parts)}"
