"""A plan survives its process: what is written is read back equal, and what was tampered with is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import InputError
from platform_pulumi.model.plan import Plan, Status, document
from platform_pulumi.model.plan.effects import with_digest
from tests.cli import samples


def seal(plan: Plan) -> Plan:
    """A plan of samples as planning makes it: each section with its own digest."""
    return replace(plan, tiers=tuple(with_digest(tier) for tier in plan.tiers))


@pytest.mark.parametrize("make", samples.PLANS.values())
def test_what_is_written_is_read_back_equal(make: Callable[[], Plan]) -> None:
    plan = seal(make())
    assert samples.through_json(plan) == plan


def test_the_envelope_survives_and_the_plans_status_is_the_least_advanced() -> None:
    plan = seal(samples.from_nothing())
    approval = replace(samples.approval(plan.tiers[0]), reason="quarterly change")
    approved = replace(plan.tiers[0], status=Status.APPROVED, approvals=(approval,))
    kept = replace(plan, tiers=(approved, *plan.tiers[1:]))
    assert samples.through_json(kept) == kept
    assert (kept.status, kept.tiers[0].digest) == (Status.PENDING, plan.tiers[0].digest)
    written = document.write(kept)
    assert written["status"] == "pending"
    assert written["tiers"][0]["approvals"] == [
        {"by": "ann", "at": "2026-11-22T10:00:00Z", "digest": approval.digest, "reason": "quarterly change"}
    ]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda tier: tier["actions"][0].update(action="delete"),
        lambda tier: tier["actions"].pop(),
        lambda tier: tier["actions"][0]["after"].update(cidrBlock="10.9.0.0/16"),
        lambda tier: tier["actions"][0].update(secretHashes={"password": "00"}),
        lambda tier: tier["actions"][0].update(replaceKeys=["cidrBlock"]),
        lambda tier: tier.update(allowedDataLoss=["primary-vpc"]),
        lambda tier: tier["providers"][0].update(plugin="official"),
        lambda tier: tier["declarations"]["constraints"][0].update(value="64Gi"),
        lambda tier: tier["declarations"]["capabilities"][0]["properties"].update(cidr="10.9.0.0/16"),
        lambda tier: tier.update(stack="organization/acme-corp-infrastructure/staging"),
        lambda tier: tier.update(digest=f"sha256:{'0' * 64}"),
    ],
)
def test_a_section_with_other_effects_than_its_digest_says_is_refused(tamper: Callable[[Any], Any]) -> None:
    written = document.write(seal(samples.from_nothing()))
    tamper(written["tiers"][0])
    with pytest.raises(InputError, match="The plan cannot be read") as refused:
        document.read(written)
    assert "tiers[0].digest: the section has other effects than its digest says" in refused.value.detail


def test_a_plan_for_something_else_is_refused() -> None:
    written = document.write(seal(samples.from_nothing()))
    written["operation"] = "destroy"
    with pytest.raises(InputError):
        document.read(written)


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda plan: plan.update(schema="platform-plan/v2"), "schema: 'platform-plan/v2' is another version"),
        (lambda plan: plan.pop("tiers"), "the document: 'tiers' is missing"),
        (lambda plan: plan.update(tiers={}), "tiers: a list is expected"),
        (lambda plan: plan["tiers"][1].pop("digest"), "tiers[1]: 'digest' is missing"),
        (lambda plan: plan["tiers"][0].update(mode="ask"), "tiers[0].mode: 'ask' is none of the known values"),
        (lambda plan: plan["tiers"][0].update(tier="basement"), "tiers[0].tier: 'basement' is none of"),
        (lambda plan: plan["tiers"][0]["actions"].insert(0, 3), "tiers[0].actions[0]: an object is expected"),
        (lambda plan: plan["tiers"][0].update(skipped="no"), "tiers[0].skipped: true or false is expected"),
        (lambda plan: plan.update(constraintsChecked=True), "constraintsChecked: a whole number is expected"),
        (lambda plan: plan["warnings"][0].update(line="x"), "warnings[0].line: a whole number is expected"),
    ],
)
def test_what_is_no_plan_is_refused_at_its_place(spoil: Callable[[Any], Any], where: str) -> None:
    written = document.write(seal(samples.from_nothing()))
    spoil(written)
    with pytest.raises(InputError) as refused:
        document.read(written)
    assert f"It is no platform-plan/v1 document: {where}" in refused.value.detail
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("value", [None, [], 3, "x", {}])
def test_anything_else_is_refused_too(value: Any) -> None:
    with pytest.raises(InputError, match="The plan cannot be read"):
        document.read(value)


def test_no_secret_is_in_the_document_or_its_errors(canary: str) -> None:
    action = samples.action(
        samples.Action.CREATE, "a", "a", "aws:s3/bucket:Bucket", after={"password": samples.Secret(canary)}
    )
    written = document.write(seal(samples.plan(samples.tier_plan(samples.ONE, (action,)))))
    assert canary not in json.dumps(written)
    assert document.read(written).tiers[0].actions[0].after == {"password": "[secret]"}


@pytest.mark.parametrize(
    "tamper", [{"newValue": "2Gi"}, {"oldValue": "100Gi"}, {"change": "tightened"}, {"limit": "a <="}]
)
def test_a_section_with_other_limits_than_its_digest_says_is_refused(tamper: dict[str, str]) -> None:
    written = document.write(seal(samples.loosened()))
    written["tiers"][0]["limits"][0].update(tamper)
    with pytest.raises(InputError, match="The plan cannot be read"):
        document.read(written)


def test_a_limit_changes_in_one_of_four_ways() -> None:
    written = document.write(seal(samples.loosened()))
    written["tiers"][0]["limits"][0].update(change="the same")
    with pytest.raises(InputError) as refused:
        document.read(written)
    assert "'the same' is none of added, tightened, dropped, loosened" in refused.value.detail
