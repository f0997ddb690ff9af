"""`message_queue` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class MessageQueue(MockComponent):
    """A message queue, simulated: `mock:index:MessageQueue`."""

    TOKEN: ClassVar[str] = "platform:mock:MessageQueue"
