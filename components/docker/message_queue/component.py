"""`message_queue` on Docker: a RabbitMQ broker, or ElasticMQ in the place of SQS."""

from __future__ import annotations

from typing import ClassVar, cast

from components.docker.component import DockerComponent
from components.docker.deployment import (
    Concatenated,
    Deployment,
    DeploymentContext,
    File,
    GeneratedPassword,
    Health,
    Service,
    UrlQuoted,
    Value,
    Volume,
    VolumeMount,
)
from components.docker.images import image
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.capabilities.shared_primitives.message_queue import MessageQueue as Properties

_AMQP, _SQS = 5672, 9324
#: ElasticMQ takes any account; AWS documents this one as an example.
_ACCOUNT = "000000000000"


class MessageQueue(DockerComponent):
    """Component of a container with a volume for the queued messages.

    https://hub.docker.com/_/rabbitmq, https://github.com/softwaremill/elasticmq
    """

    TOKEN: ClassVar[str] = "platform:docker:MessageQueue"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        return _queue(place, properties) if properties.engine == "sqs" else _broker(place, properties)


def _broker(place: DeploymentContext, properties: Properties) -> Deployment:
    password: Value = GeneratedPassword() if properties.password is None else properties.password
    data, published = Volume("data"), place.published(_AMQP)
    service = Service(
        image=image("rabbitmq", properties.version, place.config.images),
        networks=place.bound_needs("network"),
        aliases=(place.alias,),
        env={
            "RABBITMQ_DEFAULT_USER": properties.username,
            "RABBITMQ_DEFAULT_PASS": password,
            # Data lies under the node's name, and that of a new container would be another one.
            "RABBITMQ_NODENAME": "rabbit@localhost",
        },
        volumes=(VolumeMount(data, "/var/lib/rabbitmq"),),
        published=published,
        health=Health(
            ("CMD", "rabbitmq-diagnostics", "-q", "check_port_connectivity"),
            # Each check starts an Erlang machine of its own: a second or two of a processor.
            interval=15, timeout=15, retries=4, start_period=120, limit=240,
        ),
    )  # fmt: skip
    endpoint = f"amqp://{place.alias}:{_AMQP}"
    outside = str(published[0]) if published else ""
    return Deployment(
        (service,),
        (data,),
        {
            "endpoint": endpoint,
            "username": properties.username,
            "credential_ref": password,
            "connection_string": _url(properties, password, f"{place.alias}:{_AMQP}"),
            "published_endpoint": outside,
            "published_connection_string": _url(properties, password, outside) if outside else "",
        },
    )


def _queue(place: DeploymentContext, properties: Properties) -> Deployment:
    published = place.published(_SQS)
    queue = f"{place.capability.name}.fifo" if properties.fifo else place.capability.name
    service = Service(
        image=image("sqs", None, place.config.images),
        networks=place.bound_needs("network"),
        aliases=(place.alias,),
        files=(File("/opt/elasticmq.conf", _configuration(place.alias, queue, properties)),),
        published=published,
    )
    outside = f"http://{published[0]}/{_ACCOUNT}/{queue}" if published else ""
    url = f"http://{place.alias}:{_SQS}/{_ACCOUNT}/{queue}"
    return Deployment(
        (service,),
        (),
        {
            "endpoint": url,
            "username": "",
            "credential_ref": "",
            "connection_string": url,
            "published_endpoint": outside,
            "published_connection_string": outside,
        },
    )


def _configuration(host: str, queue: str, properties: Properties) -> str:
    """https://github.com/softwaremill/elasticmq#automatically-creating-queues-on-startup."""
    return (
        'include classpath("application.conf")\n'
        f'node-address {{ protocol = http, host = "{host}", port = {_SQS}, context-path = "" }}\n'
        f'rest-sqs {{ enabled = true, bind-port = {_SQS}, bind-hostname = "0.0.0.0" }}\n'
        f'queues {{ "{queue}" {{ defaultVisibilityTimeout = {seconds(properties.visibility_timeout)} seconds, '
        f"fifo = {str(properties.fifo).lower()} }} }}\n"
    )


def _url(properties: Properties, password: Value, endpoint: str) -> Value:
    return Concatenated((f"amqp://{properties.username}:", UrlQuoted(password), f"@{endpoint}"))
