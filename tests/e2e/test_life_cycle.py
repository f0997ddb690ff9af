"""The production example through the real engine: plan from nothing, apply, change, destroy."""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.conftest import CANARY, PRODUCTION, ROOT, Project, changes

pytestmark = [pytest.mark.engine, pytest.mark.slow("whole commands on three tiers, several in a row")]


def test_a_plan_from_nothing_covers_all_tiers_and_touches_nothing(project: Project) -> None:
    plan = project.preview()
    assert [tier["tier"] for tier in plan["tiers"]] == ["infrastructure", "shared_primitives", "application"]
    assert all(tier["summary"]["create"] > 0 for tier in plan["tiers"])
    assert plan["simulated"] is True
    assert {report["capability"] for report in plan["fidelity"]} == {
        "primary-cluster",
        "primary-vpc",
        "app-namespace",
        "shared-postgres",
        "event-queue",
        "api-service",
    }
    application = plan["tiers"][2]
    deployment = next(a for a in application["actions"] if a["resourceType"] == "kubernetes:apps/v1:Deployment")
    assert deployment["certainty"] == "conditional"
    assert {waits.partition(".")[0] for waits in deployment["waitsFor"]} == {"infrastructure", "shared_primitives"}
    assert all(a["certainty"] == "certain" for a in plan["tiers"][0]["actions"])
    unknown = {name: output for name, output in plan["tiers"][1]["outputs"].items() if output.get("unknown")}
    assert unknown
    assert all(output["type"] for output in unknown.values())
    assert not list((project.home / "simulated").glob(".pulumi/stacks/*/*"))


def test_the_readme_shows_the_plan_that_one_gets(project: Project) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    screen = readme.partition("$ platform preview -f examples/platform-production.yaml --simulate\n")[2]
    shown, _, _ = screen.partition("```")
    example = project.folder / PRODUCTION.relative_to(ROOT)
    example.parent.mkdir()
    project.file.rename(example)
    planned = project.run("preview", "-f", str(example.relative_to(project.folder)), "--simulate").stdout
    assert _without_moment(planned) == _without_moment(shown)


def _without_moment(screen: str) -> list[str]:
    """The lines without the plan's id and the time it took."""
    return [re.sub(r"^Plan \w{26} | +[0-9.]+ s$", "", line) for line in screen.splitlines()]


def test_after_up_the_contract_has_values_and_the_next_plan_is_empty(applied: Project) -> None:
    outputs = applied.json("outputs", "--simulate")
    assert outputs["tiers"]["shared_primitives"]["database_endpoint"]
    assert outputs["tiers"]["shared_primitives"]["queue_url"]
    stacks = sorted(
        path.parent.name + "/" + path.stem for path in applied.home.glob("simulated/.pulumi/stacks/*/*.json")
    )
    assert stacks == [
        "acme-corp-application/production.default",
        "acme-corp-infrastructure/production",
        "acme-corp-shared-primitives/production",
    ]
    assert changes(applied.preview()) == []
    assert applied.run("preview", "--simulate", "--detailed-exitcode").returncode == 0


def test_more_storage_is_one_update_of_one_property_and_shows_its_consumers(applied: Project) -> None:
    applied.replace("storage_gb: 100", "storage_gb: 200")
    plan = applied.preview()
    assert changes(plan) == [("shared_primitives", "update", "shared-postgres", "aws:rds/instance:Instance")]
    update = next(a for a in plan["tiers"][1]["actions"] if a["action"] == "update")
    assert [(d["path"], d["oldValue"], d["newValue"]) for d in update["diff"]] == [("allocatedStorage", 100, 200)]
    affected = [a for impact in plan["impact"] for a in impact["affected"]]
    assert {(a["tier"], a["capability"]) for a in affected} == {("application", "api-service")}
    assert applied.run("preview", "--simulate", "--detailed-exitcode").returncode == 7


