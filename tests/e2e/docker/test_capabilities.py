"""The other capability types at work: a door for several applications, stores, volumes, published ports."""

from __future__ import annotations

import socket
from urllib.error import HTTPError

import pytest

from tests.bed import s3
from tests.e2e.conftest import CANARY
from tests.e2e.docker.conftest import Maker, Platform
from tests.shared import free_port, until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("two databases, three stores and two applications start"),
]

MANY = """\
apiVersion: platform/v1
platform:
  org: "ORG"
  environment: "test"
  provider:
    name: docker
    config:
      publish: {maria: MARIA, store: "0.0.0.0:STORE", objects: OBJECTS}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: "10.0.0.0/16"}}
    shared_primitives:
      capabilities:
        - {name: door, type: ingress, properties: {port: PORT, tls: false}}
        - {name: store, type: cache, properties: {engine: valkey, version: "8"}}
        - {name: objects, type: object_storage, properties: {bucket: things, secret_key: "${env:CANARY}"}}
        - {name: maria, type: database, properties: {engine: mariadb, version: "11"}}
        - {name: mysql, type: database, properties: {engine: mysql, version: "8.4"}}
        - {name: files, type: persistent_volume}
      outputs:
        - {name: cache_url, source: store.connection_string, type: string}
        - {name: files, source: files.name, type: string}
    application:
      applications:
        one:
          capabilities:
            - name: api
              type: container_runtime
              properties:
                image: api:dev
                ports: [{container_port: 8080}]
                env: {CACHE_URL: "${tier2.cache_url}"}
                health_check: {path: /health, interval: 5s, timeout: 1s}
                ingress: {host: one.localhost, port: PORT, tls: false}
        two:
          capabilities:
            - name: api
              type: container_runtime
              properties:
                image: local/web:1
                ports: [{container_port: 80}]
                env: {MARK: "first"}
                volumes: [{source: "${tier2.files}", path: /kept}]
                health_check: {path: /, interval: 5s, timeout: 1s}
                ingress: {host: two.localhost, port: PORT, tls: false}
"""


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    """Host ports of what is published beside the door."""
    return {name: free_port() for name in ("MARIA", "STORE", "OBJECTS")}


@pytest.fixture(scope="module")
def many(make: Maker, ports: dict[str, int]) -> Platform:
    """All of it, applied."""
    text = MANY
    for name, port in ports.items():
        text = text.replace(name, str(port))
    platform = make(text)
    platform.up()
    return platform


def test_two_applications_share_one_door(many: Platform) -> None:
    assert many.ask(host="one.localhost").json()["cache"] == {"reached": True}
    assert "web" in many.ask(host="two.localhost").text
    assert many.ask(host="three.localhost", timeout=15).status not in {0, 200}
    published = [c for c in many.containers() if _bound(c.attrs).get(many.port)]
    assert [c.labels["platform:capability"] for c in published] == ["door"]


def test_published_ports_are_this_machines_own_unless_said(many: Platform, ports: dict[str, int]) -> None:
    found: dict[int, str] = {}
    for container in many.containers():
        found |= _bound(container.attrs)
    assert found == {
        many.port: "127.0.0.1",
        ports["MARIA"]: "127.0.0.1",
        ports["OBJECTS"]: "127.0.0.1",
        ports["STORE"]: "0.0.0.0",
    }
    with socket.create_connection(("127.0.0.1", ports["MARIA"]), 10) as connection:
        assert b"MariaDB" in connection.recv(200)
    with socket.create_connection((socket.gethostbyname(socket.gethostname()), ports["STORE"]), 10) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(200).startswith(b"-NOAUTH")
    with pytest.raises(OSError, match="refused"):  # another address of this machine
        socket.create_connection(("127.0.0.2", ports["MARIA"]), 10)


@pytest.mark.parametrize(("name", "prefix"), [("maria", "MARIADB"), ("mysql", "MYSQL")])
def test_databases_take_their_owner(many: Platform, name: str, prefix: str) -> None:
    command = f'mariadb -h 127.0.0.1 -u"${prefix}_USER" -p"${prefix}_PASSWORD" "${prefix}_DATABASE"'
    statement = "CREATE TABLE IF NOT EXISTS t (i int); INSERT INTO t VALUES (7); SELECT i FROM t"
    code, output = many.one(name).exec_run(["sh", "-c", f'{command} -Ne "{statement}"'])
    assert (code, output.split()) == (0, [b"7"])
    wrong = ["sh", "-c", f'mariadb -h 127.0.0.1 -u"${prefix}_USER" -pwrong -e "SELECT 1"']
    assert many.one(name).exec_run(wrong)[0] != 0


def test_objects_are_kept_for_who_has_the_key(many: Platform, ports: dict[str, int]) -> None:
    url = f"http://127.0.0.1:{ports['OBJECTS']}/things/greeting"
    s3.request("PUT", url, "platform", CANARY, b"hello")
    assert s3.request("GET", url, "platform", CANARY) == b"hello"
    with pytest.raises(HTTPError, match="403"):
        s3.request("GET", url, "platform", "not the key")


def test_a_volume_outlives_the_containers_that_use_it(many: Platform) -> None:
    (web,) = [c for c in many.replicas("api") if c.labels["platform:context"].endswith("/two")]
    assert web.exec_run(["sh", "-c", "echo written > /kept/file"])[0] == 0
    many.replace('MARK: "first"', 'MARK: "second"')
    many.up("--tier", "application", "--app", "two")
    (other,) = [c for c in many.replicas("api") if c.labels["platform:context"].endswith("/two")]
    assert other.id != web.id
    assert other.exec_run(["cat", "/kept/file"])[1] == b"written\n"
    assert until(lambda: many.ask(host="two.localhost").status == 200, "answer of the new container")
    many.no_op()


def _bound(attributes: dict[str, dict[str, dict[str, list[dict[str, str]] | None]]]) -> dict[int, str]:
    """Host port to interface, of one container."""
    bindings = (attributes["HostConfig"].get("PortBindings") or {}).values()
    return {int(entry["HostPort"]): entry["HostIp"] for entries in bindings for entry in entries or ()}
