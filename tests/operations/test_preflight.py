"""Providers are asked before anything is started, in real runs and in those alone."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.errors import EngineError, InputError, Position
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.services import Services
from tests.operations.fake_runtime import FakeRuntime, asked_services
from tests.operations.fakes import Answer, FakeEngine, Files, Watcher

GONE = EngineError("Docker does not answer", "Is it running?")
CONFIGURED = ("    name: acme", '    name: acme\n    config: {region: "${env:WHERE}"}')


def run(verb: str, files: Files, given: Services, **options: Any) -> None:
    task = files.task(**options)
    if verb == "preview":
        preview.preview(given, task, Watcher())
    elif verb == "up":
        up.up(given, task, Watcher(), Answer())
    else:
        destroy.destroy(given, task, Watcher(), Answer())


@pytest.mark.parametrize("verb", ["preview", "up", "destroy"])
def test_a_provider_that_is_not_there_stops_a_run_before_the_engine_works(
    verb: str, files: Files, applied_engine: FakeEngine
) -> None:
    with pytest.raises(EngineError) as caught:
        run(verb, files, asked_services(applied_engine, FakeRuntime(error=GONE)))
    assert caught.value.exit_code == 6
    [problem] = caught.value.problems
    assert problem.position == Position(str(files.path), 10, 11)
    assert problem.also == (Position(str(files.path), 6, 5),)
    assert problem.detail == "`vpc` is served by acme. Is it running?"
    assert applied_engine.done == []


def test_the_engine_is_not_even_opened(files: Files, engine: FakeEngine) -> None:
    opened: list[Any] = []
    given = asked_services(engine, FakeRuntime(error=GONE), opened=lambda *about: opened.append(about))
    with pytest.raises(EngineError):
        run("preview", files, given)
    assert opened == []


@pytest.mark.parametrize("verb", ["preview", "up"])
def test_one_that_is_there_is_asked_once(verb: str, files: Files, engine: FakeEngine) -> None:
    runtime = FakeRuntime()
    run(verb, files, asked_services(engine, runtime))
    assert runtime.pings == 1
    assert runtime.made == [({}, {})]


@pytest.mark.parametrize("verb", ["preview", "up", "destroy"])
def test_a_simulated_run_asks_nobody(verb: str, files: Files, engine: FakeEngine) -> None:
    runtime = FakeRuntime(error=GONE)
    run(verb, files, asked_services(engine, runtime), simulate=True)
    assert runtime.made == []


def test_the_problem_is_at_the_first_capability_of_the_chosen_tiers(files: Files, applied_engine: FakeEngine) -> None:
    with pytest.raises(EngineError) as caught:
        run("preview", files, asked_services(applied_engine, FakeRuntime(error=GONE)), tier=Tier.APPLICATION)
    assert caught.value.problems[0].position == Position(str(files.path), 32, 11)


def test_settings_are_resolved_late(files: Files, engine: FakeEngine, canary: str) -> None:
    files.write(CONFIGURED)
    runtime = FakeRuntime()
    run("preview", files, asked_services(engine, runtime, environment={"WHERE": canary}))
    assert runtime.made[0][0] == {"region": canary}
    with pytest.raises(InputError) as caught:
        run("preview", files, asked_services(engine, runtime))
    assert canary not in str(caught.value.problems)


def test_a_destroy_needs_no_settings(files: Files, applied_engine: FakeEngine) -> None:
    files.write(CONFIGURED)
    runtime = FakeRuntime(error=GONE)
    destroy.destroy(
        asked_services(applied_engine, runtime), files.task(allow_data_loss=frozenset({"db"})), Watcher(), Answer()
    )
    assert runtime.pings == 0
    assert not applied_engine.stacks_


def test_a_destroy_of_nothing_asks_nobody(files: Files, engine: FakeEngine) -> None:
    runtime = FakeRuntime(error=GONE)
    run("destroy", files, asked_services(engine, runtime))
    assert runtime.pings == 0


def test_no_secret_of_the_settings_is_told(files: Files, engine: FakeEngine, canary: str) -> None:
    files.write(CONFIGURED)
    given = asked_services(engine, FakeRuntime(error=GONE), environment={"WHERE": canary})
    with pytest.raises(EngineError) as caught:
        run("preview", files, given)
    assert canary not in f"{caught.value.summary}{caught.value.detail}{caught.value.problems}"