@pytest.mark.slow("a plan, a refusal, an apply and a plan of all tiers")
def test_a_changed_engine_loses_data_and_is_refused_by_name(applied: Project) -> None:
    applied.replace('engine: "postgresql"', 'engine: "mysql"')
    applied.replace('version: "15"', 'version: "8.0"')
    plan = applied.preview()
    assert ("shared_primitives", "replace", "shared-postgres", "aws:rds/instance:Instance") in changes(plan)
    assert plan["tiers"][1]["dataLoss"] == ["shared-postgres"]
    shown = applied.run("preview", "--simulate")
    assert "LOSES DATA" in shown.stdout.split("infrastructure")[0]
    refused = applied.run("up", "--simulate", "--yes")
    assert refused.returncode == 4
    assert "--allow-data-loss shared-postgres" in refused.stderr
    assert applied.run("up", "--simulate", "--yes", "--allow-data-loss", "shared-postgres").returncode == 0
    assert changes(applied.preview()) == []


@pytest.mark.slow("a plan of a whole cascade in each of its forms")
def test_the_cascade_of_a_networks_range_is_short_and_hides_no_loss(applied: Project) -> None:
    text = applied.file.read_text(encoding="utf-8")
    applied.file.write_text(text.replace("10.0.0.0/16", "10.9.0.0/16"), encoding="utf-8")
    plan = applied.preview()
    planned = changes(plan)
    assert ("infrastructure", "replace", "primary-vpc", "aws:ec2/vpc:Vpc") in planned
    short, full, comment = (
        applied.run("preview", "--simulate", *more).stdout for more in ((), ("--full",), ("--format", "markdown"))
    )
    assert len(short.splitlines()) <= 40, short
    lost = [name for tier in plan["tiers"] for name in tier["dataLoss"]]
    assert lost == ["event-queue", "shared-postgres"]
    for name in lost:
        assert f"LOSES DATA  replace {name} " in short
    assert "LOSES DATA: shared-postgres, event-queue" in short
    assert "cidrBlock   10.0.0.0/16 -> 10.9.0.0/16" in short
    for action in (action for tier in plan["tiers"] for action in tier["actions"] if action["action"] == "replace"):
        assert f"± {action['resourceName']}  {action['resourceType']}" in full
        assert f"! replace {action['resourceName']} {action['resourceType']}" in comment


def test_a_changed_secret_alone_updates_its_consumers_alone(applied: Project) -> None:
    plan = json.loads(applied.run("preview", "--simulate", "--format", "json", env={"CANARY": "another-value"}).stdout)
    assert changes(plan) == [
        ("application", "update", "api-service", "kubernetes:apps/v1:Deployment"),
        ("application", "update", "api-service", "kubernetes:core/v1:Secret"),
    ]
    assert "another-value" not in json.dumps(plan)


def test_a_changed_password_reaches_across_tiers(applied: Project) -> None:
    environment = {"DATABASE_CANARY": "another-value"}
    plan = json.loads(applied.run("preview", "--simulate", "--format", "json", env=environment).stdout)
    planned = changes(plan)
    assert ("shared_primitives", "update", "shared-postgres", "aws:rds/instance:Instance") in planned
    assert {capability for _, _, capability, _ in planned} == {"shared-postgres", "api-service"}
    assert plan["tiers"][1]["dataLoss"] == []
    assert "another-value" not in json.dumps(plan)


def test_destroy_names_what_holds_data_and_goes_in_reverse(applied: Project) -> None:
    refused = applied.run("destroy", "--simulate", "--yes")
    assert refused.returncode == 4
    assert "shared-postgres" in refused.stderr
    upper = applied.run("destroy", "--simulate", "--yes", "--tier", "infrastructure")
    assert upper.returncode == 4
    assert "acme-corp-application/production.default" in upper.stderr
    loss = ("--allow-data-loss", "shared-postgres", "--allow-data-loss", "event-queue")
    done = applied.json("destroy", "--simulate", "--yes", *loss)
    assert [tier["tier"] for tier in done["tiers"]] == ["application", "shared_primitives", "infrastructure"]
    assert not list(applied.home.glob("simulated/.pulumi/stacks/*/*.json"))


def test_no_canary_in_any_output_or_file(applied: Project) -> None:
    shown = ""
    for command in ("preview", "outputs"):
        for form in ("human", "json", "markdown"):
            done = applied.run(command, "--simulate", "--format", form)
            assert done.returncode == 0, done.stderr
            shown += done.stdout + done.stderr
    assert CANARY not in shown
    for path in applied.folder.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
