"""Our provider servers behind the real Pulumi engine: whole lives of resources."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.plugins.faults import Faults
from tests.plugins.programs import CANARY, database, eks, misspelt, mocked, platform, somewhere
from tests.plugins.stack import EngineFailedError, Stack, Worker

pytestmark = [pytest.mark.engine, pytest.mark.slow("several runs of the CLI in a row")]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("types")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    started = Worker()
    yield started
    started.stop()


@pytest.fixture
def open_stack(tmp_path: Path, pulumi_cli: Toolchain, cache: Path, worker: Worker) -> Callable[..., Stack]:
    """Opens the test's one stack, with these faults."""
    return lambda **faults: Stack(tmp_path, pulumi_cli.path, cache, worker, Faults(**faults))


@pytest.fixture
def stack(open_stack: Callable[..., Stack]) -> Iterator[Stack]:
    with open_stack() as running:
        yield running


@pytest.mark.slow("a whole life in ten runs of the CLI")
def test_a_whole_life(stack: Stack) -> None:
    planned = stack.preview(platform)
    assert {planned.ops[name] for name in ("vpc", "db", "db-made", "api")} == {"create"}
    assert planned.new["vpc-private"]["vpcId"] == UNKNOWN
    assert planned.outputs["endpoint"] == UNKNOWN

    applied = stack.up(platform)
    assert applied.outputs["endpoint"].endswith(".us-east-1.rds.amazonaws.com:5432")
    assert len(applied.outputs["password"]) == 24
    assert stack.preview(platform).actions == {}
    assert set(stack.refresh().actions.values()) <= {"refresh"}
    assert stack.preview(platform).actions == {}

    larger = stack.up(partial(platform, size=40))
    assert larger.actions == {"db": "update"}
    assert larger.changed["db"] == ["allocatedStorage"]
    assert larger.outputs["endpoint"] == applied.outputs["endpoint"]

    moved = stack.preview(partial(platform, cidr="10.1.0.0/16", size=40))
    assert moved.replaced_for["vpc"] == ["cidrBlock"]
    assert moved.replaced_for["vpc-private"] == ["vpcId"]
    assert moved.actions.keys() == {"vpc", "vpc-private", "vpc-private-1", "db-subnets"}

    with pytest.raises(EngineFailedError, match="protected"):
        stack.destroy()
    secret = stack.up(partial(platform, size=40, password=CANARY + "2"))
    assert secret.changed["db"] == ["password"]
    for file in stack.world.parent.glob("world.sqlite*"):
        assert CANARY.encode() not in file.read_bytes()
        assert str(applied.outputs["password"]).encode() not in file.read_bytes()


def test_an_engine_change_replaces_deleting_first_where_the_name_stays(stack: Stack) -> None:
    stack.up(partial(database, "postgres", True))
    with pytest.raises(EngineFailedError, match="cannot be deleted while deletionProtection is true"):
        stack.up(partial(database, "mysql", True))
    stack.up(partial(database, "postgres", False))
    replaced = stack.up(partial(database, "mysql", False))
    assert replaced.replaced_for["db"] == ["engine"]
    stack.destroy()
    with sqlite3.connect(stack.world) as world:
        assert world.execute("SELECT count(*), sum(deleted) FROM resources").fetchone() == (2, 2)
    world.close()


def test_a_wrong_input_fails_the_plan_with_its_path(stack: Stack) -> None:
    with pytest.raises(EngineFailedError, match="has no property 'cidrblock'; did you mean 'cidrBlock'"):
        stack.preview(misspelt)


def test_a_fault_stops_there_and_the_rest_is_kept(open_stack: Callable[..., Stack]) -> None:
    with open_stack(fail_on_create=("shared-postgres",)) as failing:
        assert failing.preview(mocked).ops["shared-postgres"] == "create"
        with pytest.raises(EngineFailedError, match="simulated fault: create of shared-postgres refused"):
            failing.up(mocked)
    with open_stack() as healed:
        assert healed.up(mocked).actions == {"shared-postgres": "create"}


def test_drift_is_seen_by_a_refresh(open_stack: Callable[..., Stack]) -> None:
    with open_stack(drift_after={"shared-postgres": 0.0}) as stack:
        stack.up(mocked)
        stack.refresh()
        assert stack.preview(mocked).changed == {"shared-postgres": ["storage_gb"]}


def test_another_region_is_another_place(stack: Stack) -> None:
    """The provider is replaced with all it holds; the old one is still reached where it was, to delete it."""
    stack.up(partial(somewhere, "us-east-1"))
    planned = stack.preview(partial(somewhere, "eu-west-1"))
    moved = stack.up(partial(somewhere, "eu-west-1"))
    assert planned.replaced_for["aws"] == ["region"]
    assert moved.outputs["arn"].startswith("arn:aws:ec2:eu-west-1:")
    with closing(sqlite3.connect(stack.world)) as world:
        rows = world.execute("SELECT place, count(*), sum(deleted) FROM resources GROUP BY place ORDER BY place")
        assert rows.fetchall() == [("aws:123456789012/eu-west-1", 2, 0), ("aws:123456789012/us-east-1", 2, 2)]


def _dependencies(stack: Stack, name: str) -> set[str]:
    """The names of what a resource depends on, as the state records it."""
    (state,) = (stack.folder / "state").glob(".pulumi/stacks/*/*.json")
    resources = json.loads(state.read_bytes())["checkpoint"]["latest"]["resources"]
    (found,) = (one for one in resources if one["urn"].endswith(f"::{name}"))
    return {urn.rpartition("::")[2] for urn in found["dependencies"]}


def test_the_remote_component_of_eks(stack: Stack) -> None:
    children = {"primary-eksCluster", "primary-kube-proxy", "primary-eks-k8s", "primary-oidcProvider"}
    planned = stack.preview(eks)
    assert {name for name, op in planned.ops.items() if op == "create"} >= {"primary", "role", *children}
    assert planned.new["primary-eksCluster"]["roleArn"] == UNKNOWN

    applied = stack.up(eks)
    server = json.loads(applied.outputs["kubeconfig"])["clusters"][0]["cluster"]["server"]
    assert server.endswith(".eks.amazonaws.com")
    assert applied.outputs["arn"] == "arn:aws:eks:eu-west-1:123456789012:cluster/primary"
    # As of the published plugin: or what is referred to may be deleted before the cluster is.
    assert {"role", "subnet-0", "subnet-1"} <= _dependencies(stack, "primary-eksCluster")
    assert stack.preview(eks).actions == {}
    newer = stack.preview(partial(eks, version="1.30"))
    assert newer.actions == {"primary-eksCluster": "update", "primary-kube-proxy": "update"}
    assert set(stack.destroy().actions) >= children

    with pytest.raises(EngineFailedError, match="gpu: not in the record"):
        stack.preview(partial(eks, gpu=True))
    with pytest.raises(EngineFailedError, match=r"skipDefaultNodeGroup: the record of eks\.Cluster 4 is for true only"):
        stack.preview(partial(eks, skip_default_node_group=False))
