"""Whether a daemon answers is found without leaving anything open: warnings of that fail whichever test runs next."""

from __future__ import annotations

import gc
import socket
import warnings
from pathlib import Path

import pytest

from tests.bed import daemon


@pytest.mark.parametrize("stale", [False, True], ids=["missing", "stale"])
def test_nobody_answers_and_nothing_stays_open(tmp_path: Path, stale: bool) -> None:
    path = tmp_path / "docker.sock"
    if stale:
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        assert not daemon.answers(f"unix://{path}")
        gc.collect()
    assert not said


@pytest.mark.docker
def test_a_daemon_answers(docker_daemon: str) -> None:
    assert daemon.answers(docker_daemon)
