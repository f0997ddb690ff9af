"""`container_runtime` on AWS: a workload in the bound namespace of the bound EKS cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi

from components.aws.container_runtime.alb import controller
from components.workload.container_runtime import container_runtime
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class ContainerRuntime(CapabilityComponent):
    """Component of a Deployment, a Secret for its secret environment, a Service and an Ingress."""

    TOKEN: ClassVar[str] = "platform:aws:ContainerRuntime"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        return container_runtime(self, properties, controller(properties))
