"""The published plugin, killed with its engine: what was being made is looked up at the daemon and taken over.

Ours stands in for the published plugin, installed as that is: the engine starts it, and it ends with the engine.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.e2e.docker.conftest import Maker, Platform
from tests.e2e.docker.killing import kill_when
from tests.e2e.docker.light import ALONE, parts

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("each kill is followed by the run that goes on from there, and both by a look at what runs"),
]
OFFICIAL = ALONE.replace("{name: docker}", "{name: docker, config: {plugin: official}}")


@pytest.fixture
def killed(make: Maker, published: Mapping[str, str]) -> Platform:
    """Killed while it waited for the application's first container, which no state knows, to become healthy."""
    platform = make(OFFICIAL.replace('MARK: "first"', 'START_DELAY: "3"'))
    platform.env = {**platform.env, **published}
    kill_when(platform, lambda: [one for one in platform.replicas("api") if one.status == "running"], "up", "--yes")
    return platform


def test_a_create_that_was_under_way_is_taken_over(killed: Platform) -> None:
    made = killed.one("api").id
    done = killed.run("preview")
    assert done.returncode == 0, done.stderr
    assert "api-1 was being created when a run was killed" in " ".join(done.stderr.split())
    said = " ".join(killed.up().split())
    assert f"api-1 was being created when a run was killed: {made[:12]} is there, and taken over" in said
    assert killed.one("api").id == made
    assert killed.parts() == parts(alone=True)
    killed.healthy()
    assert killed.ask("/health").status == 200
    killed.no_op()


def test_what_was_under_way_is_destroyed_as_well(killed: Platform) -> None:
    killed.destroy()
    assert (killed.containers(), killed.networks(), killed.volumes()) == ([], [], [])
    assert killed.anonymous() == set()


def test_half_a_replacement_goes_and_what_was_there_before_it_is_replaced(
    make: Maker, published: Mapping[str, str]
) -> None:
    """Also where the change was taken back meanwhile: the revision that it gave is recorded, and changes once more."""
    platform = make(OFFICIAL)
    platform.env = {**platform.env, **published}
    platform.up()
    first = platform.one("api").id
    platform.replace('MARK: "first"', 'START_DELAY: "3"')
    kill_when(platform, lambda: len(platform.replicas("api")) > 1, "up", "--yes")
    platform.replace('START_DELAY: "3"', 'MARK: "first"')
    (half,) = [one for one in platform.replicas("api") if one.id != first]
    assert f"container {half.name} was left by a run that was killed; removed" in " ".join(platform.up().split())
    assert platform.parts() == parts(alone=True)
    platform.healthy()
