from __future__ import annotations

import io
import sys

import pytest

from platform_pulumi.cli.approval import TerminalApprover
from platform_pulumi.cli.progress import PlainDisplay
from platform_pulumi.cli.session import Terminal
from platform_pulumi.errors import RefusedError
from tests.cli import samples
from tests.cli.conftest import Cli, FakeOperations


def asker(*, yes: bool = False, interactive: bool = True) -> TerminalApprover:
    return TerminalApprover(lambda plan: None, PlainDisplay(), yes=yes, interactive=interactive)


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


def test_yes_answers_for_the_person() -> None:
    plan = samples.from_nothing()
    assert asker(yes=True, interactive=False).approve(plan, plan.tiers[0])


def test_without_a_terminal_it_is_refused_with_advice() -> None:
    plan = samples.from_nothing()
    with pytest.raises(RefusedError, match="Approval is needed") as refused:
        asker(interactive=False).approve(plan, plan.tiers[0])
    assert "`--yes`" in refused.value.detail


def test_a_destroy_says_so_and_names_what_is_lost() -> None:
    plan = samples.destroying()
    with pytest.raises(RefusedError) as refused:
        asker(interactive=False).approve(plan, plan.tiers[0])
    assert refused.value.detail.startswith("To destroy 2 shared_primitives (4 to delete; LOSES DATA: shared-postgres)")
    losing = samples.losing()
    with pytest.raises(RefusedError) as refused:
        asker(interactive=False).approve(losing, losing.tiers[0])
    assert "LOSES DATA: old-queue and shared-postgres)" in refused.value.detail


def test_a_tier_that_only_passes_outputs_on_is_described_by_that() -> None:
    output = samples.PlannedOutput("string", "changed", "b")
    tier = samples.tier_plan(samples.ONE, (), outputs={"host": output})
    with pytest.raises(RefusedError) as refused:
        asker(interactive=False).approve(samples.plan(tier), tier)
    assert refused.value.detail.startswith("To apply 1 infrastructure (passes changed outputs on) somebody")


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


def test_what_may_turn_out_less_is_asked_about_as_a_range() -> None:
    kind, waits = "aws:s3/bucket:Bucket", ("infrastructure.vpc.id",)
    sure = samples.action(samples.Action.DELETE, "a", "a", kind)
    waiting = samples.action(samples.Action.REPLACE, "b", "b", kind, waits_for=waits)
    tier = samples.tier_plan(samples.TWO, (sure, waiting))
    with pytest.raises(RefusedError) as refused:
        asker(interactive=False).approve(samples.plan(tier), tier)
    assert refused.value.detail.startswith(
        "To apply 2 shared_primitives (0-1 to change, 0-1 to replace, 1 to delete) somebody has to approve it"
    )
