"""Logs of a capability: the lines of all its replicas, from the provider that runs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.status import ResourceState
from platform_pulumi.operations import preflight
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.lookup import find_capability
from platform_pulumi.operations.runtimes import Runtimes
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.states import recorded_states
from platform_pulumi.operations.status import recorded_resources
from platform_pulumi.operations.task import Task
from platform_pulumi.sdk.runtime import LogLine

#: How the name of what stands before a service's replicas ends: its log is about requests, not about the service.
GATEWAY = "-gateway"


@dataclass(frozen=True, slots=True)
class LogOptions:
    """Options of a log request: which lines.

    Args:
        follow: go on until whoever writes them has stopped.
        tail: only the last ones of each; all where None.
        seconds: only what is not older.
        gateway: those of the gateway as well.
    """

    follow: bool = False
    tail: int | None = None
    seconds: int | None = None
    gateway: bool = False


@dataclass(frozen=True, slots=True)
class Logs:
    """Stream of log lines; `sources` are the names of their writers, `notes` says whose cannot be read and why."""

    sources: tuple[str, ...]
    lines: Iterator[LogLine]
    notes: tuple[str, ...] = ()


def logs(services: Services, task: Task, name: str, wanted: LogOptions) -> Logs:
    """Open the log of a capability; its lines are read while they are consumed.

    Raises:
        InputError: there is no such capability, nothing of it is applied, or it writes no log.
        EngineError: its stack cannot be read, or its provider does not answer.
    """
    loaded = load(services, task, strict=False, runs=False)
    platform = loaded.platform
    tier, capability = find_capability(platform, task.selection, name)
    if loaded.simulated:
        detail = f"`{name}` is simulated: nothing runs that could write one."
        raise InputError("There is no log", detail)
    runtime = Runtimes(services, platform).of(capability.provider)
    if runtime is None:
        detail = (
            f"This version cannot read logs of {capability.provider}, which serves `{name}`. Use the tools of "
            f"{capability.provider} itself."
        )
        raise InputError("The provider has no logs", detail)
    snapshot = recorded_states(services, loaded, task.engine, (tier,))[tier.key]
    resources = recorded_resources(snapshot, name) if snapshot is not None else []
    if not resources:
        detail = f"`{name}` is not applied in {platform.context.path(tier.application)}. Run `platform up` first."
        raise InputError("Nothing was applied yet", detail)
    writers = [r for r in runtime.writers(resources) if wanted.gateway or not r.name.endswith(GATEWAY)]
    if not writers:
        detail = f"`{name}` is a {capability.type}: nothing of it writes a log on {capability.provider}."
        raise InputError("There is no log", detail)
    since = None if wanted.seconds is None else services.now() / 1000 - wanted.seconds
    try:
        states = runtime.inspect(writers)
        gone = [r for r in writers if r.urn in states and states[r.urn].state is ResourceState.DRIFTED]
        there = [resource for resource in writers if resource not in gone]
        lines = runtime.logs(there, follow=wanted.follow, tail=wanted.tail, since=since)
    except EngineError as error:
        raise EngineError("The log cannot be read", "", [preflight.problem(platform, capability, error)]) from error
    if not there:
        detail = f"{listed(r.name for r in gone)} of `{name}` was removed by somebody, its log with it."
        raise EngineError("Nothing is left to read", detail)
    return Logs(
        sources=tuple(dict.fromkeys(resource.name for resource in there)),
        lines=lines,
        notes=tuple(f"{r.name}: {states[r.urn].detail}" for r in gone),
    )
