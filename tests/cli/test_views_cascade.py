"""Screens of wide platforms: what follows a cause folds, nothing that has to be decided does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from platform_pulumi.cli.views.human import plan as human
from platform_pulumi.cli.views.markdown import plan as markdown
from platform_pulumi.cli.views.page import WIDTH
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.errors import Position, Problem
from platform_pulumi.model.fidelity import Fidelity, FidelityGap, FidelityReport
from platform_pulumi.model.plan import (
    Action,
    Affected,
    BoundCapability,
    Diff,
    Impact,
    Obstacle,
    Plan,
    PlannedOutput,
    TierPlan,
    document,
)
from tests.cli import samples
from tests.cli.samples import ONE, THREE, TWO, VPC, action, at, plan, tier_plan

Golden = Callable[[str, str], None]
SPACE = "shared_primitives.app-namespace"
#: A section that was applied before.
APPLIED = {"base": {"stackVersion": "2026-11-27T12:00:00Z", "upperDigests": {}}}


def network(*diffs: Diff, declared: tuple[Diff, ...] = ()) -> TierPlan:
    """A network that is replaced, and its subnets."""
    vpc = action(
        Action.REPLACE, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc",
        diff=(Diff("cidrBlock", "10.0.0.0/16", "10.9.0.0/16", replaces=True), *diffs),
    )  # fmt: skip
    subnets = tuple(
        action(
            Action.REPLACE, "primary-vpc", f"primary-vpc-private-{n}", "aws:ec2/subnet:Subnet",
            diff=(
                Diff("cidrBlock", f"10.0.{n}.0/24", f"10.9.{n}.0/24", replaces=True),
                Diff("vpcId", "vpc-1", unknown=True, replaces=True),
            ),
        )
        for n in range(3)
    )  # fmt: skip
    bound = BoundCapability("primary-vpc", "network", "aws", at(34), diff=declared)
    return tier_plan(ONE, (vpc, *subnets), capabilities=(bound,), **APPLIED)


def databases(count: int) -> TierPlan:
    """Databases in the network, and a namespace; each database loses its data."""
    waits = (f"{VPC}.id",)
    names = [f"db-{n}" for n in range(count)]
    resources = [
        action(
            Action.REPLACE, name, name, "aws:rds/instance:Instance", waits_for=waits, declared_at=at(60 + n),
            diff=(Diff("subnets", "a", unknown=True, replaces=True),), loses_data=True,
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    space = action(
        Action.REPLACE, "app-namespace", "app-namespace", "kubernetes:core/v1:Namespace", waits_for=waits,
        diff=(Diff("host", "a", unknown=True, replaces=True),),
    )  # fmt: skip
    bound = [BoundCapability(n, "database", "aws", at(60 + i), (VPC,), waits) for i, n in enumerate(names)]
    outputs = {f"{name}_endpoint": PlannedOutput("string", "changed", unknown=True) for name in names}
    return tier_plan(
        TWO,
        (space, *resources),
        capabilities=(BoundCapability("app-namespace", "namespace", "aws", at(50), (VPC,), waits), *bound),
        outputs=outputs,
        **APPLIED,
    )


def application(name: str, *, own: bool = False, still: bool = False) -> TierPlan:
    """An application that follows its namespace, changes by itself as well, or stays as it is."""
    waits = (f"{SPACE}.name",)
    image = (Diff("image", "api:1", "api:2"),) if own else ()
    change = action(
        Action.NO_OP if still else Action.REPLACE, "api", f"{name}-api", "kubernetes:apps/v1:Deployment",
        waits_for=() if still else waits,
        diff=() if still else (Diff("namespace", "a", unknown=True, replaces=True), *image),
    )  # fmt: skip
    bound = BoundCapability("api", "container_runtime", "aws", at(90), (SPACE,), () if still else waits)
    return tier_plan(THREE, (change,), application=name, capabilities=(bound,), **APPLIED)


def wide() -> Plan:
    """Ten databases and twenty applications that follow one network."""
    apps = (application(f"app-{n:02}") for n in range(20))
    return plan(network(), databases(10), *apps, constraints_checked=40)


def test_a_wide_platform_stays_readable(golden: Golden) -> None:
    text = human.plan(wide()).text()
    golden("plan_wide.txt", text)
    assert len(text.splitlines()) <= 40 + 10, "forty lines and one for each loss"
    assert [f"LOSES DATA  replace db-{n} " in text for n in range(10)] == [True] * 10
    assert all(len(line) <= WIDTH for line in text.splitlines() if "--allow-data-loss" not in line)


def test_full_markdown_and_json_are_complete() -> None:
    made = wide()
    full, comment, written = human.plan(made, ViewOptions(full=True)).text(), markdown.plan(made), document.write(made)
    for section, shown in zip(made.tiers, written["tiers"], strict=True):
        assert len(shown["actions"]) == len(section.actions)
        for one in section.actions:
            assert f"± {one.resource_name}  {one.resource_type}" in full
            assert f"! replace {one.resource_name} {one.resource_type}" in comment
    assert "because" not in full


def test_an_application_with_a_change_of_its_own_stands_for_itself() -> None:
    text = human.plan(plan(network(), databases(0), *(application(f"app-{n}", own=n == 3) for n in range(5)))).text()
    assert "3  4 applications" in text
    assert "app-0, app-1, app-2, app-4" in text
    assert "3  application/app-3" in text
    assert "image   api:1 -> api:2" in text


def test_applications_that_stay_are_named_in_one_section() -> None:
    text = human.plan(plan(*(application(f"app-{n}", still=True) for n in range(5)))).text()
    assert text.count("nothing to do") == 1
    assert "app-0, app-1, app-2, app-3, app-4" in text
    two = human.plan(plan(*(application(f"app-{n}", still=True) for n in range(2)))).text()
    assert two.count("nothing to do") == 2


def test_applications_of_two_modes_are_approved_apart() -> None:
    apps = [application(f"app-{n}") for n in range(6)]
    modes = [replace(app, mode=samples.Mode.PLAN_AND_APPROVE) if n < 3 else app for n, app in enumerate(apps)]
    text = human.plan(plan(network(), databases(0), *modes)).text()
    assert text.count("3  3 applications") == 2
    assert ("each needs approval" in text, "each applies by itself" in text) == (True, True)


def test_what_the_declaration_changes_is_on_the_page_once() -> None:
    text = human.plan(plan(network(declared=(Diff("cidr", "10.0.0.0/16", "10.9.0.0/16"),)))).text()
    assert text.count("10.0.0.0/16 -> 10.9.0.0/16") == 1, "the network's own line shows it"
    follower = databases(1)
    changed = tuple(
        replace(c, diff=(Diff("storage_gb", 100, 200),)) if c.name == "db-0" else c for c in follower.capabilities
    )
    text = human.plan(plan(network(), replace(follower, capabilities=changed))).text()
    assert "storage_gb   100 -> 200     declared\n" in text
    assert "and 0-1 to change, 0-1 to replace because primary-vpc is replaced" in text
    assert "     ± db-0  aws:rds/instance:Instance  LOSES DATA\n" in text


def test_a_declared_change_that_changes_no_resource_is_said() -> None:
    bound = BoundCapability("primary-vpc", "network", "aws", at(34), diff=(Diff("nat_gateways", "single", "none"),))
    same = action(Action.NO_OP, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc")
    text = human.plan(plan(tier_plan(ONE, (same,), capabilities=(bound,), **APPLIED))).text()
    assert "1  infrastructure       nothing to do\n" in text
    assert "nat_gateways   single -> none     declared; changes no resource\n" in text
    comment = markdown.plan(plan(tier_plan(ONE, (same,), capabilities=(bound,), **APPLIED)))
    assert "! declared primary-vpc\n    nat_gateways: single -> none\n" in comment
    assert "| no resource changes |" in comment


GAP = FidelityGap("nat_gateways", Fidelity.NONE, "there are none")


def gapped(bound: BoundCapability, kind: Action) -> Plan:
    """A network with a gap, and one more capability that stays."""
    other = BoundCapability("other", "network", "aws", at(50))
    actions = (
        action(kind, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc", diff=(Diff("a", 1, 2),)),
        action(Action.NO_OP, "other", "other", "aws:ec2/vpc:Vpc"),
    )
    reports = tuple(FidelityReport(n, "network", "aws", Fidelity.NONE, (GAP,)) for n in ("primary-vpc", "other"))
    return plan(tier_plan(ONE, actions, capabilities=(bound, other), **APPLIED), fidelity=reports)


@pytest.mark.parametrize(
    ("fields", "kind", "shown"),
    [
        ({}, Action.NO_OP, False),
        ({}, Action.UPDATE, True),
        ({}, Action.CREATE, True),
        ({"new": True}, Action.NO_OP, True),
        ({"diff": (Diff("nat_gateways", 1, 2),)}, Action.NO_OP, True),
    ],
)
def test_gaps_of_what_changes_and_one_line_for_the_others(
    fields: dict[str, object], kind: Action, *, shown: bool
) -> None:
    made = gapped(BoundCapability("primary-vpc", "network", "aws", at(34), **fields), kind)  # type: ignore[arg-type]  # a case's own
    text = human.plan(made).text()
    assert ('network "primary-vpc"' in text) is shown
    assert 'network "other"' not in text
    assert f" {1 if shown else 2} gap{'' if shown else 's'} as before: platform preview --full\n" in text
    assert human.plan(made, ViewOptions(full=True)).text().count("- nat_gateways: NONE") == 2
    assert "2 gaps" in markdown.plan(made)
    assert len(document.write(made)["fidelity"]) == 2


def test_the_gaps_of_what_only_follows_are_as_before() -> None:
    reports = (FidelityReport("app-namespace", "namespace", "aws", Fidelity.NONE, (GAP,)),)
    text = human.plan(plan(network(), databases(0), fidelity=reports)).text()
    assert "1 gap as before" in text


def test_warnings_that_were_read_with_the_first_plan_fold_to_a_line_a_kind() -> None:
    warnings = tuple(
        Problem("P2900", "Not available in this version", f"detail {n}", Position(file, n, 5), warning=True)
        for n, file in ((1, "a.yaml"), (2, "a.yaml"), (3, "b.yaml"))
    )
    again = human.plan(plan(network(), warnings=warnings)).text()
    assert "Warning       a.yaml:1:5, 2:5, b.yaml:3:5  Not available in this version (see platform validate)\n" in again
    assert "detail" not in again
    first = human.plan(plan(replace(network(), base={}), warnings=warnings)).text()
    assert first.count("detail") == 3
    assert human.plan(plan(network(), warnings=warnings), ViewOptions(full=True)).text().count("detail") == 3


def test_a_warning_that_is_of_no_line_is_said_whole() -> None:
    """Of an application that is gone nothing but the plan tells: `platform validate` sees the files alone."""
    gone = Problem("P4030", "An application is no longer declared", "`platform destroy --app old` it", warning=True)
    page = human.plan(plan(network(), warnings=(gone,))).text()
    assert "Warning       An application is no longer declared. `platform destroy --app old` it\n" in page


def test_what_changes_alike_is_shown_once_but_no_delete_is() -> None:
    page = human.plan(plan(network())).text()
    assert page.count("aws:ec2/subnet:Subnet") == 1
    assert "± and 2 to replace because of that (--full lists them)" in page
    assert human.plan(plan(network()), ViewOptions(full=True)).text().count("aws:ec2/subnet:Subnet") == 3
    section = network()
    going = tuple(replace(one, action=Action.DELETE, diff=()) for one in section.actions)
    assert human.plan(plan(replace(section, actions=going))).text().count("aws:ec2/subnet:Subnet") == 3


def test_those_whom_a_follower_reaches_are_named_though_it_folds() -> None:
    stranger = Affected(THREE, "billing", "theirs", "hard", "high")
    found = plan(network(), databases(3), impact=(Impact(f"{TWO.label}.db-1.endpoint", Action.REPLACE, (stranger,)),))
    page = human.plan(found).text()
    assert "db-1  " not in page.split("1  infrastructure")[1]
    assert "Touches: billing (hard, high) in application/theirs" in page


def test_a_replacement_without_a_changed_value_says_why() -> None:
    moved = action(Action.REPLACE, "space", "space", "kubernetes:core/v1:Namespace", replace_keys=("provider",))
    tied = action(Action.REPLACE, "space", "space-quota", "kubernetes:core/v1:ResourceQuota")
    page = human.plan(plan(tier_plan(TWO, (moved, tied))), ViewOptions(full=True)).text()
    assert "± space  kubernetes:core/v1:Namespace   its provider is replaced\n" in page
    assert "± space-quota  kubernetes:core/v1:ResourceQuota   what it depends on is replaced\n" in page


def test_steps_that_are_the_same_are_said_once() -> None:
    section = network()
    steps = ("Have application (theirs) let go of it.", "Run `platform up`.")
    first, second = (
        Obstacle.at(section, section.actions[0], "It is in use elsewhere", f"billing uses it, for the {n}. time", steps)
        for n in (1, 2)
    )
    page = human.plan(replace(plan(section), obstacles=(first, second))).text()
    assert page.count("NOT IN ONE GO") == page.count("billing uses it") == 2
    assert page.count("let go of it") == 1


def test_a_provider_that_leads_elsewhere_is_said_to_be_replaced() -> None:
    page = human.plan(plan(replace(network(), replaced_providers=("aws", "kubernetes")))).text()
    assert page.count("The provider aws leads somewhere else now: all that it holds is replaced.\n") == 1
    assert "provider kubernetes" not in page
