"""Binding of `dns_zone` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.provider import CapabilityBinding, FieldFidelity, stub

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    ("domain", "private"),
    stub("no-op: no zone is made", "names under .localhost lead to this machine; others go into /etc/hosts"),
)

BINDING = CapabilityBinding("components.docker.dns_zone.component:DnsZone", FIDELITY, summary="stub")
