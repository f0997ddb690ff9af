"""Binding of `container_runtime` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.fidelity import FULL, IS_TRUE, FieldFidelity, none, partial
from platform_pulumi.sdk.provider import CapabilityBinding, host_claim

_UNBUILT = none("the cluster pulls the image from its registry; nothing is built", "build and push it first")
_UNMOUNTED = none(
    "persistent volumes are not served on AWS: the container starts without it",
    "keep the data in a database or a bucket",
)

FIDELITY: Mapping[str, FieldFidelity] = {
    "image": FULL,
    "command[]": FULL,
    "replicas": FULL,
    "memory": FULL,
    "cpu": FULL,
    "resources.requests.cpu": FULL,
    "resources.requests.memory": FULL,
    "resources.limits.cpu": FULL,
    "resources.limits.memory": FULL,
    "ports[].container_port": FULL,
    "ports[].protocol": FULL,
    "ports[].service_port": FULL,
    "ports[].name": FULL,
    "env.*": FULL,
    "build.context": _UNBUILT,
    "build.dockerfile": _UNBUILT,
    "volumes[].source": _UNMOUNTED,
    "volumes[].path": _UNMOUNTED,
    "volumes[].read_only": _UNMOUNTED,
    "health_check.path": FULL,
    "health_check.command[]": FULL,
    "health_check.port": FULL,
    "health_check.interval": FULL,
    "health_check.timeout": FULL,
    "health_check.retries": FULL,
    "health_check.start_period": FULL,
    "ingress.host": partial(
        "an Ingress for the AWS Load Balancer Controller, which has to run in the cluster; no DNS record is made",
        "install the controller and point the name at the load balancer",
    ),
    "ingress.port": FULL,
    "ingress.tls": partial(
        "the certificate is looked up in ACM by the host; none is requested",
        "request a certificate for the host in ACM",
        when=IS_TRUE,
    ),
    "ingress.path": FULL,
    "database_connections": FULL,
}


BINDING = CapabilityBinding(
    "components.aws.container_runtime.component:ContainerRuntime",
    FIDELITY,
    requires=lambda _: ("kubernetes_cluster", "namespace"),
    summary="Deployment, Service and Ingress on EKS",
    # The cluster has its network, and Ingresses are the controller's.
    unused=lambda _: ("network", "ingress"),
    annotations=FULL,
    claims=host_claim,  # each Ingress has a load balancer of its own: none is in a group
)
