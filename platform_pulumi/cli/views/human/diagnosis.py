"""Page of `doctor`: a line for each check, the advice under those that need it."""

from __future__ import annotations

from platform_pulumi.cli.views.page import Page, Styled
from platform_pulumi.cli.views.words import plural
from platform_pulumi.operations.doctor import Diagnosis, Status

MARKS = {Status.OK: ("ok", "good"), Status.WARNING: ("warning", "change"), Status.ERROR: ("ERROR", "bad")}


def diagnosis(value: Diagnosis) -> Page:
    """Format every check, then the verdict."""
    page = Page()
    width = max((len(check.name) for check in value.checks), default=0)
    for check in value.checks:
        word, style = MARKS[check.status]
        page.line(Styled(f"{word:<8}", style), f" {check.name:<{width}}  {check.found}")
        if check.advice:
            page.paragraph(check.advice, indent=width + 11)
    page.blank()
    page.line(Styled(verdict(value), "strong"))
    return page


def verdict(value: Diagnosis) -> str:
    """Summarise the diagnosis in a sentence."""
    errors = sum(check.status is Status.ERROR for check in value.checks)
    warnings = sum(check.status is Status.WARNING for check in value.checks)
    found = [plural(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return f"{' and '.join(found)}." if found else "Everything is in order."
