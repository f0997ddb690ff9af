"""Binding of `message_queue` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws.message_queue.versions import BROKER_VERSIONS, broker_version
from platform_pulumi.model.capabilities.shared_primitives.message_queue import MessageQueue
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity


def _on(engine: str, properties: CapabilityProperties) -> bool:
    return isinstance(properties, MessageQueue) and properties.engine == engine


def _written(name: str, engine: str) -> Callable[[Any, CapabilityProperties], bool]:
    """Whether the field is set, and the engine has no use for it."""
    return lambda _, properties: name in properties.model_fields_set and _on(engine, properties)


def _sqs_only(name: str, does: str, workaround: str = "") -> FieldFidelity:
    return FieldFidelity(Fidelity.NONE, does, workaround, when=_written(name, "rabbitmq"))


def _broker_only(name: str) -> FieldFidelity:
    does = "SQS is a service: there is no broker to set this on"
    return FieldFidelity(Fidelity.NONE, does, when=_written(name, "sqs"))


def _version_gap(value: Any, properties: CapabilityProperties) -> bool:
    return _on("sqs", properties) or broker_version(value) != value


def _version_used(value: Any, properties: CapabilityProperties) -> str:
    if _on("sqs", properties):
        return "SQS is a service without versions"
    return f"Amazon MQ offers {' and '.join(BROKER_VERSIONS)}, not {value}; {broker_version(value)} is used"


def _password_used(_: Any, properties: CapabilityProperties) -> str:
    if _on("sqs", properties):
        return "SQS knows no users: access is by IAM"
    return "Amazon MQ takes a RabbitMQ user's password when the broker is made: another one replaces the broker"


FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": FULL,
    "version": FieldFidelity(
        Fidelity.PARTIAL,
        f"Amazon MQ offers RabbitMQ {' and '.join(BROKER_VERSIONS)}; the next of the same major version is used",
        when=_version_gap,
        describe=_version_used,
    ),
    "instance_class": _broker_only("instance_class"),
    "high_availability": _broker_only("high_availability"),
    "username": _broker_only("username"),
    "password": FieldFidelity(
        Fidelity.PARTIAL,
        "Amazon MQ takes a RabbitMQ user's password when the broker is made: another password replaces the broker. "
        "Without one, the platform makes it and keeps it as a secret in its state and in Secrets Manager",
        "change the password in the broker's own console where messages must survive",
        describe=_password_used,
    ),
    "fifo": _sqs_only(
        "fifo", "RabbitMQ keeps order within a queue; a broker has no such switch", "use one consumer a queue"
    ),
    "visibility_timeout": _sqs_only(
        "visibility_timeout",
        "RabbitMQ gives a message to others when the consumer's channel closes",
        "set consumer_timeout by a policy of the broker",
    ),
    "retention": _sqs_only(
        "retention",
        "RabbitMQ keeps messages until they are consumed",
        "set message-ttl by a policy of the broker",
    ),
}

BINDING = CapabilityBinding(
    "components.aws.message_queue.component:MessageQueue",
    FIDELITY,
    requires=lambda properties: () if _on("sqs", properties) else ("network",),
    summary="Amazon MQ broker in private subnets, or SQS queue",
)
