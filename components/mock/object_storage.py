"""`object_storage` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class ObjectStorage(MockComponent):
    """A bucket, simulated: `mock:index:ObjectStorage`."""

    TOKEN: ClassVar[str] = "platform:mock:ObjectStorage"
