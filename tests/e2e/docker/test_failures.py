"""What goes wrong on Docker: told with its place and its last words, and what ran before runs on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import PLATFORM
from tests.e2e.docker.asking import Poll
from tests.e2e.docker.conftest import CONTEXT, Maker, Platform
from tests.e2e.docker.light import LIGHT, parts
from tests.shared import free_port

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("what fails has to be waited for, and so has what goes on"),
]


@pytest.fixture(scope="module")
def once(make: Maker) -> Platform:
    """The light platform, applied."""
    platform = make(LIGHT)
    platform.up()
    return platform


@pytest.fixture
def light(once: Platform) -> Iterator[Platform]:
    """The same, as it was declared at first: a test breaks it, and what ran before still does."""
    before = {container.id for container in once.containers()}
    text = once.file.read_text(encoding="utf-8")
    yield once
    once.file.write_text(text, encoding="utf-8")
    assert {container.id for container in once.containers()} == before
    assert once.answers(version="dev", cache={"reached": True})
    assert once.parts() == parts()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that a program of this machine listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def told(platform: Platform, capability: str, said: str, *words: str) -> str:
    """The failure's words, on one line: with the capability, its line in the file, and all of these."""
    flat = " ".join(said.split())
    place = f"platform.yaml:{platform.line(f'name: {capability}')}:"
    missing = [word for word in (place, capability, *words) if word not in flat]
    assert not missing, f"{missing} not in\n{said}"
    return flat


def test_no_daemon(light: Platform) -> None:
    nowhere = f"unix://{light.folder}/nothing.sock"
    said = light.up(code=6, env={"DOCKER_HOST": nowhere})
    told(light, "net", said, "Docker does not answer at", nowhere, "Is Docker running?", "DOCKER_HOST")


def test_a_socket_that_this_user_may_not_use(light: Platform) -> None:
    path = light.folder / "forbidden.sock"
    command = [str(PLATFORM), "up", "--yes"]
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        path.chmod(0o600)
        if os.geteuid() == 0:
            # Root passes every permission by a capability: without it, it is a user as others are.
            shutil.chown(path, "nobody")
            setpriv = shutil.which("setpriv")
            assert setpriv is not None
            command = [setpriv, "--bounding-set=-dac_override,-dac_read_search", *command]
        else:
            path.chmod(0)
        environment = light.environment({"DOCKER_HOST": f"unix://{path}"})
        done = subprocess.run(
            command, cwd=light.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 6, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    told(light, "net", done.stderr, "may not use Docker's socket", str(path), "usermod -aG docker")


def test_a_port_that_another_program_has(light: Platform, taken: int) -> None:
    light.replace(f"port: {light.port}", f"port: {taken}")
    said = light.up(code=6)
    told(light, "api", said, f"port {taken} on 127.0.0.1 is taken by another program", "ss -ltnp", "another port")


def test_a_port_that_another_container_has(light: Platform) -> None:
    port = free_port()
    other = light.client.containers.run(
        "local/web:1",
        detach=True,
        network=light.networks()[0],
        ports={"80/tcp": ("127.0.0.1", port)},
        labels={CONTEXT: f"{light.org}-other/x"},
    )
    try:
        other.reload()
        light.replace(f"port: {light.port}", f"port: {port}")
        said = light.up(code=6)
        told(light, "api", said, f"port {port} on 127.0.0.1 is taken by container {other.name}", "another port")
    finally:
        other.remove(force=True, v=True)


def test_an_image_that_is_nowhere(light: Platform) -> None:
    light.replace("${app.image}", "localhost:1/nobody/nothing:9")
    said = light.up(code=6)
    told(light, "api", said, "localhost:1/nobody/nothing:9", "is not on this machine and could not be pulled", "Build")


def test_a_container_that_exits_at_once(light: Platform) -> None:
    light.replace('MARK: "first"', 'EXIT_AT_START: "3"')
    said = light.up(code=6)
    told(light, "api", said, "exited with code 3", "last log lines:", "fatal: told to exit at start", "run again")


def test_a_health_check_that_never_turns_green(light: Platform) -> None:
    light.replace('MARK: "first"', 'UNHEALTHY: "1"')
    said = light.up(code=6)
    told(light, "api", said, "did not become healthy", "3 times in a row", "serves on :8080", "Correct the application")


def test_no_secret_is_told_even_by_who_prints_it(light: Platform, canary: str) -> None:
    """A container that prints its environment and ends: its last words are shown, without what was secret in them."""
    light.replace('MARK: "first"', 'MARK: "${env:CANARY}"\n              URL: "amqp://me:${env:CANARY}@somewhere/"')
    command = 'command: [sh, -c, "env; echo $MARK; exit 7"]'
    light.replace('image: "${app.image}"', f"image: local/web:1\n            {command}")
    for form in ("human", "json"):
        done = light.run("up", "--yes", "--format", form, env={"CANARY": canary})
        assert done.returncode == 6, done.stderr
        assert "exited with code 7" in " ".join((done.stdout + done.stderr).split()), done.stdout + done.stderr
        assert "MARK=[secret]" in done.stdout + done.stderr
        assert canary not in done.stdout + done.stderr
    for path in light.folder.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes(), path


def test_after_all_that_one_run_brings_back_what_is_declared(once: Platform) -> None:
    with Poll(once.ask) as poll:
        once.up()
    assert poll.failed == []
    assert once.parts() == parts()
    once.no_op()


DATABASE = """\
apiVersion: platform/v1
platform:
  org: "ORG"
  environment: "test"
  provider: {name: docker, config: {publish: {main: PORT}}}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: "10.0.0.0/16"}}
    shared_primitives:
      capabilities:
        - name: main
          type: database
          properties: {engine: postgresql, version: "15", password: "${env:CANARY}"}
"""


def test_a_full_disk(make: Maker, canary: str) -> None:
    """While the platform is down, a volume of a few megabytes takes the place of the database's own."""
    platform, secret = make(DATABASE), {"CANARY": canary}
    platform.up(env=secret)
    platform.destroy()
    (name,) = platform.volumes()
    labels = platform.client.api.inspect_volume(name)["Labels"]
    platform.client.api.remove_volume(name)
    platform.client.api.create_volume(name, "local", {"type": "tmpfs", "device": "tmpfs", "o": "size=4m"}, labels)
    said = platform.up(code=6, env=secret)
    told(platform, "main", said, "last log lines:", "No space left on device", "run again")
    assert canary not in said
    assert platform.containers() == []
    platform.client.api.remove_volume(name, force=True)
    platform.client.api.create_volume(name, "local", None, labels)
    platform.up(env=secret)
    assert platform.parts() == Counter(["main"])
