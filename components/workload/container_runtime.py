"""Workload of a `container_runtime`: Deployment, Secret, Service and Ingress in its namespace.

https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import Secret, Service
from pulumi_kubernetes.networking.v1 import Ingress

from components.workload.cluster import package
from components.workload.container import secret_env
from components.workload.deployment import deployment_spec
from components.workload.ingress import Controller, ingress_spec
from components.workload.metadata import SKIP_AWAIT, metadata
from components.workload.service import address, service_spec
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.application.container_runtime import Ingress as IngressProperties
from platform_pulumi.model.capabilities.application.container_runtime import ingress_url
from platform_pulumi.sdk.component import CapabilityComponent


def container_runtime(
    component: CapabilityComponent, properties: Properties, controller: Controller
) -> Mapping[str, pulumi.Input[Any]]:
    """Create the objects of a `container_runtime` as the component's children; return the type's outputs.

    Args:
        component: the provider's component.
        properties: what its capability declares.
        controller: what makes Ingresses work on that provider's clusters.
    """
    workload = _Workload(
        component, properties, component.scope.name(), component.scope.bound_output("namespace", "name")
    )
    workload.deployment()
    if properties.ports:
        workload.service()
    if properties.ingress is not None:
        workload.ingress(properties.ingress, controller)
    return workload.outputs()


@dataclass(frozen=True)
class _Workload:
    """The objects of one service: they share their name and namespace, and have the component as their parent."""

    component: CapabilityComponent
    properties: Properties
    name: str
    namespace: pulumi.Output[Any]

    def deployment(self) -> None:
        """The Deployment, and the Secret for what of its environment is secret."""
        scope = self.component.scope
        secrets: dict[str, pulumi.Input[str]] = {
            key: pulumi.Output.secret(scope.text(value))
            for key, value in secret_env(scope, self.properties.env).items()
        }
        Deployment(
            self.component.logical(),
            metadata=metadata(scope, self.name, self.component.logical(), namespace=self.namespace),
            spec=deployment_spec(scope, self.properties, self.name, secrets),
            opts=self._child(depends_on=[self._secret(secrets)] if secrets else None),
        )

    def service(self) -> None:
        """The Service for its ports."""
        logical = self.component.logical("service")
        Service(
            logical,
            # The Deployment waits for its pods already; a Service would wait for ever where there are no replicas.
            metadata=metadata(
                self.component.scope, self.name, logical, namespace=self.namespace, annotations=SKIP_AWAIT
            ),
            spec=service_spec(self.properties, self.name),
            opts=self._child(),
        )

    def ingress(self, ingress: IngressProperties, controller: Controller) -> None:
        """The Ingress for its host."""
        logical = self.component.logical("ingress")
        Ingress(
            logical,
            # The load balancer is the controller's to make, in its own time.
            metadata=metadata(
                self.component.scope,
                self.name,
                logical,
                namespace=self.namespace,
                annotations={**controller.annotations, **SKIP_AWAIT},
                declared=controller.declared,
            ),
            spec=ingress_spec(ingress, self.properties.ports, self.name, controller.ingress_class),
            opts=self._child(),
        )

    def outputs(self) -> Mapping[str, pulumi.Input[Any]]:
        """The outputs that the capability type promises."""
        ports, ingress = self.properties.ports, self.properties.ingress
        if not ports:  # Then there is no Ingress either, and nothing to wait for.
            return {"service": "", "endpoint": ""}
        inner: pulumi.Output[str] = self.namespace.apply(lambda space: address(ports[0], self.name, space))
        if ingress is not None:
            return {"service": inner, "endpoint": ingress_url(ingress, ingress.port)}
        return {"service": inner, "endpoint": inner.apply(lambda known: f"http://{known}")}

    def _secret(self, values: Mapping[str, pulumi.Input[str]]) -> Secret:
        scope, logical = self.component.scope, self.component.logical("env")
        return Secret(
            logical,
            metadata=metadata(scope, scope.name("env"), logical, namespace=self.namespace),
            type="Opaque",
            string_data=values,
            opts=self._child(),
        )

    def _child(self, depends_on: list[pulumi.Resource] | None = None) -> pulumi.ResourceOptions:
        return self.component.child(package(self.component.scope), depends_on=depends_on, delete_before_replace=True)
