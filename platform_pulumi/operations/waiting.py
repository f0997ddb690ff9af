"""Waiting for a stack that somebody else works on, as long as `platform.execution.lock_timeout` says."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from platform_pulumi.errors import BusyError
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.events import Message
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.ports import Observer
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import Task
from platform_pulumi.operations.watch import Watch

#: Time between two looks, in seconds.
PAUSE = 2.0
T = TypeVar("T")


def patiently(
    services: Services,
    task: Task,
    observer: Observer,
    operate: Callable[[Observer], T],
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """Operate; begin again, from the plan on, while a stack is busy and it may be waited for.

    What was changed by then stays as it is: whoever has begun to change something does not begin again.

    Raises:
        BusyError: it is still busy after that time.
        PlatformError: whatever the operation raises.
    """
    watch = Watch(observer)
    until: float | None = None
    while True:
        try:
            return operate(watch)
        except BusyError as error:
            if watch.touched:
                raise
            if until is None:
                patience = lock_timeout(load(services, task, strict=False).platform)
                until = clock() + patience
                if patience:
                    observer(Message(f"{error.holding}; waiting for at most {patience} s (lock_timeout)"))
            if clock() >= until:
                raise
        sleep(PAUSE)


def lock_timeout(platform: Platform) -> int:
    """Return how long a lock is waited for, in seconds; 0 where nothing is declared."""
    declared = platform.execution.get("lock_timeout")
    return seconds(str(declared)) if declared else 0
