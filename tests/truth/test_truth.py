"""Random platforms, planned, applied, changed: what a plan says is what happens.

A seed that fails prints its documents; `python -m tests.truth --seed N` runs it again. Thousands: `make fuzz`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from tests.truth.case import first_platform, run_case
from tests.truth.generator import PROVIDERS
from tests.truth.known import KNOWN, SEEDS, is_known
from tests.truth.platforms import LAYOUTS

pytestmark = [pytest.mark.engine, pytest.mark.slow("each seed applies three platforms")]


@pytest.fixture(scope="module")
def programs() -> Iterator[LanguageHost]:
    """The process that runs programs: once for all seeds."""
    with LanguageHost(dict(os.environ)) as host:
        yield host


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_plan_says_is_what_happens(seed: int, programs: LanguageHost) -> None:
    case = run_case(seed, programs, thorough=False)
    assert any(step.actions for step in case.steps), "nothing was applied"
    new = [mismatch for mismatch in case.mismatches if not is_known(mismatch)]
    assert not new, case.report()


def test_the_seeds_cover_every_type_and_provider() -> None:

    first = [first_platform(seed) for seed in SEEDS]
    assert {spec.provider for spec in first} == set(PROVIDERS)
    assert {entry.type for spec in first for _, _, entry in spec.entries()} == set(CAPABILITY_TYPES)
    assert {spec.layout for spec in first} == set(LAYOUTS)


def test_what_is_known_has_a_reason() -> None:
    assert all(KNOWN.values())
