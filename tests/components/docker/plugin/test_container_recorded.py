"""The diff of a container, for every case that was recorded of the published plugin."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker.plugin.container import Container
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import Difference, State
from platform_pulumi.plugins.values import UNKNOWN
from tests.components.docker.plugin.containers import RECORDED, URN, raw, recorded

_SUFFIX = {True: "-replace", False: ""}
_INVERTED = {Kind.ADD: "delete", Kind.DELETE: "add", Kind.UPDATE: "update"}
_CASES = {item["case"]: item for item in RECORDED["previews"]}


def _changed(change: dict[str, Any]) -> dict[str, Any]:
    """The program's inputs with the change of a case."""
    inputs = raw(recorded().inputs)
    for key, value in change.items():
        match key:
            case "label":
                inputs["labels"][0]["value"] = value
            case "interval":
                inputs["healthcheck"]["interval"] = value
            case "port":
                inputs["ports"][0]["external"] = value
            case "aliases":
                inputs["networksAdvanced"][0]["aliases"] = value
            case "cpath":
                inputs["volumes"][0]["containerPath"] = value
            case "cpu_shares":
                inputs["cpuShares"] = value
            case "hosts":
                inputs["hosts"] = [{"host": "db", "ip": "10.0.0.1"}]
            case "log_opts":
                inputs["logOpts"] = value
            case "two" | "img":  # Other resources.
                pass
            case "internal":  # The network will be another: the engine asks with its name unknown.
                inputs["networksAdvanced"] = UNKNOWN
            case _:
                inputs[key] = value
    return inputs


def _diff(inputs: dict[str, Any]) -> Difference:
    checked, failures = Container().check(URN, inputs, "unused")
    assert not failures
    return Container().diff(recorded(), checked)


def test_check_gives_the_recorded_defaults() -> None:
    old = recorded().inputs
    assert Container().check(URN, raw(old), "unused") == (old, [])


@pytest.mark.parametrize("name", [name for name in _CASES if name != "internal network"])
def test_as_recorded(name: str) -> None:
    case = _CASES[name]
    found = _diff(_changed(case["change"]))
    steps = {step["op"]: step for step in case["steps"]["web"]}
    detailed = {change.path: change.kind.value + _SUFFIX[change.replaces] for change in found.changes}
    keys = sorted({change.root for change in found.changes if change.replaces})
    roots = sorted({change.root for change in found.changes})
    if "same" in steps:
        assert not found.changes
        return
    step = steps.get("update") or steps["replace"]
    assert ("update" in steps) == (not keys)
    assert detailed == {path: entry["kind"] for path, entry in step["detailedDiff"].items()}
    assert (roots, keys) == (step["diffs"], step["keys"] or [])
    assert found.delete_before_replace  # recorded: delete-replaced comes first


def test_a_network_that_is_replaced_replaces_the_container() -> None:
    found = _diff(_changed(_CASES["internal network"]["change"]))
    step = next(item for item in _CASES["internal network"]["steps"]["web"] if item["op"] == "create-replacement")
    assert [change.root for change in found.changes if change.replaces] == step["keys"]


def test_a_stopped_container_as_recorded() -> None:
    """A refresh compares the other way round and inverts what it is told."""
    old = recorded()
    seen = {**old.outputs, "exitCode": 143, "mustRun": False, "ports": [], "memorySwap": 128}
    found = Container().diff(State(old.id, {**old.inputs, "mustRun": False, "ports": []}, seen), old.inputs)
    steps = next(item["steps"] for item in RECORDED["drift"] if item["case"] == "container stopped")
    step = next(item for item in steps if item["op"] == "update")
    assert {change.path: _INVERTED[change.kind] + _SUFFIX[change.replaces] for change in found.changes} == step[
        "detailedDiff"
    ]


def test_a_refreshed_state_is_no_change() -> None:
    old = recorded()
    seen = State(old.id, old.inputs, {**old.outputs, "memorySwap": 128})
    assert not Container().diff(seen, old.inputs).changes
