"""Wiring, dependencies, order and output contracts within the files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.declarations.compiler.ordering import dependency_order
from platform_pulumi.model.capability import CapabilityRef, Dependency
from platform_pulumi.model.tier import Tier
from tests.declarations.conftest import Load, described
from tests.declarations.platforms import INFRASTRUCTURE, SHARED, container, platform
from tests.declarations.providers import DEFINITIONS

NETWORKS = """
    infrastructure:
      capabilities:
        - name: cluster
          type: kubernetes_cluster
          properties:
            version: "1.29"
            node_groups: [{name: a, instance_type: m}]
            networking: {vpc_cidr: 10.1.0.0/16}
        - {name: one, type: network, properties: {cidr: 10.0.0.0/16}}
        - {name: two, type: network, properties: {cidr: 10.1.0.0/16}}
"""
SHARED_NAMED = SHARED.replace('version: "15"', 'version: "15", network: one')


def test_the_only_candidate_binds_across_tiers(load: Load) -> None:
    loaded = load(platform(INFRASTRUCTURE, SHARED, container()))
    bindings = {c.name: dict(c.bindings) for tier in loaded.tiers for c in tier.capabilities}
    vpc = CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")
    cluster = CapabilityRef(Tier.INFRASTRUCTURE, "cluster", "kubernetes_cluster")
    assert bindings == {
        "vpc": {},
        "cluster": {"network": vpc},
        "ns": {"kubernetes_cluster": cluster},
        "db": {"network": vpc},
        "api": {
            "kubernetes_cluster": cluster,
            "namespace": CapabilityRef(Tier.SHARED_PRIMITIVES, "ns", "namespace"),
            "network": vpc,
        },
    }


def test_what_is_wired_to_comes_first(load: Load) -> None:
    assert [c.name for c in load(platform(INFRASTRUCTURE)).tiers[0].capabilities] == ["vpc", "cluster"]


@pytest.mark.parametrize("provider", ["aws", "mock"])
def test_a_name_chooses_among_several(load: Load, provider: str) -> None:
    named = SHARED.replace('version: "15"', 'version: "15", network: one')
    loaded = load(platform(NETWORKS, named).replace("name: mock", f"name: {provider}"))
    assert loaded.tiers[1].capabilities[1].bindings["network"].name == "one"


def test_what_the_provider_needs_has_to_be_chosen(refused: Any) -> None:
    (problem,) = refused(platform(NETWORKS, SHARED).replace("name: mock", "name: aws")).problems
    assert problem.code == "P2050"
    assert "`one` (line 14), `two` (line 15)" in problem.detail
    assert "`network: one`" in problem.detail
    assert [place.line for place in problem.also] == [14, 15]


@pytest.mark.parametrize("provider", ["mock", "aws", "docker"])
def test_several_candidates_are_a_choice_on_every_provider(load: Load, refused: Any, provider: str) -> None:
    text = platform(NETWORKS, SHARED, container()).replace("name: mock", f"name: {provider}")
    problems = refused(text).problems
    assert [(problem.code, problem.detail.partition(".")[0]) for problem in problems] == [
        ("P2050", "`db` could use `one` (line 14), `two` (line 15)"),
        ("P2050", "`api` could use `one` (line 14), `two` (line 15)"),
    ]


def test_what_the_provider_has_no_use_for_is_no_choice(load: Load) -> None:
    bindings = DEFINITIONS["aws"].bindings
    idle = replace(bindings["container_runtime"], unused=lambda _: ("network",))
    aws = replace(DEFINITIONS["aws"], bindings={**bindings, "container_runtime": idle})
    text = platform(NETWORKS, SHARED_NAMED, container()).replace("name: mock", "name: aws")
    api = load(text, definitions={**DEFINITIONS, "aws": aws}).tiers[2].capabilities[0]
    assert {need: ref.name for need, ref in api.bindings.items()} == {
        "kubernetes_cluster": "cluster",
        "namespace": "ns",
    }


@pytest.mark.parametrize("provider", ["mock", "docker", "aws"])
def test_nobody_escapes_quotas_by_naming_none_of_several_namespaces(refused: Any, provider: str) -> None:
    shared = """
    shared_primitives:
      capabilities:
        - {name: small, type: namespace, properties: {resource_quotas: {pods: 2}}}
        - {name: tiny, type: namespace, properties: {resource_quotas: {pods: 1}}}
