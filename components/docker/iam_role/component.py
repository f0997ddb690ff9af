"""`iam_role` on Docker: a stub. Docker knows no identities: every container may do what its credentials allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class IamRole(Stub):
    """Stub component: the outputs that the type promises, without resources."""

    TOKEN: ClassVar[str] = "platform:docker:IamRole"

    @staticmethod
    def stub_outputs(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """Return the type's outputs."""
        return {"arn": f"docker:stub:{capability.name}", "name": capability.name}
