"""Contracts of tiers above, as they come back from a stack."""

from __future__ import annotations

import json
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.model import contract_reader
from platform_pulumi.model.contract import ProviderRecord, TierContract
from platform_pulumi.model.platform import DEFAULT_MODES, Platform
from platform_pulumi.model.tier import Tier


def contract(platform: Platform, tier: Tier, declared_as: str | None = None, **changes: Any) -> TierContract:
    """The contract of a declared tier, written to JSON and read back."""
    declared = platform.tier(tier, declared_as)
    assert declared is not None
    fields: dict[str, Any] = {
        "tier": tier,
        "application": declared_as,
        "context": platform.context.path(declared_as),
        "providers": (ProviderRecord("mock", "1.0.0", "simulated"),),
        "capabilities": tuple(capability.ref for capability in declared.capabilities),
        "constraints": declared.constraints,
        "outputs": declared.outputs,
        "mode": DEFAULT_MODES[tier],
        "quotas": declarations.quotas(declared),
        "usage": declarations.quota_usage(declared),
        **changes,
    }
    return contract_reader.read(json.dumps(TierContract(**fields).to_json()))
