"""Binding of `message_queue` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from components.docker.claims import host_ports
from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.model.capabilities.shared_primitives.message_queue import has_engine, set_in_vain
from platform_pulumi.sdk.fidelity import IS_TRUE, Condition, Entry, none, partial, stub
from platform_pulumi.sdk.provider import CapabilityBinding

_SQS = Condition("engine is sqs", lambda _, properties: has_engine("sqs", properties))
_RABBITMQ = Condition("engine is rabbitmq", lambda _, properties: has_engine("rabbitmq", properties))
_TAKEN_ONCE = partial(
    "taken when the data folder is empty: a later change reaches the applications and not the broker",
    "change it in the broker as well",
    when=_RABBITMQ,
)

FIDELITY: Mapping[str, Entry] = {
    "engine": partial(
        "ElasticMQ stands in for SQS: the same protocol, no identities, no account",
        when=_SQS,
    ),
    "version": none("ElasticMQ has a version of its own", "leave it out", when=_SQS),
    "instance_class": stub("no machine classes: the broker takes what the machine has"),
    "high_availability": stub("single broker (production runs it in several zones)", when=IS_TRUE),
    "username": (
        none("ElasticMQ knows no users", when=Condition("engine is sqs", set_in_vain("username", "sqs"))),
        _TAKEN_ONCE,
    ),
    "password": (
        none("ElasticMQ knows no users", "leave it out", when=_SQS),
        _TAKEN_ONCE,
    ),
    "fifo": none(
        "RabbitMQ keeps order within a queue; a broker has no such switch",
        when=Condition("engine is rabbitmq", set_in_vain("fifo", "rabbitmq")),
    ),
    "visibility_timeout": none(
        "RabbitMQ gives a message to others when the consumer's channel closes",
        when=Condition("engine is rabbitmq", set_in_vain("visibility_timeout", "rabbitmq")),
    ),
    "retention": none(
        "messages are kept until they are consumed, or the broker is started anew",
        when=Condition("it is given", lambda _, properties: "retention" in properties.model_fields_set),
    ),
}

BINDING = CapabilityBinding(
    "components.docker.message_queue.component:MessageQueue",
    FIDELITY,
    requires=lambda _: ("network",),
    claims=host_ports,
    summary="container with a volume",
    labels=replace(KEPT_LABELS, when=_RABBITMQ),
)
