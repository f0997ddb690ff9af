"""Networks: plans as the published plugin's, and what is made of them in a real daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.docker.plugin.network import SCHEMA, Network
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Sealed, open_value
from tests.components.docker.plugin.containers import recorded
from tests.plugins.support import urn

if TYPE_CHECKING:
    from docker import DockerClient

URN = urn(SCHEMA.token, "net")


def checked(inputs: dict[str, Any], name: str = "net-1234567") -> dict[str, Any]:
    made, failures = Network().check(URN, inputs, name)
    assert failures == []
    return made


def label(value: str = "acme", name: str = "org") -> dict[str, str]:
    return {"label": name, "value": value}


PROGRAM = {"name": "fx-net", "driver": "bridge", "internal": False, "labels": [label()]}


def test_the_recorded_program_gives_the_recorded_inputs() -> None:
    assert checked(PROGRAM) == recorded(SCHEMA.token).inputs


def test_a_network_without_a_name_gets_one() -> None:
    made = checked({})
    assert made == {"name": "net-1234567", "ipamDriver": "default", "__defaults": ["ipamDriver", "name"]}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"labels": [{"label": "a"}]}, "labels[0].value"),
        ({"internal": "yes"}, "internal"),
        ({"intrenal": True}, "intrenal"),
        ({"ipamConfigs": [{"net": "10.0.0.0/8"}]}, "ipamConfigs[0].net"),
    ],
)
def test_wrong_inputs(inputs: dict[str, Any], path: str) -> None:
    _, failures = Network().check(URN, inputs, "net")
    assert [failure.path for failure in failures] == [path]


def test_without_automatic_names_a_name_is_needed() -> None:
    _, failures = Network().check(URN, {}, "")
    assert [failure.path for failure in failures] == ["name"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {}),
        ({"driver": None}, {}),
        ({"internal": None, "ipv6": False, "options": None}, {}),
        ({"internal": True}, {"internal": Kind.UPDATE}),
        ({"internal": UNKNOWN}, {"internal": Kind.UPDATE}),
        ({"labels": [label("other")]}, {"labels[0].value": Kind.UPDATE}),
        ({"labels": [label(), label("t", "team")]}, {"labels[1]": Kind.ADD}),
        ({"labels": [label("t", "team"), label()]}, {"labels[0]": Kind.ADD}),
        ({"labels": None}, {"labels": Kind.DELETE}),
        ({"name": "other"}, {"name": Kind.UPDATE}),
        ({"attachable": True}, {"attachable": Kind.UPDATE}),
        ({"ipamOptions": {"a": "b"}}, {"ipamOptions": Kind.ADD}),
        ({"ipamConfigs": [{"subnet": "172.20.0.0/16"}]}, {}),
        ({"ipamConfigs": [{"subnet": "10.9.0.0/16"}]}, {"ipamConfigs": Kind.UPDATE}),
        ({"labels": Sealed([label()])}, {}),
    ],
)
def test_every_change_makes_another_network(change: dict[str, Any], expected: dict[str, Kind]) -> None:
    found = Network().diff(recorded(SCHEMA.token), checked({**PROGRAM, **change}))
    assert {c.path: c.kind for c in found.changes} == expected
    assert all(c.replaces for c in found.changes)
    assert found.delete_before_replace


def test_one_with_an_automatic_name_is_made_before_the_old_one_goes() -> None:
    assert not Network().diff(recorded(SCHEMA.token), checked({"driver": "macvlan"})).delete_before_replace


def test_a_plan_says_what_only_docker_knows() -> None:
    planned = Network().planned(None, checked(PROGRAM))
    unknown = {name for name, value in planned.items() if value is UNKNOWN}
    assert unknown == {"ipamConfigs", "ipamOptions", "options", "scope"}
    assert planned["labels"] == [label()]
    assert planned.keys() == recorded(SCHEMA.token).outputs.keys() - {"id", "__pulumi_raw_state_delta"}


@pytest.mark.docker
def test_a_whole_life(docker_client: DockerClient, prefix: str) -> None:
    network = Network()
    inputs = checked(
        {
            "name": prefix,
            "internal": True,
            "labels": [label(), label("urn:x", "platform:urn")],
            "ipamConfigs": [
                {"subnet": "10.231.7.0/24", "ipRange": "10.231.7.128/25", "auxAddress": {"a": "10.231.7.5"}}
            ],
            "options": {"com.docker.network.bridge.enable_icc": "false"},
        }
    )
    made = network.create(docker_client, URN, inputs)
    assert made.outputs.keys() == recorded(SCHEMA.token).outputs.keys() - {"__pulumi_raw_state_delta"}
    assert made.id == made.outputs["id"] == docker_client.api.inspect_network(prefix)["Id"]
    assert made.outputs["internal"] is True
    assert network.diff(made, inputs).changes == []
    read = network.read(docker_client, made)
    assert (read.inputs, read.outputs) == (made.inputs, made.outputs)

    again = network.create(docker_client, URN, inputs)
    assert again.id == made.id
    network.delete(docker_client, made)
    network.delete(docker_client, made)
    assert network.read(docker_client, made) == State()


@pytest.mark.docker
def test_a_plain_network_looks_as_recorded(docker_client: DockerClient, prefix: str) -> None:
    inputs = checked({**PROGRAM, "name": prefix})
    made = Network().create(docker_client, URN, inputs)
    same = {"__meta", "attachable", "driver", "ingress", "internal", "ipamDriver", "ipamOptions", "ipv6", "labels"}
    for name in (*same, "options", "scope"):
        assert made.outputs[name] == recorded(SCHEMA.token).outputs[name], name
    assert made.outputs["ipamConfigs"][0].keys() == recorded(SCHEMA.token).outputs["ipamConfigs"][0].keys()


@pytest.mark.docker
def test_anothers_network_is_left_alone(docker_client: DockerClient, prefix: str) -> None:
    identifier = docker_client.api.create_network(prefix)["Id"]
    with pytest.raises(ProviderError, match=f"network {prefix} already.*left alone"):
        Network().create(docker_client, URN, checked({"name": prefix, "labels": [label("urn:x", "platform:urn")]}))
    assert docker_client.api.inspect_network(prefix)["Id"] == identifier


@pytest.mark.docker
def test_what_a_killed_run_left_gives_way_to_what_is_wanted_now(docker_client: DockerClient, prefix: str) -> None:
    mark = [label("urn:x", "platform:urn")]
    old = Network().create(docker_client, URN, checked({"name": prefix, "labels": mark}))
    new = Network().create(docker_client, URN, checked({"name": prefix, "labels": mark, "internal": True}))
    assert new.id != old.id
    assert len(docker_client.api.networks(names=[prefix])) == 1


@pytest.mark.docker
def test_a_network_in_use_stays_and_says_by_whom(docker_client: DockerClient, prefix: str, busybox: str) -> None:
    network = Network(leaving=0.2, pause=0.05)
    made = network.create(docker_client, URN, checked({"name": prefix}))
    container = docker_client.containers.run(
        busybox, ["/bin/sleep", "600"], name=f"{prefix}-web", network=prefix, detach=True
    )
    with pytest.raises(ProviderError, match=f"still used by {prefix}-web"):
        network.delete(docker_client, made)
    container.remove(force=True)
    network.delete(docker_client, made)


@pytest.mark.docker
def test_secret_labels_stay_secret(docker_client: DockerClient, prefix: str) -> None:
    inputs = checked({"name": prefix, "labels": [{"label": "key", "value": Sealed("hidden")}]})
    made = Network().create(docker_client, URN, inputs)
    assert made.outputs["labels"] == Sealed([{"label": "key", "value": "hidden"}])
    assert Network().read(docker_client, made).outputs["labels"] == made.outputs["labels"]
    assert open_value(made.outputs)["labels"][0]["value"] == "hidden"


@pytest.mark.docker
def test_an_import_finds_its_inputs(docker_client: DockerClient, prefix: str) -> None:
    identifier = docker_client.api.create_network(prefix, labels={"a": "b"}, internal=True)["Id"]
    read = Network().read(docker_client, State(identifier))
    assert (read.inputs["name"], read.inputs["internal"], read.inputs["__defaults"]) == (prefix, True, [])
    assert Network().diff(read, checked({"name": prefix, "internal": True, "labels": [label("b", "a")]})).changes == []
