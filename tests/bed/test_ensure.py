"""What is there stays, what is missing is made, what is out of date is made anew."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from tests.bed import images, tools
from tests.bed.archive import LABEL
from tests.bed.recipes import RECIPES, Image, Recipe, chosen, image_names

pytestmark = pytest.mark.docker


@pytest.fixture
def recipe(docker_client: DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recipe]:
    """The web server's, by names nothing else uses, kept in a cache of its own; the packages are those of the user."""
    cache = tmp_path / "platform-pulumi" / "docker-bed"
    cache.mkdir(parents=True)
    (tools.cache_dir() / "packages").mkdir(parents=True, exist_ok=True)
    (cache / "packages").symlink_to(tools.cache_dir() / "packages")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    name = f"bed-{uuid.uuid4().hex[:8]}"
    (web,) = chosen(("local/web:1",))
    made = dataclasses.replace(web, name=name, images=(Image((f"{name}:1", f"{name}:2"), web.images[0].config),))
    yield made
    for used in image_names(made):
        with contextlib.suppress(ImageNotFound):
            docker_client.images.remove(used)


def test_a_missing_image_is_built_and_then_loaded(
    docker_client: DockerClient, recipe: Recipe, capsys: pytest.CaptureFixture[str]
) -> None:
    images.ensure(docker_client, [recipe])
    assert "built" in capsys.readouterr().out
    first = {name: docker_client.images.get(name).id for name in image_names(recipe)}
    assert len(set(first.values())) == 1

    images.ensure(docker_client, [recipe])
    assert not capsys.readouterr().out

    for name in image_names(recipe):
        docker_client.images.remove(name)
    images.ensure(docker_client, [recipe])
    assert "loaded" in capsys.readouterr().out
    assert {name: docker_client.images.get(name).id for name in image_names(recipe)} == first


def test_a_developers_own_image_stays(docker_client: DockerClient, recipe: Recipe) -> None:
    name, other = image_names(recipe)
    empty = io.BytesIO(b"\0" * 10240)
    docker_client.api.import_image_from_data(empty.getvalue(), repository=name.split(":")[0], tag="1")
    own = docker_client.images.get(name).id
    images.ensure(docker_client, [recipe])
    assert docker_client.images.get(name).id == own
    assert docker_client.images.get(other).labels[LABEL] == recipe.digest


def test_an_image_of_another_recipe_is_replaced(docker_client: DockerClient, recipe: Recipe) -> None:
    images.ensure(docker_client, [recipe])
    name = image_names(recipe)[0]
    old = docker_client.images.get(name).id
    changed = dataclasses.replace(recipe, links={"usr/bin/more-links": "busybox"})
    images.ensure(docker_client, [changed])
    assert docker_client.images.get(name).labels[LABEL] == changed.digest
    with pytest.raises(ImageNotFound):
        docker_client.images.get(old)
    assert len(list(tools.cache_dir().glob(f"{recipe.name}-*.tar"))) == 1


def test_images_are_chosen_by_any_of_their_names() -> None:
    assert chosen(()) == RECIPES
    assert [recipe.name for recipe in chosen(("valkey/valkey:8", "redis:7", "app"))] == ["redis", "app"]
    with pytest.raises(ValueError, match="no recipe makes mongo:7"):
        chosen(("mongo:7",))
