"""JSON document of a status: `platform-status/v1`.

    schema       "platform-status/v1"
    context      the context's path
    simulated    whether all of it is simulated
    lastSync     when it was asked, RFC 3339
    allActive    whether every capability is active
    notes        who was not asked, and why
    tiers[]      tier, number, application (of tier 3), stack
                 lastSync     when its state was last written, null where it was never applied
                 lock         who works on it, or died doing so; left out where nobody does
    tiers[].capabilities[]
                 name, type, provider
                 state        pending creating active updating deleting deleted failed degraded drifted
                 health       healthy starting unhealthy none unknown
                 replicas     {ready, wanted}, null where the type has none or they were not asked
                 endpoint     null where none was recorded
                 restarts     of all its resources together
                 detail       what is wrong, "" where nothing is
                 declaredAt   {file, line, column}, null where no file declares it any more
                 resources[]  urn, type, name, state, health, restarts, detail

Fields may be added; none changes its meaning.
"""

from __future__ import annotations

from typing import Any

from platform_pulumi.model import json_form
from platform_pulumi.model.json_form import position
from platform_pulumi.model.status import CapabilityStatus, StatusReport, TierStatus

SCHEMA = "platform-status/v1"


def status(report: StatusReport) -> dict[str, Any]:
    """Encode a status report."""
    return {
        "schema": SCHEMA,
        "context": report.context,
        "simulated": report.simulated,
        "lastSync": report.last_sync,
        "allActive": report.all_active,
        "notes": list(report.notes),
        "tiers": [_tier(tier) for tier in report.tiers],
    }


def _tier(tier: TierStatus) -> dict[str, Any]:
    return {
        **json_form.tier(tier.key),
        "stack": tier.stack,
        "lastSync": tier.last_sync,
        **({"lock": tier.lock} if tier.lock else {}),
        "capabilities": [_capability(capability) for capability in tier.capabilities],
    }


def _capability(value: CapabilityStatus) -> dict[str, Any]:
    return {
        "name": value.capability,
        "type": value.type,
        "provider": value.provider,
        "state": value.state.value,
        "health": value.health.value,
        "replicas": {"ready": value.replicas[0], "wanted": value.replicas[1]} if value.replicas else None,
        "endpoint": value.endpoint or None,
        "restarts": value.restarts,
        "detail": value.detail,
        "declaredAt": position(value.declared_at) if value.declared_at else None,
        "resources": [
            {
                "urn": resource.urn,
                "type": resource.type,
                "name": resource.name,
                "state": resource.live.state.value,
                "health": resource.live.health.value,
                "restarts": resource.live.restarts,
                "detail": resource.live.detail,
            }
            for resource in value.resources
        ],
    }
