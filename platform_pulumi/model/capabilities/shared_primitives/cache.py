"""`cache`: an in-memory key-value store."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from platform_pulumi.model.capabilities.fields import MemoryText, SecretText
from platform_pulumi.model.capabilities.texts import EngineVersion
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class Cache(CapabilityProperties):
    """Cache that speaks the Redis protocol. Its content may be lost at any time."""

    TYPE: ClassVar[str] = "cache"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec("string", "host:port to connect to.", identifies=True),
        "host": OutputSpec("string", "Host name to connect to."),
        "port": OutputSpec("integer", "Port to connect to."),
        "credential_ref": OutputSpec(
            "credential_ref", "Where the password is kept; a consumer's env gets the password."
        ),
        "connection_string": OutputSpec("string", "URL with the password.", secret=True),
        "published_endpoint": OutputSpec("string", "host:port outside the network; empty where none is published."),
        "published_connection_string": OutputSpec(
            "string", "The URL to use outside the network; empty where no port is published.", secret=True
        ),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    engine: Literal["redis", "valkey"] = Field(description="Cache engine.")
    version: EngineVersion = Field(description="Engine version, in quotes: '7'.")
    memory: MemoryText = Field(default="256Mi", description="Memory for what is cached, for example 512Mi.")
    eviction: Literal["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl"] = Field(
        default="allkeys-lru", description="What goes when memory is full."
    )
    password: SecretText | None = Field(
        default=None, description="Password. Leave it out: the platform then makes one."
    )
    high_availability: bool = Field(default=False, description="Whether a second node takes over.")
