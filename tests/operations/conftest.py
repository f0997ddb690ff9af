"""A declaration on disk, an engine in memory, somebody who watches and somebody who answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi.operations import up
from tests.operations.fakes import Answer, FakeEngine, Files, Watcher, services


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "platform.yaml").write()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def applied_engine(files: Files) -> FakeEngine:
    """An engine on which the whole platform stands."""
    made = FakeEngine()
    up.up(services(made), files.task(), Watcher(), Answer())
    made.done.clear()
    return made


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def answer() -> Answer:
    return Answer()
