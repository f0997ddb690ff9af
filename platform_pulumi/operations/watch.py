"""Watch over a run: passes its events on, and notes whether anything was changed."""

from __future__ import annotations

from platform_pulumi.model.tier import TierKey
from platform_pulumi.operations.events import ResourceChanged, RunEvent, TierFinished, TierStarted
from platform_pulumi.operations.ports import Observer


class Watch:
    """Observer around another one; `touched` says whether a stack or a resource was changed, or may have been."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._verbs: dict[TierKey, str] = {}
        self.touched = False

    def __call__(self, event: RunEvent) -> None:
        """Note an event and pass it on."""
        match event:
            case TierStarted(key, verb):
                self._verbs[key] = verb
            case ResourceChanged(key):
                self._note(key)
            case TierFinished(key, failed) if not failed:
                self._note(key)
        self._observer(event)

    def _note(self, key: TierKey) -> None:
        self.touched |= self._verbs.get(key) != "previewing"
