"""What inputs are in Docker's API, and what its errors mean, without a daemon."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from components.docker.plugin.container_config import archive, body, endpoints, resources
from components.docker.plugin.container_errors import explain
from platform_pulumi.plugins.values import Sealed


def host(**inputs: Any) -> dict[str, Any]:
    made = body({"image": "app:1", **inputs})["HostConfig"]
    return {name: value for name, value in made.items() if name not in {"Init", "RestartPolicy"}}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"memory": 64, "memorySwap": -1}, {"Memory": 64 << 20, "MemorySwap": -1}),
        ({"cpus": "1.5"}, {"NanoCpus": 1_500_000_000}),
        ({"volumes": [{"hostPath": "/a", "containerPath": "/b", "readOnly": True}]}, {"Binds": ["/a:/b:ro"]}),
        (
            {"volumes": [{"volumeName": "v", "containerPath": "/b", "selinuxRelabel": "z"}]},
            {"Binds": ["v:/b:rw,z"]},
        ),
        ({"volumes": [{"fromContainer": "other"}]}, {"VolumesFrom": ["other"]}),
        ({"volumes": [{"containerPath": "/b"}]}, {}),
        (
            {"devices": [{"hostPath": "/dev/fuse"}]},
            {"Devices": [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"}]},
        ),
        (
            {"mounts": [{"type": "bind", "source": "/a", "target": "/b", "bindOptions": {"propagation": "rslave"}}]},
            {
                "Mounts": [
                    {
                        "Type": "bind",
                        "Source": "/a",
                        "Target": "/b",
                        "ReadOnly": False,
                        "BindOptions": {"Propagation": "rslave"},
                    }
                ]
            },
        ),
        (
            {"mounts": [{"type": "tmpfs", "target": "/t", "tmpfsOptions": {"sizeBytes": 9}}]},
            {
                "Mounts": [
                    {"Type": "tmpfs", "Target": "/t", "ReadOnly": False, "TmpfsOptions": {"SizeBytes": 9, "Mode": 0}}
                ]
            },
        ),
        (
            {
                "mounts": [
                    {
                        "type": "volume",
                        "target": "/v",
                        "volumeOptions": {
                            "noCopy": True,
                            "labels": [{"label": "a", "value": "b"}],
                            "driverName": "local",
                            "subpath": "in",
                        },
                    }
                ]
            },
            {
                "Mounts": [
                    {
                        "Type": "volume",
                        "Target": "/v",
                        "ReadOnly": False,
                        "VolumeOptions": {
                            "NoCopy": True,
                            "Labels": {"a": "b"},
                            "DriverConfig": {"Name": "local", "Options": {}},
                            "Subpath": "in",
                        },
                    }
                ]
            },
        ),
        (
            {"ports": [{"internal": 53, "protocol": "udp", "external": 53}, {"internal": 53, "protocol": "udp"}]},
            {"PortBindings": {"53/udp": [{"HostIp": "", "HostPort": "53"}, {"HostIp": "", "HostPort": ""}]}},
        ),
    ],
)
def test_host_config(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert host(**inputs) == expected


def test_what_says_nothing_is_left_to_docker() -> None:
    assert body({"image": "app:1", "user": "", "envs": [], "hostname": None}) == {
        "Image": "app:1",
        "HostConfig": {"Init": False, "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}},
    }


def test_a_health_check_is_in_nanoseconds() -> None:
    made = body({"image": "a", "healthcheck": {"tests": ["CMD", "x"], "interval": "1m", "timeout": "0s", "retries": 0}})
    assert made["Healthcheck"] == {"Test": ["CMD", "x"], "Interval": 60 * 10**9}


def test_secrets_are_opened() -> None:
    assert body({"image": "a", "envs": Sealed(["A=1", Sealed("B=2")])})["Env"] == ["A=1", "B=2"]


def test_networks() -> None:
    networks = [{"name": "n", "aliases": ["a"], "ipv4Address": "10.0.0.2", "driverOpts": ["k=v=w"], "ipv6Address": ""}]
    assert list(endpoints({"networksAdvanced": networks})) == [
        ("n", {"aliases": ["a"], "ipv4_address": "10.0.0.2", "driver_opt": {"k": "v=w"}})
    ]


def test_no_uploads_are_no_archive() -> None:
    assert archive({"uploads": []}) == b""


@pytest.mark.parametrize(
    ("names", "inputs", "expected"),
    [
        (["memory"], {"memory": 64}, {"mem_limit": 64 << 20, "memswap_limit": 128 << 20}),
        (["memory"], {"memory": 64, "memorySwap": 96}, {"mem_limit": 64 << 20, "memswap_limit": 96 << 20}),
        (["memorySwap"], {"memory": 64}, {"memswap_limit": 128 << 20}),
        (["memorySwap"], {}, {"memswap_limit": -1}),
        (["cpuSet", "cpuShares"], {"cpuSet": "0", "cpuShares": 9}, {"cpuset_cpus": "0", "cpu_shares": 9}),
        (["restart"], {"restart": "always"}, {"restart_policy": {"Name": "always", "MaximumRetryCount": 0}}),
    ],
)
def test_an_update(names: list[str], inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    assert resources(inputs, names) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write /var/lib/docker/x: no space left on device", "no space is left on the device"),
        ("invalid mount config: bind source path does not exist: /nope", "/nope does not exist on Docker's machine"),
        (
            'exec: "foo": executable file not found in $PATH: unknown',
            "its command 'foo' cannot be run in the image app:1",
        ),
        ("network back not found", "there is no network back"),
        ("Bind for :::80 failed: port is already allocated", "port 80 on"),
        ("something new", "Docker refused it"),
    ],
)
def test_errors_in_words(text: str, what: str) -> None:
    client: Any = SimpleNamespace(api=SimpleNamespace(containers=list))  # None runs.
    found = explain(client, APIError("500 Server Error", explanation=text), {"image": "app:1"})
    assert found.what.startswith(what)
    assert found.advice


def test_a_daemon_that_does_not_answer() -> None:
    client: Any = None
    found = explain(client, ConnectionRefusedError(), {})
    assert found.what == "Docker could not be asked"
    assert "Is Docker running?" in found.advice
