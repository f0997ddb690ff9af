"""The decision as operations ask for it: who is asked, what is refused, what stands by then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.access import Policy, Role
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, scale, up
from platform_pulumi.operations.ports import Lock
from tests.operations.fakes import ANN, MODES, ONE, PLATFORM, Answer, FakeEngine, Files, Watcher, services


def role(*held: Role, **fields: Any) -> Policy:
    """A policy in which the user of the tests has these roles, for all tiers."""
    return Policy(roles={tier: {ANN: frozenset(held)} for tier in Tier}, **fields)


def refusal(engine: FakeEngine, files: Files, policy: Policy, answer: Answer | None = None) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        up.up(services(engine, policy=policy), files.task(), Watcher(), answer or Answer())
    return refused.value


def test_without_a_role_nobody_is_asked_and_nothing_done(files: Files, engine: FakeEngine) -> None:
    answer = Answer()
    error = refusal(engine, files, role(Role.VIEWER, Role.APPROVER), answer)
    assert (error.summary, error.exit_code) == ("Not permitted", 4)
    assert error.detail == (
        "To apply infrastructure, ann needs the role tier_admin or tier_author. "
        "infrastructure needs the approval of one person. It was not applied, nor was anything below it."
    )
    assert (answer.asked, engine.ups) == ([], [])


def test_an_author_who_may_not_approve_cannot_say_yes_to_themselves(files: Files, engine: FakeEngine) -> None:
    answer = Answer()
    error = refusal(engine, files, role(Role.AUTHOR), answer)
    assert error.summary == "Not approved"
    assert (answer.asked, engine.ups) == ([Tier.INFRASTRUCTURE], [])
    assert refusal(engine, files, role(Role.ADMIN, self_approval=False)).summary == "Not approved"
    assert refusal(engine, files, role(Role.ADMIN, approvers={Tier.INFRASTRUCTURE: 2})).summary == "Not approved"


def test_a_tier_that_applies_by_itself_asks_nobody(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM + MODES.replace("plan_and_approve", "auto_apply"))
    answer = Answer()
    up.up(services(engine, policy=role(Role.AUTHOR)), files.task(), Watcher(), answer)
    assert (answer.asked, len(engine.ups)) == ([], 3)


def test_the_roles_of_each_tier_count_by_themselves(files: Files, engine: FakeEngine) -> None:
    roles = {tier: {ANN: frozenset({Role.ADMIN})} for tier in (Tier.INFRASTRUCTURE, Tier.APPLICATION)}
    error = refusal(engine, files, Policy(roles=roles))
    assert error.detail.startswith("To apply shared_primitives, ann needs the role")
    assert [run.tier for run in engine.ups] == [Tier.INFRASTRUCTURE], "what stands above stands"


def test_a_destroy_honours_the_modes_of_the_file(files: Files, engine: FakeEngine) -> None:
    files.write(text=PLATFORM + MODES)
    up.up(services(engine), files.task(), Watcher(), Answer())
    answer = Answer()
    destroy.destroy(services(engine), files.task(allow_data_loss=frozenset({"db"})), Watcher(), answer)
    assert answer.asked == [Tier.APPLICATION]
    assert engine.stacks_ == {}


def test_a_destroy_is_decided_by_the_same_policy(files: Files, applied_engine: FakeEngine) -> None:
    given, task = services(applied_engine, policy=role(Role.VIEWER)), files.task(allow_data_loss=frozenset({"db"}))
    with pytest.raises(RefusedError) as refused:
        destroy.destroy(given, task, Watcher(), Answer())
    assert refused.value.detail == (
        "To destroy application (default), ann needs the role tier_admin or tier_author. "
        "It was not destroyed, nor was anything above it."
    )
    assert applied_engine.destroyed == []


@pytest.mark.parametrize("left", [{"pending": (("updating", "urn"),)}, {"lock": Lock("bob@desk", "today", dead=True)}])
def test_what_a_killed_run_left_is_nobodys_to_touch_without_a_role(
    left: dict[str, Any], files: Files, applied_engine: FakeEngine
) -> None:
    applied_engine.stacks_[ONE] = replace(applied_engine.stacks_[ONE], **left)
    given = services(applied_engine, policy=role(Role.VIEWER))
    with pytest.raises(RefusedError, match="Not permitted") as refused:
        up.up(given, files.task(), Watcher(), Answer())
    assert refused.value.detail.endswith("tier_admin or tier_author. Nothing was touched.")
    with pytest.raises(RefusedError, match="Not permitted"):
        destroy.destroy(given, files.task(), Watcher(), Answer())
    assert applied_engine.done == []


def test_scaling_is_decided_by_the_same_policy(files: Files, applied_engine: FakeEngine) -> None:
    before = dict(applied_engine.stacks_)
    with pytest.raises(RefusedError, match="Not permitted"):
        scale.scale(services(applied_engine, policy=role(Role.VIEWER)), files.task(), "api", 2, Watcher(), Answer())
    assert [verb for verb, _ in applied_engine.done] == ["preview"]
    assert applied_engine.stacks_ == before
