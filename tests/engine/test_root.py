"""Outputs of a stack that are recorded without a run of its program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from platform_pulumi.engine.root import record_output
from platform_pulumi.engine.state import CliState, FileState
from platform_pulumi.model.context import StackName
from tests.engine.test_state import DEPLOYMENT, ROOT, STACK, Importing, checkpoint, put

NAME = "platform:contract"


def test_an_output_is_recorded_beside_the_others(tmp_path: Path) -> None:
    put(tmp_path, checkpoint(DEPLOYMENT))
    state = FileState(tmp_path, CliState(Importing()))
    state.edit(STACK, lambda found: record_output(found, STACK, NAME, "{}"))
    found = state.read(STACK)
    assert found is not None
    assert found.outputs[NAME].value == "{}"
    assert {"db:port", "db:connection_string", NAME} <= found.outputs.keys()
    state.edit(STACK, lambda found: record_output(found, STACK, NAME, None))
    again = state.read(STACK)
    assert again is not None
    assert NAME not in again.outputs


def test_a_stack_that_was_never_applied_gets_a_root(tmp_path: Path) -> None:
    stack = StackName("acme-application", "prod.shop")
    state = FileState(tmp_path, CliState(Importing()))
    state.create(stack)
    state.edit(stack, lambda found: record_output(found, stack, NAME, None))
    before = state.read(stack)
    assert before is not None
    assert not before.updated_at, "nothing was written"
    state.edit(stack, lambda found: record_output(found, stack, NAME, "{}"))
    found = state.read(stack)
    assert found is not None
    assert (found.outputs[NAME].value, found.resources) == ("{}", {})


def test_the_root_is_that_of_pulumi() -> None:
    deployment: dict[str, Any] = {}
    assert record_output(deployment, STACK, NAME, "{}")
    (root,) = deployment["resources"]
    assert root == {"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {NAME: "{}"}}
    assert not record_output(deployment, STACK, NAME, "{}")


def test_elsewhere_it_goes_through_the_cli() -> None:
    for deployment in ({"version": 3, "deployment": None}, {"version": 3, "deployment": {"manifest": {}}}):
        cli = Importing(stack_export=(0, json.dumps(deployment), ""), stack_import=(0, "", ""))
        CliState(cli, "org").edit(STACK, lambda found: record_output(found, STACK, NAME, "{}"))
        assert cli.imported["deployment"]["resources"][0]["outputs"] == {NAME: "{}"}
