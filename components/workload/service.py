"""Service: one address within the cluster for all replicas."""

from __future__ import annotations

from pulumi_kubernetes.core.v1 import ServicePortArgs, ServiceSpecArgs

from components.workload.metadata import selector
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.application.container_runtime import Port, port_name, service_port


def service_spec(properties: Properties, name: str) -> ServiceSpecArgs:
    """Build the spec of a Service with every port, for the pods of the Deployment of that name."""
    return ServiceSpecArgs(
        type="ClusterIP",
        selector=selector(name),
        ports=[
            ServicePortArgs(
                name=port_name(port),
                port=service_port(port),
                target_port=port.container_port,
                protocol=port.protocol,
            )
            for port in properties.ports
        ],
    )


def address(port: Port, name: str, namespace: str) -> str:
    """Build `host:port` of a port of the Service of that name, within the cluster."""
    return f"{name}.{namespace}.svc.cluster.local:{service_port(port)}"
