"""Expand, then contract: what is new goes from the top down, what nothing uses any more from the bottom up."""

from __future__ import annotations

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.applied import ApplyError, Outcome
from platform_pulumi.model.plan import Plan
from platform_pulumi.model.plan.order import ApplyStep, steps
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import preview, up
from tests.cli.samples import approval
from tests.operations.fakes import (
    ONE,
    PLATFORM,
    THREE,
    TWO,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    services,
)

#: A second network, a second database in it, and an application that uses that one.
TWICE = PLATFORM.replace(
    "      constraints_for_downstream",
    "        - {name: old, type: network, properties: {cidr: 10.1.0.0/16}}\n      constraints_for_downstream",
).replace(
    "      outputs:\n",
    "        - {name: cache, type: cache, properties: {engine: redis, version: '7', network: old}}\n      outputs:\n",
)


def wired(text: str) -> str:
    engine, image = "            engine: postgresql\n", "            image: api:1\n"
    text = text.replace(engine, f"{engine}            network: vpc\n")
    return text.replace(image, f"{image}            network: vpc\n")


@pytest.fixture
def twice(files: Files, engine: FakeEngine) -> Files:
    """The platform with a network and a cache that are removed later; applied."""
    files.write(text=wired(TWICE))
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    return files.write(text=PLATFORM.replace("DB_HOST:", "DATABASE_HOST:"))


def changing(engine: FakeEngine) -> list[tuple[str, object]]:
    return [(verb, stack) for verb, stack in engine.done if verb in {"up", "delete_held"}]


def plan(engine: FakeEngine, files: Files) -> Plan:
    return preview.preview(services(engine), files.task(), Watcher())


def test_deletes_come_last_from_the_bottom_up(twice: Files, engine: FakeEngine) -> None:
    watcher = Watcher()
    applied = up.up(services(engine), twice.task(), watcher, Answer())
    assert changing(engine) == [
        *(("up", stack) for stack in (ONE, TWO, THREE)),
        ("delete_held", TWO),
        ("delete_held", ONE),
    ]
    assert [(t.summary, t.done, t.total.most) for t in applied.tiers] == [
        ({"no-op": 1, "delete": 1}, 1, 1),
        ({"no-op": 1, "delete": 1}, 1, 1),
        ({"update": 1}, 1, 1),
    ]
    assert [verb for *_, verb in watcher.runs][-2:] == ["deleting", "deleting"]
    assert {urn.rpartition("::")[2] for stack in (ONE, TWO) for urn in engine.stacks_[stack].resources} == {"vpc", "db"}


def test_the_plan_shows_the_order(twice: Files, engine: FakeEngine) -> None:
    found = plan(engine, twice)
    one, two, three = (section.key for section in found.tiers)
    assert steps(found) == (
        ApplyStep(one, False, {}),
        ApplyStep(two, False, {}),
        ApplyStep(three, False, {"update": Range.exactly(1)}),
        ApplyStep(two, True, {"delete": Range.exactly(1)}),
        ApplyStep(one, True, {"delete": Range.exactly(1)}),
    )


def test_nothing_waits_where_nothing_below_changes(twice: Files, engine: FakeEngine) -> None:
    cache = next(line for line in TWICE.splitlines(keepends=True) if "name: cache" in line)
    twice.write(text=wired(TWICE).replace(cache, ""))
    up.up(services(engine), twice.task(), Watcher(), Answer())
    assert changing(engine) == [("up", TWO)]


def test_a_tier_that_fails_leaves_what_waits_and_the_next_run_deletes_it(twice: Files, engine: FakeEngine) -> None:
    engine.failing.add("api")
    with pytest.raises(ApplyError) as raised:
        up.up(services(engine), twice.task(), Watcher(), Answer())
    assert [t.outcome for t in raised.value.tiers] == [Outcome.APPLIED, Outcome.APPLIED, Outcome.FAILED]
    assert [(t.done, t.total.most) for t in raised.value.tiers] == [(0, 1), (0, 1), (0, 1)]
    assert "delete_held" not in dict(engine.done)
    engine.failing.clear()
    engine.done.clear()
    up.up(services(engine), twice.task(), Watcher(), Answer())
    assert [verb for verb, _ in changing(engine)][-2:] == ["delete_held"] * 2
    assert not plan(engine, twice).changes


def test_a_delete_that_fails_at_the_end_is_reported_with_all_that_stands(twice: Files, engine: FakeEngine) -> None:
    engine.failing.add("old")
    with pytest.raises(ApplyError) as raised:
        up.up(services(engine), twice.task(), Watcher(), Answer())
    assert [t.outcome for t in raised.value.tiers] == [Outcome.FAILED, Outcome.APPLIED, Outcome.APPLIED]
    assert raised.value.summary == "infrastructure failed after 0 of 1 resources"


