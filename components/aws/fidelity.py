"""How AWS treats every leaf field of every capability type; the walk in tests/components holds each claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from components.aws.versions import BROKER_VERSIONS, LEAST_STORAGE, broker_version
from platform_pulumi.model.capabilities.message_queue import MessageQueue
from platform_pulumi.model.capabilities.network import Network
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.sdk.provider import FULL, FieldFidelity

Table = Mapping[str, FieldFidelity]


def _written(name: str, engine: str) -> Callable[[Any, CapabilityProperties], bool]:
    """Where somebody wrote the field, and the engine has no use for it."""
    return lambda _, properties: name in properties.model_fields_set and _on(engine, properties)


def _on(engine: str, properties: CapabilityProperties) -> bool:
    return isinstance(properties, MessageQueue) and properties.engine == engine


def _sqs_only(name: str, does: str, workaround: str = "") -> FieldFidelity:
    return FieldFidelity(Fidelity.NONE, does, workaround, when=_written(name, "rabbitmq"))


def _broker_only(name: str) -> FieldFidelity:
    does = "SQS is a service: there is no broker to set this on"
    return FieldFidelity(Fidelity.NONE, does, when=_written(name, "sqs"))


def _ungated(_: Any, properties: CapabilityProperties) -> bool:
    return isinstance(properties, Network) and properties.public_subnets == 0 and properties.nat_gateways != "none"


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


_UNMOUNTED = FieldFidelity(
    Fidelity.NONE,
    "persistent volumes are not served on AWS: the container starts without it",
    "keep the data in a database or a bucket",
)

NETWORK: Table = {
    "cidr": FULL,
    "availability_zones": FULL,
    "private_subnets": FULL,
    "public_subnets": FULL,
    "nat_gateways": FieldFidelity(
        Fidelity.NONE,
        "there is no public subnet a NAT gateway could stand in: private subnets do not reach the internet",
        "declare public_subnets, or nat_gateways: none",
        when=_ungated,
    ),
    "dns_hostnames": FULL,
}

KUBERNETES_CLUSTER: Table = {
    "version": FULL,
    "node_groups[].name": FULL,
    "node_groups[].instance_type": FULL,
    "node_groups[].min_size": FULL,
    "node_groups[].max_size": FULL,
    "node_groups[].desired_size": FULL,
    "node_groups[].disk_size_gb": FULL,
    "node_groups[].capacity": FULL,
    "node_groups[].labels.*": FULL,
    "networking.vpc_cidr": FULL,
    "networking.private_subnets": FULL,
    "networking.public_subnets": FULL,
    "public_endpoint": FULL,
}

IAM_ROLE: Table = {
    "assumed_by[]": FULL,
    "description": FULL,
    "managed_policies[]": FULL,
    "statements[].effect": FULL,
    "statements[].actions[]": FULL,
    "statements[].resources[]": FULL,
    "max_session": FULL,
}

NAMESPACE: Table = {
    "resource_quotas.cpu": FULL,
    "resource_quotas.memory": FULL,
    "resource_quotas.pods": FULL,
}

DATABASE: Table = {
    "engine": FULL,
    "version": FULL,
    "instance_class": FULL,
    "storage_gb": FieldFidelity(
        Fidelity.PARTIAL,
        f"RDS gives at least {LEAST_STORAGE} GiB on gp3; {LEAST_STORAGE} is used",
        when=lambda value, _: value < LEAST_STORAGE,
    ),
    "multi_az": FULL,
    "database_name": FULL,
    "username": FULL,
    "password": FULL,
    "backup_retention_days": FULL,
    "encrypted": FULL,
    "deletion_protection": FULL,
    "final_snapshot": FULL,
}

MESSAGE_QUEUE: Table = {
    "engine": FULL,
    "version": FieldFidelity(
        Fidelity.PARTIAL,
        f"Amazon MQ offers RabbitMQ {' and '.join(BROKER_VERSIONS)}; the next of the same major version is used",
        when=_version_gap,
        says=_version_used,
    ),
    "instance_class": _broker_only("instance_class"),
    "high_availability": _broker_only("high_availability"),
    "username": _broker_only("username"),
    "password": FieldFidelity(
        Fidelity.PARTIAL,
        "Amazon MQ takes a RabbitMQ user's password when the broker is made: another password replaces the broker. "
        "Without one, the platform makes it and keeps it as a secret in its state and in Secrets Manager",
        "change the password in the broker's own console where messages must survive",
        says=_password_used,
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

CONTAINER_RUNTIME: Table = {
    "image": FULL,
    "command[]": FULL,
    "replicas": FULL,
    "memory": FULL,
    "cpu": FULL,
    "resources.requests.cpu": FULL,
    "resources.requests.memory": FULL,
    "resources.limits.cpu": FULL,
    "resources.limits.memory": FULL,
    "ports[].container_port": FULL,
    "ports[].protocol": FULL,
    "ports[].service_port": FULL,
    "ports[].name": FULL,
    "env.*": FULL,
    "build.context": FieldFidelity(
        Fidelity.NONE, "the cluster pulls the image from its registry; nothing is built", "build and push it first"
    ),
    "build.dockerfile": FieldFidelity(
        Fidelity.NONE, "the cluster pulls the image from its registry; nothing is built", "build and push it first"
    ),
    "volumes[].source": _UNMOUNTED,
    "volumes[].path": _UNMOUNTED,
    "volumes[].read_only": _UNMOUNTED,
    "health_check.path": FULL,
    "health_check.command[]": FULL,
    "health_check.port": FULL,
    "health_check.interval": FULL,
    "health_check.timeout": FULL,
    "health_check.retries": FULL,
    "health_check.start_period": FULL,
    "ingress.host": FieldFidelity(
        Fidelity.PARTIAL,
        "an Ingress for the AWS Load Balancer Controller, which has to run in the cluster; no DNS record is made",
        "install the controller and point the name at the load balancer",
    ),
    "ingress.port": FULL,
    "ingress.tls": FieldFidelity(
        Fidelity.PARTIAL,
        "the certificate is looked up in ACM by the host; none is requested",
        "request a certificate for the host in ACM",
        when=lambda value, _: value is True,
    ),
    "ingress.path": FULL,
    "database_connections": FULL,
}
