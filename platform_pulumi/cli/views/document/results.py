"""JSON documents of validity, outputs, applied, fidelity, diagnosis and errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from platform_pulumi.errors import PlatformError, Problem
from platform_pulumi.model import json_form
from platform_pulumi.model.applied import Applied, ApplyError, OutputsReport, TierOutcome, TierOutputs
from platform_pulumi.model.fidelity import FidelityTable, FieldLevel
from platform_pulumi.model.json_form import plain, position, problem
from platform_pulumi.model.platform import Platform
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue

if TYPE_CHECKING:
    from platform_pulumi.operations.doctor import Diagnosis
    from platform_pulumi.operations.scale import Scaled

APPLIED_SCHEMA = "platform-applied/v1"
FIDELITY_SCHEMA = "platform-fidelity/v1"


def validity(platform: Platform) -> dict[str, Any]:
    """Encode as `{valid, context, files, tiers, warnings}`; invalid declarations are an error document."""
    return {
        "valid": True,
        "context": platform.context.path(),
        "files": list(platform.files),
        "tiers": [
            {
                **json_form.tier(tier.key),
                "capabilities": [
                    {"name": c.name, "type": c.type, "provider": c.provider, "declaredAt": position(c.declared_at)}
                    for c in tier.capabilities
                ],
            }
            for tier in platform.tiers
        ],
        "warnings": [problem(warning) for warning in platform.warnings],
    }


def outputs(report: OutputsReport) -> dict[str, Any]:
    """Encode as `{context, tiers: {tier: {output: value}}}`; a secret is `{"secret": true}` and never its value."""
    return {"context": report.context, "tiers": _tiers(report.tiers)}


def applied(value: Applied) -> dict[str, Any]:
    """Encode the result of an apply or destroy: `platform-applied/v1`."""
    return {
        "schema": APPLIED_SCHEMA,
        "plan": value.plan.id,
        "context": value.plan.context,
        "simulated": value.plan.simulated,
        "seconds": round(value.seconds, 3),
        "tiers": [_outcome(tier) for tier in value.tiers],
        "outputs": _tiers(value.outputs),
    }


def scaled(value: Scaled) -> dict[str, Any]:
    """Encode a scaling: `platform-applied/v1` with `scaled`; `declared` is what the next `up` returns to."""
    return {
        **applied(value.applied),
        "scaled": {
            "capability": value.capability,
            "replicas": value.replicas,
            "declared": value.declared,
            "written": value.written,
            "declaredAt": position(value.declared_at),
        },
    }


def fidelity(tables: Sequence[FidelityTable]) -> dict[str, Any]:
    """Encode every field of every type, whatever its level: `platform-fidelity/v1`.

    A level that only some declarations meet has `when`; further ones of the same field stand below `also`.
    """
    return {
        "schema": FIDELITY_SCHEMA,
        "providers": [
            {
                "provider": table.provider,
                "types": {
                    name: {
                        path: {
                            **_level(levels[0]),
                            **({"also": [_level(level) for level in levels[1:]]} if len(levels) > 1 else {}),
                        }
                        for path, levels in fields.items()
                    }
                    for name, fields in table.types.items()
                },
            }
            for table in tables
        ],
    }


def _level(level: FieldLevel) -> dict[str, str]:
    words = {"when": level.when, "does": level.does, "workaround": level.workaround}
    return {"fidelity": level.fidelity.value, **{name: text for name, text in words.items() if text}}


def diagnosis(value: Diagnosis) -> dict[str, Any]:
    """Encode as `{status, checks: [{name, status, found, advice}]}`."""
    return {
        "status": value.status.value,
        "checks": [
            {"name": check.name, "status": check.status.value, "found": check.found, "advice": check.advice}
            for check in value.checks
        ],
    }


def error(value: PlatformError, consequence: str = "") -> dict[str, Any]:
    """Encode as `{"error": ...}`; of a failed apply with the outcome of every tier, which then is its `consequence`."""
    detail = value.detail if isinstance(value, ApplyError) else f"{value.detail} {consequence}".strip()
    document = failure(value.code, value.summary, detail, value.problems)
    if isinstance(value, ApplyError):
        document["error"]["plan"] = value.plan.id
        document["error"]["tiers"] = [_outcome(tier) for tier in value.tiers]
    return document


def failure(code: str, summary: str, detail: str = "", problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """Encode as `{"error": {code, summary, detail, problems}}`."""
    return {"error": {"code": code, "summary": summary, "detail": detail, "problems": [problem(p) for p in problems]}}


def _outcome(tier: TierOutcome) -> dict[str, Any]:
    return {
        **json_form.tier(tier.key),
        "stack": tier.stack,
        "outcome": tier.outcome.value,
        "summary": dict(tier.summary),
        "done": tier.done,
        "total": tier.total.most,
        "totalLeast": tier.total.least,
        "seconds": round(tier.seconds, 3),
        **(
            {"retained": [{"capability": r.capability, "type": r.type, "id": r.id} for r in tier.retained]}
            if tier.retained
            else {}
        ),
    }


def _tiers(tiers: Iterable[TierOutputs]) -> dict[str, dict[str, Any]]:
    """Group by tier; of several applications each stands under `application/<name>`."""
    tiers = tuple(tiers)
    several = sum(tier.tier is Tier.APPLICATION for tier in tiers) > 1
    return {
        f"{tier.tier.label}/{tier.application}" if several and tier.tier is Tier.APPLICATION else tier.tier.label: {
            name: _value(output) for name, output in tier.outputs.items()
        }
        for tier in tiers
    }


def _value(output: OutputValue) -> Any:
    if output.secret:
        return {"secret": True}
    return plain(output.value) if output.known else {"unknown": True}
