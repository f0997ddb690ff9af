"""What the everyday verbs are shown: how things are at night, where they answer, what they write, what was scaled."""

from __future__ import annotations

from dataclasses import replace

from platform_pulumi.model.applied import Applied, Outcome, TierOutcome
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.status import (
    CapabilityStatus,
    Health,
    LiveState,
    ResourceState,
    ResourceStatus,
    StatusReport,
    TierStatus,
    aggregate,
)
from platform_pulumi.operations.address import Address
from platform_pulumi.operations.logs import Logs
from platform_pulumi.operations.scale import Scaled
from platform_pulumi.sdk.runtime import LogLine
from tests.cli.samples import ONE, THREE, TWO, at, from_nothing

CONTAINER = "docker:index/container:Container"
ACTIVE, FAILED, DRIFTED = ResourceState.ACTIVE, ResourceState.FAILED, ResourceState.DRIFTED
WELL = LiveState(ACTIVE, Health.HEALTHY)


def resource(name: str, live: LiveState = WELL, kind: str = CONTAINER) -> ResourceStatus:
    return ResourceStatus(f"urn:pulumi:local::acme-corp::{kind}::{name}", kind, name, live, name[-1].isdecimal())


def capability(name: str, kind: str, line: int, *resources: ResourceStatus, **fields: object) -> CapabilityStatus:
    folded = aggregate(resources, replicated=kind == "container_runtime", capability=name)
    values: dict[str, object] = {
        "state": folded.state, "health": folded.health, "restarts": folded.restarts, "replicas": folded.replicas,
        "detail": folded.detail,
    }  # fmt: skip
    tier = {"network": ONE, "container_runtime": THREE}.get(kind, TWO)
    application = "api" if tier is THREE else None
    return CapabilityStatus(
        name, kind, tier, application, "docker", declared_at=at(line), resources=resources, **{**values, **fields}
    )


def well() -> StatusReport:
    """Everything is active."""
    network = resource("primary-vpc", LiveState(ACTIVE), "docker:index/network:Network")
    return StatusReport(
        "acme-corp/local/api",
        False,
        (
            TierStatus(
                ONE, None, "acme-corp-infrastructure/local",
                (capability("primary-vpc", "network", 15, network),), "2026-11-22T09:58:10Z",
            ),
            TierStatus(
                TWO, None, "acme-corp-shared-primitives/local",
                (
                    capability("shared-postgres", "database", 30, resource("shared-postgres"), endpoint="[::1]:5432"),
                ),
                "2026-11-22T09:58:31Z",
            ),
            TierStatus(
                THREE, "api", "acme-corp-application/local.api",
                (
                    capability(
                        "api-service", "container_runtime", 52,
                        resource("api-service-1"), resource("api-service-2"), resource("api-service-gateway"),
                        endpoint="http://api.localhost:8080",
                    ),
                ),
                "2026-11-22T09:59:02Z",
            ),
        ),
        "2026-11-22T10:00:00Z",
    )  # fmt: skip


def status() -> StatusReport:
    """A night when much is wrong."""
    first, second, third = well().tiers
    dead = LiveState(FAILED, Health.UNHEALTHY, 4, "exited with code 137 (out of memory)")
    gone = LiveState(DRIFTED, Health.UNKNOWN, detail="removed by somebody")
    api = capability(
        "api-service", "container_runtime", 52,
        resource("api-service-1"), resource("api-service-2", dead), resource("api-service-3", gone),
        resource("api-service-gateway"),
        endpoint="http://api.localhost:8080",
    )  # fmt: skip
    worker = capability("worker", "container_runtime", 70, detail="not applied yet")
    queue = capability(
        "event-queue", "message_queue", 41, resource("event-queue", gone),
        endpoint="amqp://a-broker-with-a-name-that-is-long.mq.eu-central-1.example.com:5671",
    )  # fmt: skip
    old = replace(
        capability("reports", "container_runtime", 1, resource("reports-1")),
        declared_at=None, detail="no longer declared: the next `up` deletes it",
    )  # fmt: skip
    return replace(
        well(),
        tiers=(
            first,
            replace(
                second,
                capabilities=(*second.capabilities, queue),
                lock="kim@build-7 (process 4711) works on it since 2026-11-22T09:59:59Z",
            ),
            replace(third, capabilities=(api, worker, old)),
        ),
    )


def not_asked() -> StatusReport:
    """Simulated, on a provider that cannot be asked."""
    report = well()
    tiers = tuple(
        replace(
            tier,
            capabilities=tuple(
                replace(c, provider="aws", health=Health.UNKNOWN, replicas=None, resources=())
                for c in tier.capabilities
            ),
        )
        for tier in report.tiers
    )
    return replace(report, simulated=True, tiers=tiers, notes=("not asked: simulated aws answers what its state says",))


def hostile() -> StatusReport:
    """Names and words that would move a cursor or end a table."""
    bad = LiveState(FAILED, detail="exited\x1b[2K\x07 | `now`\n| x |")
    found = capability("db", "database", 3, resource("db", bad), endpoint="http://x\x1b]0;title\x07/|`y`")
    return replace(well(), tiers=(TierStatus(TWO, None, "s", (found,)),))


def logs(*names: str) -> Logs:
    """Two lines of each; one that would clear the screen."""
    names = names or ("api-service-1", "api-service-10")
    lines = [LogLine(name, text) for text in ("listening on :8080", "\x1b[31mred\x1b[0m\x1b[2J\x07") for name in names]
    return Logs(names, iter(lines), ("api-service-2: removed by somebody",))


def address() -> Address:
    return Address("api-service", "container_runtime", "http://api.localhost:8080", web=True)


def scaled(declared: int = 2, *, written: bool = True) -> Scaled:
    """Five replicas, where the file says otherwise."""
    outcome = TierOutcome(
        THREE,
        "api",
        "organization/acme-corp-application/local.api",
        Outcome.APPLIED,
        {"create": 3},
        3,
        Range.exactly(3),
        2.0,
    )
    applied = Applied(from_nothing(), (outcome,), (), 4.0)
    return Scaled(applied, "api-service", 5, declared, at(52 if written else 48), written)
