"""`kubernetes_cluster` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class KubernetesCluster(MockComponent):
    """A cluster, simulated: `mock:index:KubernetesCluster`."""

    TOKEN: ClassVar[str] = "platform:mock:KubernetesCluster"
