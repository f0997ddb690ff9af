"""Markdown of a status, as a table for a chat or a ticket."""

from __future__ import annotations

from platform_pulumi.cli.views.human.plan import SIMULATED
from platform_pulumi.cli.views.human.status import SIGNS, verdict
from platform_pulumi.cli.views.markdown.text import cell, code, table
from platform_pulumi.cli.views.words import tier_title
from platform_pulumi.model.status import StatusReport

_HEADS = ["Tier", "Capability", "Type", "State", "Health", "Ready", "Restarts", "Endpoint", "What is wrong"]


def status(report: StatusReport) -> str:
    """Format a row for each capability."""
    simulated = f" - **{SIMULATED}**" if report.simulated else ""
    rows = [
        [
            cell(tier_title(tier.key)),
            code(value.capability),
            cell(value.type),
            f"{SIGNS[value.state][0]} {value.state}",
            value.health.value,
            f"{value.replicas[0]}/{value.replicas[1]}" if value.replicas else "",
            str(value.restarts or ""),
            code(value.endpoint) if value.endpoint else "",
            cell(value.detail),
        ]
        for tier in report.tiers
        for value in tier.capabilities
    ]
    lines = [f"### Status of {code(report.context)} at {report.last_sync}{simulated}", ""]
    lines += [*table(_HEADS, rows, [5, 6]), "", cell(verdict(report))]
    lines += [line for note in report.notes for line in ("", cell(note))]
    return "\n".join(lines).rstrip() + "\n"
