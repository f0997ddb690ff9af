"""Binding of `message_queue` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.docker.field_fidelity import is_true, none, partial, stub
from platform_pulumi.model.capabilities.shared_primitives.message_queue import MessageQueue
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.provider import CapabilityBinding, FieldFidelity


def _on(engine: str, properties: CapabilityProperties) -> bool:
    return isinstance(properties, MessageQueue) and properties.engine == engine


def _written(name: str, engine: str) -> Callable[[Any, CapabilityProperties], bool]:
    """Whether the field is set, and the engine has no use for it."""
    return lambda _, properties: name in properties.model_fields_set and _on(engine, properties)


def _sqs_only(name: str, does: str) -> FieldFidelity:
    return none(does, when=_written(name, "rabbitmq"))


def _broker_only(name: str) -> FieldFidelity:
    return none("ElasticMQ has no such switch", when=_written(name, "sqs"))


FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": partial(
        "ElasticMQ stands in for SQS: the same protocol, no identities, no account",
        when=lambda value, _: value == "sqs",
    ),
    "version": none(
        "ElasticMQ has a version of its own", when=lambda value, properties: value and _on("sqs", properties)
    ),
    "instance_class": stub("no machine classes: the broker takes what the machine has"),
    "high_availability": stub("single broker (production runs it in several zones)", when=is_true),
    "username": _broker_only("username"),
    "password": partial(
        "taken when the data folder is empty: a later change reaches the applications and not the broker. Without one, "
        "the platform makes it and keeps it as a secret in its state",
        "change it in the broker as well",
        describe=lambda _, properties: (
            "ElasticMQ knows no users"
            if _on("sqs", properties)
            else "taken when the data folder is empty: a later change reaches the applications and not the broker"
        ),
    ),
    "fifo": _sqs_only("fifo", "RabbitMQ keeps order within a queue; a broker has no such switch"),
    "visibility_timeout": _sqs_only(
        "visibility_timeout", "RabbitMQ gives a message to others when the consumer's channel closes"
    ),
    "retention": none(
        "messages are kept until they are consumed, or the broker is started anew",
        when=lambda _, properties: "retention" in properties.model_fields_set,
    ),
}

BINDING = CapabilityBinding(
    "components.docker.message_queue.component:MessageQueue",
    FIDELITY,
    requires=lambda _: ("network",),
    summary="container with a volume",
)
