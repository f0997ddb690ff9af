"""A provider with a cluster that is not AWS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi
import pulumi_kubernetes

from components.workload.cluster import clusters
from components.workload.container_runtime import container_runtime
from components.workload.ingress import Controller
from components.workload.namespace import namespace
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Service
from platform_pulumi.model.capabilities.shared_primitives.namespace import Namespace as Space
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition
from platform_pulumi.sdk.scope import CapabilityScope, Scope


class ContainerRuntime(CapabilityComponent):
    TOKEN: ClassVar[str] = "platform:acme:ContainerRuntime"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        nginx = Controller("nginx", {"nginx.ingress.kubernetes.io/proxy-body-size": "8m"})
        return container_runtime(self, cast("Service", scope.properties), nginx)


class Namespace(CapabilityComponent):
    TOKEN: ClassVar[str] = "platform:acme:Namespace"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        return namespace(self, cast("Space", scope.properties))


def providers(scope: Scope) -> dict[str, pulumi.ProviderResource]:
    return {name: pulumi_kubernetes.Provider(name) for name in clusters(scope.run.capabilities)}


DEFINITION = ProviderDefinition(
    name="acme",
    packages={"kubernetes": "pulumi_kubernetes"},
    bindings={
        "container_runtime": CapabilityBinding(f"{__name__}:ContainerRuntime", {}),
        "namespace": CapabilityBinding(f"{__name__}:Namespace", {}),
    },
    providers=f"{__name__}:providers",
    reveal="components.mock.provider:reveal",
)
