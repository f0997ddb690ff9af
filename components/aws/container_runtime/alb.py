"""AWS Load Balancer Controller: its annotations on the Ingress of a `container_runtime`.

https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/. It looks the
certificate up in ACM by the Ingress's host.
"""

from __future__ import annotations

import json
from typing import Final

from components.workload.ingress import Controller
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.application.container_runtime import health_port

INGRESS_CLASS: Final = "alb"
_PREFIX = "alb.ingress.kubernetes.io"


def controller(properties: Properties) -> Controller:
    """Build the controller with its annotations for this declaration."""
    usual = {f"{_PREFIX}/scheme": "internet-facing", f"{_PREFIX}/target-type": "ip"}
    return Controller(INGRESS_CLASS, usual, _declared(properties))


def _declared(properties: Properties) -> dict[str, str]:
    ingress, check = properties.ingress, properties.health_check
    if ingress is None:
        return {}
    ports = json.dumps([{"HTTPS" if ingress.tls else "HTTP": ingress.port}])
    written = {f"{_PREFIX}/listen-ports": ports}
    # A command runs inside the container, where the load balancer cannot.
    if check is not None and check.path is not None:
        written[f"{_PREFIX}/healthcheck-path"] = check.path
        written[f"{_PREFIX}/healthcheck-port"] = str(health_port(check, properties.ports))
    return written
