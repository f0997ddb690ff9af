"""`iam_role`: an identity with permissions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from platform_pulumi.model.capabilities.fields import Block, distinct, empty_list
from platform_pulumi.model.capabilities.texts import Line, Prose
from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class Statement(Block):
    """One permission or prohibition."""

    effect: Literal["Allow", "Deny"] = Field(default="Allow", description="Allow or Deny.")
    actions: list[Line] = Field(min_length=1, description="Actions, for example s3:GetObject.")
    resources: list[Line] = Field(min_length=1, description="Resources the actions apply to.")

    @field_validator("actions", "resources")
    @classmethod
    def _entries_differ(cls, entries: list[str]) -> list[str]:
        distinct(entries, str, lambda entry: f"`{entry}` is listed")
        return entries


class IamRole(CapabilityProperties):
    """A role that services or people assume (specification, section 6.2)."""

    TYPE: ClassVar[str] = "iam_role"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    OUTPUTS: ClassVar = {
        "arn": OutputSpec("string", "The role's identifier for policies.", identifies=True),
        "name": OutputSpec("string", "The role's name at the provider."),
    }

    assumed_by: list[Line] = Field(
        min_length=1, description="Who may assume it: service names (ec2.amazonaws.com) or account and role ARNs."
    )
    description: Prose = Field(
        default="",
        description="What the role is for.",
    )
    managed_policies: list[Line] = Field(default_factory=empty_list, description="ARNs of managed policies to attach.")
    statements: list[Statement] = Field(default_factory=empty_list, description="Permissions of its own.")
    max_session: int = Field(default=3600, ge=3600, le=43200, description="Longest session, in seconds.")

    @field_validator("assumed_by")
    @classmethod
    def _principals_differ(cls, principals: list[str]) -> list[str]:
        distinct(principals, str, lambda principal: f"`{principal}` may assume it")
        return principals

    @field_validator("statements")
    @classmethod
    def _statements_differ(cls, statements: list[Statement]) -> list[Statement]:
        distinct(statements, _said, lambda _: "the same statement is made")
        return statements

    @field_validator("managed_policies")
    @classmethod
    def _policies_differ(cls, policies: list[str]) -> list[str]:
        distinct(policies, policy_identity, lambda policy: f"managed policy `{policy_identity(policy)}` is attached")
        return policies


def _said(statement: Statement) -> tuple[str, frozenset[str], frozenset[str]]:
    return statement.effect, frozenset(statement.actions), frozenset(statement.resources)


def policy_identity(policy: str) -> str:
    """Return what tells a managed policy from others: its ARN without the path, which is no part of its name."""
    head, slash, rest = policy.partition("/")
    return f"{head}{slash}{rest.rpartition('/')[2]}"
