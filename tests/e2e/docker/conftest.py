"""Platforms on a real Docker daemon: each in a context that nobody else has, and taken away whatever happens."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.conftest import PLATFORM, ROOT, UNMEASURED, Project
from tests.e2e.docker.asking import Answer, ask
from tests.shared import free_port, once, until

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

#: Where a container belongs: `org/environment/application`, or without the application above tier 3.
CONTEXT = "platform:context"
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")


class Watch:
    """What the daemon says of containers and their volumes while the tests run: nobody else's are taken for ours."""

    def __init__(self, client: DockerClient) -> None:
        self._contexts: dict[str, str] = {}
        self._mounted: dict[str, set[str]] = {}
        #: Containers that were sent a signal, which is how a stop begins.
        self.signalled: set[str] = set()
        self._stream = client.events(decode=True, filters={"event": ["create", "mount", "kill"]})
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stream.close()
        self._thread.join(10)

    def anonymous(self, org: str) -> set[str]:
        """The nameless volumes that containers of an organization ever had."""
        ours = {container for container, context in dict(self._contexts).items() if context.startswith(f"{org}/")}
        return {name for name, users in dict(self._mounted).items() if users & ours and _ANONYMOUS.fullmatch(name)}

    def _follow(self) -> None:
        with contextlib.suppress(Exception):  # the stream is closed under it
            for event in self._stream:
                about = event.get("Actor", {})
                attributes = about.get("Attributes", {})
                if event.get("Action") == "kill":
                    self.signalled.add(about["ID"])
                elif event.get("Type") == "container" and CONTEXT in attributes:
                    self._contexts[about["ID"]] = attributes[CONTEXT]
                elif event.get("Type") == "volume" and "container" in attributes:
                    self._mounted.setdefault(about["ID"], set()).add(attributes["container"])


