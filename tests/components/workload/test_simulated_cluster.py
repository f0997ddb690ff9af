"""Clusters in the simulated world: what is in which, and what a namespace and a cluster take along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from components.workload.simulated import PACKAGE, place
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.world import World, WorldResource
from tests.plugins.support import done, urn

NAMESPACE, CONFIG = "kubernetes:core/v1:Namespace", "kubernetes:core/v1:ConfigMap"
TYPES = SdkTypes("kubernetes", "pulumi_kubernetes")
ONE, TWO = "https://one.example", "https://two.example"


def kubeconfig(server: str) -> str:
    """A kubeconfig with two contexts, of which the current one leads there."""
    return json.dumps(
        {
            "clusters": [
                {"name": "other", "cluster": {"server": "https://other.example"}},
                {"name": "here", "cluster": {"server": server}},
            ],
            "contexts": [
                {"name": "elsewhere", "context": {"cluster": "other", "user": "u"}},
                {"name": "current", "context": {"cluster": "here", "user": "u"}},
            ],
            "current-context": "current",
        }
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path / "world.sqlite")) as opened:
        yield opened


def cluster(world: World, server: str) -> Simulator:
    """The provider of a cluster."""
    made = Simulator(PACKAGE, TYPES, world)
    made.configure({"kubeconfig": kubeconfig(server), "clusterIdentifier": "any"})
    return made


def make(simulator: Simulator, kind: str, name: str, namespace: str | None = None) -> State:
    """Make an object."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    made: State = done(simulator.create(urn(kind, name), {"metadata": metadata}, False))
    return made


def is_there(simulator: Simulator, kind: str, name: str, state: State) -> bool:
    return bool(done(simulator.read(urn(kind, name), state)).id)


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"kubeconfig": kubeconfig(ONE), "clusterIdentifier": "a"}, ONE),
        ({"kubeconfig": "~/.kube/config", "clusterIdentifier": "a"}, "a"),
        ({"kubeconfig": "{}"}, ""),
        ({"kubeconfig": "[]", "clusterIdentifier": "a"}, "a"),
        ({}, ""),
    ],
)
def test_a_cluster_is_known_by_its_server(config: dict[str, Any], key: str) -> None:
    assert place(config).local == key


def test_one_name_in_two_clusters_is_two_things(world: World) -> None:
    one, two = cluster(world, ONE), cluster(world, TWO)
    here, there = make(one, NAMESPACE, "apps"), make(two, NAMESPACE, "apps")
    done(one.delete(urn(NAMESPACE, "apps"), here))
    assert not is_there(one, NAMESPACE, "apps", here)
    assert is_there(two, NAMESPACE, "apps", there)


def test_an_object_needs_its_namespace(world: World) -> None:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/: 404, in this cluster's words."""
    one, two = cluster(world, ONE), cluster(world, TWO)
    make(two, NAMESPACE, "apps")
    with pytest.raises(ProviderError, match=r"^NotFound: metadata\.namespace: there is no Namespace apps"):
        make(one, CONFIG, "settings", "apps")
    make(one, CONFIG, "settings", "default")
    make(one, CONFIG, "more")


def test_a_namespace_takes_along_what_is_in_it(world: World) -> None:
    one = cluster(world, ONE)
    space, inside = make(one, NAMESPACE, "apps"), make(one, CONFIG, "settings", namespace="apps")
    beside = make(one, CONFIG, "beside")
    done(one.delete(urn(NAMESPACE, "apps"), space))
    assert not is_there(one, CONFIG, "settings", inside)
    assert is_there(one, CONFIG, "beside", beside)
    done(one.delete(urn(CONFIG, "settings"), inside))


def test_a_cluster_that_is_gone_is_not_reached(world: World) -> None:
    """What was in it went with it; the published plugin fails there, too, unless `deleteUnreachable` is set."""
    eks = "aws:eks/cluster:Cluster"
    world.put(WorldResource("aws", eks, "c", urn(eks).text, 1, 1, {}, {}), within=ONE)
    one, two = cluster(world, ONE), cluster(world, TWO)
    space, other = make(one, NAMESPACE, "apps"), make(two, NAMESPACE, "apps")
    world.remove("aws", eks, "c")
    where = urn(NAMESPACE, "apps")
    for asked in (
        lambda: one.read(where, space),
        lambda: one.delete(where, space),
        lambda: one.update(where, space, space.inputs, False),
        lambda: one.create(where, space.inputs, False),
    ):
        with pytest.raises(ProviderError, match=rf"^{ONE} cannot be reached"):
            done(asked())
    done(two.delete(where, other))
