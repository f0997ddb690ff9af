"""Twenty kills of simulated runs and six full disks; more of both: `make fuzz`."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Project
from tests.shared import missing
from tests.storm.full_disk import LEFT, fill_up
from tests.storm.simulated import Storm

pytestmark = [pytest.mark.engine, pytest.mark.slow("each kill is followed by the run that goes on, and by a plan")]

SEED = 20261128
KILLS = 5


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_lost_doubled_or_left_unsaid(number: int, tmp_path: Path) -> None:
    storm = Storm(Project(tmp_path), random.Random(SEED + number))
    kills = [storm.kill_one() for _ in range(KILLS)]
    print(*kills, sep="\n")
    assert [fault for kill in kills for fault in kill.faults] == []
    assert any(kill.killed for kill in kills), "all of them were through before"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With `--long-storms` all sizes of full disks."""
    if "left" in metafunc.fixturenames:
        metafunc.parametrize("left", LEFT if metafunc.config.getoption("long_storms") else LEFT[::5])


def test_what_is_made_while_the_disk_fills_up_is_recorded(left: int, tmp_path: Path) -> None:
    try:
        faults = fill_up(Project(tmp_path), left, random.Random(SEED + left))
    except (OSError, subprocess.CalledProcessError) as error:
        missing("SMALL DISK", error)
    assert faults == []
