"""Binding of `message_queue` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.model.capabilities.shared_primitives.message_queue import has_engine, set_in_vain
from platform_pulumi.sdk.provider import CapabilityBinding, FieldFidelity, is_true, none, partial, stub

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": partial(
        "ElasticMQ stands in for SQS: the same protocol, no identities, no account",
        when=lambda value, _: value == "sqs",
    ),
    "version": none(
        "ElasticMQ has a version of its own", when=lambda value, properties: value and has_engine("sqs", properties)
    ),
    "instance_class": stub("no machine classes: the broker takes what the machine has"),
    "high_availability": stub("single broker (production runs it in several zones)", when=is_true),
    "username": none("ElasticMQ has no such switch", when=set_in_vain("username", "sqs")),
    "password": partial(
        "taken when the data folder is empty: a later change reaches the applications and not the broker. Without one, "
        "the platform makes it and keeps it as a secret in its state",
        "change it in the broker as well",
        describe=lambda _, properties: (
            "ElasticMQ knows no users"
            if has_engine("sqs", properties)
            else "taken when the data folder is empty: a later change reaches the applications and not the broker"
        ),
    ),
    "fifo": none(
        "RabbitMQ keeps order within a queue; a broker has no such switch", when=set_in_vain("fifo", "rabbitmq")
    ),
    "visibility_timeout": none(
        "RabbitMQ gives a message to others when the consumer's channel closes",
        when=set_in_vain("visibility_timeout", "rabbitmq"),
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
