"""Binding of `iam_role` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FieldFidelity, stub
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = dict.fromkeys(
    (
        "assumed_by[]", "description", "managed_policies[]", "statements[].effect", "statements[].actions[]",
        "statements[].resources[]", "max_session",
    ),
    stub("no-op: Docker knows no identities, nothing is allowed or denied", "test policies where they are enforced"),
)  # fmt: skip

BINDING = CapabilityBinding(
    "components.docker.iam_role.component:IamRole",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)
