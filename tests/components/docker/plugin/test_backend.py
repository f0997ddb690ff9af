"""The package as a whole: which types there are, their names, and that a plan needs no daemon."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.docker import DEFINITION
from components.docker.plugin import network
from components.docker.plugin.backend import KINDS, DockerBackend
from components.docker.plugin.daemon import CALLS
from components.docker.simulated import TABLE
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.provider import Naming, ProviderError, State
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.serving import ServedPackage
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from tests.plugins.support import diff_config, done, urn

NET = urn(network.SCHEMA.token, "net")
NOWHERE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}


def name(naming: Naming, inputs: dict[str, Any] | None = None) -> Any:
    checked, _ = DockerBackend(NOWHERE).check(NET, inputs or {}, naming)
    return checked.get("name")


def test_names() -> None:
    assert name(Naming(seed=b"x")) == name(Naming(seed=b"x"))
    assert name(Naming(seed=b"x")) != name(Naming(seed=b"y"))
    assert name(Naming()) != name(Naming())
    made = name(Naming())
    assert made.startswith("net-")
    assert len(made) == len("net-1234567")
    assert name(Naming(proposed="dev-net")) == "dev-net"
    assert name(Naming(disabled=True)) is None
    kept = Naming(proposed="dev-net", recorded={"name": "net-7654321", "__defaults": ["ipamDriver", "name"]})
    assert name(kept) == "net-7654321"
    assert name(Naming(proposed="p", recorded={"name": "chosen", "__defaults": []})) == "p"
    assert name(kept, {"name": "given"}) == "given"


def test_every_kind_is_there_and_says_its_token() -> None:
    for token in KINDS:
        kind = DockerBackend(NOWHERE)._kind(urn(token))
        assert kind.token == token


def test_other_types_and_functions_are_refused() -> None:
    backend = DockerBackend(NOWHERE)
    with pytest.raises(ProviderError, match=r"serves Container, .*Volume, not docker:index/service:Service"):
        backend.check(urn("docker:index/service:Service"), {}, Naming())
    with pytest.raises(ProviderError, match="does not serve the function"):
        backend.invoke("docker:index/getNetwork:getNetwork", {})


def test_settings_that_are_not_served_are_refused() -> None:
    backend = DockerBackend({})
    backend.configure({"version": "5.2.0", "host": UNKNOWN, "disableDockerDaemonCheck": True})
    with pytest.raises(ProviderError, match="registryAuth, sshOpts"):
        backend.configure({"registryAuth": Sealed("[]"), "sshOpts": "[]"})
    backend.configure({"version": "5.2.0", "host": "unix:///a.sock"})
    backend.configure({"version": "5.2.1", "host": "unix:///a.sock"})
    with pytest.raises(ProviderError, match="is no address of Docker's"):
        backend.configure({"host": "nonsense"})
    with pytest.raises(ProviderError, match="one daemon in a run"):
        backend.configure({"host": "unix:///b.sock"})
    assert list(diff_config(backend, {"version": "5.2.0"}, {"version": "99.0.0"}).diffs) == []
    assert [c.path for c in backend.diff_config({}, {"host": "unix:///a"})] == ["host"]


def test_the_same_daemon_may_be_named_twice() -> None:
    backend = DockerBackend({"DOCKER_HOST": "unix:///a.sock"})
    backend.configure({"version": "5.2.0"})
    backend.configure({"host": "unix:///a.sock"})


def test_plans_need_no_daemon() -> None:
    backend = DockerBackend(NOWHERE)
    inputs, _ = backend.check(NET, {"name": "net"}, Naming())
    planned = done(backend.create(NET, inputs, True))
    assert planned.outputs["scope"] is UNKNOWN
    assert backend.diff(NET, State("1", inputs, {**planned.outputs, "options": {}}), inputs).changes == []
    assert done(backend.update(NET, planned, inputs, True))["name"] == "net"


@pytest.mark.parametrize("verb", ["create", "read", "delete"])
def test_without_a_daemon_it_says_so(verb: str) -> None:
    backend = DockerBackend(NOWHERE)
    backend.configure({"host": "unix:///elsewhere.sock"})
    calls = {
        "create": lambda: backend.create(NET, {"name": "n", "ipamDriver": "default"}, False),
        "read": lambda: backend.read(NET, State("1")),
        "delete": lambda: backend.delete(NET, State("1")),
    }
    with pytest.raises(ProviderError, match=r"does not answer at unix:///elsewhere\.sock\. Is Docker running"):
        asyncio.run(calls[verb]())


def test_a_plan_without_changes_does_not_load_the_sdk() -> None:
    program = (
        "import sys\n"
        "from components.docker.plugin.backend import DockerBackend\n"
        "from platform_pulumi.plugins.provider import Naming, State\n"
        "from platform_pulumi.model.urn import Urn\n"
        "backend = DockerBackend({})\n"
        "backend.configure({})\n"
        "for token in ('network:Network', 'volume:Volume', 'remoteImage:RemoteImage', 'container:Container'):\n"
        "    urn = Urn.parse(f'urn:pulumi:dev::fx::docker:index/{token}::x')\n"
        "    given = {'name': 'x', 'image': 'i'} if 'cont' in token else {'name': 'x'}\n"
        "    inputs, failures = backend.check(urn, given, Naming())\n"
        "    assert not failures, failures\n"
        "    backend.diff(urn, State('1', inputs, inputs), inputs)\n"
        "assert not {'docker', 'requests', 'urllib3'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("token", list(KINDS))
def test_the_simulator_knows_every_type(token: str) -> None:
    schema = SdkTypes("docker", "pulumi_docker").resource(token)
    rules = TABLE[token]
    assert set(rules.replace) <= schema.inputs.keys()
    assert set(rules.outputs) <= {*schema.outputs}


def test_only_a_host_that_serves_docker_in_earnest_sees_its_environment(tmp_path: Path) -> None:
    def seen(packages: Mapping[str, ServedPackage], *, simulated: bool) -> set[str]:
        return set(PluginHost(packages, tmp_path / "w", simulated=simulated)._environment)

    assert {"DOCKER_HOST", "HTTPS_PROXY"} < set(DEFINITION.environment)
    assert seen({**serving.OWN, **serving.embedded(DEFINITION)}, simulated=False) == set(DEFINITION.environment)
    assert seen(serving.simulated(DEFINITION), simulated=True) == set()
    assert seen(serving.embedded(DEFINITION), simulated=True) == set()
    assert seen(serving.OWN, simulated=False) == set()


def test_the_host_serves_docker_in_earnest_without_a_world(tmp_path: Path) -> None:
    with PluginHost({**serving.embedded(DEFINITION), **serving.OWN}, tmp_path / "w") as host:
        assert [part.split(":")[0] for part in host.debug_providers.split(",")] == ["docker", "platform"]
    assert not (tmp_path / "w").exists()


class Meeting:
    """A daemon in which each network waits until all the others are being made as well."""

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count)
        self.api = self

    def networks(self, names: list[str]) -> list[Any]:
        return []

    def create_network(self, name: str, **_: Any) -> dict[str, str]:
        self._barrier.wait(timeout=30)
        return {"Id": name}

    def inspect_network(self, identifier: str) -> dict[str, Any]:
        flags = dict.fromkeys(("Attachable", "Ingress", "Internal", "EnableIPv6"), False)
        return {"Id": identifier, "Name": identifier, "Driver": "bridge", "Scope": "local", **flags}


def test_calls_wait_side_by_side_on_one_client() -> None:
    connected = []

    def connecting(*_: Any) -> Any:
        connected.append(Meeting(CALLS))
        return connected[-1]

    backend = DockerBackend({}, connecting)

    async def make() -> list[State]:
        inputs = [backend.check(NET, {"name": f"n{index}"}, Naming())[0] for index in range(CALLS)]
        return await asyncio.gather(*(backend.create(NET, one, False) for one in inputs))

    assert sorted(state.id for state in asyncio.run(make())) == sorted(f"n{index}" for index in range(CALLS))
    assert len(connected) == 1


@pytest.mark.docker
def test_dockers_refusals_come_in_words(docker_daemon: str, prefix: str) -> None:
    backend = DockerBackend({"DOCKER_HOST": docker_daemon})
    pools = {"ipamConfigs": [{"subnet": "10.231.9.0/24"}]}
    one, _ = backend.check(NET, {"name": f"{prefix}-1", **pools}, Naming())
    two, _ = backend.check(NET, {"name": f"{prefix}-2", **pools}, Naming())
    asyncio.run(backend.create(NET, one, False))
    with pytest.raises(ProviderError, match=r"Docker says: Pool overlaps.*Choose another subnet"):
        asyncio.run(backend.create(NET, two, False))
