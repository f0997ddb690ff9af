"""Markdown of the other results: validity, outputs, applied, fidelity, diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from platform_pulumi.cli.views.human.plan import SIMULATED
from platform_pulumi.cli.views.human.validity import sentence
from platform_pulumi.cli.views.markdown.plan import warnings
from platform_pulumi.cli.views.markdown.text import cell, code, table
from platform_pulumi.cli.views.words import DONE, counts, format_value, tier_name, tier_title
from platform_pulumi.model.applied import Applied, OutputsReport, TierOutputs
from platform_pulumi.model.fidelity import FidelityTable, FieldLevel, FieldLevels, lacks
from platform_pulumi.model.plan.queries import loss_options
from platform_pulumi.model.platform import Platform
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.value import OutputValue

if TYPE_CHECKING:
    from platform_pulumi.operations.doctor import Diagnosis


def validity(platform: Platform) -> str:
    """Format one sentence, and the warnings."""
    return _text([f"{cell(sentence(platform))}", "", *warnings(platform.warnings)])


def outputs(report: OutputsReport) -> str:
    """Format a table of every tier's outputs."""
    return _text([f"### Outputs of {code(report.context)}", "", *_outputs(report.tiers)])


def applied(value: Applied) -> str:
    """Format a table of the tiers' outcomes, and the outputs."""
    simulated = f" - **{SIMULATED}**" if value.plan.simulated else ""
    rows = [
        [
            cell(tier_title(tier.key)),
            tier.outcome.value,
            counts(tier.summary, DONE, "nothing to do"),
            f"{tier.seconds:.1f} s",
        ]
        for tier in value.tiers
    ]
    lines = [f"### {code(value.plan.context)}: plan {code(value.plan.id)}{simulated}", ""]
    lines += [*table(["Tier", "Outcome", "Resources", "Time"], rows, [3]), ""]
    lines += _retained(value)
    if any(tier.outputs for tier in value.outputs):
        lines += _outputs(value.outputs)
    return _text(lines)


def _retained(value: Applied) -> list[str]:
    """List the retained resources, and say how to delete them."""
    retained = [one for tier in value.tiers for one in tier.retained]
    rows = [
        # A password's id says nothing to anybody.
        [code(one.capability), code(one.type), "" if one.type.startswith("platform:") else code(one.id)]
        for one in retained
    ]
    flags = code(" ".join(loss_options(one.capability for one in retained)))
    lines = ["Retained, since it holds data:", "", *table(["Capability", "Type", "Name"], rows), ""]
    return [*lines, f"To delete it as well: {flags}", ""] if retained else []


def fidelity(tables: Sequence[FidelityTable], *, everything: bool = False) -> str:
    """Format a row for every field that some provider does not do in full (or every field), a column a provider."""
    lines = [f"### Fidelity of {' and '.join(code(table.provider) for table in tables)}", ""]
    rows = []
    for name in dict.fromkeys(name for one in tables for name in one.types):
        for path in dict.fromkeys(path for one in tables for path in one.types.get(name, {})):
            entries = [one.types.get(name, {}).get(path, ()) for one in tables]
            if everything or any(map(lacks, entries)):
                rows.append([code(name), code(path), *map(_levels, entries)])
    heads = ["Capability type", "Field", *(cell(one.provider) for one in tables)]
    return _text([*lines, *table(heads, rows)] if rows else [*lines, "Every field is done in full."])


def diagnosis(value: Diagnosis) -> str:
    """Format a table of the checks."""
    rows = [[check.status.value, cell(check.name), cell(check.found), cell(check.advice)] for check in value.checks]
    return _text(table(["", "Check", "Found", "What to do"], rows))


def _outputs(tiers: Iterable[TierOutputs]) -> list[str]:
    rows = [
        [cell(tier_name(tier.key)), code(name), cell(output.type), _value(output)]
        for tier in tiers
        for name, output in tier.outputs.items()
    ]
    return table(["Tier", "Output", "Type", "Value"], rows) if rows else ["Nothing is applied here yet."]


def _value(output: OutputValue) -> str:
    if output.secret:
        return REDACTED
    return code(format_value(output.value, limit=None)) if output.known else "not known yet"


def _levels(levels: FieldLevels) -> str:
    return "<br>".join(map(_level, levels)) or "-"


def _level(level: FieldLevel) -> str:
    text = ". ".join(filter(None, (level.does, level.workaround and f"Workaround: {level.workaround}")))
    return f"{cell(level.heading())}{': ' + cell(text) if text else ''}"


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
