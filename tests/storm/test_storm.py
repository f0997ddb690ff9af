"""Twenty kills of simulated runs; hundreds: `make fuzz`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.e2e.conftest import Project
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
    assert any(kill.under_way for kill in kills), "none of them hit anything"
