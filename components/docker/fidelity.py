"""How Docker treats every leaf field of every capability type; the walk in tests/components holds each claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from platform_pulumi.model.capabilities.database import Database
from platform_pulumi.model.capabilities.message_queue import MessageQueue
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.sdk.provider import FULL, FieldFidelity

Table = Mapping[str, FieldFidelity]


def _stub(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    return FieldFidelity(Fidelity.STUB, does, workaround, **words)


def _partial(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    return FieldFidelity(Fidelity.PARTIAL, does, workaround, **words)


def _none(does: str, workaround: str = "", **words: Any) -> FieldFidelity:
    return FieldFidelity(Fidelity.NONE, does, workaround, **words)


def _all(names: Iterable[str], entry: FieldFidelity) -> dict[str, FieldFidelity]:
    return dict.fromkeys(names, entry)


def _is_true(value: Any, _: CapabilityProperties) -> bool:
    return value is True


def _written(name: str, engine: str) -> Callable[[Any, CapabilityProperties], bool]:
    """Where somebody wrote the field, and the engine has no use for it."""
    return lambda _, properties: name in properties.model_fields_set and _on(engine, properties)


def _on(engine: str, properties: CapabilityProperties) -> bool:
    return isinstance(properties, (MessageQueue, Database)) and properties.engine == engine


def _sqs_only(name: str, does: str) -> FieldFidelity:
    return _none(does, when=_written(name, "rabbitmq"))


def _broker_only(name: str, **words: Any) -> FieldFidelity:
    return _none("ElasticMQ has no such switch", when=_written(name, "sqs"), **words)


NETWORK: Table = {
    "cidr": _stub(
        "Docker gives the network a free range of its own: two networks of one machine cannot share one",
        "read the range from the output `cidr`",
    ),
    "availability_zones": _stub(
        "single Docker network",
        when=lambda value, _: value > 1,
        says=lambda value, _: f"single Docker network (production uses {value} AZs)",
    ),
    **_all(
        ("private_subnets", "public_subnets"),
        _stub("no subnets: what is published to the machine is public, all else is private"),
    ),
    "nat_gateways": _stub("containers reach the internet through the machine, whatever is declared"),
    "dns_hostnames": _stub("Docker's DNS always serves the names of containers", when=lambda value, _: value is False),
}

_NO_CLUSTER = _stub("no cluster: containers run on the Docker host itself", "provider kind, for Kubernetes locally")
KUBERNETES_CLUSTER: Table = _all(
    (
        "version", "node_groups[].name", "node_groups[].instance_type", "node_groups[].min_size",
        "node_groups[].max_size", "node_groups[].desired_size", "node_groups[].disk_size_gb",
        "node_groups[].capacity", "node_groups[].labels.*", "networking.vpc_cidr", "networking.private_subnets",
        "networking.public_subnets", "public_endpoint",
    ),
    _NO_CLUSTER,
)  # fmt: skip

IAM_ROLE: Table = _all(
    (
        "assumed_by[]", "description", "managed_policies[]", "statements[].effect", "statements[].actions[]",
        "statements[].resources[]", "max_session",
    ),
    _stub("no-op: Docker knows no identities, nothing is allowed or denied", "test policies where they are enforced"),
)  # fmt: skip

DNS_ZONE: Table = _all(
    ("domain", "private"),
    _stub("no-op: no zone is made", "names under .localhost lead to this machine; others go into /etc/hosts"),
)

LOAD_BALANCER: Table = _all(
    ("scheme", "kind"), _stub("no-op: gateways of containers and the shared ingress stand in for it")
)

NAMESPACE: Table = _all(
    ("resource_quotas.cpu", "resource_quotas.memory", "resource_quotas.pods"),
    _partial("checked when a plan is made; the Docker daemon itself enforces none"),
)

DATABASE: Table = {
    "engine": FULL,
    "version": FULL,
    "instance_class": _stub("no machine classes: the database takes what the machine has"),
    "storage_gb": _stub("no limit: Docker's volumes grow with the disk of the machine"),
    "multi_az": _stub("single instance (production uses Multi-AZ RDS)", when=_is_true),
    "database_name": FULL,
    "username": FULL,
    "password": _partial(
        "taken when the data folder is empty, as the official images do: a later change reaches the applications and "
        "not the database. Without one, the platform makes it and keeps it as a secret in its state",
        "change it in the database as well",
    ),
    "backup_retention_days": _stub("no backups", "dump the database yourself", when=lambda value, _: value > 0),
    "encrypted": _stub("not encrypted, unless the disk of the machine is", when=_is_true),
    "deletion_protection": _partial(
        "Docker itself refuses nothing; the platform keeps the volume unless its loss is named", when=_is_true
    ),
    "final_snapshot": _stub("no snapshot: the volume is kept unless its loss is named", when=_is_true),
}

MESSAGE_QUEUE: Table = {
    "engine": _partial(
        "ElasticMQ stands in for SQS: the same protocol, no identities, no account",
        when=lambda value, _: value == "sqs",
    ),
    "version": _none(
        "ElasticMQ has a version of its own", when=lambda value, properties: value and _on("sqs", properties)
    ),
    "instance_class": _stub("no machine classes: the broker takes what the machine has"),
    "high_availability": _stub("single broker (production runs it in several zones)", when=_is_true),
    "username": _broker_only("username"),
    "password": _partial(
        "taken when the data folder is empty: a later change reaches the applications and not the broker. Without one, "
        "the platform makes it and keeps it as a secret in its state",
        "change it in the broker as well",
        says=lambda _, properties: (
            "ElasticMQ knows no users"
            if _on("sqs", properties)
            else "taken when the data folder is empty: a later change reaches the applications and not the broker"
        ),
    ),
    "fifo": _sqs_only("fifo", "RabbitMQ keeps order within a queue; a broker has no such switch"),
    "visibility_timeout": _sqs_only(
        "visibility_timeout", "RabbitMQ gives a message to others when the consumer's channel closes"
    ),
    "retention": _none(
        "messages are kept until they are consumed, or the broker is started anew",
        when=lambda _, properties: "retention" in properties.model_fields_set,
    ),
}

CACHE: Table = {
    "engine": FULL,
    "version": FULL,
    "memory": FULL,
    "eviction": FULL,
    "password": FULL,
    "high_availability": _stub("single node (production has a second one)", when=_is_true),
}

OBJECT_STORAGE: Table = {
    "bucket": FULL,
    "versioned": _stub("replaced and deleted objects are gone", when=_is_true),
    "access_key": FULL,
    "secret_key": FULL,
}

PERSISTENT_VOLUME: Table = {"size_gb": _stub("no limit: Docker's volumes grow with the disk of the machine")}

_SELF_SIGNED = "using self-signed cert (production uses ACM)"
INGRESS: Table = {"port": FULL, "tls": _stub(_SELF_SIGNED, "trust it for this machine alone", when=_is_true)}

SERVICE_MESH: Table = {"mutual_tls": _stub("no-op: containers of a network speak to each other in clear")}

OBSERVABILITY: Table = _all(
    ("metrics", "logs", "traces", "retention_days"),
    _stub("no-op: nothing is collected", "platform logs and platform status ask Docker itself"),
)


_REQUESTS = _stub("nothing is set aside: limits hold, requests are not needed on one machine")

CONTAINER_RUNTIME: Table = {
    "image": FULL,
    "build.context": FULL,
    "build.dockerfile": FULL,
    "command[]": FULL,
    "replicas": FULL,
    "memory": FULL,
    "cpu": FULL,
    "resources.requests.cpu": _REQUESTS,
    "resources.requests.memory": _REQUESTS,
    "resources.limits.cpu": FULL,
    "resources.limits.memory": FULL,
    "ports[].container_port": FULL,
    "ports[].protocol": _partial(
        "every port is open within the network, whatever its protocol; a gateway speaks HTTP only",
        when=lambda value, _: value == "UDP",
    ),
    "ports[].service_port": _none(
        "containers are reached at their own port", "use container_port", when=lambda value, _: value is not None
    ),
    "ports[].name": _none("ports have no names"),
    "env.*": FULL,
    "volumes[].source": FULL,
    "volumes[].path": FULL,
    "volumes[].read_only": FULL,
    "health_check.path": _partial(
        "Docker healthcheck (no k8s probe semantics): asked from within, by wget, curl or python3 of the image; an "
        "unhealthy container is shown, not restarted",
        "health_check.command, for an image that has none of them",
        called="health_check.liveness",
    ),
    "health_check.command[]": _partial(
        "Docker healthcheck (no k8s probe semantics): an unhealthy container is shown, not restarted",
        called="health_check.liveness",
    ),
    "health_check.port": FULL,
    "health_check.interval": FULL,
    "health_check.timeout": FULL,
    "health_check.retries": FULL,
    "health_check.start_period": FULL,
    "ingress.host": _partial(
        "localhost port mapping; no DNS record is made",
        "names under .localhost lead to this machine; others go into /etc/hosts",
    ),
    "ingress.port": FULL,
    "ingress.tls": _stub(_SELF_SIGNED, "trust it for this machine alone", when=_is_true),
    "ingress.path": FULL,
    "database_connections": FULL,
}
