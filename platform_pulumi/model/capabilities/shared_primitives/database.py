"""`database`: a relational database."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from platform_pulumi.model.capabilities.fields import SecretText
from platform_pulumi.model.capabilities.texts import DatabaseName, DatabaseUser, EngineVersion, MachineType
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class Database(CapabilityProperties):
    """A managed relational database (specification, section 3.2)."""

    TYPE: ClassVar[str] = "database"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    DATA_BEARING: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec("string", "host:port to connect to.", identifies=True),
        "host": OutputSpec("string", "Host name to connect to."),
        "port": OutputSpec("integer", "Port to connect to."),
        "database_name": OutputSpec("string", "Name of the database."),
        "username": OutputSpec("string", "Name of the user."),
        "credential_ref": OutputSpec(
            "credential_ref", "Where the password is kept; a consumer's env gets the password."
        ),
        "connection_string": OutputSpec(
            "string", "URL with user and, where the platform knows it, password.", secret=True
        ),
        "published_endpoint": OutputSpec("string", "host:port outside the network; empty where none is published."),
        "published_connection_string": OutputSpec(
            "string", "The URL to use outside the network; empty where no port is published.", secret=True
        ),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    engine: Literal["postgresql", "mysql", "mariadb"] = Field(description="Database engine.")
    version: EngineVersion = Field(description="Engine version, in quotes: '15'.")
    instance_class: MachineType = Field(default="db.t4g.medium", description="Machine class in the provider's words.")
    storage_gb: int = Field(default=20, ge=5, le=65536, description="Storage, in GiB; it can only grow.")
    multi_az: bool = Field(default=False, description="Whether a standby in another zone takes over.")
    database_name: DatabaseName = Field(default="app", description="Name of the database.")
    username: DatabaseUser = Field(default="platform", description="Name of the owner.")
    password: SecretText | None = Field(
        default=None, description="Password of the owner. Leave it out: the provider then makes and keeps one."
    )
    backup_retention_days: int = Field(default=7, ge=0, le=35, description="Days that backups are kept; 0 for none.")
    encrypted: bool = Field(default=True, description="Whether storage is encrypted.")
    deletion_protection: bool = Field(
        default=False,
        description="Whether the provider itself refuses to delete it, whoever asks; turn it off and apply to delete.",
    )
    final_snapshot: bool = Field(default=True, description="Whether a last snapshot is taken when it is deleted.")
