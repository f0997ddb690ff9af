"""`iam_role` on AWS: an IAM role with its policies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

import pulumi
from pulumi_aws import iam

from components.aws.surroundings import named_tags
from platform_pulumi.model.capabilities.infrastructure.iam_role import IamRole as Properties
from platform_pulumi.model.capabilities.infrastructure.iam_role import Statement
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope

#: IAM's limit: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
NAME_LIMIT = 64
_POLICY_VERSION = "2012-10-17"
_ACCOUNT = re.compile(r"\d{12}|arn:.*|\*")


class IamRole(CapabilityComponent):
    """A role, an attachment for each managed policy and one inline policy for its own statements."""

    TOKEN: ClassVar[str] = "platform:aws:IamRole"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        role = iam.Role(
            self.logical(),
            name=scope.name(limit=NAME_LIMIT),
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


def trust_policy(assumed_by: Sequence[str]) -> str:
    """Who may assume a role, as JSON: services by name, accounts and roles by number or ARN."""
    principals: dict[str, list[str]] = {}
    for principal in assumed_by:
        principals.setdefault("AWS" if _ACCOUNT.fullmatch(principal) else "Service", []).append(principal)
    statements = [{"Effect": "Allow", "Principal": principals, "Action": "sts:AssumeRole"}]
    return json.dumps({"Version": _POLICY_VERSION, "Statement": statements}, sort_keys=True)


def permissions(statements: Sequence[Statement]) -> str:
    """Statements as an IAM policy, as JSON."""
    written = [{"Effect": s.effect, "Action": s.actions, "Resource": s.resources} for s in statements]
    return json.dumps({"Version": _POLICY_VERSION, "Statement": written}, sort_keys=True)


def policy_label(arn: str) -> str:
    """What tells a managed policy's attachment apart: account (or `aws`) and name, which are unique together."""
    fields = arn.split(":")
    return f"{fields[4]}-{arn.rpartition('/')[2]}" if len(fields) > 5 else arn
