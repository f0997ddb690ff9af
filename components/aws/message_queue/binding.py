"""Binding of `message_queue` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.aws.message_queue.versions import BROKER_VERSIONS, broker_version
from platform_pulumi.model.capabilities.shared_primitives.message_queue import has_engine, set_in_vain
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.fidelity import FULL, Condition, Entry, FieldFidelity, none, partial
from platform_pulumi.sdk.provider import CapabilityBinding


def _broker_only(name: str) -> FieldFidelity:
    return none(
        "SQS is a service: there is no broker to set this on", when=Condition("engine is sqs", set_in_vain(name, "sqs"))
    )


def _not_offered(value: Any, properties: CapabilityProperties) -> bool:
    return has_engine("rabbitmq", properties) and broker_version(value) != value


def _version_used(value: Any, _: CapabilityProperties) -> str:
    return f"Amazon MQ offers {' and '.join(BROKER_VERSIONS)}, not {value}; {broker_version(value)} is used"


_SQS = Condition("engine is sqs", lambda _, properties: has_engine("sqs", properties))
_RABBITMQ = Condition("engine is rabbitmq", lambda _, properties: has_engine("rabbitmq", properties))

FIDELITY: Mapping[str, Entry] = {
    "engine": FULL,
    "version": (
        none("SQS is a service without versions", "leave it out", when=_SQS),
        partial(
            f"Amazon MQ offers RabbitMQ {' and '.join(BROKER_VERSIONS)}; the next of the same major version is used",
            when=Condition("Amazon MQ does not offer it", _not_offered),
            describe=_version_used,
        ),
    ),
    "instance_class": _broker_only("instance_class"),
    "high_availability": _broker_only("high_availability"),
    "username": _broker_only("username"),
    "password": (
        none("SQS knows no users: access is by IAM", "leave it out", when=_SQS),
        partial(
            "Amazon MQ takes a RabbitMQ user's password when the broker is made: another one replaces the broker",
            "change the password in the broker's own console where messages must survive",
            when=_RABBITMQ,
        ),
    ),
    "fifo": none(
        "RabbitMQ keeps order within a queue; a broker has no such switch",
        "use one consumer a queue",
        when=Condition("engine is rabbitmq", set_in_vain("fifo", "rabbitmq")),
    ),
    "visibility_timeout": none(
        "RabbitMQ gives a message to others when the consumer's channel closes",
        "set consumer_timeout by a policy of the broker",
        when=Condition("engine is rabbitmq", set_in_vain("visibility_timeout", "rabbitmq")),
    ),
    "retention": none(
        "RabbitMQ keeps messages until they are consumed",
        "set message-ttl by a policy of the broker",
        when=Condition("engine is rabbitmq", set_in_vain("retention", "rabbitmq")),
    ),
}

BINDING = CapabilityBinding(
    "components.aws.message_queue.component:MessageQueue",
    FIDELITY,
    requires=lambda properties: () if has_engine("sqs", properties) else ("network",),
    unused=lambda properties: ("network",) if has_engine("sqs", properties) else (),
    summary="Amazon MQ broker in private subnets, or SQS queue",
)
