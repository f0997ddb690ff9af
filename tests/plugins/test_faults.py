"""Faults: files, config, and whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.declarations.documents import Document
from platform_pulumi.errors import InputError
from platform_pulumi.plugins.faults import Faults, faults_from_config, read_faults

FILE = """\
fail_on_create: [shared-postgres]
fail_on_update: event-queue
latency: 200ms
drift_after:
  api: 5m
  api-service: 1.5h
"""


def test_a_file_of_faults() -> None:
    faults = read_faults(Document("faults.yaml", FILE))
    assert faults == Faults(
        fail_on_create=("shared-postgres",),
        fail_on_update=("event-queue",),
        latency={"*": 0.2},
        drift_after={"api": 300.0, "api-service": 5400.0},
    )
    assert faults.names == {"shared-postgres", "event-queue", "api", "api-service"}
    assert Faults.from_json(faults.to_json()) == faults


def test_an_empty_file_has_none() -> None:
    assert not read_faults(Document("faults.json", ""))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("latency: 1s\nfail_on_creat: [a]\n", 2, "there is no such fault"),
        ("latency: soon\n", 1, "'soon' is not a duration"),
        ("drift_after: {a: 5}\n", 1, "5 is not a duration"),
        ("fail_on_create: {a: b}\n", 1, "should be a list of capabilities"),
        ("crash_at: [1]\n", 1, "should be a list of capabilities"),
        ("crash_at: [a]\ncrash_at: [b]\n", 2, "it stands there twice"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_faults(Document("faults.yaml", text))
    [problem] = caught.value.problems
    assert problem.code == "P2910"
    assert problem.position is not None
    assert (problem.position.file, problem.position.line) == ("faults.yaml", line)
    assert words in problem.detail


@pytest.mark.parametrize("text", ["[a]", "a: [", "text"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_faults(Document("faults.yaml", text))


def test_a_provider_s_config_may_hold_faults() -> None:
    config = {"fail_on_create": ["vpc"], "drift_after": "5m", "region": "x", "latency": None}
    assert faults_from_config(config) == Faults(fail_on_create=("vpc",), drift_after={"*": 300.0})
    with pytest.raises(InputError) as caught:
        faults_from_config({"latency": "fast"})
    assert caught.value.detail.startswith("provider.config.latency: 'fast' is not a duration")


@pytest.mark.parametrize(
    ("logical", "hit"),
    [("api", True), ("api-env", True), ("api-service", False), ("api-service-env", False), ("apis", False)],
)
def test_a_resource_belongs_to_the_longest_name(logical: str, hit: bool) -> None:
    faults = Faults(fail_on_create=("api",)).within(["api", "api-service"])
    assert faults.hits("fail_on_create", logical) is hit


def test_a_fault_of_an_unknown_capability_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Faults(crash_at=("vcp",)).within(["vpc"])
    assert caught.value.detail == "There is no capability vcp; declared are vpc."


def test_durations_by_capability_come_before_those_for_all() -> None:
    faults = Faults(latency={"*": 1.0, "vpc": 2.0})
    assert [faults.seconds("latency", name) for name in ("vpc-public-1", "queue")] == [2.0, 1.0]
    assert Faults().seconds("latency", "vpc") is None


def test_two_sources_join() -> None:
    one: Any = Faults(fail_on_create=("a",), latency={"*": 1.0})
    assert one.merged(Faults(fail_on_create=("b", "a"), latency={"b": 2.0})) == Faults(
        fail_on_create=("a", "b"), latency={"*": 1.0, "b": 2.0}
    )
