"""Whom changes reach, through the real engine: at the level of what changes, and as stacks recorded it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Project

pytestmark = [pytest.mark.engine, pytest.mark.slow("whole commands on three tiers, several in a row")]

API = ("application", "default", "api-service")
MODES = "  execution:\n"


def reached(plan: Any) -> dict[tuple[str, str], dict[tuple[str, str | None, str], str]]:
    """(what changes, how) to the (tier, application, capability) it reaches, each with the severity."""
    return {
        (found["changed"], found["action"]): {
            (one["tier"], one["application"], one["capability"]): one["severity"] for one in found["affected"]
        }
        for found in plan["impact"]
    }


def test_parts_that_are_replaced_or_deleted_are_updates_of_what_they_belong_to(applied: Project) -> None:
    applied.replace("availability_zones: 3", "availability_zones: 3\n            nat_gateways: per_zone")
    applied.replace('"m5.xlarge"', '"m5.2xlarge"')
    plan = applied.preview()
    tables = [a["action"] for a in plan["tiers"][0]["actions"] if a["resourceType"] == "aws:ec2/routeTable:RouteTable"]
    assert "delete" in tables
    found = reached(plan)
    assert set(found) == {("infrastructure.primary-vpc", "update"), ("infrastructure.primary-cluster", "update")}
    assert set(found["infrastructure.primary-vpc", "update"].values()) == {"medium", "low"}
    assert found["infrastructure.primary-cluster", "update"][API] == "medium"


def test_consumers_of_what_is_renamed_are_those_of_before(applied: Project) -> None:
    applied.replace('name: "app-namespace"', 'name: "apps"')
    applied.replace('name: "event-queue"', 'name: "events"')
    applied.replace('"event-queue.endpoint"', '"events.endpoint"')
    applied.replace('- "event-queue"', '- "events"')
    assert reached(applied.preview()) == {
        ("shared_primitives.app-namespace", "delete"): {API: "high"},
        ("shared_primitives.event-queue", "delete"): {API: "high"},
        ("shared_primitives.event-queue.endpoint", "delete"): {API: "high"},
    }


def test_an_application_in_a_file_of_its_own_is_reached_by_those_who_do_not_have_it(applied: Project) -> None:
    text = applied.file.read_text(encoding="utf-8")
    start, end = text.index("    infrastructure:\n"), text.index("    application:\n")
    team = text[:start].replace("  provider:", "  application: shop\n  provider:") + text[end:]
    team = team.replace("api.acme.com", "shop.acme.com")  # a host is one application's
    (applied.folder / "shop.yaml").write_text(team, encoding="utf-8")
    done = applied.run("up", "-f", "shop.yaml", "--simulate", "--yes")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    platform = text[:end] + text[text.index(MODES) :]
    applied.file.write_text(platform.replace("storage_gb: 100", "storage_gb: 200"), encoding="utf-8")
    plan = applied.preview()
    assert [tier["tier"] for tier in plan["tiers"]] == ["infrastructure", "shared_primitives"]
    shop = ("application", "shop", "api-service")
    assert reached(plan) == {("shared_primitives.shared-postgres", "update"): {API: "medium", shop: "medium"}}
