"""Containers on a real daemon: made, read, changed, taken away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from components.docker.plugin.container_outputs import META
from platform_pulumi.plugins.provider import State
from platform_pulumi.plugins.values import Sealed
from tests.components.docker.plugin.containers import URN, Bed, bed, recorded
from tests.shared import free_port

__all__ = ["bed"]
pytestmark = pytest.mark.docker


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def network(bed: Bed) -> str:
    return bed.network()


def web(bed: Bed, port: int, network: str, **change: Any) -> dict[str, Any]:
    """The recorded container's inputs, on this daemon."""
    return {
        "command": ["/bin/httpd", "-f", "-p", "8080", "-h", "/data"],
        "envs": ["A=1", "B=2"],
        "labels": [{"label": "app", "value": "t"}],
        "memory": 64,
        "restart": "unless-stopped",
        "networksAdvanced": [{"name": network, "aliases": ["web"]}],
        "ports": [{"internal": 8080, "external": port, "ip": "127.0.0.1"}],
        "volumes": [{"volumeName": bed.name, "containerPath": "/data"}],
        "healthcheck": {"tests": ["CMD", "/bin/busybox", "true"], "interval": "2s", "retries": 3},
        "mustRun": True,
        "wait": False,
        "destroyGraceSeconds": 1,
        **change,
    }


def test_outputs_as_recorded(bed: Bed, port: int, network: str) -> None:
    made = bed.create(**web(bed, port, network))
    expected = recorded().outputs
    del expected["__pulumi_raw_state_delta"]
    seen = bed.client.api.inspect_container(made.id)
    data = seen["NetworkSettings"]["Networks"][network]
    expected |= {
        "id": made.id,
        "name": bed.name,
        "image": bed.image,
        "hostname": made.id[:12],
        "ports": [{"external": port, "internal": 8080, "ip": "127.0.0.1", "protocol": "tcp"}],
        "volumes": [{**expected["volumes"][0], "volumeName": bed.name}],
        "networksAdvanced": [{**expected["networksAdvanced"][0], "name": network}],
        "networkDatas": [
            {
                **expected["networkDatas"][0],
                "gateway": data["Gateway"],
                "ipAddress": data["IPAddress"],
                "ipPrefixLength": data["IPPrefixLen"],
                "macAddress": data["MacAddress"],
                "networkName": network,
            }
        ],
        "stopSignal": seen["Config"].get("StopSignal") or "",
    }
    assert made.outputs == expected
    assert made.outputs["__meta"] == META
    assert seen["HostConfig"]["NetworkMode"] == "bridge"
    assert list(seen["NetworkSettings"]["Networks"]) == [network]
    assert "web" in data["Aliases"]
    assert not bed.kind.diff(made, made.inputs).changes
    again = bed.read(made)
    assert (again.id, again.inputs, again.outputs) == (made.id, made.inputs, made.outputs)


