"""The capability types: one file each, found by name in one readable table.

A type is the contract between a declaration and every provider: its fields, what it needs, what it gives.
"""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.model.capabilities.container_runtime import ContainerRuntime
from platform_pulumi.model.capabilities.database import Database
from platform_pulumi.model.capabilities.iam_role import IamRole
from platform_pulumi.model.capabilities.kubernetes_cluster import KubernetesCluster
from platform_pulumi.model.capabilities.message_queue import MessageQueue
from platform_pulumi.model.capabilities.namespace import Namespace
from platform_pulumi.model.capabilities.network import Network
from platform_pulumi.model.capability import CapabilityProperties

CAPABILITY_TYPES: Mapping[str, type[CapabilityProperties]] = {
    model.TYPE: model
    for model in (Network, KubernetesCluster, IamRole, Namespace, Database, MessageQueue, ContainerRuntime)
}
