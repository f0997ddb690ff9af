"""What a change means where nothing was recorded: the rules of the published plugin's schema."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker.plugin.container import Container
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import State
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from tests.components.docker.plugin.containers import URN, raw, recorded


def diff(old: dict[str, Any] | None = None, **change: Any) -> list[tuple[str, str, bool]]:
    """Path, kind and whether it replaces; `old` are recorded outputs that differ."""
    before = recorded()
    inputs = {name: value for name, value in {**raw(before.inputs), **change}.items() if value is not None}
    checked, failures = Container().check(URN, inputs, "unused")
    assert not failures
    state = State(before.id, before.inputs, {**before.outputs, **(old or {})})
    return [(item.path, item.kind.value, item.replaces) for item in Container().diff(state, checked).changes]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"cpus": "0.5"}, [("cpus", "add", True)]),
        ({"memorySwap": 256}, [("memorySwap", "update", False)]),
        ({"memoryReservation": 32}, [("memoryReservation", "update", False)]),
        ({"maxRetryCount": 3}, [("maxRetryCount", "update", False)]),
        ({"destroyGraceSeconds": 5}, [("destroyGraceSeconds", "update", False)]),
        ({"waitTimeout": 5}, [("waitTimeout", "update", False)]),
        ({"mustRun": False}, [("mustRun", "update", False)]),
        ({"wait": True}, [("wait", "update", False)]),
        ({"stopTimeout": 5}, [("stopTimeout", "update", True)]),
        ({"privileged": True}, [("privileged", "update", True)]),
        ({"user": "1000"}, [("user", "update", True)]),
        ({"dns": ["1.1.1.1"]}, [("dns", "add", True)]),
        ({"capabilities": {"adds": ["NET_ADMIN"]}}, [("capabilities", "add", True)]),
        ({"uploads": [{"file": "/x", "content": "y"}]}, [("uploads", "add", True)]),
        ({"restart": None}, [("restart", "update", False)]),
        # Docker takes no limit away: only another container is without one.
        ({"memory": None}, [("memory", "delete", True)]),
        ({"networksAdvanced": None}, [("networksAdvanced", "delete", True)]),
        ({"ports": None}, [("ports", "delete", True)]),
        # What Docker or the image gives where the program does not is no change.
        ({"command": None, "envs": None, "labels": None, "healthcheck": None}, []),
        ({"user": "", "privileged": False, "hosts": [], "logOpts": {}}, []),
    ],
)
def test_one_change(change: dict[str, Any], expected: list[tuple[str, str, bool]]) -> None:
    assert diff(**change) == expected


def test_sets_by_their_members() -> None:
    assert diff(envs=["B=2", "A=1", "C=3"]) == [("envs[2]", "add", True)]
    assert diff(envs=["B=2"]) == [("envs[0]", "delete", True)]
    labels = [{"label": "new", "value": "x"}, {"label": "app", "value": "t"}]
    assert diff(labels=labels) == [("labels[0]", "add", True)]


def test_lists_within_sets_have_no_order() -> None:
    network = {"name": "fx-net", "aliases": ["b", "a"]}
    full = {**recorded().outputs["networksAdvanced"][0], "aliases": ["a", "b"]}
    assert diff({"networksAdvanced": [full]}, networksAdvanced=[network]) == []


def test_ports_in_another_order_and_of_dockers_choice() -> None:
    seen = [
        {"internal": 80, "external": 32768, "ip": "0.0.0.0", "protocol": "tcp"},
        {"internal": 81, "external": 8081, "ip": "0.0.0.0", "protocol": "tcp"},
    ]
    assert diff({"ports": seen}, ports=[{"internal": 81, "external": 8081}, {"internal": 80}]) == []
    assert diff({"ports": seen}, ports=[{"internal": 80}, {"internal": 81, "external": 9}]) == [
        ("ports[1].external", "update", True)
    ]


def test_secrets_compare_by_value() -> None:
    assert diff(envs=Sealed(["A=1", Sealed("B=2")])) == []
    assert diff({"envs": Sealed(["A=1", "B=2"])}, envs=["A=1", "B=3"]) == [("envs[1]", "update", True)]


def test_what_is_not_known_yet_has_changed() -> None:
    assert diff(image=UNKNOWN) == [("image", "update", True)]
    assert diff(memory=UNKNOWN) == [("memory", "update", False)]
    assert diff(envs=["A=1", UNKNOWN]) == [("envs[1]", "update", True)]
    assert diff(networksAdvanced=[{"name": UNKNOWN}]) == [("networksAdvanced", "update", True)]


def test_a_name_of_ours_stays_and_needs_no_deletion_first() -> None:
    old = recorded()
    given, _ = Container().check(URN, {"image": "app:1"}, "web-new")
    state = State(old.id, {**given, "name": "web-old"}, {**old.outputs, "image": "app:1", "name": "web-old"})
    found = Container().diff(state, given)
    assert "name" not in {change.path for change in found.changes}
    assert not found.delete_before_replace


def test_a_swap_limit_of_dockers_own_goes_with_the_container() -> None:
    found = diff({"memorySwap": 128}, image="app:2")
    assert found == [("image", Kind.UPDATE.value, True), ("memorySwap", Kind.DELETE.value, False)]


def test_planned() -> None:
    kind, old = Container(), recorded()
    inputs, _ = kind.check(URN, {**raw(old.inputs), "memory": 96, "restart": None}, "unused")
    update = kind.planned(old, inputs)
    assert update == {**old.outputs, "memory": 96, "restart": "no"}
    create = kind.planned(None, inputs)
    assert create["ports"] == old.outputs["ports"]
    assert {create[name] for name in ("id", "hostname", "networkDatas", "shmSize", "entrypoints")} == {UNKNOWN}
    assert "__defaults" not in create


def test_one_secret_member_makes_the_set_a_secret() -> None:
    inputs, _ = Container().check(URN, {"image": "app:1", "envs": ["A=1", Sealed("B=2")]}, "web")
    assert Container().planned(None, inputs)["envs"] == Sealed(["A=1", "B=2"])
