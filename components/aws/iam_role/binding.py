"""Binding of `iam_role` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from components.aws.roles import policy_label
from platform_pulumi.sdk.fidelity import FULL, FieldFidelity
from platform_pulumi.sdk.provider import CapabilityBinding, Claim, name_claim

if TYPE_CHECKING:
    from platform_pulumi.model.capabilities.infrastructure.iam_role import IamRole
    from platform_pulumi.model.capability import Capability

FIDELITY: Mapping[str, FieldFidelity] = {
    "assumed_by[]": FULL,
    "description": FULL,
    "managed_policies[]": FULL,
    "statements[].effect": FULL,
    "statements[].actions[]": FULL,
    "statements[].resources[]": FULL,
    "max_session": FULL,
}


def _names(capability: Capability, _: Mapping[str, Any]) -> Iterable[Claim]:
    policies = cast("IamRole", capability.properties).managed_policies
    for index, arn in enumerate(policies):
        path = ("managed_policies", index)
        yield name_claim(f"{capability.name}-{policy_label(arn)}", "a policy's attachment", path)


BINDING = CapabilityBinding(
    "components.aws.iam_role.component:IamRole", FIDELITY, claims=_names, summary="IAM role with its policies"
)
