"""`message_queue` on AWS: an Amazon MQ broker for rabbitmq, an SQS queue for sqs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import quote

import pulumi
from pulumi_aws import mq, sqs

from components.aws.access import security_group
from components.aws.bound_network import network_key, subnets
from components.aws.credentials import as_secret, store_credentials
from components.aws.message_queue.versions import broker_version
from components.aws.tags import named_tags
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.capabilities.shared_primitives.message_queue import MessageQueue as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.password import Password
from platform_pulumi.sdk.scope import CapabilityScope

_AMQPS, _CONSOLE = 5671, 443
_BROKER_NAME_LIMIT = 50
_QUEUE_NAME_LIMIT = 80
_FIFO = ".fifo"

#: Brokers are reached within the network only; a queue's URL is the same everywhere.
_UNPUBLISHED = {"published_endpoint": "", "published_connection_string": ""}


class MessageQueue(CapabilityComponent):
    """Component of a broker in private subnets with its user, or of a queue.

    https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/,
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
    """

    TOKEN: ClassVar[str] = "platform:aws:MessageQueue"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        return self._queue(properties) if properties.engine == "sqs" else self._broker(properties)

    def _broker(self, properties: Properties) -> Mapping[str, pulumi.Input[Any]]:
        scope = self.scope
        password = self._password(properties)
        kept = store_credentials(self, properties.username, password)
        version = broker_version(properties.version or "")
        several = properties.high_availability
        keys = replace_keys(properties, network_key(scope))
        broker = mq.Broker(
            self.logical(),
            broker_name=scope.name(limit=_BROKER_NAME_LIMIT, replace_keys=keys),
            engine_type="RabbitMQ",
            engine_version=version,
            host_instance_type=properties.instance_class,
            deployment_mode="CLUSTER_MULTI_AZ" if several else "SINGLE_INSTANCE",
            subnet_ids=subnets(scope, "private", None if several else 1),
            security_groups=[security_group(self, [_AMQPS, _CONSOLE]).id],
            publicly_accessible=False,
            # Amazon MQ requires it of RabbitMQ from 3.13 on; it moves patch versions only.
            auto_minor_version_upgrade=True,
            apply_immediately=True,
            users=[mq.BrokerUserArgs(username=properties.username, password=password)],
            logs=mq.BrokerLogsArgs(general=True),
            tags=named_tags(scope, self.logical()),
            opts=self.child(
                "aws",
                protect=scope.protect,
                # Amazon MQ cannot change a RabbitMQ user, and pulumi-aws hides the difference: without this a new
                # password would reach the applications and not the broker. Not the password itself: the engine reads
                # a secret trigger back from its state as nothing (v3.259). Names are taken until a broker is gone.
                replacement_trigger=kept.id,
                delete_before_replace=True,
            ),
        )
        endpoint = broker.instances.apply(lambda instances: instances[0].endpoints[0])
        return {
            **_UNPUBLISHED,
            "endpoint": endpoint,
            "username": properties.username,
            "credential_ref": kept.secret_arn,
            "connection_string": pulumi.Output.all(endpoint, password).apply(
                lambda known: with_credentials(known[0], properties.username, known[1])
            ),
        }

    def _password(self, properties: Properties) -> pulumi.Output[str]:
        if properties.password is not None:
            return pulumi.Output.from_input(self.scope.text(properties.password))
        # Letters and digits only: RabbitMQ on Amazon MQ refuses some of the others.
        made = Password(self.logical("password"), special=False, opts=pulumi.ResourceOptions(parent=self))
        return as_secret(made.result)

    def _queue(self, properties: Properties) -> Mapping[str, pulumi.Input[Any]]:
        suffix = _FIFO if properties.fifo else ""
        name = self.scope.name(limit=_QUEUE_NAME_LIMIT - len(_FIFO), replace_keys={"fifo": properties.fifo}) + suffix
        queue = sqs.Queue(
            self.logical(),
            name=name,
            # AWS knows no `fifo: false`, only its absence.
            fifo_queue=True if properties.fifo else None,
            visibility_timeout_seconds=seconds(properties.visibility_timeout),
            message_retention_seconds=seconds(properties.retention),
            sqs_managed_sse_enabled=True,
            tags=named_tags(self.scope, self.logical()),
            opts=self.child("aws", protect=self.scope.protect),
        )
        return {
            **_UNPUBLISHED,
            "endpoint": queue.url,
            "username": "",
            "credential_ref": "",
            "connection_string": queue.url,
        }


def replace_keys(properties: Properties, network: Mapping[str, str]) -> dict[str, Any]:
    """List the properties whose change makes Amazon MQ replace a broker. It upgrades within a major version only."""
    return {
        "engine": properties.engine,
        "major": broker_version(properties.version or "").partition(".")[0],
        "high_availability": properties.high_availability,
        "username": properties.username,
        **network,
    }


def with_credentials(endpoint: str, username: str, password: str) -> str:
    """Add user and password to an endpoint's URL (`amqps://host:5671`)."""
    scheme, _, rest = endpoint.partition("://")
    return f"{scheme}://{quote(username, safe='')}:{quote(password, safe='')}@{rest}"