def test_everything_that_is_asked_for_reaches_docker(bed: Bed, network: str, canary: str) -> None:
    made = bed.create(
        networksAdvanced=[{"name": network}],
        command=["-c", "sleep 600"],
        entrypoints=["/bin/sh"],
        envs=Sealed(["A=1", f"SECRET={canary}"]),
        user="1000:1000",
        workingDir="/tmp",
        hostname="inner",
        tmpfs={"/tmp": "size=1m"},
        uploads=[
            {"file": "/etc/app.conf", "content": "hello"},
            {"file": "/opt/run", "contentBase64": "I2E=", "executable": True},
        ],
        mounts=[{"target": "/m", "type": "volume", "source": bed.name, "readOnly": True}],
        capabilities={"adds": ["NET_ADMIN"], "drops": ["CHOWN"]},
        cpus="0.5",
        cpuShares=512,
        shmSize=32,
        init=True,
        hosts=[{"host": "db", "ip": "10.0.0.1"}],
        ulimits=[{"name": "nofile", "soft": 100, "hard": 200}],
        sysctls={"net.core.somaxconn": "128"},
        securityOpts=["no-new-privileges"],
        logOpts={"max-size": "1m"},
        dns=["10.0.0.2"],
        restart="on-failure",
        maxRetryCount=2,
        stopSignal="SIGINT",
        stopTimeout=3,
    )
    found = bed.client.api.inspect_container(made.id)
    config, host = found["Config"], found["HostConfig"]
    assert (config["Entrypoint"], config["Cmd"]) == (["/bin/sh"], ["-c", "sleep 600"])
    assert f"SECRET={canary}" in config["Env"]
    assert (config["User"], config["WorkingDir"], config["Hostname"]) == ("1000:1000", "/tmp", "inner")
    assert (config["StopSignal"], config["StopTimeout"]) == ("SIGINT", 3)
    assert (host["NanoCpus"], host["CpuShares"], host["ShmSize"], host["Init"]) == (500_000_000, 512, 32 << 20, True)
    assert (host["CapAdd"], host["CapDrop"], host["ExtraHosts"]) == (["NET_ADMIN"], ["CHOWN"], ["db:10.0.0.1"])
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 2}
    assert host["LogConfig"]["Config"]["max-size"] == "1m"
    assert (host["Dns"], host["Tmpfs"]) == (["10.0.0.2"], {"/tmp": "size=1m"})
    code, output = bed.client.containers.get(made.id).exec_run(
        ["/bin/sh", "-c", "cat /etc/app.conf; test -x /opt/run || ls -l /opt/run"]
    )
    assert (code, output[:5]) == (0, b"hello")
    assert b"rwxr--r--" in output
    assert isinstance(made.outputs["envs"], Sealed)
    assert canary not in repr(made.outputs)
    assert not bed.kind.diff(made, made.inputs).changes
    assert bed.read(made).outputs == made.outputs


def test_wait_until_healthy(bed: Bed) -> None:
    check = {"tests": ["CMD", "/bin/test", "-e", "/ready"], "interval": "100ms", "retries": 100}
    made = bed.create(command=["/bin/sh", "-c", "sleep 1; touch /ready; sleep 600"], healthcheck=check, wait=True)
    assert bed.client.containers.get(made.id).exec_run(check["tests"][1:]).exit_code == 0


def test_update_in_place(bed: Bed) -> None:
    made = bed.create(memory=64, cpuShares=256)
    # Above the sum of memory and swap that Docker gave it.
    inputs = bed.inputs(memory=256, cpuShares=512, restart="on-failure", maxRetryCount=4, waitTimeout=5)
    assert not [change for change in bed.kind.diff(made, inputs).changes if change.replaces]
    changed = bed.update(made, inputs)
    host = bed.client.api.inspect_container(made.id)["HostConfig"]
    assert (host["Memory"] >> 20, host["MemorySwap"] >> 20, host["CpuShares"]) == (256, 512, 512)
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 4}
    expected = {"memory": 256, "memorySwap": 0, "cpuShares": 512, "restart": "on-failure", "maxRetryCount": 4}
    assert {name: changed.outputs[name] for name in expected} == expected
    assert changed.outputs["waitTimeout"] == 5
    assert not bed.kind.diff(changed, inputs).changes


def test_a_limit_changed_by_hand_shows(bed: Bed) -> None:
    made = bed.create(memory=64)
    bed.client.api.update_container(made.id, mem_limit="32m", memswap_limit="64m")
    seen = bed.read(made)
    assert (seen.inputs["memory"], seen.outputs["memory"]) == (32, 32)
    assert [change.path for change in bed.kind.diff(seen, made.inputs).changes] == ["memory"]


def test_a_stopped_one_is_seen_as_recorded(bed: Bed, port: int, network: str) -> None:
    made = bed.create(**web(bed, port, network))
    bed.client.api.stop(made.id, timeout=0)
    seen = bed.read(made)
    assert (seen.inputs["mustRun"], seen.inputs["ports"]) == (False, [])
    assert (seen.outputs["mustRun"], seen.outputs["ports"], seen.outputs["memorySwap"]) == (False, [], 128)
    assert isinstance(seen.outputs["exitCode"], int)
    changes = bed.kind.diff(seen, made.inputs).changes
    assert [(change.path, change.kind.value, change.replaces) for change in changes] == [
        ("memorySwap", "delete", False),
        ("mustRun", "update", False),
        ("ports", "add", True),
    ]


