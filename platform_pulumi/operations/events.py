"""Events of a run, as values: what whoever watches a command is told while it goes on."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from platform_pulumi.model.plan import Action
from platform_pulumi.model.tier import Tier


class Progress(enum.StrEnum):
    """Where a resource is within a run."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """One resource's step within a run; `capability` is "" for what belongs to none."""

    action: Action
    capability: str
    name: str
    type: str
    state: Progress


@dataclass(frozen=True, slots=True)
class TierStarted:
    """A tier's run begins; `verb` (applying) says what is done, `total` how many resources are expected."""

    tier: Tier
    application: str | None
    verb: str
    total: int | None


@dataclass(frozen=True, slots=True)
class ResourceChanged:
    """A resource's step began, ended or failed."""

    tier: Tier
    application: str | None
    progress: ResourceProgress


@dataclass(frozen=True, slots=True)
class TierFinished:
    """A tier's run ended."""

    tier: Tier
    application: str | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Message:
    """Something worth a line (a plugin is fetched, a stale lock was found)."""

    text: str


RunEvent: TypeAlias = TierStarted | ResourceChanged | TierFinished | Message
