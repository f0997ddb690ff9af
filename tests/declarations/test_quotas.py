"""Namespace quotas bound all applications together."""

from __future__ import annotations

import pytest

from platform_pulumi import declarations
from platform_pulumi.errors import ConstraintError
from platform_pulumi.model.tier import Tier
from tests.declarations.conftest import Load, described
from tests.declarations.contracts import contract
from tests.declarations.platforms import container, platform

NAMESPACE = """
    shared_primitives:
      capabilities:
        - {name: ns, type: namespace, properties: {resource_quotas: {cpu: 2, memory: 4Gi, pods: 5}}}
"""


def test_usage_is_replicas_times_limits(load: Load) -> None:
    loaded = load(platform(NAMESPACE, container("image: a, cpu: 250m, memory: 0.5Gi, replicas: 3")))
    application = loaded.tiers[1]
    assert declarations.quota_usage(application) == {"ns": {"cpu": "750m", "memory": "1536Mi", "pods": 3}}
    assert declarations.quota_usage(loaded.tiers[0]) == {}
    quota = declarations.quotas(loaded.tiers[0])["ns"]
    assert {key: quota[key] for key in ("cpu", "memory", "pods")} == {"cpu": "2", "memory": "4Gi", "pods": 5}
    assert quota["at"].endswith(":8:11")


@pytest.mark.parametrize(
    ("cpu", "memory"), [("1m", "1Mi"), ("1.1m", "1048577"), ("1M", "1Ei"), ("1.000000001", "1.5Gi")]
)
def test_amounts_of_any_size_are_added_exactly(load: Load, cpu: str, memory: str) -> None:
    text = platform("\n    shared_primitives: {capabilities: [{name: ns, type: namespace}]}\n")
    loaded = load(text + container(f"image: a, cpu: {cpu}, memory: '{memory}', replicas: 7"))
    assert contract(loaded, Tier.APPLICATION, "default").usage["ns"]["pods"] == 7
    declarations.check_quotas(loaded, {}, [contract(loaded, Tier.APPLICATION, "default", application="other")])


def test_other_applications_count(load: Load) -> None:
    mine = load(platform(NAMESPACE, container("image: a, cpu: 500m, memory: 1Gi, replicas: 2")))
    shared = contract(mine, Tier.SHARED_PRIMITIVES)
    other = contract(mine, Tier.APPLICATION, "default", application="other")
    alone = declarations.complete(
        load(platform(container("image: a, cpu: 500m, memory: 1Gi, replicas: 2"))), {Tier.SHARED_PRIMITIVES: shared}, {}
    )
    declarations.check_quotas(alone, {Tier.SHARED_PRIMITIVES: shared}, [other])
    with pytest.raises(ConstraintError) as caught:
        declarations.check_quotas(
            alone,
            {Tier.SHARED_PRIMITIVES: shared},
            [other, contract(mine, Tier.APPLICATION, "default", application="third")],
        )
    text = described(caught.value.problems)
    assert "cpu <= 2 for all applications of namespace ns together" in text
    assert "They take 3000m: default 1000m, other 1000m, third 1000m." in text
    assert "also 8:11" in text


def test_a_container_without_a_bounded_limit_is_refused(load: Load) -> None:
    with pytest.raises(ConstraintError) as caught:
        load(platform(NAMESPACE, container("image: a, cpu: 500m")))
    assert "leaves `memory` out" in described(caught.value.problems)
    assert load(platform(NAMESPACE, container("image: a, replicas: 0"))).warnings == ()