def test_a_replacement_stands_beside_what_it_replaces_until_the_end(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    files.write(("10.0.0.0/16", "10.5.0.0/16"), ("DB_HOST:", "DATABASE_HOST:"))
    found = plan(engine, files)
    assert [section.deletes_last for section in found.tiers] == [True, False, False]
    assert steps(found)[-1] == ApplyStep(found.tiers[0].key, True, {"delete": Range.exactly(1)})


def test_a_section_of_an_approved_plan_leaves_its_deletes_to_a_later_plan(twice: Files, engine: FakeEngine) -> None:
    section = plan(engine, twice).tiers[0]
    watcher = Watcher()
    applied = up.apply_section(services(engine), twice.task(), section, [approval(section)], watcher)
    assert changing(engine) == [("up", ONE)]
    assert applied.tiers[0].done == 0
    assert "1 deletes wait until the tiers below are applied" in watcher.messages[-1]
    assert {"vpc", "old"} == {urn.rpartition("::")[2] for urn in engine.stacks_[ONE].resources}


def test_what_stacks_outside_of_the_run_use_is_not_deleted(twice: Files, engine: FakeEngine) -> None:
    found = preview.preview(services(engine), twice.task(tier=Tier.INFRASTRUCTURE), Watcher())
    (obstacle,) = found.obstacles
    assert (obstacle.capability, obstacle.summary) == ("old", "It is in use elsewhere")
    assert "cache of shared_primitives" in obstacle.detail
    with pytest.raises(RefusedError) as raised:
        up.up(services(engine), twice.task(tier=Tier.INFRASTRUCTURE), Watcher(), Answer())
    assert raised.value.problems[0].detail.splitlines()[1:] == [f"{n}. {s}" for n, s in enumerate(obstacle.steps, 1)]
    assert changing(engine) == []


def test_a_place_that_cannot_stand_beside_its_successor_is_refused(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    engine.deleting_first.add("network")
    files.write(("10.0.0.0/16", "10.5.0.0/16"))
    (obstacle,) = plan(engine, files).obstacles
    assert (obstacle.capability, obstacle.summary) == ("vpc", "It cannot stand beside its successor")
    assert "`vpc-2`" in obstacle.steps[0]
    assert "`network: vpc-2`" in obstacle.steps[0]
    with pytest.raises(RefusedError):
        up.up(services(engine), files.task(), Watcher(), Answer())
    assert changing(engine) == []


def test_what_is_reached_at_an_address_may_be_deleted_first(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.deleting_first.add("database")
    files.write(("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8.0"'))
    assert plan(engine, files).obstacles == ()


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ([("10.0.0.0/16", "10.5.0.0/16")], True),  # a network: they live in it
        ([("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8.0"')], False),  # at an address
    ],
)
def test_another_teams_application_lives_in_a_network_but_not_in_a_database(
    change: list[tuple[str, str]], refused: bool, files: Files, engine: FakeEngine
) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    upper = PLATFORM[: PLATFORM.index("    application:\n")]
    files.write(*change, text=upper)
    found = preview.preview(services(engine), files.task(), Watcher())
    elsewhere = [one for one in found.obstacles if one.summary == "It is in use elsewhere"]
    assert bool(elsewhere) is refused
    assert [one.steps[0].startswith("Have application (default) let go of it") for one in elsewhere] == [True] * refused


#: What becomes of the output that an application reads, and whether that breaks it.
_OUTPUT = "        - name: db_host\n          source: db.host\n          type: string\n"
OUTPUTS = {
    "dropped": (_OUTPUT, "        []\n", True),
    "renamed": ("name: db_host", "name: host", True),
    "retyped": ("source: db.host\n          type: string", "source: db.port\n          type: integer", True),
    "of something else": ("source: db.host", "source: db.connection_string", False),
    "beside another": (_OUTPUT, f"{_OUTPUT}        - {{name: port, source: db.port, type: integer}}\n", False),
}


@pytest.mark.parametrize("change", OUTPUTS)
def test_an_output_that_another_teams_application_reads_stays(change: str, files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    old, new, breaks = OUTPUTS[change]
    files.write((old, new), text=PLATFORM[: PLATFORM.index("    application:\n")])
    engine.done.clear()
    found = plan(engine, files).obstacles
    assert [(one.capability, one.summary) for one in found] == [("db", "Its output is in use elsewhere")] * breaks
    if breaks:
        assert "does not apply api of application (default), which reads it" in found[0].detail
        with pytest.raises(RefusedError):
            up.up(services(engine), files.task(), Watcher(), Answer())
        assert changing(engine) == []


def test_an_output_goes_with_the_last_that_reads_it(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM)
    up.up(services(engine), files.task(), Watcher(), Answer())
    files.write((_OUTPUT, "        []\n"), ('"${tier2.db_host}"', "none"))
    assert plan(engine, files).obstacles == ()
    up.up(services(engine), files.task(), Watcher(), Answer())
    files.write((_OUTPUT, "        []\n"), text=PLATFORM[: PLATFORM.index("    application:\n")])
    assert plan(engine, files).obstacles == ()
