"""`iam_role` on Docker: a stub. Docker knows no identities: every container may do what its credentials allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi

from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class IamRole(CapabilityComponent):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:IamRole"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Return the type's outputs."""
        return {"arn": f"docker:stub:{scope.capability.name}", "name": scope.capability.name}
