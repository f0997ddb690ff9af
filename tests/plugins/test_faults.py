"""Faults: files, config, and whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.declarations.documents import Document, read_documents
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


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("[a]", "P2910", "1:1"),
        ("text", "P2910", "1:1"),
        ("!x {latency: 1s}", "P2910", "1:1"),
        ("? [a]\n: b\n", "P2910", "1:3"),
        ("a: [", "P2005", "2:1"),
        ("latency: 1s\n---\nlatency: 2s\n", "P2006", "2:1"),
        ("\nlatency: !!python/object:os.system {}\n", "P2012", "2:10"),
        ("crash_at: [!x a]\n", "P2012", "1:12"),
        ("latency: {a: 1s, a: 2s}\n", "P2008", "1:18"),
        ("latency: *none\n", "P2005", "1:10"),
        ("latency: &a [*a]\n", "P2010", "1:10"),
        ("latency: " + "[" * 99 + "]" * 99, "P2010", "1:43"),
        ("latency: \x01\n", "P2005", "1:10"),
    ],
)
def test_what_is_no_file_of_faults_is_told_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_faults(Document("faults.yaml", text))
    problem = caught.value.problems[0]
    assert (problem.code, str(problem.position)) == (code, f"faults.yaml:{place}")


@pytest.mark.parametrize(
    ("text", "place"),
    [("crash_at: [api, shared-postgre]", "1:17"), ("latency: {'*': 1s, shared-postgre: 1s}", "1:20"),
     ("\ncrash_at: shared-postgre", "2:11")],
)  # fmt: skip
def test_a_capability_that_is_not_there_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_faults(Document("faults.yaml", text), ["api", "shared-postgres"])
    [problem] = caught.value.problems
    assert str(problem.position) == f"faults.yaml:{place}"
    assert problem.detail.endswith("there is no capability `shared-postgre`. Did you mean `shared-postgres`?")


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"latency: \xff\xfe")
    for name, words in (("none", "no such file"), (".", "is a directory"), ("binary", "Byte 0xff is not UTF-8")):
        (document,) = read_documents((tmp_path / name,))
        with pytest.raises(InputError) as caught:
            read_faults(document)
        assert words in caught.value.problems[0].detail


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
