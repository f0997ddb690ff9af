"""Acme's provider, installed as its own distribution would be, into a folder that only these tests' commands see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Project
from tests.shared import once

SAMPLE = Path(__file__).parent / "acme"
DECLARATION = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: production
  provider: {name: acme}
  tiers:
    infrastructure:
    shared_primitives:
      capabilities:
        - name: sessions
          type: cache
          properties: {engine: redis, version: "7.2", memory: 512Mi}
      outputs:
        - {name: cache_endpoint, source: sessions.endpoint}
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and its metadata; nothing comes into this environment."""
    return once(tmp_path_factory, "acme", _install)


def _install(folder: Path) -> None:
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", *offline, "--target", str(folder), str(SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """Acme's service, with nothing in it."""
    folder = tmp_path / "service"
    folder.mkdir()
    return folder


@pytest.fixture
def project(installed: Path, service: Path, tmp_path: Path) -> Project:
    """A declaration of one cache on Acme, in a folder of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "platform.yaml").write_text(DECLARATION, encoding="utf-8")
    return Project(folder, env={"PYTHONPATH": str(installed), "ACME_HOME": str(service)})
