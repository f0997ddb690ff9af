"""The capability types: one file each, found by name in one readable table.

A type is the contract between a declaration and every provider: its fields, what it needs, what it gives. A type's
module is imported when it is first asked for: building a pydantic model costs milliseconds, and few files use them all.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.tier import Tier

#: Capability type to its class, in the module of the type's name, and the tier it belongs to.
_TYPES: Mapping[str, tuple[str, Tier]] = {
    "network": ("Network", Tier.INFRASTRUCTURE),
    "kubernetes_cluster": ("KubernetesCluster", Tier.INFRASTRUCTURE),
    "iam_role": ("IamRole", Tier.INFRASTRUCTURE),
    "dns_zone": ("DnsZone", Tier.INFRASTRUCTURE),
    "load_balancer": ("LoadBalancer", Tier.INFRASTRUCTURE),
    "namespace": ("Namespace", Tier.SHARED_PRIMITIVES),
    "database": ("Database", Tier.SHARED_PRIMITIVES),
    "message_queue": ("MessageQueue", Tier.SHARED_PRIMITIVES),
    "cache": ("Cache", Tier.SHARED_PRIMITIVES),
    "object_storage": ("ObjectStorage", Tier.SHARED_PRIMITIVES),
    "persistent_volume": ("PersistentVolume", Tier.SHARED_PRIMITIVES),
    "ingress": ("Ingress", Tier.SHARED_PRIMITIVES),
    "service_mesh": ("ServiceMesh", Tier.SHARED_PRIMITIVES),
    "observability": ("Observability", Tier.SHARED_PRIMITIVES),
    "container_runtime": ("ContainerRuntime", Tier.APPLICATION),
}


class _CapabilityTypes(Mapping[str, type[CapabilityProperties]]):
    """Name to model; importing on first use."""

    def __init__(self) -> None:
        self._loaded: dict[str, type[CapabilityProperties]] = {}

    def __getitem__(self, name: str) -> type[CapabilityProperties]:
        model = self._loaded.get(name)
        if model is None:
            class_name, _ = _TYPES[name]
            module = importlib.import_module(f"platform_pulumi.model.capabilities.{name}")
            model = self._loaded[name] = getattr(module, class_name)
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(_TYPES)

    def __len__(self) -> int:
        return len(_TYPES)

    def __contains__(self, name: object) -> bool:
        return name in _TYPES


CAPABILITY_TYPES: Mapping[str, type[CapabilityProperties]] = _CapabilityTypes()


def tier_of(name: str) -> Tier:
    """The tier a type belongs to, without importing it.

    Raises:
        KeyError: there is no such type.
    """
    return _TYPES[name][1]