"""
    text = platform(INFRASTRUCTURE, shared, container("image: a, replicas: 100"))
    problems = refused(text.replace("name: mock", f"name: {provider}")).problems
    assert [problem.detail for problem in problems if problem.code == "P2050"] == [
        "`api` could use `small` (line 16), `tiny` (line 17). Name one in its properties: `namespace: small`."
    ]


def test_what_the_provider_can_do_without_is_wired_where_it_is_named(load: Load, refused: Any) -> None:
    text = platform(NETWORKS, SHARED_NAMED, container("image: a, network: two")).replace("name: mock", "name: aws")
    assert load(text).tiers[2].capabilities[0].bindings["network"].name == "two"
    (problem,) = refused(text.replace("network: two", "network: tow")).problems
    assert problem.code == "P2051"
    assert problem.detail == "There is no network `tow`. Did you mean `two`?"


def test_what_a_missing_provider_could_use_is_no_choice(load: Load) -> None:
    text = platform(NETWORKS, SHARED).replace("name: mock", "name: kubernetes")
    assert dict(load(text).tiers[1].capabilities[1].bindings) == {}


def test_what_the_provider_does_not_serve_is_told_as_that_and_not_as_a_choice(refused: Any) -> None:
    served = {kind: DEFINITIONS["mock"].bindings[kind] for kind in ("network", "kubernetes_cluster")}
    definitions = {**DEFINITIONS, "mock": replace(DEFINITIONS["mock"], bindings=served)}
    error = refused(platform(NETWORKS, SHARED), definitions=definitions)
    assert [problem.code for problem in error.problems] == ["P2029", "P2029"]


@pytest.mark.parametrize(
    ("doors", "properties", "bound"),
    [
        (["door"], "image: a", "door"),
        (["door", "gate"], "image: a, shared_ingress: gate", "gate"),
    ],
)
def test_a_container_finds_the_shared_door(load: Load, doors: list[str], properties: str, bound: str) -> None:
    shared = "\n    shared_primitives:\n      capabilities:\n" + "".join(
        f"        - {{name: {name}, type: ingress}}\n" for name in doors
    )
    own = f"{properties}, ports: [{{container_port: 80}}], ingress: {{host: h}}"
    (api,) = load(platform(shared, container(own))).tiers[1].capabilities
    assert api.bindings["ingress"].name == bound


def test_of_several_shared_doors_only_who_has_an_ingress_chooses(load: Load, refused: Any) -> None:
    shared = "\n    shared_primitives: {capabilities: [{name: door, type: ingress}, {name: gate, type: ingress}]}\n"
    assert "ingress" not in load(platform(shared, container())).tiers[1].capabilities[0].bindings
    own = "image: a, ports: [{container_port: 80}], ingress: {host: h}"
    (problem,) = refused(platform(shared, container(own))).problems
    assert (problem.code, problem.detail.partition(" (")[0]) == ("P2050", "`api` could use `door`")


def test_a_cluster_finds_its_network_by_range(load: Load) -> None:
    capabilities = load(platform(NETWORKS)).tiers[0].capabilities
    assert [c.name for c in capabilities] == ["two", "cluster", "one"]
    assert capabilities[1].bindings["network"].name == "two"


def test_unequal_ranges_name_both_lines(refused: Any) -> None:
    text = platform(INFRASTRUCTURE.replace('version: "1.29"', 'version: "1.29", networking: {vpc_cidr: 10.9.0.0/16}'))
    (problem,) = refused(text).problems
    assert problem.code == "P2053"
    assert "10.0.0.0/16 on line 11" in problem.detail
    assert problem.also[0].line == 11


def test_what_the_provider_needs_must_be_there(load: Load, refused: Any) -> None:
    lonely = platform("\n    infrastructure: {capabilities: []}\n", SHARED)
    assert load(lonely).tiers[1].capabilities[1].bindings == {}  # mock does without
    error = refused(lonely.replace("name: mock", "name: aws"))
    assert [problem.code for problem in error.problems] == ["P2052", "P2052"]


def test_a_tier_that_no_file_declares_stays_open(load: Load) -> None:
    text = platform(container('image: a, env: {X: "${tier2.anything}"}', more="          dependsOn: [anything]\n"))
    (api,) = load(text.replace("name: mock", "name: aws")).tiers[0].capabilities
    assert api.bindings == {}
    assert [dependency.name for dependency in api.depends_on] == ["anything"]


def test_soft_dependencies_may_be_missing_and_order_where_they_are_not(load: Load) -> None:
    text = platform(
        "\n    infrastructure:\n      capabilities:\n"
        "        - {name: a, type: iam_role, properties: {assumed_by: [x]},"
        " dependsOn: [{name: c, optional: true}, {name: gone, optional: true}]}\n"
        "        - {name: b, type: iam_role, properties: {assumed_by: [x]}}\n"
        "        - {name: c, type: iam_role, properties: {assumed_by: [x]}}\n"
    )
    tier = load(text).tiers[0]
    assert [c.name for c in tier.capabilities] == ["c", "a", "b"]
    first = tier.capabilities[1].depends_on[0]
    assert isinstance(first, Dependency)
    assert (first.name, first.optional) == ("c", True)
    assert first.declared_at is not None
    assert first.declared_at.line == 8


def test_output_contracts_are_typed_by_their_source(load: Load) -> None:
    tier = load(platform(SHARED)).tiers[0]
    assert [(o.name, o.capability, o.field, o.type) for o in tier.outputs] == [
        ("db_host", "db", "host", "string"),
        ("db_password", "db", "credential_ref", "credential_ref"),
    ]


def test_a_cluster_moved_to_the_application_is_told_as_that(refused: Any) -> None:
    cluster = "".join(line for line in INFRASTRUCTURE.splitlines(keepends=True)[3:6])
    assert "kubernetes_cluster" in cluster
    text = platform(INFRASTRUCTURE.replace(cluster, ""), SHARED, container() + cluster).replace(
        "name: mock", "name: aws"
    )
    error = refused(text)
    assert error.exit_code == 4
    assert [problem.code for problem in error.problems] == ["P4001"], described(error.problems)


@given(st.dictionaries(st.integers(0, 12), st.sets(st.integers(0, 12)), max_size=12))
def test_order_or_cycles(graph: dict[int, set[int]]) -> None:
    names = [str(number) for number in range(13)]
    edges = {str(n): {str(m) for m in targets if m != n} for n, targets in graph.items()}
    found, cycles = dependency_order(names, edges)
    assert sorted(found) == sorted(names)
    if cycles:
        for cycle in cycles:
            assert all(after in edges[before] for before, after in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    else:
        place = {name: index for index, name in enumerate(found)}
        assert all(place[target] < place[name] for name, targets in edges.items() for target in targets)


def test_a_long_chain_needs_no_recursion() -> None:
    names = [str(number) for number in range(5000)]
    edges = {str(number): {str(number + 1)} for number in range(4999)}
    found, cycles = dependency_order(names, edges)
    assert (found[0], found[-1], cycles) == ("4999", "0", [])
