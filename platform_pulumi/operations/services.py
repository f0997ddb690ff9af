"""Dependencies of the operations, as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.declarations.secrets import SecretSource
from platform_pulumi.model.access import Actor, Policy
from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.ports import Engine
from platform_pulumi.operations.task import EngineOptions
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.sdk.runtime import Runtime, open_runtime


@dataclass(frozen=True)
class Services:
    """Dependencies of the operations; `bootstrap` gives the real ones, tests give fakes.

    Args:
        definitions: the installed providers.
        secrets: resolves `${env:X}` and the like.
        environment: what a provider's live side is given.
        open_engine: opens the engine for a platform; the last argument says whether the run is simulated.
        record: a provider with its version, served by a plugin of that kind.
        now: milliseconds since the epoch.
        actor: who asks for what is done.
        policy: who has which role, and what a tier's plan needs.
        open_runtime: a provider's live side, given its resolved config and the environment; None where it has none.
    """

    definitions: Mapping[str, ProviderDefinition]
    secrets: SecretSource = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)
    open_engine: Callable[[Platform, EngineOptions, bool], AbstractContextManager[Engine]]
    record: Callable[[ProviderDefinition, str], ProviderRecord]
    now: Callable[[], int]
    actor: Actor
    policy: Policy
    open_runtime: Callable[[ProviderDefinition, Mapping[str, Any], Mapping[str, str]], Runtime | None] = open_runtime
