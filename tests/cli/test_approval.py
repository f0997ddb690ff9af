from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest

from platform_pulumi.cli.approval import Asker
from platform_pulumi.cli.progress import PlainDisplay
from platform_pulumi.cli.session import Terminal
from platform_pulumi.errors import RefusedError
from tests.cli import samples
from tests.cli.conftest import Cli, FakeOperations


def asker(verb: str = "up", *, yes: bool = False, interactive: bool = True) -> Asker:
    return Asker(verb, lambda plan: None, PlainDisplay(), yes=yes, interactive=interactive)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("yep\n", False), ("", False), ("y", True)],
)
def test_only_a_yes_is_a_yes(
    answer: str, expected: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    plan = samples.from_nothing()
    assert asker().approve(plan, plan.tiers[0]) is expected
    assert capsys.readouterr().err.startswith("Apply 1 infrastructure (31 to create)? [y/N] ")


def test_nobody_is_asked_where_no_answer_is_needed() -> None:
    plan, nothing = samples.from_nothing(), samples.nothing()
    assert asker(interactive=False).approve(plan, plan.tiers[2]), "tier 3 applies by itself"
    assert asker(interactive=False).approve(nothing, nothing.tiers[0]), "there is nothing to do"
    assert asker(yes=True, interactive=False).approve(plan, plan.tiers[0])


def test_without_a_terminal_it_is_refused_with_advice() -> None:
    plan = samples.from_nothing()
    with pytest.raises(RefusedError, match="Approval is needed") as refused:
        asker(interactive=False).approve(plan, plan.tiers[0])
    assert "`--yes`" in refused.value.detail


def test_a_destroy_asks_for_every_tier_and_names_what_is_lost() -> None:
    plan = samples.from_nothing()
    with pytest.raises(RefusedError) as refused:
        asker("destroy", interactive=False).approve(plan, plan.tiers[2])
    assert refused.value.detail.startswith("To destroy 3 application/api (1 to create) somebody has to approve it")
    losing = samples.losing()
    with pytest.raises(RefusedError) as refused:
        asker("destroy", interactive=False).approve(losing, losing.tiers[0])
    assert "LOSES DATA: old-queue and shared-postgres)" in refused.value.detail


def test_a_loss_without_a_change_is_asked_for() -> None:
    plan = samples.nothing()
    tier = replace(plan.tiers[0], data_loss=("db",))
    with pytest.raises(RefusedError):
        asker(interactive=False).approve(replace(plan, tiers=(tier,)), tier)


def test_up_asks_tier_by_tier(cli: Cli, operations: FakeOperations) -> None:
    cli.terminal = Terminal(interactive=True)
    result = cli("up", input_="y\ny\n")
    assert result.exit_code == 0, result.output
    assert operations.approvals == [True, True, True]
    assert result.stderr.count("[y/N]") == 2


def test_a_no_is_exit_4(cli: Cli, operations: FakeOperations) -> None:
    cli.terminal = Terminal(interactive=True)
    result = cli("destroy", input_="y\nno\n")
    assert result.exit_code == 4
    assert operations.approvals == [True, False]
    assert ("destroy",) not in operations.calls


def test_up_without_a_terminal_is_exit_4(cli: Cli) -> None:
    result = cli("up")
    assert result.exit_code == 4
    assert "`--yes` approves what the plan above shows" in " ".join(result.stderr.split())
