"""Commands killed with all their processes: the next goes on from there, and nothing is there twice or lost."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.e2e.docker.conftest import Maker, Platform
from tests.e2e.docker.killing import kill_after, kill_when, log
from tests.e2e.docker.light import LIGHT, parts
from tests.shared import until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("each kill is followed by the run that goes on from there, and both by a look at what runs"),
]

SEED = 20261124
#: So many kills in each.
STORMS = (4, 3, 3)
TWO = LIGHT.replace("replicas: 1", "replicas: 2")
#: What a killed run may have been about: old and new text of the declaration.
CHANGES = (
    ('MARK: "first"', 'MARK: "other"'),
    ("replicas: 2", "replicas: 1"),
    ("host: api.localhost", "path: /, host: other.localhost"),
    ('version: "7"', 'version: "7", memory: 32Mi'),
    ("tls: false", "tls: false, path: /health"),
)


def sound(platform: Platform, replicas: int) -> None:
    """Exactly what is declared is there, and works."""
    assert platform.parts() == parts(replicas)
    platform.healthy()
    assert platform.ask("/health").status == 200
    assert not list((platform.home / "state").glob(".pulumi/locks/**/*.json"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With `--long-storms` four times as many kills, of other chances."""
    if "kills" in metafunc.fixturenames:
        storms = STORMS * 4 if metafunc.config.getoption("long_storms") else STORMS
        metafunc.parametrize(("number", "kills"), list(enumerate(storms)))


def test_a_storm_of_kills(make: Maker, number: int, kills: int) -> None:
    """At any moment of a run: most while it applies, some while it still plans. First of a create, then others."""
    chance = random.Random(SEED + number)
    platform = make(TWO)
    storm(platform, chance, 3.5, "first create")
    for kill in range(1, kills):
        # Each storm has one destroy: the first as its second kill, the next as its third.
        if kill == 1 + number % (kills - 1):
            storm_of_destroy(platform, chance)
        else:
            text = platform.file.read_text(encoding="utf-8")
            old, new = chance.choice([change for change in CHANGES if change[0] in text and change[1] not in text])
            platform.replace(old, new)
            storm(platform, chance, 1.5, new)
    platform.no_op()


def storm(platform: Platform, chance: random.Random, longest: float, what: str) -> None:
    """Kill an `up` at some moment; the next one makes all as it is declared."""
    strike(platform, chance, longest, what, "up")
    platform.up()
    sound(platform, 1 if "replicas: 1" in platform.file.read_text(encoding="utf-8") else 2)


def storm_of_destroy(platform: Platform, chance: random.Random) -> None:
    """Kill a `destroy` at some moment; another one ends it, or an `up` makes all anew."""
    strike(platform, chance, 4.0, "destroy", "destroy")
    if chance.random() < 0.5:
        platform.destroy()
        assert (platform.containers(), platform.networks(), platform.volumes()) == ([], [], [])
        assert platform.anonymous() == set()
    platform.up()
    sound(platform, 1 if "replicas: 1" in platform.file.read_text(encoding="utf-8") else 2)


def strike(platform: Platform, chance: random.Random, longest: float, what: str, verb: str) -> None:
    """Kill a command at some moment, if it is not through by then."""
    planning = chance.random() < 0.2
    moment = chance.uniform(0.2, 2.0) if planning else chance.uniform(0.0, longest)
    word = {"up": " applying", "destroy": " destroying"}[verb]
    killed = kill_after(platform, moment, verb, "--yes", word="" if planning else word)
    said = log(platform).read_text(encoding="utf-8").splitlines()
    print(f"{what}: {'killed' if killed else 'done'}, {moment:.2f} s, last word: {said[-1] if said else ''}")


def test_a_kill_then_a_destroy(make: Maker) -> None:
    platform = make(TWO)
    kill_when(platform, lambda: platform.replicas("api"), "up", "--yes")
    platform.destroy()
    assert (platform.containers(), platform.networks(), platform.volumes()) == ([], [], [])
    assert platform.anonymous() == set()


def test_a_replacement_that_was_under_way_is_taken_back(make: Maker) -> None:
    """The new container runs, and no state knows it: taking the change back must not leave it there."""
    platform = make(LIGHT)
    platform.up()
    platform.replace('MARK: "first"', 'START_DELAY: "5"')
    kill_when(platform, lambda: len(platform.replicas("api")) > 1, "up", "--yes")
    platform.replace('START_DELAY: "5"', 'MARK: "first"')
    platform.up()
    sound(platform, 1)


def test_a_removal_that_was_under_way_is_taken_back(make: Maker) -> None:
    """Docker goes on stopping the old container after the kill: taking the change back must bring it up again."""
    platform = make(DEAF)
    platform.up()
    old = platform.one("api").id
    platform.replace('MARK: "first"', 'MARK: "second"')
    kill_when(platform, lambda: old in platform.watch.signalled, "up", "--yes")
    until(lambda: platform.client.api.inspect_container(old)["State"]["Status"] == "exited", "end of the old one")
    platform.replace('MARK: "second"', 'MARK: "first"')
    platform.up()
    assert until(lambda: platform.ask("/").status == 200, "answer of what is declared", 20)
    assert platform.parts() == Counter(["api"])


#: One container that holds the port itself, so that the old one has to go first, and that does not hear SIGTERM.
DEAF = """\
apiVersion: platform/v1
platform:
  org: "ORG"
  environment: "test"
  provider: {name: docker, config: {publish: {api: PORT}}}
  tiers:
    infrastructure: {}
    shared_primitives: {}
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties:
            image: local/deaf:1
            command: [sh, -c, "trap '' TERM; httpd -p 8080 -h /www; while :; do sleep 1; done"]
            ports: [{container_port: 8080}]
            env: {MARK: "first"}
            health_check: {path: /, interval: 3s, timeout: 1s, retries: 3}
"""
