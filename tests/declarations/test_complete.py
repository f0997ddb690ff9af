"""A file with one tier, checked against the contracts of the tiers above it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi import declarations
from platform_pulumi.errors import ConstraintError, InputError, PlatformError
from platform_pulumi.model import contract_reader
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier
from tests.declarations.conftest import Load, described
from tests.declarations.contracts import contract
from tests.declarations.platforms import INFRASTRUCTURE, SHARED, container, platform
from tests.declarations.providers import DEFINITIONS

LIMITS = """
      constraints_for_downstream:
        - {field: memory, operator: <=, value: 4Gi}
        - {field: image, operator: in, value: [a, b]}
"""


@pytest.fixture
def contracts(load: Load) -> dict[Tier, TierContract]:
    upper = load(platform(INFRASTRUCTURE.rstrip() + LIMITS, SHARED))
    return {tier: contract(upper, tier) for tier in (Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES)}


def refusal(load: Load, contracts: dict[Tier, TierContract], *parts: str) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        declarations.complete(load(platform(*parts)), contracts, DEFINITIONS)
    return caught.value


def test_it_is_wired_and_keeps_everything_else(load: Load, contracts: dict[Tier, TierContract]) -> None:
    text = container('image: a, memory: 1Gi, env: {H: "${tier2.db_host}"}', more="          dependsOn: [db, vpc]\n")
    alone = load(platform(text))
    whole = declarations.complete(alone, contracts, DEFINITIONS)
    (api,) = whole.tiers[0].capabilities
    assert {need: ref.name for need, ref in api.bindings.items()} == {
        "kubernetes_cluster": "cluster",
        "namespace": "ns",
        "network": "vpc",
    }
    assert api.properties == alone.tiers[0].capabilities[0].properties
    assert (whole.context, whole.files, whole.tiers[0].outputs) == (alone.context, alone.files, alone.tiers[0].outputs)


@pytest.mark.parametrize(
    ("memory", "said"), [("memory: 8Gi", "8Gi is twice that"), ("cpu: 1", "`memory` is left out here")]
)
def test_constraints_of_contracts_hold(load: Load, contracts: dict[Tier, TierContract], memory: str, said: str) -> None:
    error = refusal(load, contracts, container(f"image: a, {memory}"))
    assert isinstance(error, ConstraintError)
    (problem,) = error.problems
    assert said in problem.detail
    assert "memory <= 4Gi, set by infrastructure at " in problem.detail
    assert problem.position is not None
    assert problem.position.line in {8, 10}
    assert problem.also[0].line == 14


@pytest.mark.parametrize(
    ("properties", "more", "code"),
    [
        ('env: {X: "${tier2.nothing}"}', "", "P2031"),
        ("namespace: nowhere", "", "P2051"),
        ("env: {}", "          dependsOn: [nowhere]\n", "P2024"),
    ],
)
def test_what_the_tiers_above_do_not_have(
    load: Load, contracts: dict[Tier, TierContract], properties: str, more: str, code: str
) -> None:
    error = refusal(load, contracts, container(f"image: a, memory: 1Gi, {properties}", more=more))
    assert isinstance(error, InputError)
    assert [problem.code for problem in error.problems] == [code], described(error.problems)


def test_a_name_of_a_tier_above_is_taken(load: Load, contracts: dict[Tier, TierContract]) -> None:
    error = refusal(load, contracts, container("image: a, memory: 1Gi", name="db"))
    assert "declared already in shared_primitives" in described(error.problems)


def test_the_contract_counts_where_the_file_says_otherwise(load: Load, contracts: dict[Tier, TierContract]) -> None:
    text = platform(INFRASTRUCTURE, SHARED, container("image: a, memory: 8Gi"))
    whole = load(text)  # nothing in the files forbids it
    with pytest.raises(ConstraintError):
        declarations.complete(whole, contracts, DEFINITIONS)


def test_a_tier_with_a_contract_is_not_worked_on(load: Load, contracts: dict[Tier, TierContract]) -> None:
    changed = SHARED.replace("name: ns,", "name: renamed,").replace(
        'version: "15"', 'version: "15", network: other-vpc'
    )
    infrastructure = INFRASTRUCTURE.replace("name: vpc,", "name: other-vpc,").replace("vpc.id", "other-vpc.id")
    whole = load(platform(infrastructure, changed, container("image: a, memory: 1Gi")))
    done = declarations.complete(whole, contracts, DEFINITIONS)
    assert done.tiers[:2] == whole.tiers[:2]
    assert done.tiers[2].capabilities[0].bindings["namespace"].name == "ns"


def test_without_contracts_nothing_changes(load: Load) -> None:
    alone = load(platform(container()))
    assert declarations.complete(alone, {}, DEFINITIONS) is alone


def test_what_the_provider_needs_is_asked_of_the_contracts(load: Load, contracts: dict[Tier, TierContract]) -> None:
    empty = {tier: _without_capabilities(found) for tier, found in contracts.items()}
    text = platform(container("image: a, memory: 1Gi")).replace("name: mock", "name: aws")
    with pytest.raises(InputError) as caught:
        declarations.complete(load(text), empty, DEFINITIONS)
    assert [problem.code for problem in caught.value.problems] == ["P2052", "P2052"]


def _without_capabilities(found: TierContract) -> TierContract:
    document: dict[str, Any] = found.to_json()
    return contract_reader.read(json.dumps({**document, "capabilities": []}))


def test_a_constraint_that_fits_nothing_closes_the_door(load: Load, contracts: dict[Tier, TierContract]) -> None:
    document = contracts[Tier.INFRASTRUCTURE].to_json()
    document["constraints"][0]["value"] = "10s"
    broken = {**contracts, Tier.INFRASTRUCTURE: contract_reader.read(json.dumps(document))}
    error = refusal(load, broken, container("image: a, memory: 1Gi"))
    assert "cannot be compared with 10s" in described(error.problems)


def test_the_model_alone_is_completed(load: Load, contracts: dict[Tier, TierContract]) -> None:
    text = platform(container('image: a, memory: 1Gi, env: {H: "${tier2.db_host}"}'))
    alone = replace(load(text), source_map=SourceMap())
    assert declarations.complete(alone, contracts, DEFINITIONS).tiers == (
        declarations.complete(load(text), contracts, DEFINITIONS).tiers
    )


def test_without_documents_a_mistake_stands_where_its_declaration_begins(
    load: Load, contracts: dict[Tier, TierContract]
) -> None:
    text = container('image: a, memory: 8Gi, env: {H: "${tier2.nothing}"}', more="          dependsOn: [nowhere]\n")
    alone = replace(load(platform(text)), source_map=SourceMap())
    begin = alone.tiers[0].capabilities[0].declared_at
    with pytest.raises(InputError) as caught:
        declarations.complete(alone, contracts, DEFINITIONS)
    dependency, *rest = reversed(caught.value.problems)
    assert dependency.code == "P2024"
    assert [(problem.code, problem.position) for problem in rest] == [("P3001", begin), ("P2031", begin)]


def test_constraints_are_counted_where_they_were_checked(load: Load, contracts: dict[Tier, TierContract]) -> None:
    alone = load(platform(container("image: a, memory: 1Gi")))
    assert declarations.constraints_checked(alone) == 0
    whole = declarations.complete(alone, contracts, DEFINITIONS)
    assert declarations.constraints_checked(whole, contracts) == 2


def test_a_tier_that_was_applied_counts_no_constraints(load: Load, contracts: dict[Tier, TierContract]) -> None:
    whole = load(platform(INFRASTRUCTURE.rstrip() + LIMITS, SHARED, container("image: a, memory: 1Gi")))
    done = declarations.complete(whole, contracts, DEFINITIONS)
    assert declarations.constraints_checked(done, contracts) == 2
