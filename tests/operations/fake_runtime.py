"""A provider's live side in memory, a provider that has one, and stacks whose resources a test names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.status import Health, LiveState, ResourceState
from platform_pulumi.operations.services import Services
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.sdk.runtime import LogLine, PendingCreate, RecordedResource, Runtime
from tests.operations.fakes import DEFINITIONS, FakeEngine, services

LIVE = LiveState(ResourceState.ACTIVE, Health.HEALTHY)


#: How the names and types of what holds data end.
DATA = "-data"


@dataclass
class FakeRuntime:
    """Says of each resource what a test put into `states`, else that it is well; remembers what it was asked."""

    states: dict[str, LiveState] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    error: EngineError | None = None
    made: list[tuple[Mapping[str, Any], Mapping[str, str]]] = field(default_factory=list)
    inspected: list[str] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    pings: int = 0
    there: dict[str, list[str]] = field(default_factory=dict)
    looked_up: list[tuple[tuple[PendingCreate, ...], frozenset[str]]] = field(default_factory=list)
    cleared: list[tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=list)

    def __call__(
        self, definition: ProviderDefinition, config: Mapping[str, Any], environment: Mapping[str, str]
    ) -> Runtime | None:
        """Stand in for `open_runtime`."""
        self.made.append((config, environment))
        return self if definition.runtime else None

    def healthy(self) -> str:
        self.pings += 1
        if self.error:
            raise self.error
        return "Acme 1.0 at unix:///acme.sock"

    def inspect(self, resources: Sequence[RecordedResource]) -> Mapping[str, LiveState]:
        if self.error:
            raise self.error
        self.inspected += [resource.id for resource in resources]
        return {resource.urn: self.states.get(resource.name, LIVE) for resource in resources}

    def writers(self, resources: Sequence[RecordedResource]) -> Sequence[RecordedResource]:
        return [r for r in resources if r.type != "acme:index:network" and not r.name.endswith(DATA)]

    def find(self, pending: Sequence[PendingCreate], recorded: frozenset[str]) -> Mapping[str, Sequence[str]]:
        """What a test put into `there`, by logical name; of others it cannot tell."""
        self.looked_up.append((tuple(pending), recorded))
        names = {one.urn: one.tag.rpartition("::")[2] for one in pending}
        return {urn: self.there[name] for urn, name in names.items() if name in self.there}

    def clear(self, tags: Sequence[str], recorded: frozenset[str]) -> Sequence[str]:
        self.cleared.append((tuple(tags), recorded))
        return [f"container {tag.rpartition('::')[2]}" for tag in tags]

    def logs(
        self, resources: Sequence[RecordedResource], *, follow: bool, tail: int | None, since: float | None
    ) -> Iterator[LogLine]:
        self.options.append({"follow": follow, "tail": tail, "since": since})
        return iter([LogLine(r.name, text) for r in resources for text in self.lines.get(r.name, [f"of {r.name}"])])


def asked_services(engine: FakeEngine, runtime: FakeRuntime, **options: Any) -> Services:
    """Services whose provider `acme` has this live side, and whose destroy retains the data of a database."""
    acme = replace(
        DEFINITIONS["acme"], runtime="acme.runtime:Runtime", retained_types=frozenset({f"acme:index:database{DATA}"})
    )
    definitions = {**DEFINITIONS, "acme": acme}
    return replace(services(engine, definitions=definitions, **options), open_runtime=runtime)


def hold(engine: FakeEngine, stack: StackName, capability: str, *names: str) -> None:
    """Let a stack hold these resources of a capability instead of the one that the fake engine made.

    Those whose name ends in `-data` are of the type that a destroy retains.
    """
    snapshot = engine.stacks_[stack]
    old = next(urn for urn in snapshot.resources if urn.rpartition("::")[2] == capability)
    head, kind, parent = old.removesuffix(f"::{capability}"), snapshot.resources[old], snapshot.parents[old]
    urns = [f"{head}::{name}" for name in names]
    kinds = {urn: kind.removesuffix(DATA) + (DATA if urn.endswith(DATA) else "") for urn in urns}
    engine.stacks_[stack] = replace(
        snapshot,
        resources={**{u: k for u, k in snapshot.resources.items() if u != old}, **kinds},
        parents={**snapshot.parents, **dict.fromkeys(urns, parent), parent: ""},
        ids={urn: f"id-{name}" for urn, name in zip(urns, names, strict=True)},
    )
