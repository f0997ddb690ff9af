"""What the tests of the plugin's resources share: what was recorded of the published one, and inputs."""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.docker.plugin.container import Container
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.provider import State

URN = Urn.parse("urn:pulumi:dev::fx::docker:index/container:Container::web")
RECORDED: Mapping[str, Any] = json.loads(Path(__file__).with_name("recorded.json").read_text())


def recorded(token: str = Container.token) -> State:
    """The resource of a type as the published plugin recorded it."""
    found = next(item for item in RECORDED["state"] if item["type"] == token)
    return State(found["id"], copy.deepcopy(found["inputs"]), copy.deepcopy(found["outputs"]))


def raw(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Checked inputs as a program gives them: without the defaults."""
    return {name: _raw(value) for name, value in inputs.items() if name not in {*inputs["__defaults"], "__defaults"}}


def _raw(value: Any) -> Any:
    if isinstance(value, dict):
        return raw(value) if "__defaults" in value else value
    return [_raw(item) for item in value] if isinstance(value, list) else value


class Bed:
    """A daemon, names of our own on it, and a `Container` to try."""

    def __init__(self, client: Any, image: str) -> None:
        self.client = client
        self.kind = Container()
        self.image = image
        self.name = f"pt-{secrets.token_hex(4)}"

    def inputs(self, **change: Any) -> dict[str, Any]:
        """Checked inputs of one that sleeps, in a network of its own where it publishes a port, else in none."""
        if "ports" in change and "networksAdvanced" not in change:
            self.network()
            change["networksAdvanced"] = [{"name": self.name}]
        if "networksAdvanced" not in change:
            change.setdefault("networkMode", "none")
        given = {"image": self.image, "name": self.name, "command": ["/bin/sleep", "600"], **change}
        checked, failures = self.kind.check(URN, given, "unused")
        assert not failures
        return checked

    def network(self) -> str:
        """A network with our name."""
        if not self.client.api.networks(names=[self.name]):
            self.client.api.create_network(self.name, driver="bridge")
        return self.name

    def create(self, **change: Any) -> State:
        return self.kind.create(self.client, URN, self.inputs(**change))

    def update(self, old: State, inputs: dict[str, Any]) -> State:
        return State(old.id, inputs, self.kind.update(self.client, URN, old, inputs))

    def read(self, old: State) -> State:
        return self.kind.read(self.client, old)

    def there(self, name: str = "") -> list[dict[str, Any]]:
        """Docker's containers whose names begin as ours."""
        found: list[dict[str, Any]] = self.client.api.containers(all=True, filters={"name": name or self.name})
        return found

    def clean(self) -> None:
        for item in self.there():
            self.client.api.remove_container(item["Id"], force=True, v=True)
        for item in self.client.api.networks(names=[self.name]):
            self.client.api.remove_network(item["Id"])
        for item in self.client.api.volumes(filters={"name": self.name})["Volumes"] or ():
            self.client.api.remove_volume(item["Name"])


@pytest.fixture
def bed(docker_client: Any, busybox: str) -> Iterator[Bed]:
    found = Bed(docker_client, busybox)
    yield found
    found.clean()
