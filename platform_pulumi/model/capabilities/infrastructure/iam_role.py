"""`iam_role`: an identity with permissions."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from platform_pulumi.model.capabilities.fields import Block, distinct, empty_list
from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class Statement(Block):
    """One permission or prohibition."""

    effect: Literal["Allow", "Deny"] = Field(default="Allow", description="Allow or Deny.")
    actions: list[str] = Field(min_length=1, description="Actions, for example s3:GetObject.")
    resources: list[str] = Field(min_length=1, description="Resources the actions apply to.")


class IamRole(CapabilityProperties):
    """A role that services or people assume (specification, section 6.2)."""

    TYPE: ClassVar[str] = "iam_role"
    TIER: ClassVar[Tier] = Tier.INFRASTRUCTURE
    OUTPUTS: ClassVar = {
        "arn": OutputSpec("string", "The role's identifier for policies.", identifies=True),
        "name": OutputSpec("string", "The role's name at the provider."),
    }

    assumed_by: list[str] = Field(
        min_length=1, description="Who may assume it: service names (ec2.amazonaws.com) or account and role ARNs."
    )
    description: str = Field(default="", description="What the role is for.")
    managed_policies: list[str] = Field(default_factory=empty_list, description="ARNs of managed policies to attach.")
    statements: list[Statement] = Field(default_factory=empty_list, description="Permissions of its own.")
    max_session: int = Field(default=3600, ge=3600, le=43200, description="Longest session, in seconds.")

    @field_validator("managed_policies")
    @classmethod
    def _policies_differ(cls, policies: list[str]) -> list[str]:
        distinct(policies, policy_identity, lambda policy: f"managed policy `{policy_identity(policy)}` is attached")
        return policies


def policy_identity(policy: str) -> str:
    """Return what tells a managed policy from others: its ARN without the path, which is no part of its name."""
    head, slash, rest = policy.partition("/")
    return f"{head}{slash}{rest.rpartition('/')[2]}"
