"""Names of IAM roles, for one region each."""

from __future__ import annotations

from components.aws.config import region
from components.aws.roles import NAME_LIMIT
from platform_pulumi.sdk.scope import CapabilityScope


def role_name(scope: CapabilityScope, logical: str = "") -> str:
    """Build a role's name. All regions of an account share roles: one that is made for another region has another."""
    return scope.name(logical, limit=NAME_LIMIT, replace_keys={"region": region(scope.shared.run)})
