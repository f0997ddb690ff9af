"""The images in a daemon: made or loaded where they are missing, and never one of somebody else's put aside."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from docker import DockerClient
from docker.errors import APIError, ImageNotFound

from tests.bed import archive, tools
from tests.bed.archive import LABEL
from tests.bed.recipes import RECIPES, Recipe, image_names

_LOADED = re.compile(r"^Loaded image(?: ID)?: (\S+)", re.MULTILINE)


def ensure(client: DockerClient, recipes: Iterable[Recipe] = RECIPES) -> None:
    """See to it that the daemon has the images of these recipes.

    An image of such a name without our label is a developer's own, and stays.
    """
    if any(_missing(client, recipe) for recipe in recipes):
        with tools.alone("images"):
            for recipe in recipes:
                _ensure(client, recipe)


def _ensure(client: DockerClient, recipe: Recipe) -> None:
    missing = _missing(client, recipe)
    if not missing:
        return
    began = time.monotonic()
    cache = tools.cache_dir()
    file = cache / f"{recipe.name}-{recipe.digest}.tar"
    how = "loaded"
    if not file.exists():
        print(f"docker-bed: building {recipe.name} ...", flush=True)
        archive.make(recipe, cache, file)
        _forget_others(recipe, file)
        how = "built"
    with file.open("rb") as stream:
        said = "".join(line.get("stream", "") for line in client.api.load_image(stream))
    for image, described in zip(_LOADED.findall(said), recipe.images, strict=True):
        for name in set(described.names) & set(missing):
            with _without_old(client, name):
                client.api.tag(image, *name.rsplit(":", 1))
    size = file.stat().st_size / 1e6
    spent = time.monotonic() - began
    print(f"docker-bed: {how} {', '.join(missing)} ({size:.0f} MB, {spent:.1f} s)", flush=True)


def _missing(client: DockerClient, recipe: Recipe) -> list[str]:
    """Names that the daemon has no image for, or one of ours from another recipe."""
    found = []
    for name in image_names(recipe):
        try:
            label = (client.images.get(name).labels or {}).get(LABEL)
        except ImageNotFound:
            found.append(name)
        else:
            if label not in {None, recipe.digest}:
                found.append(name)
    return found


@contextlib.contextmanager
def _without_old(client: DockerClient, name: str) -> Iterator[None]:
    """Remove the image that loses its name, unless something runs it or names it otherwise."""
    old = None
    with contextlib.suppress(ImageNotFound):
        old = client.images.get(name)
    yield
    if old is not None:
        with contextlib.suppress(APIError):
            client.images.remove(old.id)


def _forget_others(recipe: Recipe, kept: Path) -> None:
    for file in kept.parent.glob(f"{recipe.name}-*.tar"):
        if file != kept:
            file.unlink(missing_ok=True)
