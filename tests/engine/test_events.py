"""The event log of real runs, recorded in `data/`: what becomes of each kind of step, and of what the engine says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.engine.events import EventLog
from platform_pulumi.model.plan import Action
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.operations.events import Progress, ResourceProgress

DATA = Path(__file__).parent / "data"
STACK = "urn:pulumi:prod::acme-shared-primitives::"
COMPONENT = f"{STACK}platform:aws:Database::db"
THING = f"{STACK}platform:aws:Database$test:index:Thing::db-one"
OTHER_THING = f"{STACK}platform:aws:Database$test:index:Thing::db-two"
STARTED, DONE, FAILED = Progress.STARTED, Progress.DONE, Progress.FAILED


def recorded(name: str) -> tuple[EventLog, list[ResourceProgress]]:
    log = EventLog(DATA / f"{name}.jsonl")
    return log, list(log.read())


def of_thing(progress: list[ResourceProgress]) -> list[tuple[Action, Progress]]:
    return [(p.action, p.state) for p in progress if p.name == "db-one"]


def pre_event(**metadata: Any) -> dict[str, Any]:
    known = {"op": "create", "urn": THING, "type": "test:index:Thing", "provider": "", "old": None}
    return {"resourcePreEvent": {"metadata": {**known, "new": {"custom": True, "inputs": {}}, **metadata}}}


def written(path: Path, *events: Mapping[str, Any]) -> EventLog:
    path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    log = EventLog(path)
    list(log.read())
    return log


def test_a_create_is_told_from_start_to_end_with_its_capability() -> None:
    log, progress = recorded("create")
    assert ResourceProgress(Action.CREATE, "db", "db-one", "test:index:Thing", STARTED) in progress
    assert of_thing(progress) == [(Action.CREATE, STARTED), (Action.CREATE, DONE)]
    assert log.steps[THING].finished
    assert not log.steps[THING].failed
    assert log.steps[THING].parent == COMPONENT
    assert log.steps[THING].provider == "test"
    assert log.steps[THING].old is None


def test_components_providers_and_the_stack_are_steps_but_no_progress() -> None:
    log, progress = recorded("create")
    assert not log.steps[COMPONENT].custom
    assert {p.name for p in progress} == {"db-one", "db-two"}


def test_secrets_of_a_step_are_shown_as_such_without_the_wire_form() -> None:
    log, _ = recorded("create")
    assert log.steps[THING].new == {"password": "[secret]", "size": 1, "tags": {"a.b": "t"}}


@pytest.mark.parametrize("order", ["replace-create-first", "replace-delete-first"])
def test_a_replacement_is_one_step_whichever_of_the_two_comes_first(order: str) -> None:
    log, progress = recorded(order)
    step = log.steps[THING]
    assert step.action is Action.REPLACE
    assert step.finished
    assert step.old is not None
    assert step.new is not None
    assert step.new["size"] == step.old["size"] + 1
    assert step.changed == {"size": "update-replace"}
    assert step.replace_keys == ("size",)
    assert {action for action, _ in of_thing(progress)} == {Action.REPLACE}


def test_a_replacement_whose_delete_failed_is_failed() -> None:
    log, progress = recorded("replace-delete-failed")
    step = log.steps[THING]
    assert step.action is Action.REPLACE
    assert step.failed
    assert not step.finished
    assert of_thing(progress)[-1] == (Action.REPLACE, FAILED)


def test_an_error_of_a_provider_comes_without_its_traceback() -> None:
    log, _ = recorded("replace-delete-failed")
    errors = [d for d in log.diagnostics if d.severity == "error"]
    assert [(d.text, d.urn) for d in errors] == [
        ("Unexpected <class 'Exception'>: delete refused:", THING),
        ("update failed", ""),
    ]
    assert any("host.py" in d.text for d in log.diagnostics if d.severity == "debug")


def test_an_error_of_a_program_is_said_once_and_without_its_traceback() -> None:
    log, _ = recorded("program-error")
    assert [d.text for d in log.diagnostics if d.severity == "error"] == [
        "the program failed: ValueError: boom at declaration"
    ]


def test_the_copy_a_replacement_left_is_a_delete_that_says_so() -> None:
    log, progress = recorded("left-by-replacement")
    step = log.steps[THING]
    assert step.action is Action.DELETE
    assert step.name == "db-one (left by a replacement)"
    assert [p.action for p in progress if p.name == step.name] == [Action.DELETE, Action.DELETE]
    assert log.steps[OTHER_THING].action is Action.NO_OP


LEFT = {"op": "delete-replaced", "old": {"custom": True, "delete": True, "inputs": {"size": 1}}, "new": None}


def test_a_left_copy_of_a_deleted_resource_is_no_replacement(tmp_path: Path) -> None:
    deleted = pre_event(op="delete", old={"custom": True, "inputs": {"size": 2}}, new=None)
    for events in ((deleted, pre_event(**LEFT)), (pre_event(**LEFT), deleted)):
        step = written(tmp_path / "log", *events).steps[THING]
        assert (step.action, step.name) == (Action.DELETE, "db-one")
    assert written(tmp_path / "log", pre_event(**LEFT)).steps[THING].action is Action.DELETE


def test_a_left_copy_beside_an_update_hides_neither(tmp_path: Path) -> None:
    update = pre_event(
        op="update", old={"custom": True, "inputs": {"size": 1}}, detailedDiff={"size": {"diffKind": "update"}}
    )
    step = written(tmp_path / "log", update, pre_event(**LEFT)).steps[THING]
    assert step.action is Action.REPLACE
    assert step.changed == {"size": "update"}


def test_an_operation_nobody_knows_is_shown_and_wins(tmp_path: Path) -> None:
    log = written(tmp_path / "log", pre_event(op="transmogrify"), pre_event(op="update"))
    assert log.steps[THING].action is Action.OTHER


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    line = json.dumps(pre_event())
    path.write_text(line[:40], encoding="utf-8")
    log = EventLog(path)
    assert list(log.read()) == []
    with path.open("a", encoding="utf-8") as file:
        file.write(line[40:])
    assert list(log.read()) == []
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")
    assert [p.state for p in log.read()] == [STARTED]
    assert list(log.read()) == []


def test_whoever_stops_reading_half_way_misses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log"
    second = pre_event(urn=OTHER_THING)
    path.write_text(f"{json.dumps(pre_event())}\n{json.dumps(second)}\n", encoding="utf-8")
    log = EventLog(path)
    assert next(log.read()).name == "db-one"  # an interrupt in the observer ends the iteration here
    assert [p.name for p in log.read()] == ["db-two"]


def test_there_may_be_no_log_yet(tmp_path: Path) -> None:
    assert list(EventLog(tmp_path / "none").read()) == []


def test_diagnostics_lose_colour_marks_and_chatter(tmp_path: Path) -> None:
    def say(message: str, severity: str, **more: Any) -> dict[str, Any]:
        return {"diagnosticEvent": {"message": message, "severity": severity, **more}}

    log = written(
        tmp_path / "log",
        say("<{%fg 1%}>no such <{%bold%}>subnet<{%reset%}>\n", "error", urn=THING),
        say("careful", "warning"),
        say("postgres://me:hunter2@db does not answer", "error"),
        say("still waiting", "info"),
        say("details", "info#err"),
        say("registering", "debug"),
        say("1 of 3", "error", ephemeral=True),
        say("<{%reset%}>", "error"),
    )
    assert [(d.severity, d.text, d.urn) for d in log.diagnostics] == [
        ("error", "no such subnet", THING),
        ("warning", "careful", ""),
        ("error", "postgres://me:*******@db does not answer", ""),
    ]


def test_what_was_recorded_in_clear_and_looks_like_a_secret_is_hidden(tmp_path: Path) -> None:
    recorded = {"envs": ["DB_PWD=x", "A=b"], "url": "redis://:x@h"}
    old = {"custom": True, "inputs": recorded, "outputs": recorded}
    log = written(tmp_path / "log", pre_event(op="update", old=old, detailedDiff={"url": {"diffKind": "update"}}))
    assert log.steps[THING].old == {"envs": [REDACTED, "A=b"], "url": REDACTED}
    assert log.steps[THING].observed == {"url": REDACTED}


def test_without_a_detailed_diff_the_changed_properties_are_named(tmp_path: Path) -> None:
    step = written(tmp_path / "log", pre_event(op="update", diffs=["size", "name"])).steps[THING]
    assert step.changed == {"size": "update", "name": "update"}


def test_protection_is_what_the_state_says(tmp_path: Path) -> None:
    old = {"custom": True, "inputs": {}, "protect": True}
    assert written(tmp_path / "log", pre_event(op="delete", old=old, new=None)).steps[THING].protected
    assert (
        not written(tmp_path / "log", pre_event(new={"custom": True, "inputs": {}, "protect": True}))
        .steps[THING]
        .protected
    )


def test_an_end_without_a_beginning_is_a_step_too(tmp_path: Path) -> None:
    metadata = pre_event()["resourcePreEvent"]["metadata"]
    log = written(tmp_path / "log", {"resOutputsEvent": {"metadata": metadata}})
    assert log.steps[THING].finished


def test_the_capability_is_found_through_parents(tmp_path: Path) -> None:
    child = f"{STACK}test:index:Part::part"
    log = written(
        tmp_path / "log",
        pre_event(new={"custom": True, "inputs": {}, "parent": COMPONENT}),
        pre_event(urn=child, new={"custom": True, "inputs": {}, "parent": THING}),
    )
    assert log.capability(child) == "db"
    assert log.capability(f"{STACK}test:index:Part::alone") == ""
