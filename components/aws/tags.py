"""Tags of AWS resources: the platform's own, and the `Name` that AWS's console shows."""

from __future__ import annotations

from platform_pulumi.sdk.scope import CapabilityScope


def named_tags(scope: CapabilityScope, logical: str) -> dict[str, str]:
    """Build the platform's tags and the `Name` that AWS's console shows."""
    return {"Name": logical, **scope.tags(logical)}
