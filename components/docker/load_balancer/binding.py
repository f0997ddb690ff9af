"""Binding of `load_balancer` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("scheme", "kind"), stub("no-op: gateways of containers and the shared ingress stand in for it")
)

BINDING = CapabilityBinding(
    "components.docker.load_balancer.component:LoadBalancer",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)
