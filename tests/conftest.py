"""What every test may ask for. Nothing here reaches the internet; a missing Pulumi CLI is a failure, never a skip."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from platform_pulumi import settings
from platform_pulumi.engine import toolchain

#: What would make a test depend on the machine it runs on: another backend, another project, a cloud. Where the CLI is
#: (PULUMI_HOME) stays.
FOREIGN = ("PLATFORM_", "PULUMI_", "AWS_", "KUBE", "DOCKER_")


def pytest_configure() -> None:
    """Take the machine's own settings away: neither tests nor the commands they run see them."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name != "PULUMI_HOME"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def pulumi_cli() -> toolchain.Toolchain:
    """The Pulumi CLI that runs would use. Where there is none the test fails: `make cli` gets it."""
    return toolchain.find(settings.read(os.environ, Path.cwd()))


@pytest.fixture
def canary() -> str:
    """A secret no other test knows: whatever shows it has leaked it."""
    return f"canary-{secrets.token_hex(12)}"
