"""Names in options that nothing has, or that change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platform_pulumi.errors import InputError
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from tests.operations.conftest import Files
from tests.operations.fakes import Answer, FakeEngine, Watcher, services


def messages(engine: FakeEngine, files: Files, verb: str, **options: frozenset[str]) -> list[str]:
    """What a verb says with these options."""
    watcher = Watcher()
    if verb == "preview":
        preview.preview(services(engine), files.task(**options), watcher)
    else:
        run = up.up if verb == "up" else destroy.destroy
        run(services(engine), files.task(**options), watcher, Answer())
    return watcher.messages


@pytest.mark.parametrize("verb", ["preview", "up", "destroy"])
def test_a_mistyped_name_of_what_may_be_lost_is_refused_before_anything_is_done(
    verb: str, files: Files, engine: FakeEngine
) -> None:
    messages(engine, files, "up")
    engine.done.clear()
    with pytest.raises(InputError) as refused:
        messages(engine, files, verb, allow_data_loss=frozenset({"vpcc"}))
    assert refused.value.detail == (
        "--allow-data-loss names `vpcc`, and there is no such capability. Did you mean `vpc`?"
    )
    assert {done for done, _ in engine.done} <= {"preview"}


@pytest.mark.parametrize("verb", ["preview", "up"])
def test_a_name_that_loses_nothing_or_is_gone_is_said(verb: str, files: Files, engine: FakeEngine) -> None:
    said = messages(engine, files, verb, allow_data_loss=frozenset({"vpc", "gone"}))
    assert said[-2:] == [
        "--allow-data-loss gone: there is nothing of that name",
        "--allow-data-loss vpc: no data of it is lost",
    ]


def test_what_is_forgotten_was_pending_or_it_is_said(files: Files, engine: FakeEngine) -> None:
    messages(engine, files, "up")
    assert messages(engine, files, "up", forget_pending=frozenset({"vpc"})) == [
        "--forget-pending vpc: no create of it is pending"
    ]
    with pytest.raises(InputError, match="Unknown capability"):
        messages(engine, files, "up", forget_pending=frozenset({"vpcc"}))
    (name, snapshot) = next(iter(engine.stacks_.items()))
    urn = next(iter(snapshot.resources))
    engine.stacks_[name] = replace(snapshot, pending=(("creating", urn),))
    assert "is pending" not in str(messages(engine, files, "up", forget_pending=frozenset({snapshot.named(urn)})))


def test_an_application_of_another_tier_is_refused(files: Files, engine: FakeEngine) -> None:
    task = files.task(tier=Tier.INFRASTRUCTURE, application="default")
    with pytest.raises(InputError, match="Only tier 3 has applications"):
        preview.preview(services(engine), task, Watcher())


def test_a_mistyped_application_is_told_what_it_might_mean(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(InputError) as refused:
        preview.preview(services(engine), files.task(application="defalt"), Watcher())
    assert refused.value.detail.endswith("Did you mean `default`?")
