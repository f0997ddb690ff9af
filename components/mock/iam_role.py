"""`iam_role` on mock."""

from __future__ import annotations

from typing import ClassVar

from components.mock.component import MockComponent


class IamRole(MockComponent):
    """A role, simulated: `mock:index:IamRole`."""

    TOKEN: ClassVar[str] = "platform:mock:IamRole"
