"""What a killed run left half done, recorded as what it came to: the exported state before and after."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from platform_pulumi.engine import adoption
from platform_pulumi.model.signatures import SECRET_SIGNATURE, SIGNATURE_KEY

URN = "urn:pulumi:prod::acme::docker:index/container:Container::"
API, WORKER, OTHER = f"{URN}api", f"{URN}worker", f"{URN}other"
SECRET = {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": "v1:abc"}
KIND = "docker:index/container:Container"


def asked(urn: str, **fields: Any) -> dict[str, Any]:
    """What a pending operation holds: what was asked for, without id and outputs."""
    given = {"image": "api:1", "envs": SECRET}
    return {"urn": urn, "custom": True, "type": KIND, "inputs": given, "dependencies": [OTHER], **fields}


def made(urn: str, found: str) -> dict[str, Any]:
    return {**asked(urn), "id": found, "outputs": asked(urn)["inputs"]}


def state(*pending: tuple[str, str], resources: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "manifest": {"time": "2026-11-26T10:00:00Z"},
        "resources": resources if resources is not None else [{**asked(OTHER), "id": "o"}],
        "pending_operations": [{"type": kind, "resource": asked(urn)} for kind, urn in pending],
    }


def test_what_is_there_is_recorded_and_stays_pending_until_it_was_read() -> None:
    deployment = state(("creating", API), ("creating", WORKER))
    before = deepcopy(deployment)
    assert adoption.record_creates(deployment, {API: "a1"}, frozenset())
    assert deployment["resources"] == [*before["resources"], made(API, "a1")]
    assert deployment["pending_operations"] == before["pending_operations"]
    assert deployment["manifest"] == before["manifest"]


def test_what_came_to_nothing_is_dropped_and_no_other_operation() -> None:
    deployment = state(("creating", API), ("updating", API), ("creating", WORKER), ("deleting", OTHER))
    assert adoption.record_creates(deployment, {}, frozenset({API}))
    left = [(o["type"], o["resource"]["urn"]) for o in deployment["pending_operations"]]
    assert left == [("updating", API), ("creating", WORKER), ("deleting", OTHER)]


def test_where_nothing_changes_nothing_is_written() -> None:
    deployment = state(("updating", API), ("creating", WORKER))
    before = deepcopy(deployment)
    assert not adoption.record_creates(deployment, {API: "a1"}, frozenset({OTHER}))
    assert deployment == before


def test_what_a_takeover_that_was_killed_itself_recorded_is_not_recorded_twice() -> None:
    deployment = state(("creating", API))
    assert adoption.record_creates(deployment, {API: "a1"}, frozenset())
    again = deepcopy(deployment)
    assert not adoption.record_creates(again, {API: "a1"}, frozenset())
    assert again == deployment


def test_what_was_deleted_to_be_replaced_gives_its_place() -> None:
    old = {**asked(API), "id": "old", "pendingReplacement": True}
    after = {**asked(WORKER), "id": "w", "dependencies": [API]}
    deployment = state(("creating", API), resources=[old, after])
    assert adoption.record_creates(deployment, {API: "a1"}, frozenset())
    assert deployment["resources"] == [made(API, "a1"), after]


def test_what_is_still_to_be_deleted_stays() -> None:
    old = {**asked(API), "id": "old", "delete": True}
    deployment = state(("creating", API), resources=[old])
    assert adoption.record_creates(deployment, {API: "a1"}, frozenset())
    assert deployment["resources"] == [old, made(API, "a1")]


def test_a_stack_that_was_killed_at_its_first_resource_holds_it_then() -> None:
    deployment = {"pending_operations": [{"type": "creating", "resource": {"urn": API, "type": KIND}}]}
    assert adoption.record_creates(deployment, {API: "a1"}, frozenset())
    assert deployment["resources"] == [{"urn": API, "type": KIND, "id": "a1", "outputs": {}}]


@pytest.mark.parametrize(("pending", "changed"), [([("creating", API), ("deleting", WORKER)], True), ([], False)])
def test_everything_is_forgotten_at_once(pending: list[tuple[str, str]], changed: bool) -> None:
    deployment = state(*pending)
    assert adoption.drop_pending(deployment) is changed
    assert "pending_operations" not in deployment