def test_a_stopped_one_without_ports_is_started_again(bed: Bed) -> None:
    made = bed.create()
    bed.client.api.stop(made.id, timeout=0)
    seen = bed.read(made)
    assert [change.path for change in bed.kind.diff(seen, made.inputs).changes] == ["mustRun"]
    changed = bed.update(seen, made.inputs)
    assert changed.outputs["mustRun"]
    assert bed.client.api.inspect_container(made.id)["State"]["Running"]


def test_one_that_is_only_created(bed: Bed, port: int) -> None:
    made = bed.create(start=False, ports=[{"internal": 80, "external": port, "ip": "127.0.0.1"}])
    assert bed.client.api.inspect_container(made.id)["State"]["Status"] == "created"
    assert not bed.kind.diff(made, made.inputs).changes


def test_gone_is_gone_whoever_has_its_name(bed: Bed) -> None:
    made = bed.create()
    bed.client.api.remove_container(made.id, force=True)
    bed.create()
    assert bed.read(made) == State()


def test_import_by_name(bed: Bed, port: int) -> None:
    made = bed.create(
        envs=["A=1"],
        labels=[{"label": "a", "value": "b"}],
        memory=64,
        ports=[{"internal": 80, "external": port, "ip": "127.0.0.1"}],
    )
    found = bed.read(State(bed.name))
    assert found.id == made.id
    checked, failures = bed.kind.check(URN, found.inputs, "unused")
    assert not failures
    assert not bed.kind.diff(found, checked).changes
    wanted = ("command", "envs", "image", "memory", "name", "restart")
    assert {name: checked[name] for name in wanted} == {name: made.inputs[name] for name in wanted}


def test_delete(bed: Bed) -> None:
    made = bed.create(volumes=[{"containerPath": "/anonymous"}, {"containerPath": "/named", "volumeName": bed.name}])
    mounts = bed.client.api.inspect_container(made.id)["Mounts"]
    nameless = next(item["Name"] for item in mounts if item["Destination"] == "/anonymous")
    bed.kind.delete(bed.client, made)
    assert not bed.there()
    left = {item["Name"] for item in bed.client.api.volumes()["Volumes"] or ()}
    assert bed.name in left
    assert nameless not in left
    bed.kind.delete(bed.client, made)


def test_a_removal_that_is_under_way_is_waited_for(bed: Bed) -> None:
    made = bed.create(command=["/bin/sh", "-c", "trap '' TERM; while true; do sleep 0.1; done"], destroyGraceSeconds=1)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: bed.kind.delete(bed.client, made), range(4)))
    assert not bed.there()


def test_a_port_of_dockers_choice(bed: Bed) -> None:
    made = bed.create(ports=[{"internal": 80, "ip": "127.0.0.1"}])
    assert made.outputs["ports"][0]["external"] > 0
    assert not bed.kind.diff(made, made.inputs).changes
    assert bed.read(made).inputs == made.inputs


def test_delete_gives_the_grace_asked_for(bed: Bed) -> None:
    script = "trap 'sleep 1; touch /data/saved; exit 0' TERM; touch /data/up; while true; do sleep 0.1; done"
    volumes = [{"containerPath": "/data", "volumeName": bed.name}]
    made = bed.create(command=["/bin/sh", "-c", script], volumes=volumes, destroyGraceSeconds=10)
    bed.kind.delete(bed.client, made)
    looking = bed.create(command=["/bin/sh", "-c", "test -e /data/saved && sleep 600"], volumes=volumes)
    assert looking.outputs["mustRun"]


def test_a_network_that_was_left_is_told(bed: Bed) -> None:
    made = bed.create(networksAdvanced=[{"name": bed.network(), "aliases": ["web"]}])
    assert [network["name"] for network in made.outputs["networksAdvanced"]] == [bed.name]
    bed.client.api.disconnect_container_from_network(made.id, bed.name)
    read = bed.read(made)
    assert read.outputs["networksAdvanced"] == []
    (change,) = [c for c in bed.kind.diff(State(read.id, made.inputs, read.outputs), made.inputs).changes if c.replaces]
    assert change.path == "networksAdvanced"
