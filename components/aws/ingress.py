"""The Ingress of a `container_runtime`: rules and annotations for the AWS Load Balancer Controller."""

from __future__ import annotations

import json

from pulumi_kubernetes.networking.v1 import (
    HTTPIngressPathArgs,
    HTTPIngressRuleValueArgs,
    IngressBackendArgs,
    IngressRuleArgs,
    IngressServiceBackendArgs,
    IngressSpecArgs,
    IngressTLSArgs,
    ServiceBackendPortArgs,
)

from components.aws.container import first_tcp, health_port, service_port
from platform_pulumi.model.capabilities.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.container_runtime import Ingress

_PREFIX = "alb.ingress.kubernetes.io"
_USUAL_PORTS = {"https": 443, "http": 80}


def controller_annotations(properties: Properties) -> dict[str, str]:
    """https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/."""
    ingress, check = properties.ingress, properties.health_check
    if ingress is None:
        return {}
    written = {
        f"{_PREFIX}/scheme": "internet-facing",
        f"{_PREFIX}/target-type": "ip",
        f"{_PREFIX}/listen-ports": json.dumps([{"HTTPS" if ingress.tls else "HTTP": ingress.port}]),
    }
    # A command runs inside the container, where the load balancer cannot.
    if check is not None and check.path is not None:
        written[f"{_PREFIX}/healthcheck-path"] = check.path
        written[f"{_PREFIX}/healthcheck-port"] = str(health_port(check, properties.ports))
    return written


def ingress_spec(properties: Properties, service: str) -> IngressSpecArgs | None:
    """The one rule: host and path prefix to the first TCP port of the Service."""
    ingress = properties.ingress
    if ingress is None:
        return None
    port = ServiceBackendPortArgs(number=service_port(first_tcp(properties.ports)))
    backend = IngressBackendArgs(service=IngressServiceBackendArgs(name=service, port=port))
    path = HTTPIngressPathArgs(path=ingress.path, path_type="Prefix", backend=backend)
    return IngressSpecArgs(
        ingress_class_name="alb",
        rules=[IngressRuleArgs(host=ingress.host, http=HTTPIngressRuleValueArgs(paths=[path]))],
        # The controller looks the certificate up in ACM by this host.
        tls=[IngressTLSArgs(hosts=[ingress.host])] if ingress.tls else None,
    )


def endpoint(ingress: Ingress) -> str:
    """The URL people use: the port only where it is not the scheme's own."""
    scheme = "https" if ingress.tls else "http"
    port = "" if ingress.port == _USUAL_PORTS[scheme] else f":{ingress.port}"
    return f"{scheme}://{ingress.host}{port}{ingress.path.rstrip('/')}"
