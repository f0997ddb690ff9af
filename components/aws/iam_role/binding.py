"""Binding of `iam_role` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "assumed_by[]": FULL,
    "description": FULL,
    "managed_policies[]": FULL,
    "statements[].effect": FULL,
    "statements[].actions[]": FULL,
    "statements[].resources[]": FULL,
    "max_session": FULL,
}

BINDING = CapabilityBinding("components.aws.iam_role.component:IamRole", FIDELITY, summary="IAM role with its policies")
