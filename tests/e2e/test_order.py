"""Expand, then contract, through the real engine: one `up` each for changes that a cloud takes in one order only."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Project, changes, kill

pytestmark = [pytest.mark.engine, pytest.mark.slow("applies of all tiers, with deletes in runs of their own")]
LOSING = ("--allow-data-loss", "shared-postgres", "--allow-data-loss", "event-queue")


def apply(project: Project, *arguments: str) -> Any:
    """Apply in one go; afterwards nothing is left to do."""
    applied = project.json("up", "--simulate", "--yes", *arguments)
    assert changes(project.preview()) == []
    return applied


def rows(project: Project, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(project.home / "simulated" / "world.sqlite") as world:
        return world.execute(query).fetchall()


def last_made_below(project: Project) -> float:
    """When the last resource below the infrastructure was made or changed."""
    query = "SELECT max(changed_at) FROM resources WHERE deleted = 0 AND urn NOT LIKE '%infrastructure::%'"
    return float(rows(project, query)[0][0])


def gone(project: Project, kind: str) -> list[float]:
    """When resources of a type were deleted."""
    return [
        when for (when,) in rows(project, f"SELECT changed_at FROM resources WHERE deleted = 1 AND type = '{kind}'")
    ]


def order(plan: Any) -> list[tuple[str, bool]]:
    return [(step["tier"], step["deletes"]) for step in plan["order"]]


EXPAND = [("infrastructure", False), ("shared_primitives", False), ("application", False)]


def test_a_network_that_gets_another_range_stands_until_all_have_moved(applied: Project) -> None:
    text = applied.file.read_text(encoding="utf-8")
    applied.file.write_text(text.replace("10.0.0.0/16", "10.5.0.0/16"), encoding="utf-8")
    plan = applied.preview()
    assert order(plan) == [*EXPAND, ("shared_primitives", True), ("infrastructure", True)]
    assert plan["obstacles"] == []
    apply(applied, *LOSING)
    (vpc,), (database,) = gone(applied, "aws:ec2/vpc:Vpc"), gone(applied, "aws:rds/instance:Instance")
    assert last_made_below(applied) < database < vpc


def test_a_renamed_cluster_stands_until_the_tiers_below_are_on_its_successor(applied: Project) -> None:
    applied.replace('name: "primary-cluster"', 'name: "main-cluster"')
    assert order(applied.preview())[-1] == ("infrastructure", True)
    done = apply(applied)
    by_tier = {tier["tier"]: tier["summary"] for tier in done["tiers"]}
    assert by_tier["infrastructure"]["create"] == by_tier["infrastructure"]["delete"] == 12
    (cluster,) = gone(applied, "aws:eks/cluster:Cluster")
    assert last_made_below(applied) < cluster
    assert max(gone(applied, "kubernetes:core/v1:Namespace")) < cluster


def test_a_queue_goes_after_the_application_that_used_it_until_now(applied: Project) -> None:
    text = applied.file.read_text(encoding="utf-8")
    start, end = text.index('        - name: "event-queue"'), text.index("      constraints_for_downstream", 2000)
    queue = text[start:end]
    for part in (queue, '              QUEUE_URL: "${tier2.queue_url}"\n', '            - "event-queue"\n'):
        assert part in text
        text = text.replace(part, "")
    output = text.index('        - name: "queue_url"')
    text = text[:output] + text[text.index("    application:", output) :].replace("", "", 1)
    applied.file.write_text(text, encoding="utf-8")
    plan = applied.preview()
    assert order(plan) == [*EXPAND[1:], ("shared_primitives", True)]
    apply(applied, "--allow-data-loss", "event-queue")
    (broker,) = gone(applied, "aws:mq/broker:Broker")
    assert last_made_below(applied) < broker


def test_a_network_and_its_database_go_together(project: Project) -> None:
    project.file.write_text(TWO_NETWORKS, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    for line in TWO_NETWORKS.splitlines(keepends=True):
        if "old" in line:
            project.replace(line, "")
    apply(project, "--allow-data-loss", "old-db")
    (database,), (vpc,) = gone(project, "aws:rds/instance:Instance"), gone(project, "aws:ec2/vpc:Vpc")
    assert database < vpc
    project.file.write_text(f"{HEAD}        []\n    shared_primitives: {{}}\n", encoding="utf-8")
    apply(project, "--allow-data-loss", "queue")  # and with them all that the provider had there
    assert rows(project, "SELECT count(*) FROM resources WHERE deleted = 0") == [(0,)]


def test_what_is_left_of_a_network_goes_after_what_is_no_longer_declared_of_it(project: Project) -> None:
    """Its internet gateway: the engine alone deletes both at once, since the gateway's URN leads to the new network."""
    project.file.write_text(TWO_NETWORKS, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("10.1.0.0/16", "10.9.0.0/16, public_subnets: 0, nat_gateways: none")
    assert order(project.preview())[-1] == ("infrastructure", True)
    apply(project, "--allow-data-loss", "old-db")
    (vpc,) = gone(project, "aws:ec2/vpc:Vpc")
    assert max(gone(project, "aws:ec2/internetGateway:InternetGateway")) < vpc


def test_a_network_that_gets_another_name_stands_until_what_is_in_it_has_moved(project: Project) -> None:
    broker = "{engine: rabbitmq, version: '3.13', network: old-net}"
    before = TWO_NETWORKS.replace("{engine: sqs}", broker)
    project.file.write_text(before, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.file.write_text(before.replace("old-net", "lab-net"), encoding="utf-8")
    assert order(project.preview()) == [*EXPAND[:2], ("infrastructure", True)]
    apply(project, "--allow-data-loss", "old-db", "--allow-data-loss", "queue")
    (vpc,) = gone(project, "aws:ec2/vpc:Vpc")
    for kind in ("aws:rds/instance:Instance", "aws:rds/subnetGroup:SubnetGroup", "aws:mq/broker:Broker"):
        (when,) = gone(project, kind)
        assert when < vpc


def test_a_run_that_is_killed_among_its_last_deletes_leaves_them_to_the_next(project: Project) -> None:
    project.file.write_text(TWO_NETWORKS, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    for line in TWO_NETWORKS.splitlines(keepends=True):
        if "old" in line:
            project.replace(line, "")
    (project.folder / "slow.yaml").write_text("latency: 1s\n", encoding="utf-8")
    up = project.start_up("--allow-data-loss", "old-db", "--simulate-config", "slow.yaml")
    state = project.home / "simulated/.pulumi/stacks/acme-infrastructure/dev.json"
    wait_until(up, lambda: "deleting" in {operation["type"] for operation in pending(state)})
    kill(up)
    left = [action["action"] for action in project.preview()["tiers"][0]["actions"] if action["action"] != "no-op"]
    assert left, "it was killed too late"
    assert set(left) == {"delete"}
    apply(project)
    assert rows(project, "SELECT count(*) FROM resources WHERE deleted = 0 AND urn LIKE '%::old-%'") == [(0,)]


def wait_until(process: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert process.poll() is None, "up ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def pending(state: Path) -> list[dict[str, Any]]:
    """The pending operations of a state; none while it is being written."""
    try:
        latest = json.loads(state.read_bytes())["checkpoint"].get("latest") or {}
    except (OSError, ValueError):
        return []
    return list(latest.get("pending_operations") or [])


def test_what_an_applied_tier_below_uses_is_not_taken_away_from_above(project: Project) -> None:
    project.file.write_text(TWO_NETWORKS, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("        - {name: old-net, type: network, properties: {cidr: 10.1.0.0/16}}\n", "")
    project.replace("network: old-net", "network: new-net")
    before = rows(project, "SELECT * FROM resources")
    refused = project.run("up", "--simulate", "--yes", "--tier", "infrastructure")
    assert refused.returncode == 4
    assert "It is in use elsewhere" in refused.stderr
    assert "old-db of shared_primitives" in refused.stderr
    assert rows(project, "SELECT * FROM resources") == before


@pytest.mark.parametrize("allowed", [(), ("--allow-data-loss", "db")])
def test_a_protected_database_is_refused_before_a_second_one_stands(allowed: tuple[str, ...], project: Project) -> None:
    project.file.write_text(PROTECTED, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("engine: postgresql, version: '15'", "engine: mysql, version: '8.0'")
    (obstacle,) = project.preview(*allowed)["obstacles"]
    assert (obstacle["capability"], obstacle["summary"]) == ("db", "Deletion protection is on")
    before = rows(project, "SELECT * FROM resources")
    refused = project.run("up", "--simulate", "--yes", *allowed)
    assert refused.returncode == 4
    assert "1. Set `deletion_protection: false` on db" in refused.stderr
    assert rows(project, "SELECT * FROM resources") == before
    gone_wrong = project.run("destroy", "--simulate", "--yes", "--allow-data-loss", "db")
    assert gone_wrong.returncode == 4
    assert rows(project, "SELECT * FROM resources") == before


HEAD = """\
platform:
  org: acme
  environment: dev
  provider: {name: aws, config: {region: eu-west-1}}
  tiers:
    infrastructure:
      capabilities:
"""
TWO_NETWORKS = f"""\
{HEAD}\
        - {{name: new-net, type: network, properties: {{cidr: 10.0.0.0/16}}}}
        - {{name: old-net, type: network, properties: {{cidr: 10.1.0.0/16}}}}
    shared_primitives:
      capabilities:
        - {{name: queue, type: message_queue, properties: {{engine: sqs}}}}
        - {{name: old-db, type: database, properties: {{engine: postgresql, version: '15', network: old-net}}}}
"""
PROTECTED = f"""\
{HEAD}\
        - {{name: net, type: network, properties: {{cidr: 10.0.0.0/16}}}}
    shared_primitives:
      capabilities:
        - name: db
          type: database
          properties: {{engine: postgresql, version: '15', deletion_protection: true}}
"""


def test_subnets_that_move_to_other_zones_are_refused_before_two_have_one_range(project: Project) -> None:
    project.file.write_text(PROTECTED, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace(
        "{region: eu-west-1}", "{region: eu-west-1, availability_zones: [eu-west-1c, eu-west-1b, eu-west-1a]}"
    )
    (obstacle,) = project.preview()["obstacles"]
    assert (obstacle["capability"], obstacle["summary"]) == ("net", "It cannot stand beside its successor")
    before = rows(project, "SELECT * FROM resources")
    assert project.run("up", "--simulate", "--yes").returncode == 4
    assert rows(project, "SELECT * FROM resources") == before


def test_what_a_replaced_provider_held_is_not_deleted_in_the_same_run(project: Project) -> None:
    project.file.write_text(TWO_NETWORKS, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("region: eu-west-1", "region: us-east-1")
    for line in TWO_NETWORKS.splitlines(keepends=True):
        if "old" in line:
            project.replace(line, "")
    plan = project.preview()
    assert plan["tiers"][0]["replacedProviders"] == ["aws"]
    found = {(one["capability"], one["summary"]) for one in plan["obstacles"]}
    assert found == {("old-net", "Its provider is replaced in the same run")}
    before = rows(project, "SELECT * FROM resources")
    assert project.run("up", "--simulate", "--yes", "--allow-data-loss", "old-db").returncode == 4
    assert rows(project, "SELECT * FROM resources") == before
    steps = plan["obstacles"][0]["steps"]
    project.replace("region: us-east-1", "region: eu-west-1")
    apply(project, *allowed(steps[0]))
    project.replace("region: eu-west-1", "region: us-east-1")
    apply(project, *allowed(steps[1]))


def allowed(step: str) -> list[str]:
    """The options of the command in a step, as they are printed."""
    (command,) = re.findall("`platform up(.*?)`", step)
    return command.split()


def test_no_stack_moves_to_another_account(project: Project) -> None:
    text = TWO_NETWORKS.replace("region: eu-west-1", 'region: eu-west-1, account_id: "123456789012"')
    project.file.write_text(text, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("123456789012", "210987654321")
    before = rows(project, "SELECT * FROM resources")
    refused = project.run("up", "--simulate", "--yes")
    assert refused.returncode == 4
    assert "What it has made would be left behind" in refused.stderr
    assert rows(project, "SELECT * FROM resources") == before


def test_nor_to_another_daemon(project: Project) -> None:
    text = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: dev
  provider: {name: docker, config: {host: "tcp://one:2376"}}
  tiers:
    infrastructure:
      capabilities: [{name: net, type: network, properties: {cidr: 10.0.0.0/16}}]
"""
    project.file.write_text(text, encoding="utf-8")
    assert project.run("up", "--simulate", "--yes").returncode == 0
    project.replace("//one", "//two")
    refused = project.run("up", "--simulate", "--yes")
    assert refused.returncode == 4
    assert "`host: tcp://one:2376`" in refused.stderr
