"""Images that are on this machine, or are pulled: here there is no registry to pull from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.docker.plugin.remote_image import SCHEMA, RemoteImage, repository_digest
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN
from tests.plugins.support import urn

if TYPE_CHECKING:
    from docker import DockerClient

URN = urn(SCHEMA.token, "img")
ID = f"sha256:{'0' * 64}"


def checked(inputs: dict[str, Any]) -> dict[str, Any]:
    made, failures = RemoteImage().check(URN, inputs, "unused")
    assert failures == []
    return made


def state(**given: Any) -> State:
    inputs = checked({"name": "app:1", **given})
    outputs = {name: given.get(name) for name in SCHEMA.fields}
    return State(f"{ID}app:1", inputs, {**outputs, "name": "app:1", "imageId": ID, "repoDigest": "", "build": None})


def test_checks() -> None:
    assert checked({"name": "app:1"}) == {"name": "app:1", "__defaults": []}
    for inputs, path in (({}, "name"), ({"name": ""}, "name"), ({"name": "a", "build": {"context": "."}}, "build")):
        _, failures = RemoteImage().check(URN, inputs, "unused")
        assert [failure.path for failure in failures] == [path]


@pytest.mark.parametrize(
    ("given", "change", "expected"),
    [
        ({}, {}, {}),
        ({}, {"name": "app:2"}, {"name": (Kind.UPDATE, True)}),
        ({}, {"keepLocally": True}, {"keepLocally": (Kind.ADD, False)}),
        ({"keepLocally": True}, {"keepLocally": False}, {"keepLocally": (Kind.UPDATE, False)}),
        ({"forceRemove": True}, {"forceRemove": None}, {"forceRemove": (Kind.DELETE, False)}),
        ({}, {"platform": "linux/arm64"}, {"platform": (Kind.ADD, True)}),
        ({}, {"pullTriggers": ["a"]}, {"pullTriggers": (Kind.ADD, True)}),
        ({"pullTriggers": ["a", "b"]}, {"pullTriggers": ["b", "a"]}, {}),
        ({"pullTriggers": ["a"]}, {"pullTriggers": ["b"]}, {"pullTriggers[0]": (Kind.UPDATE, True)}),
        ({"triggers": {"x": "1"}}, {"triggers": {"x": "2"}}, {"triggers.x": (Kind.UPDATE, True)}),
    ],
)
def test_changes(given: dict[str, Any], change: dict[str, Any], expected: dict[str, tuple[Kind, bool]]) -> None:
    found = RemoteImage().diff(state(**given), checked({"name": "app:1", **given, **change}))
    assert {c.path: (c.kind, c.replaces) for c in found.changes} == expected


def test_under_a_name_that_stays_the_old_image_goes_first() -> None:
    pulled = checked({"name": "app:1", "pullTriggers": ["a"]})
    assert RemoteImage().diff(state(), pulled).delete_before_replace
    assert not RemoteImage().diff(state(keepLocally=True), pulled).delete_before_replace
    assert not RemoteImage().diff(state(), checked({"name": "app:2"})).delete_before_replace


def test_plans() -> None:
    planned = RemoteImage().planned(None, checked({"name": "app:1"}))
    assert (planned["imageId"], planned["repoDigest"], planned["name"]) == (UNKNOWN, UNKNOWN, "app:1")
    kept = RemoteImage().planned(state(), checked({"name": "app:1", "keepLocally": True}))
    assert (kept["imageId"], kept["keepLocally"]) == (ID, True)


@pytest.mark.parametrize(
    ("digests", "name", "expected"),
    [
        ([], "app:1", ""),
        (["other@sha256:1"], "app:1", "other@sha256:1"),
        (["other@sha256:1", "host:5000/app@sha256:2"], "host:5000/app:1", "host:5000/app@sha256:2"),
        (["other@sha256:1", "app@sha256:2"], "app", "app@sha256:2"),
        (["other@sha256:1", "more@sha256:2"], "app", ""),
    ],
)
def test_the_digest_is_the_one_of_the_names_repository(digests: list[str], name: str, expected: str) -> None:
    assert repository_digest({"RepoDigests": digests}, name) == expected


@pytest.mark.docker
def test_a_whole_life(docker_client: DockerClient, prefix: str, busybox: str) -> None:
    name = f"{prefix}:1"
    docker_client.api.tag(busybox, prefix, "1")
    identifier = docker_client.api.inspect_image(busybox)["Id"]
    inputs = checked({"name": name})
    made = RemoteImage().create(docker_client, URN, inputs)
    assert made.id == f"{identifier}{name}"
    assert made.outputs["imageId"] == identifier
    assert made.outputs["repoDigest"] == ""
    assert RemoteImage().diff(made, inputs).changes == []
    assert RemoteImage().read(docker_client, made) == made
    assert RemoteImage().read(docker_client, State(made.id)).outputs == made.outputs

    kept = RemoteImage().update(docker_client, URN, made, checked({"name": name, "keepLocally": True}))
    RemoteImage().delete(docker_client, State(made.id, {}, kept))
    assert RemoteImage().read(docker_client, made) == made
    RemoteImage().delete(docker_client, made)
    RemoteImage().delete(docker_client, made)
    assert RemoteImage().read(docker_client, made) == State()
    assert docker_client.api.inspect_image(busybox)["Id"] == identifier


@pytest.mark.docker
def test_a_tag_that_moved_is_seen(docker_client: DockerClient, prefix: str, busybox: str) -> None:
    docker_client.api.tag(busybox, prefix, "1")
    made = RemoteImage().create(docker_client, URN, checked({"name": f"{prefix}:1"}))
    docker_client.api.import_image_from_data(b"\0" * 1024, repository=prefix, tag="1", changes=["LABEL moved=yes"])
    moved = RemoteImage().read(docker_client, made)
    assert moved.outputs["imageId"] != made.outputs["imageId"]
    assert moved.inputs == made.inputs


@pytest.mark.docker
def test_what_cannot_be_pulled_says_what_to_do(docker_client: DockerClient) -> None:
    name = "127.0.0.1:9/platform/nothing:1"
    with pytest.raises(ProviderError) as caught:
        RemoteImage().create(docker_client, URN, checked({"name": name}))
    assert str(caught.value).startswith(f"the image {name} is not on this machine and could not be pulled: ")
    assert str(caught.value).endswith("or name another in provider.config.images")


@pytest.mark.docker
def test_an_image_in_use_stays(docker_client: DockerClient, prefix: str, busybox: str) -> None:
    docker_client.api.import_image_from_data(b"\0" * 1024, repository=prefix, tag="1", changes=[f"LABEL a={prefix}"])
    made = RemoteImage().create(docker_client, URN, checked({"name": f"{prefix}:1"}))
    docker_client.containers.create(f"{prefix}:1", ["/bin/nothing"], name=f"{prefix}-web")
    with pytest.raises(ProviderError, match="is in use and stays"):
        RemoteImage().delete(docker_client, made)
    docker_client.api.remove_container(f"{prefix}-web")
    RemoteImage().delete(docker_client, made)
