"""`persistent_volume` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class PersistentVolume(MockComponent):
    """A volume, simulated: `mock:index:PersistentVolume`."""

    TOKEN: ClassVar[str] = "platform:mock:PersistentVolume"
