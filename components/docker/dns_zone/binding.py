"""Binding of `dns_zone` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("domain", "private"),
    stub("no-op: no zone is made", "names under .localhost lead to this machine; others go into /etc/hosts"),
)

BINDING = CapabilityBinding(
    "components.docker.dns_zone.component:DnsZone",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)
