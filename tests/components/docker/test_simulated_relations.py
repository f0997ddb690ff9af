"""What a daemon refuses, as the simulator plays it; its API's sources stand with the table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from components.docker.simulated import PACKAGE
from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.world import World
from tests.plugins.support import done, urn

CONTAINER = urn("docker:index/container:Container", "api")
NETWORK = urn("docker:index/network:Network", "bridge")
VOLUME = urn("docker:index/volume:Volume", "data")
API = {"name": "api", "image": "api:1", "networksAdvanced": [{"name": "acme"}], "volumes": [{"volumeName": "data"}]}


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Simulator]:
    with closing(World(tmp_path / "world.sqlite")) as world:
        yield Simulator(PACKAGE, SdkTypes("docker", "pulumi_docker"), world)


def test_networks_and_volumes_in_use_stay(daemon: Simulator) -> None:
    network = done(daemon.create(NETWORK, {"name": "acme"}, False))
    volume = done(daemon.create(VOLUME, {"name": "data"}, False))
    container = done(daemon.create(CONTAINER, API, False))
    with pytest.raises(ProviderError, match=rf"^403: {network.id} cannot be deleted while .* \(api\) uses it"):
        done(daemon.delete(NETWORK, network))
    with pytest.raises(ProviderError, match=r"^409: data cannot be deleted while .* \(api\) uses it"):
        done(daemon.delete(VOLUME, volume))
    done(daemon.delete(CONTAINER, container))
    done(daemon.delete(NETWORK, network))
    done(daemon.delete(VOLUME, volume))


def test_a_container_needs_its_network_and_gets_its_volume(daemon: Simulator) -> None:
    with pytest.raises(ProviderError, match=r"^404: networksAdvanced\.name: there is no Network acme"):
        done(daemon.create(CONTAINER, API, False))
    done(daemon.create(CONTAINER, {**API, "networksAdvanced": [{"name": "bridge"}]}, False))
