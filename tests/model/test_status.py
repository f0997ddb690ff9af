from __future__ import annotations

import pytest

from platform_pulumi.model.status import AggregatedStatus, Health, LiveState, ResourceState, ResourceStatus, aggregate

A, C, U, D = ResourceState.ACTIVE, ResourceState.CREATING, ResourceState.UPDATING, ResourceState.DELETING
F, R, G, P = ResourceState.FAILED, ResourceState.DRIFTED, ResourceState.DEGRADED, ResourceState.PENDING


def resource(
    name: str, state: ResourceState = A, health: Health = Health.NONE, restarts: int = 0, detail: str = ""
) -> ResourceStatus:
    live = LiveState(state, health, restarts, detail)
    return ResourceStatus(f"urn:{name}", "docker:index/container:Container", name, live, replica=name[-1].isdecimal())


def test_of_nothing_recorded_nothing_is_known() -> None:
    assert aggregate((), replicated=True) == AggregatedStatus(P, Health.UNKNOWN)


@pytest.mark.parametrize(
    ("copies", "others", "expected", "ready"),
    [
        ([A, A, A], [], A, 3),
        ([A, A, F], [], G, 2),
        ([A, R, R], [], G, 1),
        ([A, G, A], [], G, 2),
        ([F, F, F], [], F, 0),
        ([R, R], [], R, 0),
        ([F, R], [], F, 0),
        ([A, C, A], [], C, 2),
        ([A, D], [], D, 1),
        ([A, C, F], [], G, 1),
        ([C, C], [], C, 0),
        ([U], [], U, 0),
        ([A, A], [F], F, 2),
        ([A, F], [A], G, 1),
        ([A, F], [R], R, 1),
        ([], [A], A, 0),
    ],
)
def test_some_bad_replicas_degrade_and_all_of_them_are_what_they_are(
    copies: list[ResourceState], others: list[ResourceState], expected: ResourceState, ready: int
) -> None:
    resources = [resource(f"api-{n}", state) for n, state in enumerate(copies, 1)]
    resources += [resource("api-gateway", state) for state in others]
    folded = aggregate(resources, replicated=True)
    assert (folded.state, folded.replicas) == (expected, (ready, len(copies)))


@pytest.mark.parametrize("state", ResourceState)
def test_a_single_resource_is_the_capability(state: ResourceState) -> None:
    assert aggregate([resource("db", state)]).state is state
    assert aggregate([resource("db", state)]).replicas is None


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        ([Health.HEALTHY, Health.NONE], Health.HEALTHY),
        ([Health.HEALTHY, Health.STARTING], Health.STARTING),
        ([Health.HEALTHY, Health.UNKNOWN], Health.UNKNOWN),
        ([Health.UNHEALTHY, Health.UNKNOWN, Health.HEALTHY], Health.UNHEALTHY),
        ([Health.NONE, Health.NONE], Health.NONE),
    ],
)
def test_the_worst_health_counts(health: list[Health], expected: Health) -> None:
    assert aggregate([resource(f"x{n}", health=one) for n, one in enumerate(health)]).health is expected


def test_restarts_add_up_and_the_first_details_are_named() -> None:
    resources = [resource(f"api-{n}", F, restarts=n, detail=f"exited with code {n}") for n in range(1, 6)]
    folded = aggregate(resources, replicated=True)
    assert folded.restarts == 15
    assert folded.detail == (
        "api-1: exited with code 1; api-2: exited with code 2; api-3: exited with code 3; and 2 more"
    )
