"""Status of capabilities: the states of the specification (section 2.1), and their aggregation from resources.

Nothing here asks anybody. A provider's live side says how each resource is (`LiveState`), `fold` what that makes of the
capability they belong to.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from platform_pulumi.errors import Position
from platform_pulumi.model.tier import Tier, TierKey

#: Resources named in a capability's detail; of the rest it says how many there are.
MOST_NAMED = 3


class ResourceState(enum.StrEnum):
    """State of a resource in its life cycle (specification, section 2.1)."""

    PENDING = "pending"
    CREATING = "creating"
    ACTIVE = "active"
    UPDATING = "updating"
    DELETING = "deleting"
    DELETED = "deleted"
    FAILED = "failed"
    DEGRADED = "degraded"
    DRIFTED = "drifted"


class Health(enum.StrEnum):
    """Result of the health check: `none` where there is none, `unknown` where nobody could be asked."""

    HEALTHY = "healthy"
    STARTING = "starting"
    UNHEALTHY = "unhealthy"
    NONE = "none"
    UNKNOWN = "unknown"


#: What a step that a dead run left half done makes of its resource; keys are Pulumi's words for pending operations.
UNDER_WAY = {
    "creating": ResourceState.CREATING,
    "importing": ResourceState.CREATING,
    "reading": ResourceState.CREATING,
    "updating": ResourceState.UPDATING,
    "deleting": ResourceState.DELETING,
}

_WORST_FIRST = (
    ResourceState.FAILED,
    ResourceState.DRIFTED,
    ResourceState.DELETED,
    ResourceState.DEGRADED,
    ResourceState.DELETING,
    ResourceState.CREATING,
    ResourceState.UPDATING,
    ResourceState.PENDING,
    ResourceState.ACTIVE,
)
_HEALTH_WORST_FIRST = (Health.UNHEALTHY, Health.UNKNOWN, Health.STARTING, Health.HEALTHY, Health.NONE)
_UNDER_WAY = frozenset(UNDER_WAY.values())


@dataclass(frozen=True, slots=True)
class LiveState:
    """Live state of a resource as its provider reports it; `detail` says what is wrong with it, "" where nothing is."""

    state: ResourceState
    health: Health = Health.NONE
    restarts: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ResourceStatus:
    """Status of one resource. `replica` says that it is one of the N replicas of its capability."""

    urn: str
    type: str
    name: str
    live: LiveState
    replica: bool = False


@dataclass(frozen=True, slots=True)
class CapabilityStatus:
    """Status of a capability.

    `replicas` is how many of how many are well, None where the type has none; `endpoint` is "" where nothing was
    recorded; `declared_at` is None where no file declares it any more.
    """

    capability: str
    type: str
    tier: Tier
    application: str | None
    provider: str
    state: ResourceState
    health: Health
    endpoint: str = ""
    restarts: int = 0
    replicas: tuple[int, int] | None = None
    detail: str = ""
    declared_at: Position | None = None
    resources: tuple[ResourceStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class TierStatus:
    """Status of one tier, or one application of tier 3. `last_sync`: when its state was last written (RFC 3339)."""

    tier: Tier
    application: str | None
    stack: str
    capabilities: tuple[CapabilityStatus, ...]
    last_sync: str | None = None
    lock: str = ""

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Status of a context. `last_sync` is when it was asked (RFC 3339), `notes` says who was not and why."""

    context: str
    simulated: bool
    tiers: tuple[TierStatus, ...]
    last_sync: str
    notes: tuple[str, ...] = ()

    @property
    def all_active(self) -> bool:
        """Whether every capability is active."""
        return all(c.state is ResourceState.ACTIVE for tier in self.tiers for c in tier.capabilities)


@dataclass(frozen=True, slots=True)
class AggregatedStatus:
    """Aggregated state of a capability's resources."""

    state: ResourceState
    health: Health
    restarts: int = 0
    replicas: tuple[int, int] | None = None
    detail: str = ""


def aggregate(
    resources: Sequence[ResourceStatus], *, replicated: bool = False, capability: str = ""
) -> AggregatedStatus:
    """Aggregate the states of a capability's resources: the worst, but some of several replicas only degrade it.

    Args:
        resources: what is recorded of it.
        replicated: whether its type has replicas.
        capability: its name; a resource of the same name is not named again where something is wrong with it.
    """
    if not resources:
        return AggregatedStatus(ResourceState.PENDING, Health.UNKNOWN)
    copies = [resource.live for resource in resources if resource.replica]
    others = [resource.live for resource in resources if not resource.replica]
    ready = [live for live in copies if live.state is ResourceState.ACTIVE]
    states = [live.state for live in others]
    if copies:
        states.append(_of_copies(copies, len(ready)))
    return AggregatedStatus(
        state=min(states, key=_WORST_FIRST.index),
        health=min((r.live.health for r in resources), key=_HEALTH_WORST_FIRST.index),
        restarts=sum(r.live.restarts for r in resources),
        replicas=(len(ready), len(copies)) if replicated else None,
        detail=_detail(resources, capability),
    )


def _of_copies(copies: Sequence[LiveState], ready: int) -> ResourceState:
    bad = {live.state for live in copies} - {ResourceState.ACTIVE}
    worst = min((live.state for live in copies), key=_WORST_FIRST.index)
    if ready and bad - _UNDER_WAY:
        return ResourceState.DEGRADED
    return worst


def _detail(resources: Iterable[ResourceStatus], capability: str) -> str:
    """`api-2: exited with code 1; api-3: removed by somebody`."""
    said = [r.live.detail if r.name == capability else f"{r.name}: {r.live.detail}" for r in resources if r.live.detail]
    more = f"; and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
    return "; ".join(said[:MOST_NAMED]) + more
