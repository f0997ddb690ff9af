"""JSON forms of what a plan finds beside its actions: fidelity, impact, order, obstacles and changed limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.model import json_form
from platform_pulumi.model.fidelity import Fidelity, FidelityGap, FidelityReport
from platform_pulumi.model.json_form import Node, position
from platform_pulumi.model.plan.limits import KINDS, LimitChange
from platform_pulumi.model.plan.order import ApplyStep
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.plan.values import Action, Affected, Impact, Obstacle
from platform_pulumi.model.tier import Tier


def write_fidelity(report: FidelityReport) -> dict[str, Any]:
    """Encode a fidelity report."""
    return {
        "capability": report.capability,
        "type": report.type,
        "provider": report.provider,
        "fidelity": report.fidelity.value,
        "gaps": [
            {
                "property": gap.property,
                "fidelity": gap.fidelity.value,
                "description": gap.description,
                **({"workaround": gap.workaround} if gap.workaround else {}),
            }
            for gap in report.gaps
        ],
    }


def read_fidelity(node: Node) -> FidelityReport:
    """Decode a fidelity report."""
    gaps = tuple(
        FidelityGap(
            gap["property"].text(),
            gap["fidelity"].choice(Fidelity),
            gap["description"].text(),
            gap.optional_text("workaround"),
        )
        for gap in node.list("gaps")
    )
    return FidelityReport(
        node["capability"].text(),
        node["type"].text(),
        node["provider"].text(),
        node["fidelity"].choice(Fidelity),
        gaps,
    )


def write_impact(impact: Impact) -> dict[str, Any]:
    """Encode an impact."""
    return {
        "changed": impact.changed,
        "action": impact.action.value,
        "affected": [
            {
                "tier": reached.tier.label,
                "capability": reached.capability,
                "application": reached.application,
                "type": reached.kind,
                "severity": reached.severity,
            }
            for reached in impact.affected
        ],
    }


def write_step(step: ApplyStep) -> dict[str, Any]:
    """Encode a step of the apply."""
    return {**json_form.tier(step.key), "deletes": step.deletes, "actions": write_ranges(step.actions)}


def write_ranges(counts: Mapping[str, Range]) -> dict[str, Any]:
    """Encode counts, each as its range."""
    return {name: {"least": count.least, "most": count.most} for name, count in counts.items()}


def write_obstacle(obstacle: Obstacle) -> dict[str, Any]:
    """Encode an obstacle."""
    return {
        **json_form.tier(obstacle.key),
        "capability": obstacle.capability,
        "summary": obstacle.summary,
        "detail": obstacle.detail,
        "steps": list(obstacle.steps),
        **({"declaredAt": position(obstacle.declared_at)} if obstacle.declared_at else {}),
    }


def read_obstacle(node: Node) -> Obstacle:
    """Decode an obstacle."""
    declared_at = node.get("declaredAt")
    return Obstacle(
        tier=node["tier"].choice(Tier.from_label),
        application=node.optional_text("application") or None,
        capability=node["capability"].text(),
        summary=node["summary"].text(),
        detail=node["detail"].text(),
        steps=node.texts("steps"),
        declared_at=declared_at.position() if declared_at is not None else None,
    )


def write_limit(limit: LimitChange) -> dict[str, Any]:
    """Encode the change of a limit."""
    return {
        "limit": limit.limit,
        "oldValue": limit.old,
        "newValue": limit.new,
        "change": limit.kind,
        **({"declaredAt": position(limit.declared_at)} if limit.declared_at else {}),
    }


def read_limit(node: Node) -> LimitChange:
    """Decode the change of a limit."""
    old, new, declared_at = node.get("oldValue"), node.get("newValue"), node.get("declaredAt")
    return LimitChange(
        limit=node["limit"].text(),
        old=old.text() if old is not None else None,
        new=new.text() if new is not None else None,
        kind=_kind(node["change"]),
        declared_at=declared_at.position() if declared_at is not None else None,
    )


def _kind(node: Node) -> str:
    if (text := node.text()) not in KINDS:
        what = f"{text!r} is none of {', '.join(KINDS)}"
        raise node.fail(what)
    return text


def read_impact(node: Node) -> Impact:
    """Decode an impact."""
    affected = tuple(
        Affected(
            tier=one["tier"].choice(Tier.from_label),
            capability=one["capability"].text(),
            application=one.optional_text("application") or None,
            kind=one["type"].text(),
            severity=one["severity"].text(),
        )
        for one in node["affected"].items()
    )
    return Impact(node["changed"].text(), node["action"].choice(Action), affected)
