"""Fast checks of fields, generated from the models of `document` by `make fields`: do not edit."""

# fmt: off
from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.declarations.schemas.checks import (
    FieldChecks,
    any_of,
    anything,
    boolean,
    duration,
    integer,
    list_of,
    mapping,
    mapping_of,
    number,
    one_of,
    text,
    text_of,
)

CONSTRAINT_ENTRY = FieldChecks({
    "field": text_of(least=1),
    "operator": one_of("<=", ">=", "==", "in", "not_in"),
    "value": anything,
}, required=("field", "operator", "value",))
DEPENDENCY_ENTRY = FieldChecks({
    "name": text,
    "optional": boolean,
}, required=("name", "optional",), defaults={"optional": False})
CAPABILITY_ENTRY = FieldChecks({
    "name": text_of(most=50, pattern="[a-z](?:[a-z0-9-]*[a-z0-9])?"),
    "type": text,
    "tier": anything,
    "properties": mapping,
    "dependsOn": list_of(any_of(text, DEPENDENCY_ENTRY.accepts)),
    "constraints": anything,
    "labels": mapping_of(text, text),
    "annotations": mapping_of(text, text),
    "template": text_of(most=50, pattern="[a-z](?:[a-z0-9-]*[a-z0-9])?"),
    "version": text,
    "parameters": mapping,
})
OUTPUT_ENTRY = FieldChecks({
    "name": text_of(pattern="[A-Za-z][A-Za-z0-9_-]{0,62}"),
    "source": text,
    "type": one_of("string", "integer", "boolean", "list", "map", "credential_ref"),
}, required=("name", "source",))
APPLICATION_SHAPE = FieldChecks({
    "capabilities": anything,
    "outputs": anything,
    "labels": mapping_of(text, text),
    "annotations": mapping_of(text, text),
})
TIER_SHAPE = FieldChecks({
    "capabilities": anything,
    "outputs": anything,
    "labels": mapping_of(text, text),
    "annotations": mapping_of(text, text),
    "constraints_for_downstream": anything,
})
APPLICATION_TIER_SHAPE = FieldChecks({
    "capabilities": anything,
    "outputs": anything,
    "labels": mapping_of(text, text),
    "annotations": mapping_of(text, text),
    "constraints_for_downstream": anything,
    "applications": anything,
})
TIERS_SHAPE = FieldChecks({
    "infrastructure": TIER_SHAPE,
    "shared_primitives": TIER_SHAPE,
    "application": APPLICATION_TIER_SHAPE,
})
PROVIDER_SHAPE = FieldChecks({
    "name": text,
    "config": mapping,
    "capabilities": list_of(text),
}, required=("name",))
EXECUTION_SHAPE = FieldChecks({
    "tier1_mode": one_of("plan_and_approve", "auto_apply"),
    "tier2_mode": one_of("plan_and_approve", "auto_apply"),
    "tier3_mode": one_of("plan_and_approve", "auto_apply"),
    "reconciliation_interval": duration,
    "lock_timeout": duration,
})
STATE_SHAPE = FieldChecks({
    "backend": text_of(least=1),
    "secrets_provider": any_of(text, mapping_of(one_of("infrastructure", "shared_primitives", "application"), text)),
    "organization": text_of(least=1),
})
PLATFORM_SHAPE = FieldChecks({
    "org": text_of(most=60, pattern="[a-z](?:[a-z0-9-]*[a-z0-9])?"),
    "environment": text_of(most=35, pattern="[a-z](?:[a-z0-9-]*[a-z0-9])?"),
    "application": text_of(most=50, pattern="[a-z](?:[a-z0-9-]*[a-z0-9])?"),
    "app": mapping_of(text, any_of(text, integer, number, boolean)),
    "provider": anything,
    "tiers": TIERS_SHAPE,
    "execution": EXECUTION_SHAPE,
    "state": STATE_SHAPE,
    "labels": mapping_of(text, text),
    "annotations": mapping_of(text, text),
})
DOCUMENT = FieldChecks({
    "apiVersion": one_of("platform/v1"),
    "platform": PLATFORM_SHAPE,
    "triggers": anything,
    "template": anything,
})

#: The checks of each model.
SHAPES: Mapping[str, FieldChecks] = {
    "ConstraintEntry": CONSTRAINT_ENTRY,
    "DependencyEntry": DEPENDENCY_ENTRY,
    "CapabilityEntry": CAPABILITY_ENTRY,
    "OutputEntry": OUTPUT_ENTRY,
    "ApplicationShape": APPLICATION_SHAPE,
    "TierShape": TIER_SHAPE,
    "ApplicationTierShape": APPLICATION_TIER_SHAPE,
    "TiersShape": TIERS_SHAPE,
    "ProviderShape": PROVIDER_SHAPE,
    "ExecutionShape": EXECUTION_SHAPE,
    "StateShape": STATE_SHAPE,
    "PlatformShape": PLATFORM_SHAPE,
    "Document": DOCUMENT,
}
