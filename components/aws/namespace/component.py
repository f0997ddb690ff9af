"""`namespace` on AWS: a Kubernetes namespace on the bound EKS cluster, with a ResourceQuota."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi

from components.workload.namespace import namespace
from platform_pulumi.model.capabilities.shared_primitives.namespace import Namespace as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class Namespace(CapabilityComponent):
    """Component of a Kubernetes namespace and, where a quota is set, a ResourceQuota."""

    TOKEN: ClassVar[str] = "platform:aws:Namespace"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        return namespace(self, cast("Properties", scope.properties))
