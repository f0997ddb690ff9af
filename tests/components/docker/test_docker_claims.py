"""What only one capability can have: the second that wants it is told at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.docker import DEFINITION
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform
from tests.reading import load_files

HEAD = """\
platform:
  org: acme
  environment: dev
  provider: {name: docker, config: {publish: PUBLISH}}
  tiers:
    infrastructure: {capabilities: [{name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}]}
    shared_primitives:
      capabilities:
        - {name: db, type: database, properties: {engine: postgresql, version: "15"}}
        - {name: cache, type: cache, properties: {engine: redis, version: "7"}}
"""
APPLICATION = """\
    application:
      capabilities:
        - name: one
          type: container_runtime
          properties: {image: a, ports: [{container_port: 8080}], ingress: {host: a.acme.com}}
        - name: two
          type: container_runtime
          properties: {image: a, ports: [{container_port: 8080}], ingress: {host: b.acme.com, port: 443}}
"""
DOOR = "        - {name: door, type: ingress, properties: {port: 443}}\n"


def read(folder: Path, text: str, publish: str = "{}") -> Platform:
    file = folder / "platform.yaml"
    file.write_text(text.replace("PUBLISH", publish), encoding="utf-8")
    return load_files([file], definitions={"docker": DEFINITION}, environment={})


def told(folder: Path, text: str, publish: str = "{}") -> list[tuple[str, int, int, str]]:
    with pytest.raises(InputError) as caught:
        read(folder, text, publish)
    problems = caught.value.problems
    return [(p.code, p.position.line, p.position.column, p.detail) for p in problems if p.position is not None]


def test_two_ingresses_of_one_port(tmp_path: Path) -> None:
    ((code, line, column, detail),) = told(tmp_path, HEAD + APPLICATION)
    assert (code, line, column) == ("P2101", 18, 101)
    assert detail.startswith("`two` needs port 443 of this machine, and `one` has it already, at ")
    assert "platform.yaml:13. Give one of them another port" in detail


def test_a_shared_ingress_has_the_port_for_all(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + DOOR + APPLICATION).tiers
    assert read(tmp_path, HEAD + APPLICATION.replace("port: 443", "port: 8443")).tiers


def test_what_is_published(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD, "{db: 5432, cache: 6379}").tiers
    assert read(tmp_path, HEAD, "{db: '10.0.0.1:5432', cache: '10.0.0.2:5432'}").tiers
    for publish in ("{db: 5432, cache: 5432}", "{db: 5432, cache: '0.0.0.0:5432'}"):
        ((code, line, _, detail),) = told(tmp_path, HEAD, publish)
        assert (code, line) == ("P2101", 10)
        assert detail.startswith("`cache` needs port 5432 of this machine")
    assert read(tmp_path, HEAD, "{db: 5432, vpc: 5432}").tiers


def test_a_published_port_goes_before_the_ingress_own(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + APPLICATION, "{two: 8443}").tiers
    ((code, _, _, detail),) = told(tmp_path, HEAD + APPLICATION, "{two: 8443, db: 443}")
    assert code == "P2101"
    assert detail.startswith("`one` needs port 443 of this machine, and `db` has it already")


@pytest.mark.parametrize(
    ("settings", "column", "words"),
    [
        ("[5432]", 46, "provider.config.publish is [5432]; it is a mapping."),
        ("{db: \u0661}", 51, "provider.config.publish.db is '\u0661'; it is a port"),
        ("{}, bind_address: here", 64, "provider.config.bind_address is 'here'"),
        ("{}, plugin: own", 58, "`plugin` should be official, embedded or auto."),
        ("{}, images: {redis: redis latest}", 66, "`redis` should have an image such as"),
        ("{}, images: {redis: ''}", 66, "It is empty."),
    ],
)
def test_settings_that_are_wrong_are_told_where_they_are_written(
    settings: str, column: int, words: str, tmp_path: Path
) -> None:
    ((code, line, at, detail),) = told(tmp_path, HEAD, settings)
    assert (code, line, at) == ("P2017", 4, column)
    assert words in detail


def test_images_with_a_place_for_the_version(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD, "{}, images: {redis: 'acme.com/redis:{version}-alpine'}").tiers


CONTAINERS = """\
        - {name: disk, type: persistent_volume}
      outputs: [{name: disk, source: disk.name}]
    application:
      capabilities:
        - {name: web, type: container_runtime, properties: {image: a, replicas: 2}}
        - name: OTHER
          type: container_runtime
          properties: {image: a, volumes: [{source: "${tier2.disk}", path: /data, read_only: ONLY}]}
"""


def test_a_container_named_like_a_replica_of_another(tmp_path: Path) -> None:
    numbered = HEAD + CONTAINERS.replace("OTHER", "web-2")
    assert read(tmp_path, numbered.replace("ONLY", "true")).tiers  # it has a number, too: web-2-1
    ((code, line, _, detail),) = told(tmp_path, numbered.replace("ONLY", "false"))
    assert (code, line) == ("P2101", 16)
    assert detail.startswith("`web-2` needs the name `web-2` for a container, and `web` has it already, at")


def test_applications_have_names_of_their_own(tmp_path: Path) -> None:
    one = "{capabilities: [{name: web, type: container_runtime, properties: {image: a, replicas: 2}}]}"
    text = HEAD + f"    application: {{applications: {{one: {one}, two: {one}}}}}\n"
    assert len(read(tmp_path, text).tiers) == 4


def test_a_container_named_like_the_gateway_of_another(tmp_path: Path) -> None:
    text = HEAD + APPLICATION.replace("name: two", "name: one-gateway").replace("port: 443", "port: 444")
    ((code, _, _, detail),) = told(tmp_path, text)
    assert code == "P2101"
    assert "the name `one-gateway-image` for an image" in detail


def test_one_host_of_two_applications(tmp_path: Path) -> None:
    other = APPLICATION.replace("a.acme.com", "c.acme.com").replace("b.acme.com", "A.acme.com")
    files = []
    for name, text in (("one", HEAD + DOOR + APPLICATION), ("two", HEAD.partition("    infrastructure:")[0] + other)):
        files.append(tmp_path / f"{name}.yaml")
        named = text.replace("  tiers:", f"  application: {name}\n  tiers:").replace("PUBLISH", "{}")
        files[-1].write_text(named, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_files(files, definitions={"docker": DEFINITION}, environment={})
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.position)) == ("P2101", f"{files[1]}:14:83")
    assert "`one` has it already, at " in problem.detail


@pytest.mark.parametrize("host", ["a.acme.com", "A.acme.COM"])
def test_one_host_behind_a_shared_ingress(host: str, tmp_path: Path) -> None:
    ((code, line, column, detail),) = told(tmp_path, HEAD + DOOR + APPLICATION.replace("b.acme.com", host))
    assert (code, line, column) == ("P2101", 19, 83)
    assert detail.startswith("`two` needs host a.acme.com at the ingress `door`, and `one` has it already, at")