@dataclass
class Platform(Project):
    """A declaration in a folder and, on the daemon, what it became."""

    org: str
    port: int
    client: DockerClient = field(repr=False)
    watch: Watch = field(repr=False)

    def write(self, text: str) -> None:
        """Declare this; `ORG` and `PORT` stand for its own."""
        self.file.write_text(text.replace("ORG", self.org).replace("PORT", str(self.port)), encoding="utf-8")

    def line(self, text: str) -> int:
        """The number of the only line that holds the text."""
        lines = self.file.read_text(encoding="utf-8").splitlines()
        (found,) = [number for number, line in enumerate(lines, 1) if text in line]
        return found

    def up(self, *arguments: str, code: int = 0, env: Mapping[str, str] | None = None) -> str:
        """Apply; everything it said."""
        return self._said("up", "--yes", *arguments, code=code, env=env)

    def destroy(self, *arguments: str, code: int = 0) -> str:
        """Destroy; everything it said."""
        return self._said("destroy", "--yes", *arguments, code=code)

    def no_op(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """A plan has nothing to do, by what is recorded and by what is there; for the latter the engine always runs."""
        for more in ((), ("--refresh",)):
            done = self.run("preview", "--detailed-exitcode", *more, *arguments, env=env)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
            assert "Nothing to do" in done.stdout

    def listed(self, capability: str = "") -> list[Mapping[str, Any]]:
        """Its containers, running or not, as the daemon lists them: one question, to be asked again and again."""
        labels = [CONTEXT, *([f"platform:capability={capability}"] if capability else [])]
        found = self.client.api.containers(all=True, filters={"label": labels})
        return [one for one in found if one["Labels"][CONTEXT].startswith(f"{self.org}/")]

    def containers(self, capability: str = "") -> list[Container]:
        """Its containers, running or not, with all that is known of each."""
        from docker.errors import NotFound

        found = []
        for one in self.listed(capability):
            with contextlib.suppress(NotFound):  # gone since it was listed
                found.append(self.client.containers.get(one["Id"]))
        return found

    def replicas(self, capability: str) -> list[Container]:
        """The containers of an application, without the gateway."""
        return [c for c in self.containers(capability) if not c.labels["platform:urn"].endswith("-gateway")]

    def one(self, capability: str) -> Container:
        """The only container of a capability."""
        (found,) = self.replicas(capability)
        return found

    def gateway(self, capability: str) -> Container:
        """The gateway of an application."""
        (found,) = [c for c in self.containers(capability) if c.labels["platform:urn"].endswith("-gateway")]
        return found

    def parts(self) -> Counter[str]:
        """How often each declared container is there, by the logical name."""
        return Counter(one["Labels"]["platform:urn"].rpartition("::")[2] for one in self.listed())

    def networks(self) -> list[str]:
        """Names of its networks."""
        found = self.client.api.networks(filters={"label": CONTEXT})
        return [n["Name"] for n in found if n["Labels"][CONTEXT].startswith(f"{self.org}/")]

    def volumes(self) -> list[str]:
        """Names of its volumes."""
        found = self.client.api.volumes(filters={"label": CONTEXT})["Volumes"] or ()
        return [v["Name"] for v in found if v["Labels"][CONTEXT].startswith(f"{self.org}/")]

    def anonymous(self) -> set[str]:
        """The nameless volumes of its containers that are still there."""
        there = {volume["Name"] for volume in self.client.api.volumes()["Volumes"] or ()}
        return self.watch.anonymous(self.org) & there

    def ask(self, path: str = "/", **options: Any) -> Answer:
        """What its published address answers."""
        return ask(self.port, path, **options)

    def answers(self, **expected: Any) -> dict[str, Any]:
        """What the sample application says once all of this is so."""
        return until(lambda: _matching(self.ask().json(), expected), f"an answer with {expected}")

    def healthy(self, seconds: float = 30) -> None:
        """Wait until each container with a health check is healthy, and the others run."""

        def unwell() -> list[str]:
            return [one["Names"][0] for one in self.listed() if not _well(one)]

        until(lambda: not unwell(), f"health of all, not only of others than {unwell()}", seconds)

    def remove(self) -> None:
        """Whatever is there of it, by label."""
        from docker.errors import APIError

        for container in self.containers():
            with contextlib.suppress(APIError):
                container.remove(force=True, v=True)
        for network in self.networks():
            with contextlib.suppress(APIError):
                self.client.api.remove_network(network)
        for volume in (*self.volumes(), *self.anonymous()):
            with contextlib.suppress(APIError):
                self.client.api.remove_volume(volume, force=True)

    def _said(self, *arguments: str, code: int, env: Mapping[str, str] | None = None) -> str:
        done = self.run(*arguments, env=env)
        said = done.stdout + done.stderr
        assert done.returncode == code, f"exit {done.returncode}\n{said[-6000:]}"
        assert "Traceback" not in said
        return said


def _well(listed: Mapping[str, Any]) -> bool:
    """Whether a container runs, and is healthy where it has a check (`Up 2 minutes (healthy)`)."""
    status = str(listed["Status"])
    return listed["State"] == "running" and ("(healthy)" in status or "(" not in status)


def _matching(found: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any] | None:
    return found if all(found.get(name) == value for name, value in expected.items()) else None


@dataclass(frozen=True)
class Maker:
    """Makes platforms, and takes them away at the end."""

    client: DockerClient
    env: Mapping[str, str]
    folder: Path
    watch: Watch
    made: list[Platform] = field(default_factory=list)

    def __call__(self, text: str = "") -> Platform:
        org = f"e2e-{secrets.token_hex(4)}"
        folder = self.folder / org
        folder.mkdir()
        platform = Platform(folder, org, free_port(), self.client, self.watch, env={**self.env, **UNMEASURED})
        self.made.append(platform)
        if text:
            platform.write(text)
        return platform

    def example(self, name: str) -> Platform:
        """A copy of an example under another organization."""
        platform = self()
        shutil.copy(ROOT / "examples" / name, platform.file)
        platform.replace('org: "acme-corp"', f'org: "{platform.org}"')
        return platform


@pytest.fixture(scope="session")
def watch(docker_client: DockerClient) -> Iterator[Watch]:
    """What the daemon says meanwhile."""
    found = Watch(docker_client)
    yield found
    found.close()


@pytest.fixture(scope="module")
def make(
    docker_client: DockerClient,
    docker_env: dict[str, str],
    bed_images: None,
    watch: Watch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Maker]:
    """Makes platforms for the tests of a module."""
    maker = Maker(docker_client, docker_env, tmp_path_factory.mktemp("docker"), watch)
    try:
        yield maker
    finally:
        for platform in maker.made:
            platform.remove()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a user who has installed the published plugin, for which ours stands in."""
    home = once(tmp_path_factory, "published", _install)
    return {"PULUMI_HOME": str(home)}


def _install(home: Path) -> None:
    folder = home / "plugins" / "resource-docker-v5.2.0"
    done = subprocess.run([str(PLATFORM), "plugin", str(folder)], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_file()
