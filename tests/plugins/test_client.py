"""The host process: it serves, says what is wrong, and never outlives who started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2

from platform_pulumi.errors import EngineError
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.protocol import provider_pb2, provider_pb2_grpc
from platform_pulumi.plugins.servicer import VERSION
from platform_pulumi.plugins.serving import ServedPackage

MOCK = {"mock": ServedPackage(simulated="components.mock.simulated:PACKAGE")}
AWS = ServedPackage(simulated="components.aws.simulated:AWS", module="pulumi_aws")


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_it_serves_each_package_on_a_port_of_its_own(tmp_path: Path) -> None:
    with PluginHost({**MOCK, **serving.OWN}, tmp_path / "world.sqlite", simulated=True) as host:
        ports = dict(entry.split(":") for entry in host.debug_providers.split(","))
        assert list(ports) == ["mock", "platform"]
        for port in ports.values():
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                assert stub.GetPluginInfo(empty_pb2.Empty(), timeout=20).version == VERSION
        pid = host.pid
        assert pid is not None
    assert not alive(pid)


def test_each_package_builds_its_own_components(tmp_path: Path) -> None:
    packages = {
        name: ServedPackage(simulated=f"tests.plugins.components:{name.upper()}") for name in ("first", "second")
    }
    with PluginHost(packages, tmp_path / "world.sqlite", simulated=True) as host:
        made = {}
        for package, port in (entry.split(":") for entry in host.debug_providers.split(",")):
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                made[package] = stub.Construct(provider_pb2.ConstructRequest(name="thing"), timeout=20).urn
    assert made == {"first": "First made thing", "second": "Second made thing"}


def test_without_simulation_there_are_passwords_and_no_world(tmp_path: Path) -> None:
    with PluginHost(serving.OWN, tmp_path / "world.sqlite") as host:
        assert host.debug_providers.startswith("platform:")
    assert not (tmp_path / "world.sqlite").exists()


def test_it_starts_at_once_and_waits_when_it_is_asked(tmp_path: Path) -> None:
    host = PluginHost(serving.OWN, tmp_path / "world.sqlite", Faults(latency={"*": 0.1}))
    assert host.pid is None
    host.start()
    pid = host.pid
    host.start()
    assert host.pid == pid
    assert host.debug_providers == host.debug_providers
    host.stop()
    host.stop()


@pytest.mark.parametrize(
    ("packages", "simulated", "words"),
    [
        (MOCK, False, "mock can be served in simulated runs only"),
        ({"none": replace(AWS, module="pulumi_of_nobody")}, True, "pulumi_of_nobody"),
    ],
)
def test_what_cannot_be_served_is_told(
    tmp_path: Path, packages: dict[str, ServedPackage], simulated: bool, words: str
) -> None:
    with PluginHost(packages, tmp_path / "w", simulated=simulated, cache=tmp_path) as host:
        with pytest.raises(EngineError) as caught:
            _ = host.debug_providers
        assert words in caught.value.detail
        assert host.pid is None


def test_a_world_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("something else" * 100)
    with PluginHost(MOCK, tmp_path / "w", simulated=True) as host, pytest.raises(EngineError) as caught:
        _ = host.debug_providers
    assert "Remove it" in caught.value.detail


def test_a_host_that_breaks_says_its_last_words(tmp_path: Path) -> None:
    with PluginHost(MOCK, Path("\0"), simulated=True) as host, pytest.raises(EngineError) as caught:
        _ = host.debug_providers
    assert "null" in caught.value.detail


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib\n"
        "from platform_pulumi.plugins.client import PluginHost\n"
        "from platform_pulumi.plugins.serving import OWN\n"
        f"host = PluginHost(OWN, pathlib.Path({str(tmp_path / 'w')!r}))\n"
        "assert host.debug_providers\n"
        "print(host.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == -9, done.stderr
    pid = int(done.stdout)
    assert until(lambda: not alive(pid))


def test_it_does_not_load_what_serving_does_not_need(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "import platform_pulumi.plugins.host\n"
        "heavy = {'pulumi', 'pulumi_aws', 'pydantic', 'yaml', 'click'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "from platform_pulumi.plugins import protocol\n"
        "protocol.join_sdk()\n"
        "import pulumi\n"
        "import pulumi.provider.experimental.server\n"
        "from pulumi.runtime.proto import provider_pb2\n"
        "assert provider_pb2 is protocol.provider_pb2\n"
        "assert pulumi.runtime.proto.provider_pb2 is provider_pb2\n"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=60, cwd=tmp_path)
