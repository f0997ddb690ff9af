from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from platform_pulumi.cli.output import json_text
from platform_pulumi.cli.views import words
from platform_pulumi.cli.views.human import plan as human
from platform_pulumi.cli.views.markdown import plan as markdown
from platform_pulumi.cli.views.page import WIDTH
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.model.plan import Action, Impact, Plan, PlannedOutput, document
from tests.cli import samples

Golden = Callable[[str, str], None]
#: Those with a golden of the name; a destroy is shown with its command's options, and many capabilities fold.
SHOWN = {name: make for name, make in samples.PLANS.items() if name not in {"destroying", "many"}}


@pytest.mark.parametrize("name", SHOWN)
def test_plan_for_people(name: str, golden: Golden) -> None:
    golden(f"plan_{name}.txt", human.plan(SHOWN[name]()).text())


@pytest.mark.parametrize("name", SHOWN)
def test_plan_in_markdown(name: str, golden: Golden) -> None:
    golden(f"plan_{name}.md", markdown.plan(SHOWN[name]()))


@pytest.mark.parametrize("name", ["from_nothing", "changed", "loosened", "losing"])
def test_plan_document(name: str, golden: Golden) -> None:
    golden(f"plan_{name}.json", json_text(document.write(SHOWN[name]())))


def test_what_follows_a_replacement_folds_but_no_cause_and_no_loss_does(golden: Golden) -> None:
    folded, full = human.plan(samples.cascade()).text(), human.plan(samples.cascade(), ViewOptions(full=True)).text()
    golden("plan_cascade_full.txt", full)
    for shown in ("cidrBlock", "10.0.0.0/16 -> 10.1.0.0/16", "LOSES DATA: shared-postgres"):
        assert shown in folded
    assert ("dbSubnetGroupName" in folded, "dbSubnetGroupName" in full) == (False, True)
    assert ("primary-cluster-1" in folded, "primary-cluster-1" in full) == (False, True)
    assert ("primary-vpc-5" in folded, "primary-vpc-5" in full) == (False, True)
    assert all(name in markdown.plan(samples.cascade()) for name in ("primary-cluster-1", "primary-vpc-5"))


def test_plan_of_a_destroy(golden: Golden) -> None:
    options = ViewOptions(allowed=frozenset({"shared-postgres"}), advise=False, verb="destroy")
    golden("plan_destroying.txt", human.plan(samples.destroying(), options).text())
    golden("plan_destroying.md", markdown.plan(samples.destroying(), options))
    golden("plan_destroying.json", json_text(document.write(samples.destroying())))


def test_colour_only_repeats_what_the_words_say(golden: Golden) -> None:
    page = human.plan(samples.losing())
    golden("plan_losing_colour.txt", page.text(colour=True))
    assert strip(page.text(colour=True)) == page.text()


@pytest.mark.parametrize("make", [make for name, make in samples.PLANS.items() if name != "hostile"])
def test_lines_fit_the_width_unless_one_word_does_not(make: Callable[[], Plan]) -> None:
    for line in human.plan(make()).text().splitlines():
        assert len(line) <= WIDTH, line


def test_losses_stand_first_and_say_whether_they_are_allowed() -> None:
    text = human.plan(samples.losing(), ViewOptions(allowed=frozenset({"old-queue"}))).text()
    first, second, *_ = text.splitlines()
    assert first.startswith("LOSES DATA  delete old-queue")
    assert first.endswith("): allowed by name")
    assert second.startswith("LOSES DATA  replace shared-postgres")
    assert second.endswith("): refused unless allowed by name")
    assert "--allow-data-loss shared-postgres" in text
    assert "--allow-data-loss old-queue" not in text


def test_creates_and_what_stays_fold_but_no_delete_does() -> None:
    text = human.plan(samples.many(80)).text()
    assert all(f"old-{n:03}" in text for n in range(80))
    assert "and 30 more capabilities to create" in text
    assert "80 capabilities unchanged" in text
    assert "same-001" not in text


def test_whom_is_reached_stands_there_though_no_resource_changes() -> None:
    """An output that means another one now, and a capability without any resources that goes."""
    plan = samples.changed()
    (tier, *rest) = (plan.tiers[1], plan.tiers[2])
    still = replace(tier, actions=tuple(replace(action, action=Action.NO_OP, diff=()) for action in tier.actions))
    (api, worker) = plan.impact[0].affected
    impact = (
        Impact("shared_primitives.shared-postgres.host", Action.REPLACE, (api,)),
        Impact("shared_primitives.mesh", Action.DELETE, (worker,)),
    )
    text = human.plan(replace(plan, tiers=(still, *rest), impact=impact)).text()
    postgres, mesh = text.index("~ shared-postgres"), text.index("- mesh")
    assert "outputs may change\n     Touches: api-service (hard, medium) in application/api" in text[postgres:mesh]
    assert "no longer declared\n     Touches: worker (soft, medium) in application/jobs" in text[mesh:]


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (PlannedOutput("string", "changed", "b"), "becomes b"),
        (PlannedOutput("string", "changed", secret=True), "secret, changed"),
        (PlannedOutput("string", "may-change", secret=True), "secret, may change"),
        (PlannedOutput("string", "may-change", unknown=True), "may change, known after the apply"),
        (PlannedOutput("string", "may-change", "b"), "may become b"),
        (PlannedOutput("string", "removed"), "removed"),
        (PlannedOutput("string", "same", "a"), ""),
        (PlannedOutput("string", "new", "a"), ""),
    ],
)
def test_an_output_that_changes_or_may_is_said(output: PlannedOutput, line: str) -> None:
    update = samples.action(Action.UPDATE, "db", "db", "aws:rds/instance:Instance")
    plan = replace(samples.changed(), tiers=(samples.tier_plan(samples.TWO, (update,), outputs={"url": output}),))
    shown = [text.strip() for text in human.plan(plan).text().splitlines() if text.strip().startswith("output")]
    assert shown == ([f"output url   {line}"] if line else [])


def test_outputs_that_only_may_change_are_not_said_to() -> None:
    def told(*changes: str) -> str:
        outputs = {change: PlannedOutput("string", change, secret=True) for change in changes}
        return words.no_change_text(samples.tier_plan(samples.TWO, (), outputs=outputs))

    assert told("same") == "nothing to do"
    assert told("same", "may-change") == "outputs may change"
    assert told("may-change", "changed") == "passes changed outputs on"


def test_a_comment_that_no_host_would_take_drops_its_details_not_its_losses() -> None:
    plan = samples.many(2000)
    text = markdown.plan(plan)
    assert len(text) < markdown.LONGEST
    assert "too long for a comment" in text
    assert "| 2000 |" in text


def test_no_escape_sequence_of_a_user_reaches_a_terminal() -> None:
    page = human.plan(samples.hostile())
    assert "\x1b" not in page.text()
    assert not {"\x1b[2K", "\x1b[2J"} & set(re.findall(r"\x1b\[\d*[A-Za-z]", page.text(colour=True)))
    assert "\u202e" not in page.text()


def test_no_value_opens_a_tag_or_a_cell_in_markdown() -> None:
    text = markdown.plan(samples.hostile())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(row.replace("\\|", "").count("|") in {7, 9} for row in rows), rows
    assert "\x1b" not in text


def strip(text: str) -> str:
    """The text without the page's own styles."""
    from platform_pulumi.cli.views.page import clean

    return "".join(f"{clean(line).rstrip()}\n" for line in text.splitlines())
