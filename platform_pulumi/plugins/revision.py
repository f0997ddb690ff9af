"""Resource type `platform:index:Revision`: a short random word that changes whenever its keepers do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from platform_pulumi.model.own_package import REVISION
from platform_pulumi.plugins.generated_value import GeneratedValue
from platform_pulumi.plugins.schema import ResourceSchema

_DIGITS = 7


class Revisions(GeneratedValue):
    """Revision type: seven hexadecimal digits, no secret: they reveal nothing of the keepers, which may be secret."""

    SCHEMA: ClassVar[ResourceSchema] = ResourceSchema(REVISION, {"keepers": {"map": "string"}}, ("keepers",))
    SECRET: ClassVar[bool] = False

    def make(self, _inputs: Mapping[str, Any]) -> str:
        """Generate a revision."""
        return secrets.token_hex(_DIGITS)[:_DIGITS]
