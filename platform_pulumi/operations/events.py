"""Events of a run, as values: the progress that an observer of a command is sent."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from platform_pulumi.model.plan import Action
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import TierKey


class Progress(enum.StrEnum):
    """Progress of a resource within a run."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ResourceProgress:
    """Step of one resource within a run; `capability` is "" for what belongs to none."""

    action: Action
    capability: str
    name: str
    type: str
    state: Progress


@dataclass(frozen=True, slots=True)
class TierStarted:
    """Start of a tier's run; `verb` (applying) says what is done, `total` how many resources change by it."""

    key: TierKey
    verb: str
    total: Range | None


@dataclass(frozen=True, slots=True)
class ResourceChanged:
    """Start, end or failure of a resource's step."""

    key: TierKey
    progress: ResourceProgress


@dataclass(frozen=True, slots=True)
class TierFinished:
    """End of a tier's run."""

    key: TierKey
    failed: bool


@dataclass(frozen=True, slots=True)
class Message:
    """Message for the user (a plugin is downloaded, a stale lock was removed)."""

    text: str


RunEvent: TypeAlias = TierStarted | ResourceChanged | TierFinished | Message
