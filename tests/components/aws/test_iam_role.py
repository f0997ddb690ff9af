"""IAM roles and their policies."""

from __future__ import annotations

import json

import pytest

from components.aws import DEFINITION
from components.aws.roles import policy_label, trust_policy

from ..harness import build, declare, run_of


def test_services_accounts_and_roles_are_told_apart() -> None:
    role = "arn:aws:iam::123456789012:role/ci"
    policy = json.loads(trust_policy(["ec2.amazonaws.com", "123456789012", role]))
    assert policy["Statement"][0]["Principal"] == {"Service": ["ec2.amazonaws.com"], "AWS": ["123456789012", role]}


def test_own_statements_are_an_inline_policy_and_managed_ones_are_attached() -> None:
    built = build(
        DEFINITION,
        run_of(
            declare(
                "iam_role",
                {
                    "assumed_by": ["ec2.amazonaws.com"],
                    "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                    "statements": [{"actions": ["s3:GetObject"], "resources": ["*"]}],
                },
            )
        ),
    )
    policy = json.loads(built.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert policy["Statement"] == [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}]
    attachment = built.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attachment.name == "thing-aws-ReadOnlyAccess"


def test_a_bare_role_is_one_resource() -> None:
    built = build(DEFINITION, run_of(declare("iam_role", {"assumed_by": ["ec2.amazonaws.com"]})))
    assert built.types() == ["aws:iam/role:Role", "platform:aws:IamRole"]


@pytest.mark.parametrize(
    ("arn", "label"),
    [
        ("arn:aws:iam::aws:policy/service-role/AmazonEKSServicePolicy", "aws-AmazonEKSServicePolicy"),
        ("arn:aws:iam::123456789012:policy/Reports", "123456789012-Reports"),
        ("Reports", "Reports"),
    ],
)
def test_an_attachment_is_named_after_account_and_policy(arn: str, label: str) -> None:
    assert policy_label(arn) == label
