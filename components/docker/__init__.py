"""Docker: the same declarations, running on this machine.

No pulumi here: components load when a program runs.
"""

from __future__ import annotations

from components.docker import fidelity
from components.docker.config import FIELDS
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition


def _needs_network(_: CapabilityProperties) -> tuple[str, ...]:
    return ("network",)


DEFINITION = ProviderDefinition(
    name="docker",
    aliases=("docker-compose",),
    packages={"docker": "pulumi_docker"},
    bindings={
        "network": CapabilityBinding("components.docker.network:Network", fidelity.NETWORK, summary="bridge network"),
        "kubernetes_cluster": CapabilityBinding(
            "components.docker.kubernetes_cluster:KubernetesCluster",
            fidelity.KUBERNETES_CLUSTER,
            summary="stub: containers run on the Docker host",
        ),
        "iam_role": CapabilityBinding("components.docker.iam_role:IamRole", fidelity.IAM_ROLE, summary="stub"),
        "dns_zone": CapabilityBinding("components.docker.dns_zone:DnsZone", fidelity.DNS_ZONE, summary="stub"),
        "load_balancer": CapabilityBinding(
            "components.docker.load_balancer:LoadBalancer", fidelity.LOAD_BALANCER, summary="stub"
        ),
        "namespace": CapabilityBinding(
            "components.docker.namespace:Namespace", fidelity.NAMESPACE, summary="bridge network; quotas are checked"
        ),
        "database": CapabilityBinding(
            "components.docker.database:Database",
            fidelity.DATABASE,
            requires=_needs_network,
            summary="container with a volume",
        ),
        "message_queue": CapabilityBinding(
            "components.docker.message_queue:MessageQueue",
            fidelity.MESSAGE_QUEUE,
            requires=_needs_network,
            summary="container with a volume",
        ),
        "cache": CapabilityBinding(
            "components.docker.cache:Cache", fidelity.CACHE, requires=_needs_network, summary="container"
        ),
        "object_storage": CapabilityBinding(
            "components.docker.object_storage:ObjectStorage",
            fidelity.OBJECT_STORAGE,
            requires=_needs_network,
            summary="S3 server over a volume",
        ),
        "persistent_volume": CapabilityBinding(
            "components.docker.persistent_volume:PersistentVolume", fidelity.PERSISTENT_VOLUME, summary="volume"
        ),
        "ingress": CapabilityBinding(
            "components.docker.ingress:Ingress", fidelity.INGRESS, summary="reverse proxy with host routing"
        ),
        "service_mesh": CapabilityBinding(
            "components.docker.service_mesh:ServiceMesh", fidelity.SERVICE_MESH, summary="stub"
        ),
        "observability": CapabilityBinding(
            "components.docker.observability:Observability", fidelity.OBSERVABILITY, summary="stub"
        ),
        "container_runtime": CapabilityBinding(
            "components.docker.container_runtime:ContainerRuntime",
            fidelity.CONTAINER_RUNTIME,
            reads_files=lambda properties: getattr(properties, "build", None) is not None,
            summary="containers behind one gateway",
        ),
    },
    providers="components.docker.provider:providers",
    reveal="components.docker.provider:reveal",
    config_fields=FIELDS,
    runtime="components.docker.plugin.runtime:DockerRuntime",
    # A database that comes back finds its data, and the password that opens it.
    keeps=frozenset({"docker:index/volume:Volume", "platform:index:Password"}),
    exports={"compose": "components.docker.compose:export"},
)
