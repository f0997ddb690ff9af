"""Ingress: a host and a path that lead to a Service, by the cluster's ingress controller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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

from platform_pulumi.model.capabilities.application.container_runtime import Ingress, Port, first_tcp, service_port


@dataclass(frozen=True, slots=True)
class Controller:
    """Ingress controller of a provider's clusters: its class and its annotations.

    Args:
        ingress_class: the class of its Ingresses.
        annotations: what it is told unless the user's annotations tell it something else.
        declared: what fields of the declaration say, whatever the user's annotations do: limits bind those fields.
    """

    ingress_class: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)


def ingress_spec(ingress: Ingress, ports: Sequence[Port], service: str, ingress_class: str) -> IngressSpecArgs:
    """Build the one rule: host and path prefix to the first TCP port of the Service of that name.

    For TLS only the host is named: the certificate is the controller's to find.
    """
    port = ServiceBackendPortArgs(number=service_port(first_tcp(ports)))
    backend = IngressBackendArgs(service=IngressServiceBackendArgs(name=service, port=port))
    path = HTTPIngressPathArgs(path=ingress.path, path_type="Prefix", backend=backend)
    return IngressSpecArgs(
        ingress_class_name=ingress_class,
        rules=[IngressRuleArgs(host=ingress.host, http=HTTPIngressRuleValueArgs(paths=[path]))],
        tls=[IngressTLSArgs(hosts=[ingress.host])] if ingress.tls else None,
    )
