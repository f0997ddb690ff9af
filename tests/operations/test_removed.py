"""Removed applications: who is told that a stack stays, who is not, and how it goes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Plan
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from platform_pulumi.operations.ports import StateOutput
from tests.operations.fakes import (
    CONTEXT,
    ONE,
    PLATFORM,
    TWO,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    forget_member,
    services,
)

UPPER = PLATFORM[: PLATFORM.index("    application:")]
HEAD = PLATFORM[: PLATFORM.index("    infrastructure:")]
SHOP, BLOG = (CONTEXT.stack(Tier.APPLICATION, name) for name in ("shop", "blog"))


def applications(*names: str) -> str:
    service = "{name: api, type: container_runtime, properties: {image: 'api:1', memory: 1Gi, cpu: 500m}}"
    return "    application:\n      applications:\n" + "".join(
        f"        {name}: {{capabilities: [{service}]}}\n" for name in names
    )


def team(name: str) -> str:
    """The file of a team that has one application, and says nothing of the tiers above."""
    return HEAD.replace("  provider:", f"  application: {name}\n  provider:") + applications(name)


def planned(engine: FakeEngine, files: Files, text: str, **options: Any) -> Plan:
    return preview.preview(services(engine), files.write(text=text).task(**options), Watcher())


def applied(engine: FakeEngine, files: Files, text: str, **options: Any) -> None:
    up.up(services(engine), files.write(text=text).task(**options), Watcher(), Answer())


def told(plan: Plan) -> list[str]:
    """The stacks that a plan says are left."""
    left = [problem for problem in plan.warnings if problem.code == "P4030"]
    assert all(problem.warning for problem in left)
    return [word for problem in left for word in problem.detail.split() if word.startswith("organization/")]


@pytest.fixture
def engine(engine: FakeEngine, files: Files) -> FakeEngine:
    """All that there is was declared in one file."""
    applied(engine, files, UPPER + applications("shop", "blog"))
    return engine


def test_who_removes_an_application_is_told_that_its_stack_stays(files: Files, engine: FakeEngine) -> None:
    plan = planned(engine, files, UPPER + applications("shop"))
    assert told(plan) == ["organization/acme-application/prod.blog"]
    assert "1 resource. `platform destroy --tier 3 --app blog`" in plan.warnings[-1].detail
    assert not plan.changes


def test_nobody_is_told_of_what_is_declared_whatever_is_planned_of_it(files: Files, engine: FakeEngine) -> None:
    whole = UPPER + applications("shop", "blog")
    assert told(planned(engine, files, whole)) == []
    assert told(planned(engine, files, whole, tier=Tier.INFRASTRUCTURE)) == []
    assert told(planned(engine, files, whole, tier=Tier.APPLICATION, application="shop")) == []


def test_it_is_said_of_the_last_ones_too_and_for_as_long_as_they_stay(files: Files, engine: FakeEngine) -> None:
    both = ["organization/acme-application/prod.blog", "organization/acme-application/prod.shop"]
    assert told(planned(engine, files, UPPER)) == both
    applied(engine, files, UPPER.replace("cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n            dns_hostnames: false"))
    assert told(planned(engine, files, UPPER)) == both


def test_a_team_is_not_told_of_others(files: Files, engine: FakeEngine) -> None:
    applied(engine, files, team("mine"))
    applied(engine, files, team("theirs"))
    assert told(planned(engine, files, team("mine"))) == []
    # Nor are those who own the platform told of the teams' own files.
    assert told(planned(engine, files, UPPER + applications("shop", "blog"))) == []


def test_an_empty_upper_tier_owns_nothing(files: Files, engine: FakeEngine) -> None:
    del engine.stacks_[SHOP], engine.stacks_[BLOG]
    empty = HEAD + "    infrastructure: {}\n    shared_primitives: {}\n"
    engine.stacks_.clear()
    applied(engine, files, empty + applications("mine"))
    assert told(planned(engine, files, empty + applications("theirs"))) == []


def test_applications_that_one_file_declares_without_upper_tiers_know_of_each_other(
    files: Files, engine: FakeEngine
) -> None:
    applied(engine, files, HEAD + applications("one", "two", "three"))
    applied(engine, files, HEAD + applications("four", "five"))
    left = told(planned(engine, files, HEAD + applications("one", "two")))
    assert left == ["organization/acme-application/prod.three"]


def test_who_takes_an_application_into_a_file_of_its_own_ends_it_by_applying_it(
    files: Files, engine: FakeEngine
) -> None:
    plan = planned(engine, files, team("blog"))
    assert plan.tiers[0].contract_changes
    applied(engine, files, team("blog"))
    assert told(planned(engine, files, UPPER + applications("shop"))) == []


def test_one_application_more_or_less_changes_no_contract_of_another(files: Files, engine: FakeEngine) -> None:
    plan = planned(engine, files, UPPER + applications("shop", "more"))
    assert [(tier.application, tier.contract_changes) for tier in plan.tiers] == [
        (None, False),
        (None, False),
        ("more", True),
        ("shop", False),
    ]


def test_stacks_of_an_earlier_version_say_nothing(files: Files, engine: FakeEngine) -> None:
    for name in engine.stacks_:
        forget_member(engine, name, "declaredWith")
    assert not planned(engine, files, UPPER + applications("shop", "blog")).changes
    assert told(planned(engine, files, UPPER + applications("shop"))) == []


def test_no_state_is_read_where_the_files_never_had_an_application(files: Files, engine: FakeEngine) -> None:
    engine.stacks_.clear()
    applied(engine, files, UPPER)
    applied(engine, files, team("theirs"))
    engine.unreadable.add(CONTEXT.stack(Tier.APPLICATION, "theirs"))
    assert told(planned(engine, files, UPPER)) == []


def ended(engine: FakeEngine, files: Files, text: str, **options: Any) -> list[tuple[str, StackName]]:
    engine.done.clear()
    destroy.destroy(services(engine), files.write(text=text).task(**options), Watcher(), Answer())
    return engine.done


def test_the_way_out_deletes_the_stack_that_stays_and_nothing_else(files: Files, engine: FakeEngine) -> None:
    now = UPPER + applications("shop")
    assert ended(engine, files, now, tier=Tier.APPLICATION, application="blog") == [("destroy", BLOG)]
    assert set(engine.stacks_) == {ONE, TWO, SHOP}
    assert told(planned(engine, files, now)) == []


@pytest.mark.parametrize("name", ["never", "No.Name", "../shop"])
def test_what_never_was_is_unknown(files: Files, engine: FakeEngine, name: str) -> None:
    with pytest.raises(InputError, match="Unknown application"):
        ended(engine, files, UPPER, tier=Tier.APPLICATION, application=name)
    assert engine.done == []


def test_only_a_destroy_of_tier_3_alone_takes_a_removed_application(files: Files, engine: FakeEngine) -> None:
    with pytest.raises(InputError, match="Unknown application"):
        ended(engine, files, UPPER, application="blog")
    with pytest.raises(InputError, match="Unknown application"):
        planned(engine, files, UPPER, tier=Tier.APPLICATION, application="blog")


def test_a_removed_application_of_a_provider_that_the_files_do_not_use_is_refused(
    files: Files, engine: FakeEngine
) -> None:
    snapshot = engine.stacks_[BLOG]
    document = json.loads(snapshot.outputs[CONTRACT_OUTPUT].value)
    document["providers"][0]["name"] = "rival"
    outputs = {**snapshot.outputs, CONTRACT_OUTPUT: StateOutput(json.dumps(document))}
    engine.stacks_[BLOG] = replace(snapshot, outputs=outputs)
    with pytest.raises(InputError, match="runs on another provider") as error:
        ended(engine, files, UPPER, tier=Tier.APPLICATION, application="blog")
    assert "acme-application/prod.blog runs on rival" in error.value.detail
    assert engine.done == []


def test_a_removed_application_that_cannot_be_read_is_never_nothing(files: Files, engine: FakeEngine) -> None:
    engine.unreadable.add(BLOG)
    with pytest.raises(EngineError, match="cannot be read"):
        planned(engine, files, UPPER + applications("shop"))
