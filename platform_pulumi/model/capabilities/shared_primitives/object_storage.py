"""`object_storage`: a bucket for objects, reached by the S3 protocol."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capabilities.fields import SecretText
from platform_pulumi.model.capabilities.texts import AccessKey, BucketName
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class ObjectStorage(CapabilityProperties):
    """A bucket (S3 protocol)."""

    TYPE: ClassVar[str] = "object_storage"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    DATA_BEARING: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec("string", "URL of the S3 service."),
        "bucket": OutputSpec("string", "Name of the bucket.", identifies=True),
        "access_key": OutputSpec("string", "Access key id; empty where access is by role."),
        "credential_ref": OutputSpec(
            "credential_ref", "Where the secret access key is kept; a consumer's env gets the key."
        ),
        "published_endpoint": OutputSpec("string", "URL outside the network; empty where none is published."),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    bucket: BucketName = Field(default="app", description="Name of the bucket.")
    versioned: bool = Field(default=False, description="Whether replaced and deleted objects are kept.")
    access_key: AccessKey = Field(default="platform", description="Access key id.")
    secret_key: SecretText | None = Field(
        default=None, description="Secret access key. Leave it out: the platform then makes one."
    )
