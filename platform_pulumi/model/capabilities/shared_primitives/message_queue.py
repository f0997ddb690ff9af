"""`message_queue`: a broker or a queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from platform_pulumi.model.capabilities.fields import Duration, SecretText, between, misplaced
from platform_pulumi.model.capabilities.texts import BrokerUser, EngineVersion, MachineType
from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class MessageQueue(CapabilityProperties):
    """A message broker (rabbitmq) or a hosted queue (sqs) (specification, section 3.2)."""

    TYPE: ClassVar[str] = "message_queue"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    DATA_BEARING: ClassVar[bool] = True
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec("string", "URL of the broker or queue, without credentials.", identifies=True),
        "username": OutputSpec("string", "Name of the user; empty for sqs."),
        "credential_ref": OutputSpec("credential_ref", "Where the password is kept; empty for sqs."),
        "connection_string": OutputSpec("string", "URL with credentials, where there are any.", secret=True),
        "published_endpoint": OutputSpec("string", "host:port outside the network; empty where none is published."),
        "published_connection_string": OutputSpec(
            "string", "The URL to use outside the network; empty where no port is published.", secret=True
        ),
    }

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    engine: Literal["rabbitmq", "sqs"] = Field(description="Broker engine.")
    version: EngineVersion | None = Field(default=None, description="Engine version, in quotes: '3.13'; not for sqs.")
    instance_class: MachineType = Field(default="mq.m7g.large", description="Machine class of a broker; not for sqs.")
    high_availability: bool = Field(default=False, description="Whether the broker runs in several zones; not for sqs.")
    username: BrokerUser = Field(default="platform", description="Broker user; not for sqs.")
    password: SecretText | None = Field(
        default=None, description="Password of the broker user. Leave it out: the platform then makes one."
    )
    fifo: bool = Field(default=False, description="Whether order is kept; sqs only.")
    visibility_timeout: Annotated[Duration, between("0s", "12h")] = Field(
        default="30s", description="How long a taken message stays hidden; sqs only."
    )
    retention: Annotated[Duration, between("1m", "336h")] = Field(
        default="96h", description="How long messages are kept; sqs only."
    )

    @model_validator(mode="after")
    def _version_belongs_to_rabbitmq(self) -> MessageQueue:
        if self.engine == "rabbitmq" and self.version is None:
            message = "engine rabbitmq takes a version, for example '3.13'"
            raise misplaced(message, "engine")
        return self


def has_engine(engine: str, properties: CapabilityProperties) -> bool:
    """Whether these are the properties of a message queue of this engine."""
    return isinstance(properties, MessageQueue) and properties.engine == engine


def set_in_vain(name: str, engine: str) -> Callable[[Any, CapabilityProperties], bool]:
    """Build the condition that a field is set on a message queue of this engine, which has no use for it."""
    return lambda _, properties: name in properties.model_fields_set and has_engine(engine, properties)
