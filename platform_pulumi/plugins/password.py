"""Resource type `platform:index:Password`: a random password."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from platform_pulumi.model.own_package import PASSWORD
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.generated_value import GeneratedValue
from platform_pulumi.plugins.schema import ResourceSchema
from platform_pulumi.plugins.values import Properties, open_value

_SHORTEST, _LONGEST = 8, 128
#: Accepted by RDS and Amazon MQ alike, and safe within a URL.
_SPECIAL = "-_.~"


class Passwords(GeneratedValue):
    """Password type: a secret; a change of any input replaces it."""

    SCHEMA: ClassVar[ResourceSchema] = ResourceSchema(
        PASSWORD, {"length": "number", "special": "boolean", "keepers": {"map": "string"}}, ("length",)
    )
    SECRET: ClassVar[bool] = True

    def check(self, inputs: Properties) -> Sequence[Failure]:
        """Validate the length, 8 to 128."""
        failures = list(super().check(inputs))
        length = open_value(inputs.get("length"))
        if isinstance(length, int) and not _SHORTEST <= length <= _LONGEST:
            failures.append(Failure("length", f"should be from {_SHORTEST} to {_LONGEST}, not {length}"))
        return failures

    def make(self, inputs: Mapping[str, Any]) -> str:
        """Generate a password."""
        return generate(int(inputs["length"]), special=bool(inputs.get("special", True)))


def generate(length: int, *, special: bool) -> str:
    """Generate a password with a lower and an upper letter and a digit, and a special sign where wanted."""
    groups: Mapping[str, str] = {
        "lower": string.ascii_lowercase,
        "upper": string.ascii_uppercase,
        "digit": string.digits,
        **({"special": _SPECIAL} if special else {}),
    }
    alphabet = "".join(groups.values())
    while True:
        made = "".join(secrets.choice(alphabet) for _ in range(length))
        if all(any(sign in group for sign in made) for group in groups.values()) and made[0] in string.ascii_letters:
            return made
