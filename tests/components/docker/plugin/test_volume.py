"""Volumes: plans as the published plugin's, and their lives in a real daemon; data is never taken away unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.docker.plugin.volume import SCHEMA, Volume
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN
from tests.components.docker.plugin.containers import recorded
from tests.plugins.support import urn

if TYPE_CHECKING:
    from docker import DockerClient

URN = urn(SCHEMA.token, "vol")
ACME = {"label": "org", "value": "acme"}
OURS = {"label": "platform:urn", "value": "urn:x"}
PROGRAM = {"name": "fx-vol", "labels": [ACME]}


def checked(inputs: dict[str, Any], name: str = "vol-1234567") -> dict[str, Any]:
    made, failures = Volume().check(URN, inputs, name)
    assert failures == []
    return made


def test_the_recorded_program_gives_the_recorded_inputs() -> None:
    assert checked(PROGRAM) == recorded(SCHEMA.token).inputs
    assert checked({}) == {"name": "vol-1234567", "__defaults": ["name"]}


def test_swarm_volumes_are_refused_by_name() -> None:
    _, failures = Volume().check(URN, {"name": "v", "cluster": {"availability": "active"}}, "")
    assert [failure.path for failure in failures] == ["cluster"]
    assert "use the published plugin" in failures[0].reason


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"driver": "local"}, {}),
        ({"driver": "nfs"}, {"driver": Kind.UPDATE}),
        ({"driverOpts": {"type": "tmpfs"}}, {"driverOpts": Kind.ADD}),
        ({"labels": [{**ACME, "value": "b"}]}, {"labels[0].value": Kind.UPDATE}),
        ({"labels": [{**ACME, "value": ""}]}, {"labels[0].value": Kind.UPDATE}),
        ({"name": UNKNOWN}, {"name": Kind.UPDATE}),
    ],
)
def test_every_change_makes_another_volume(change: dict[str, Any], expected: dict[str, Kind]) -> None:
    found = Volume().diff(recorded(SCHEMA.token), checked({**PROGRAM, **change}))
    assert {c.path: c.kind for c in found.changes} == expected
    assert all(c.replaces for c in found.changes)


def test_a_plan_says_what_only_docker_knows() -> None:
    planned = Volume().planned(None, checked(PROGRAM))
    assert {name for name, value in planned.items() if value is UNKNOWN} == {"driver", "mountpoint"}
    assert planned.keys() == recorded(SCHEMA.token).outputs.keys() - {"id", "__pulumi_raw_state_delta"}


@pytest.mark.docker
def test_a_whole_life(docker_client: DockerClient, prefix: str) -> None:
    inputs = checked({"name": prefix, "labels": [ACME, OURS], "driverOpts": {"type": "tmpfs", "device": "tmpfs"}})
    made = Volume().create(docker_client, URN, inputs)
    assert made.id == prefix
    assert made.outputs.keys() == recorded(SCHEMA.token).outputs.keys() - {"__pulumi_raw_state_delta"}
    assert Volume().diff(made, inputs).changes == []
    assert Volume().read(docker_client, made) == made
    assert Volume().create(docker_client, URN, inputs) == made
    Volume().delete(docker_client, made)
    Volume().delete(docker_client, made)
    assert Volume().read(docker_client, made) == State()


@pytest.mark.docker
def test_a_plain_volume_looks_as_recorded(docker_client: DockerClient, prefix: str) -> None:
    made = Volume().create(docker_client, URN, checked({**PROGRAM, "name": prefix}))
    for name in ("__meta", "cluster", "driver", "driverOpts", "labels"):
        assert made.outputs[name] == recorded(SCHEMA.token).outputs[name]


@pytest.mark.docker
@pytest.mark.parametrize(
    ("labels", "words"),
    [({}, "not made for this resource"), ({"platform:urn": "urn:x", "org": "b"}, "earlier run with other labels")],
)
def test_a_volume_with_something_in_it_is_left_alone(
    docker_client: DockerClient, prefix: str, labels: dict[str, str], words: str
) -> None:
    docker_client.api.create_volume(prefix, labels=labels)
    with pytest.raises(ProviderError, match=words):
        Volume().create(docker_client, URN, checked({"name": prefix, "labels": [OURS]}))
    ours = State(prefix, {}, {"labels": [{"label": "platform:urn", "value": "urn:other"}]})
    Volume().delete(docker_client, ours)
    assert docker_client.api.inspect_volume(prefix)["Labels"] == labels


@pytest.mark.docker
def test_a_volume_in_use_stays_and_says_by_whom(docker_client: DockerClient, prefix: str, busybox: str) -> None:
    volume = Volume(leaving=0.2, pause=0.05)
    made = volume.create(docker_client, URN, checked({"name": prefix}))
    container = docker_client.containers.create(
        busybox, ["/bin/sleep", "1"], name=f"{prefix}-web", volumes={prefix: {"bind": "/data"}}
    )
    with pytest.raises(ProviderError, match=f"still used by {prefix}-web"):
        volume.delete(docker_client, made)
    container.remove(force=True)
    volume.delete(docker_client, made)
