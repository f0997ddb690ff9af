"""Preflight check of the providers of a real run, before anything is started: a few milliseconds each."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.errors import EngineError, InputError, PlatformError, Problem
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.operations.runtimes import Runtimes

#: Of the problem at a capability whose provider does not answer.
UNREACHABLE = "P6020"


def check(
    runtimes: Runtimes,
    platform: Platform,
    tiers: Iterable[TierDeclaration],
    simulated: bool,
    *,
    strict: bool = True,
) -> None:
    """Refuse to start where a provider of these tiers does not answer.

    Args:
        runtimes: gives the providers' live sides.
        platform: says how each is configured.
        tiers: those that the run is about.
        simulated: whether provider servers of ours stand in for them: then nobody is asked.
        strict: whether a setting without a value is an error; else such a provider is not asked.

    Raises:
        EngineError: one is not there; it stands at the first capability that needs it.
        InputError: a provider's settings have no value.
    """
    if simulated:
        return
    first: dict[str, Capability] = {}
    for tier in tiers:
        for capability in tier.capabilities:
            first.setdefault(capability.provider, capability)
    problems = []
    for name, capability in first.items():
        try:
            runtime = runtimes.of(name)
            if runtime is not None:
                runtime.healthy()
        except InputError:
            if strict:
                raise
        except EngineError as error:
            problems.append(problem(platform, capability, error))
    if problems:
        raise EngineError("A provider cannot be used", "Nothing was touched.", problems)


def problem(platform: Platform, capability: Capability, error: PlatformError) -> Problem:
    """Build the problem of a provider, at a capability that it serves."""
    declared = platform.provider(capability.provider).declared_at
    detail = error.detail or f"{error.summary}."
    return Problem(
        code=UNREACHABLE,
        summary="The provider cannot be used",
        detail=f"`{capability.name}` is served by {capability.provider}. {detail}",
        position=capability.declared_at,
        also=(declared,) if declared is not None else (),
    )
