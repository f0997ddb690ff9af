"""Several files, several applications, single tiers: one platform."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.errors import InputError
from platform_pulumi.model.context import Context
from platform_pulumi.model.platform import DEFAULT_MODES, Mode
from platform_pulumi.model.tier import Tier
from tests.declarations.conftest import Load, described
from tests.declarations.platforms import HEAD, INFRASTRUCTURE, SHARED, container, platform

NO_PROVIDER = "platform:\n  org: acme\n  environment: prod\n"


def test_files_of_owners_are_joined(load: Load) -> None:
    joined = load(
        platform(container(), head=NO_PROVIDER + "  application: shop\n"),
        platform(SHARED, head=NO_PROVIDER),
        platform(INFRASTRUCTURE),
    )
    assert [(tier.label, tier.application) for tier in joined.tiers] == [
        ("infrastructure", None),
        ("shared_primitives", None),
        ("application", "shop"),
    ]
    assert {c.provider for tier in joined.tiers for c in tier.capabilities} == {"mock"}
    assert joined.context == Context("acme", "prod")
    assert len(joined.files) == 3


def test_a_tier_in_parts_is_one_tier(load: Load) -> None:
    joined = load(platform(container(name="one")), platform(container(name="two")))
    assert [[c.name for c in tier.capabilities] for tier in joined.tiers] == [["one", "two"]]


def test_one_name_twice_names_both_lines(refused: Any) -> None:
    error = refused(platform(container()), platform(container()))
    (problem,) = error.problems
    assert problem.position.file.endswith("file1.yaml")
    assert problem.also[0].file.endswith("file.yaml")
    assert "file.yaml:8" in problem.detail


def test_applications_by_name(load: Load) -> None:
    text = platform(
        "\n    application:\n      applications:\n"
        "        shop: {capabilities: [{name: api, type: container_runtime, properties: {image: a}}],"
        " outputs: [{name: url, source: api.endpoint}]}\n"
        "        blog: {capabilities: [{name: api, type: container_runtime, properties: {image: b}}]}\n"
    )
    loaded = load(text)
    assert [tier.application for tier in loaded.tiers] == ["shop", "blog"]
    shop = loaded.tier(Tier.APPLICATION, "shop")
    assert shop is not None
    assert [(output.name, output.type) for output in shop.outputs] == [("url", "string")]


def test_the_application_without_a_name_is_called_default(load: Load) -> None:
    assert load(platform(container())).tiers[0].application == "default"


@pytest.mark.parametrize(
    ("first", "second", "told_of"),
    [
        ("org: acme", "org: other", "`org` is `other` here and `acme`"),
        ("environment: prod", "environment: test", "`environment` is `test` here and `prod`"),
        ("{name: mock}", "{name: aws}", "The provider here is another"),
        ("tiers:", "execution: {tier3_mode: plan_and_approve}\n  tiers:", "`execution.tier3_mode` differs"),
        ("tiers:", "state: {backend: 'file://b'}\n  tiers:", "`state.backend` differs"),
        ("tiers:", "labels: {team: b}\n  tiers:", "`labels.team` differs"),
    ],
)
def test_files_that_disagree(refused: Any, first: str, second: str, told_of: str) -> None:
    base = platform(SHARED, head=HEAD)
    agreed = {
        "tiers:": "execution: {tier3_mode: auto_apply}\n  state: {backend: 'file://a'}\n  labels: {team: a}\n  tiers:"
    }
    one = base.replace("tiers:", agreed["tiers:"])
    two = platform(INFRASTRUCTURE).replace(first, second)
    error = refused(one, two)
    assert isinstance(error, InputError)
    assert told_of in described(error.problems)
    assert error.problems[0].also


def test_the_same_said_twice_is_no_disagreement(load: Load) -> None:
    assert load(platform(SHARED), platform(INFRASTRUCTURE)).providers[0].name == "mock"


def test_modes_and_settings(load: Load) -> None:
    text = platform(container()).replace(
        "  tiers:",
        "  execution: {tier1_mode: auto_apply, reconciliation_interval: 5m, lock_timeout: 10m}\n"
        "  state: {backend: 's3://b', secrets_provider: {infrastructure: passphrase}}\n  tiers:",
    )
    loaded = load(text)
    assert loaded.modes == {**DEFAULT_MODES, Tier.INFRASTRUCTURE: Mode.AUTO_APPLY}
    assert loaded.execution["lock_timeout"] == "10m"
    assert loaded.state == {"backend": "s3://b", "secrets_provider": {"infrastructure": "passphrase"}}


def test_labels_travel_down_and_the_nearest_counts(load: Load) -> None:
    text = platform(
        SHARED.replace(
            "      outputs:", "      labels: {a: tier, b: tier}\n      annotations: {n: tier}\n      outputs:"
        ),
        container(more="          labels: {b: own}\n"),
    ).replace("  tiers:", "  labels: {a: all, c: all}\n  annotations: {m: all}\n  tiers:")
    loaded = load(text)
    database = loaded.tiers[0].capabilities[1]
    api = loaded.tiers[1].capabilities[0]
    assert database.labels == {"a": "tier", "b": "tier", "c": "all"}
    assert database.annotations == {"m": "all", "n": "tier"}
    assert api.labels == {"a": "all", "b": "own", "c": "all"}
    assert loaded.labels == {"a": "all", "c": "all"}


def test_an_empty_tier_and_empty_entries(load: Load, refused: Any) -> None:
    loaded = load(platform("\n    infrastructure:\n", container()))
    assert [(tier.label, len(tier.capabilities)) for tier in loaded.tiers] == [
        ("infrastructure", 0),
        ("application", 1),
    ]
    error = refused(platform("\n    application:\n      capabilities:\n        -\n        - {}\n"))
    assert [problem.code for problem in error.problems] == ["P2017", "P2016", "P2016"]


def test_the_platform_prints_no_sources(load: Load) -> None:
    loaded = load(platform(container("image: a, env: {PASSWORD: canary}")))
    (api,) = loaded.tiers[0].capabilities
    assert loaded.source_map.property(api.declared_at, ("env", "PASSWORD")) is not None  # the text is still there
    assert "canary" not in repr(loaded)
    assert "canary" not in repr(loaded.source_map)
