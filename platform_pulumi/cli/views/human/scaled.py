"""Page of a scaling: the file says another number, and the next `up` goes by the file."""

from __future__ import annotations

from platform_pulumi.cli.views.human.applied import applied
from platform_pulumi.cli.views.page import Page
from platform_pulumi.cli.views.words import place, plural
from platform_pulumi.operations.scale import Scaled


def scaled(value: Scaled) -> Page:
    """Format what was applied, and how long it lasts."""
    page = applied(value.applied)
    page.blank()
    page.paragraph(lasting_text(value))
    return page


def lasting_text(value: Scaled) -> str:
    """Say how long the number of replicas lasts."""
    now = f"{value.capability} has {plural(value.replicas, 'replica')}"
    if not value.applied.plan.changes:
        now = f"Nothing to do: {now} already"
    if value.declared == value.replicas:
        return f"{now}, as {place(value.declared_at)} says."
    says = f"{place(value.declared_at)} still says replicas: {value.declared}"
    where = f"`replicas: {value.replicas}` is written there"
    if not value.written:
        says = f"{place(value.declared_at)} says no `replicas`, which means {value.declared}"
        where = f"`replicas: {value.replicas}` is written there, below `properties`"
    return f"{now}. {says}: the next `platform up` returns to that, unless {where}."
