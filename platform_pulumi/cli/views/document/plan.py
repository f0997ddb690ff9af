"""A plan as `platform-plan/v1` (docs/plan.md, docs/plan-v1.schema.json). Secrets are words, unknowns are marked."""

from __future__ import annotations

from typing import Any

from platform_pulumi.cli.views.document.parts import position, problem
from platform_pulumi.cli.views.words import plain
from platform_pulumi.model.constraint import Violation
from platform_pulumi.model.fidelity import FidelityReport
from platform_pulumi.model.plan import SCHEMA, Diff, Impact, Plan, PlanAction, PlannedOutput, TierPlan

#: Nothing is stored yet: whoever stores a plan keeps its status and approvals in the envelope around it.
PENDING = "pending"


def plan(value: Plan) -> dict[str, Any]:
    """The document."""
    return {
        "schema": SCHEMA,
        "id": value.id,
        "context": value.context,
        "createdAt": value.created_at,
        "status": PENDING,
        "simulated": value.simulated,
        "providers": [{"name": p.name, "version": p.version, "plugin": p.plugin} for p in value.providers],
        "tiers": [_tier(tier) for tier in value.tiers],
        "fidelity": [_fidelity(report) for report in value.fidelity],
        "violations": [_violation(violation) for violation in value.violations],
        "constraintsChecked": value.constraints_checked,
        "impact": [_impact(impact) for impact in value.impact],
        "warnings": [problem(warning) for warning in value.warnings],
        "seconds": round(value.seconds, 3),
    }


def _tier(tier: TierPlan) -> dict[str, Any]:
    return {
        "tier": tier.tier.label,
        "number": tier.tier.value,
        **({"application": tier.application} if tier.application else {}),
        "stack": tier.stack,
        "digest": tier.digest,
        "mode": tier.mode.value,
        "status": PENDING,
        "approvals": [],
        "base": plain(tier.base),
        "skipped": tier.skipped,
        "contractChanges": tier.contract_changes,
        "summary": tier.summary,
        "dataLoss": list(tier.data_loss),
        "capabilities": [
            {
                "name": capability.name,
                "type": capability.type,
                "provider": capability.provider,
                "declaredAt": position(capability.declared_at),
                "bindings": [str(binding) for binding in capability.bindings],
                "waitsFor": list(capability.waits_for),
            }
            for capability in tier.capabilities
        ],
        "actions": [_action(action) for action in tier.actions],
        "outputs": {name: _output(output) for name, output in tier.outputs.items()},
    }


def _action(action: PlanAction) -> dict[str, Any]:
    document: dict[str, Any] = {
        "action": action.action.value,
        "capability": action.capability,
        "resourceName": action.resource_name,
        "resourceType": action.resource_type,
        "provider": action.provider,
        "urn": action.urn,
        "certainty": "conditional" if action.conditional else "certain",
    }
    if action.waits_for:
        document["waitsFor"] = list(action.waits_for)
    if action.declared_at:
        document["declaredAt"] = position(action.declared_at)
    if action.loses_data:
        document["losesData"] = True
    if action.kept:
        document["kept"] = True
    for name, inputs in (("before", action.before), ("after", action.after)):
        if inputs is not None:
            document[name] = plain(inputs)
    document["diff"] = [_diff(diff) for diff in action.diff]
    return document


def _diff(diff: Diff) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": diff.path,
        "oldValue": None if diff.secret else plain(diff.old),
        "newValue": None if diff.secret or diff.unknown else plain(diff.new),
    }
    flags = {"unknown": diff.unknown, "secret": diff.secret, "replaces": diff.replaces}
    return document | {name: True for name, flag in flags.items() if flag}


def _output(output: PlannedOutput) -> dict[str, Any]:
    document: dict[str, Any] = {"type": output.type}
    if output.secret:
        document["secret"] = True
    elif output.unknown:
        document["unknown"] = True
    elif output.change != "removed":
        document["value"] = plain(output.value)
    return {**document, "change": output.change}


def _fidelity(report: FidelityReport) -> dict[str, Any]:
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


def _violation(violation: Violation) -> dict[str, Any]:
    constraint = violation.constraint
    return {
        "constraint": {
            "field": constraint.field,
            "operator": constraint.operator,
            "value": plain(constraint.value),
            "source": constraint.source,
        },
        "capability": violation.capability,
        "actual": plain(violation.actual),
        "message": violation.message,
        "declaredAt": position(violation.declared_at),
        "constraintAt": position(constraint.declared_at),
    }


def _impact(impact: Impact) -> dict[str, Any]:
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
