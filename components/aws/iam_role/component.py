"""`iam_role` on AWS: an IAM role with its policies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

import pulumi
from pulumi_aws import iam

from components.aws.role_names import role_name
from components.aws.roles import NAME_LIMIT, POLICY_VERSION, policy_label, trust_policy
from components.aws.tags import named_tags
from platform_pulumi.model.capabilities.infrastructure.iam_role import IamRole as Properties
from platform_pulumi.model.capabilities.infrastructure.iam_role import Statement
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class IamRole(CapabilityComponent):
    """Component of a role, an attachment for each managed policy and one inline policy for its own statements."""

    TOKEN: ClassVar[str] = "platform:aws:IamRole"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        role = iam.Role(
            self.logical(),
            name=role_name(scope),
            description=properties.description or None,
            assume_role_policy=trust_policy(properties.assumed_by),
            max_session_duration=properties.max_session,
            tags=named_tags(scope, self.logical()),
            opts=self.child("aws"),
        )
        for arn in properties.managed_policies:
            iam.RolePolicyAttachment(
                self.logical(policy_label(arn)), role=role.name, policy_arn=arn, opts=self.child("aws")
            )
        if properties.statements:
            iam.RolePolicy(
                self.logical("own"),
                name=scope.name("own", limit=NAME_LIMIT),
                role=role.name,
                policy=permissions(properties.statements),
                opts=self.child("aws"),
            )
        return {"arn": role.arn, "name": role.name}


def permissions(statements: Sequence[Statement]) -> str:
    """Convert statements to an IAM policy, as JSON."""
    written = [{"Effect": s.effect, "Action": s.actions, "Resource": s.resources} for s in statements]
    return json.dumps({"Version": POLICY_VERSION, "Statement": written}, sort_keys=True)
