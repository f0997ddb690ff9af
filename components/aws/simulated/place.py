"""Place in the world that a provider of AWS leads to: an account, and one of its regions. IAM knows no regions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.table import Place
from platform_pulumi.plugins.value_templates import ACCOUNT
from platform_pulumi.sdk.simulation import SIMULATED_REGION


def place(config: Mapping[str, Any]) -> Place:
    """Return the place by region, assumed role and allowed accounts.

    Credentials are no settings: without a role to assume, they are taken for those of the account that is allowed.

    Raises:
        ProviderError: the role is of an account that is not allowed. The provider refuses it.
    """
    region = config.get("region")
    where = region if isinstance(region, str) and region else SIMULATED_REGION
    allowed = [str(account) for account in _list(config.get("allowedAccountIds"))]
    assumed = [role["roleArn"].split(":")[4] for role in _list(config.get("assumeRoles")) if _is_role(role)]
    account = assumed[-1] if assumed else allowed[0] if allowed else ACCOUNT
    if allowed and account not in allowed:
        message = f"AWS account ID not allowed: {account}; allowed: {', '.join(allowed)}"
        raise ProviderError(message)
    return Place(where, account, local=f"aws:{account}/{where}", common=f"aws:{account}")


def _list(value: Any) -> list[Any]:
    """A list among a provider's settings, which the SDK sends as JSON; an unknown one is empty."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return []
    return value if isinstance(value, list) else []


def _is_role(role: Any) -> bool:
    arn = role.get("roleArn") if isinstance(role, dict) else None
    return isinstance(arn, str) and arn.count(":") >= 5
