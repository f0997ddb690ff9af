from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.status import Health, LiveState, ResourceState
from platform_pulumi.operations import logs, up
from platform_pulumi.operations.logs import LogOptions
from platform_pulumi.sdk.runtime import LogLine
from tests.operations.fake_runtime import FakeRuntime, asked_services, hold
from tests.operations.fakes import NOW, PLATFORM, THREE, Answer, FakeEngine, Files, Watcher, services

GONE = LiveState(ResourceState.DRIFTED, Health.UNKNOWN, detail="removed by somebody")


@pytest.fixture
def runtime() -> FakeRuntime:
    return FakeRuntime()


@pytest.fixture
def applied(applied_engine: FakeEngine) -> FakeEngine:
    hold(applied_engine, THREE, "api", "api-gateway", "api-1", "api-2")
    return applied_engine


def read(
    engine: FakeEngine,
    runtime: FakeRuntime,
    files: Files,
    name: str = "api",
    wanted: LogOptions | None = None,
    **asked: Any,
) -> logs.Logs:
    return logs.logs(asked_services(engine, runtime), files.task(**asked), name, wanted or LogOptions())


def test_the_replicas_are_read_and_the_gateway_on_request(
    files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    found = read(applied, runtime, files)
    assert list(found.lines) == [LogLine("api-1", "of api-1"), LogLine("api-2", "of api-2")]
    assert found.sources == ("api-1", "api-2")
    assert not found.notes
    assert read(applied, runtime, files, wanted=LogOptions(gateway=True)).sources == ("api-1", "api-2", "api-gateway")


def test_what_is_wanted_is_passed_on(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    read(applied, runtime, files, wanted=LogOptions(follow=True, tail=5, seconds=60))
    assert runtime.options == [{"follow": True, "tail": 5, "since": NOW / 1000 - 60}]


def test_those_that_are_gone_are_named(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    runtime.states["api-1"] = GONE
    found = read(applied, runtime, files)
    assert found.sources == ("api-2",)
    assert found.notes == ("api-1: removed by somebody",)
    runtime.states["api-2"] = GONE
    with pytest.raises(EngineError, match="Nothing is left to read") as caught:
        read(applied, runtime, files)
    assert caught.value.detail == "api-1, api-2 of `api` was removed by somebody, its log with it."


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("apo", {}, "There is no capability `apo`. Did you mean `api`?"),
        ("nothing-like-it", {}, "There is no capability `nothing-like-it`. Declared are vpc, db, api."),
        ("api", {"simulate": True}, "`api` is simulated: nothing runs that could write one."),
        ("vpc", {}, "`vpc` is a network: nothing of it writes a log on acme."),
        ("api", {"provider": "rival"}, "This version cannot read logs of rival, which serves `api`."),
    ],
)
def test_what_has_no_log_says_so(
    name: str, options: dict[str, Any], said: str, files: Files, applied: FakeEngine, runtime: FakeRuntime
) -> None:
    with pytest.raises(InputError) as caught:
        read(applied, runtime, files, name, **options)
    assert caught.value.detail.startswith(said)


def test_what_was_not_applied_says_so(files: Files, engine: FakeEngine, runtime: FakeRuntime) -> None:
    with pytest.raises(InputError, match="Nothing was applied yet"):
        read(engine, runtime, files)


def test_a_name_of_several_applications_needs_one(files: Files, engine: FakeEngine, runtime: FakeRuntime) -> None:
    head, _, tail = PLATFORM.partition("    application:\n")
    one = tail.replace("\n", "\n    ").replace("      capabilities", "          capabilities", 1)
    both = "".join(f"        {name}:\n{one.rstrip()}\n" for name in ("left", "right"))
    files.write(text=f"{head}    application:\n      applications:\n{both}")
    with pytest.raises(InputError) as caught:
        read(engine, runtime, files)
    assert caught.value.detail == "`api` is in the applications left, right: --app NAME."
    up.up(services(engine), files.task(), Watcher(), Answer())
    assert read(engine, runtime, files, application="right").sources == ("api",)


def test_a_provider_that_does_not_answer(files: Files, applied: FakeEngine, runtime: FakeRuntime) -> None:
    runtime.error = EngineError("Docker does not answer", "Start it.")
    with pytest.raises(EngineError) as caught:
        read(applied, runtime, files)
    assert caught.value.problems[0].detail == "`api` is served by acme. Start it."
