"""`container_runtime` on AWS: Deployment, Service and Ingress in the bound namespace of the bound EKS cluster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import (
    PodSpecArgs,
    PodTemplateSpecArgs,
    Secret,
    Service,
    ServicePortArgs,
    ServiceSpecArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import Ingress

from components.aws.cluster_access import package
from components.aws.container import container, port_name, secret_env, service_port
from components.aws.ingress import controller_annotations, endpoint, ingress_spec
from components.aws.kubernetes import SKIP_AWAIT, metadata, recommended_labels
from components.aws.surroundings import hidden
from platform_pulumi.model.capabilities.container_runtime import ContainerRuntime as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope

SECRETS_ANNOTATION = "platform/secrets"


class ContainerRuntime(CapabilityComponent):
    """A Deployment; a Secret for what of its environment is secret; a Service for its ports; an Ingress for its host.

    https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
    """

    TOKEN: ClassVar[str] = "platform:aws:ContainerRuntime"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        name = scope.name()
        namespace = scope.need("namespace", "name")
        secrets = {key: hidden(scope.text(value)) for key, value in secret_env(scope, properties.env).items()}
        secret = self._secret(namespace, secrets) if secrets else None
        self._deployment(properties, name, namespace, secrets, secret)
        if properties.ports:
            self._service(properties, name, namespace)
        if properties.ingress is not None:
            self._ingress(properties, name, namespace)
        inner: pulumi.Input[str] = ""
        if properties.ports:
            port = service_port(properties.ports[0])
            inner = namespace.apply(lambda space: f"{name}.{space}.svc.cluster.local:{port}")
        return {
            "service": inner,
            "endpoint": endpoint(properties.ingress)
            if properties.ingress is not None
            else pulumi.Output.from_input(inner).apply(lambda address: f"http://{address}" if address else ""),
        }

    def _secret(self, namespace: pulumi.Input[str], secrets: Mapping[str, pulumi.Input[str]]) -> Secret:
        logical = self.logical("env")
        return Secret(
            logical,
            metadata=metadata(self.scope, self.scope.name("env"), logical, namespace=namespace),
            type="Opaque",
            string_data=secrets,
            opts=self.child(package(self.scope), delete_before_replace=True),
        )

    def _deployment(
        self,
        properties: Properties,
        name: str,
        namespace: pulumi.Input[str],
        secrets: Mapping[str, pulumi.Input[str]],
        secret: Secret | None,
    ) -> None:
        selector = {"app.kubernetes.io/instance": name}
        pod = ObjectMetaArgs(
            labels={**recommended_labels(self.scope), **selector},
            annotations={SECRETS_ANNOTATION: checksum(secrets)} if secrets else None,
        )
        Deployment(
            self.logical(),
            metadata=metadata(self.scope, name, self.logical(), namespace=namespace),
            spec=DeploymentSpecArgs(
                replicas=properties.replicas,
                selector=LabelSelectorArgs(match_labels=selector),
                template=PodTemplateSpecArgs(
                    metadata=pod,
                    spec=PodSpecArgs(
                        containers=[container(self.scope, properties, self.scope.name("env"))],
                        automount_service_account_token=False,
                    ),
                ),
            ),
            opts=self.child(
                package(self.scope), depends_on=[secret] if secret is not None else None, delete_before_replace=True
            ),
        )

    def _service(self, properties: Properties, name: str, namespace: pulumi.Input[str]) -> None:
        logical = self.logical("service")
        Service(
            logical,
            # The Deployment waits for its pods already; a Service would wait for ever where there are no replicas.
            metadata=metadata(self.scope, name, logical, namespace=namespace, annotations=SKIP_AWAIT),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector={"app.kubernetes.io/instance": name},
                ports=[
                    ServicePortArgs(
                        name=port_name(port),
                        port=service_port(port),
                        target_port=port.container_port,
                        protocol=port.protocol,
                    )
                    for port in properties.ports
                ],
            ),
            opts=self.child(package(self.scope), delete_before_replace=True),
        )

    def _ingress(self, properties: Properties, name: str, namespace: pulumi.Input[str]) -> None:
        logical = self.logical("ingress")
        Ingress(
            logical,
            # The load balancer is the controller's to make, in its own time.
            metadata=metadata(
                self.scope,
                name,
                logical,
                namespace=namespace,
                annotations={**controller_annotations(properties), **SKIP_AWAIT},
            ),
            spec=ingress_spec(properties, name),
            opts=self.child(package(self.scope), delete_before_replace=True),
        )


def checksum(secrets: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """A digest of all secret values, itself a secret: it changes the Deployment, so pods start with the new values."""

    def digest(values: Mapping[str, str]) -> str:
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    return hidden(pulumi.Output.all(**secrets).apply(digest))
