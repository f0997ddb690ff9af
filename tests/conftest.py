"""What every test may ask for. Nothing here reaches the internet; a missing Pulumi CLI is a failure, never a skip."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from platform_pulumi import settings
from platform_pulumi.engine import toolchain
from tests import clis
from tests.lanes import Lanes, Order
from tests.shared import missing
from tests.timing import Timing, require_reasons

if TYPE_CHECKING:
    from docker import DockerClient

#: What would make a test depend on the machine it runs on: another backend, another project, a cloud. Where the CLI is
#: (PULUMI_HOME) stays.
FOREIGN = ("PLATFORM_", "PULUMI_", "AWS_", "KUBE", "DOCKER_")
#: Before it is taken away: the daemon that the fixtures below use, on all workers.
DOCKER_HOST = os.environ.setdefault("BED_DOCKER_HOST", os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")


#: Four workers share two processors: how long an example takes says nothing (the profile is otherwise as it was).
hypothesis.settings.register_profile("shared", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-goldens`: for the changes of screens that were read and found right."""
    parser.addoption("--update-goldens", action="store_true", help="write what is given as the goldens")
    parser.addoption("--times", type=Path, metavar="PAGE", help="renew the table of a page: where the time goes")
    parser.addoption("--long-storms", action="store_true", help="forty kills on Docker instead of ten")
    parser.addoption("--oldest-cli", action="store_true", help="run the engine on the oldest supported Pulumi CLI")


def pytest_configure(config: pytest.Config) -> None:
    """Take the machine's own settings away: neither tests nor the commands they run see them."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name != "PULUMI_HOME"]:
        del os.environ[name]
    if config.getoption("oldest_cli"):
        # Where commands are looked for first: what a user has there is what runs use.
        os.environ["PATH"] = os.pathsep.join([str(clis.oldest().parent), os.environ.get("PATH", os.defpath)])
    config.pluginmanager.register(Order())
    if not hasattr(config, "workerinput"):
        workers = config.getoption("numprocesses", None) or 1
        config.pluginmanager.register(Timing(config.getoption("times"), workers))
        if workers > 1:
            config.pluginmanager.register(Lanes())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long says why."""
    require_reasons(items)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden of that name, in `goldens` beside the test."""

    def compare(name: str, text: str) -> None:
        path = request.path.parent / "goldens" / name
        if request.config.getoption("--update-goldens"):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} is missing: pytest {request.path.parent.name} --update-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def pulumi_cli() -> toolchain.Toolchain:
    """The Pulumi CLI that runs would use. Where there is none the test fails: `make cli` gets it."""
    return toolchain.find_cli(settings.read(os.environ, Path.cwd()))


@pytest.fixture
def canary() -> str:
    """A secret no other test knows: whatever shows it has leaked it."""
    return f"canary-{secrets.token_hex(12)}"


@pytest.fixture(scope="session")
def docker_daemon() -> str:
    """The address of a Docker daemon that answers, which is started where that can be done (tests/bed)."""
    from tests.bed import daemon, tools

    try:
        daemon.ensure(DOCKER_HOST)
    except tools.BedError as error:
        missing("DOCKER", error)
    return DOCKER_HOST


@pytest.fixture(scope="session")
def docker_env(docker_daemon: str) -> dict[str, str]:
    """What a subprocess needs in its environment to find the daemon: nothing, where it is at the usual place."""
    from tests.bed import daemon

    return {} if docker_daemon == daemon.DEFAULT else {"DOCKER_HOST": docker_daemon}


@pytest.fixture(scope="session")
def docker_client(docker_daemon: str) -> Iterator[DockerClient]:
    """A client of the daemon."""
    from tests.bed import daemon

    with daemon.client(docker_daemon) as client:
        yield client


@pytest.fixture(scope="session")
def bed_images(docker_client: DockerClient) -> None:
    """All images of the test bed are there."""
    from tests.bed import images, tools

    try:
        images.ensure(docker_client)
    except tools.BedError as error:
        missing("DOCKER", error)


@pytest.fixture(scope="session")
def docker_compose(docker_daemon: str) -> list[str]:
    """The command that runs Docker Compose v2; give it `docker_env`."""
    from tests.bed import compose, tools

    try:
        return compose.ensure()
    except tools.BedError as error:
        missing("DOCKER", error)
