"""An image that is built here: what changes in its folder changes the container, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.docker.conftest import Maker, Platform

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("an image is built twice and served by a container each time"),
]

BUILT = """\
apiVersion: platform/v1
platform:
  org: "ORG"
  environment: "test"
  provider: {name: docker}
  tiers:
    infrastructure: {}
    shared_primitives: {}
    application:
      capabilities:
        - name: site
          type: container_runtime
          properties:
            image: "local/ORG:1"
            build: {context: source, dockerfile: Containerfile}
            ports: [{container_port: 80}]
            health_check: {path: /, interval: 5s, timeout: 1s}
            ingress: {host: site.localhost, port: PORT, tls: false}
"""


@pytest.fixture
def site(make: Maker) -> Iterator[Platform]:
    """Its folder is there; nothing is applied."""
    platform = make(BUILT)
    source = platform.folder / "source"
    source.mkdir()
    (source / "Containerfile").write_text("FROM local/web:1\nCOPY page.html /www/index.html\n", encoding="utf-8")
    (source / "page.html").write_text("the first page", encoding="utf-8")
    yield platform
    platform.remove()
    for image in platform.client.images.list(name=f"local/{platform.org}"):
        platform.client.images.remove(image.id, force=True)


def test_a_changed_file_makes_another_image_and_container(site: Platform) -> None:
    site.up()
    assert site.ask().text == "the first page"
    first = site.one("site")
    (site.folder / "source" / "page.html").write_text("the second page", encoding="utf-8")
    planned = site.json("preview")
    actions = {a["resourceName"]: a["action"] for t in planned["tiers"] for a in t["actions"] if a["action"] != "no-op"}
    assert actions["site-image"] == "update"
    site.up()
    assert site.ask().text == "the second page"
    assert site.one("site").id != first.id
    assert site.one("site").attrs["Image"] != first.attrs["Image"]
    site.no_op()


def test_a_build_that_fails_tells_its_last_lines(site: Platform) -> None:
    (site.folder / "source" / "Containerfile").write_text(
        "FROM local/web:1\nCOPY missing.html /www/\n", encoding="utf-8"
    )
    said = " ".join(site.up(code=6).split())
    assert f"platform.yaml:{site.line('name: site')}:" in said
    assert "could not be built" in said
    assert "missing.html" in said
    assert site.containers() == []
