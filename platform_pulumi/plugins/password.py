"""`platform:index:Password`: a random password that lives in Pulumi's state, as a secret, and nowhere else.

Any change makes a new one. It is real wherever it runs: in a simulated run too it comes from the system's randomness.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping, Sequence

from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.schema import ResourceSchema
from platform_pulumi.plugins.urn import Urn
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, open_value

TOKEN = "platform:index:Password"
_SCHEMA = ResourceSchema(TOKEN, {"length": "number", "special": "boolean", "keepers": {"map": "string"}}, ("length",))
_SHORTEST, _LONGEST = 8, 128
#: Accepted by RDS and Amazon MQ alike, and safe within a URL.
_SPECIAL = "-_.~"


class Passwords:
    """The backend of the `platform` package."""

    def configure(self, config: Properties) -> None:
        """Nothing to configure."""

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        """Changes of the configuration are in place."""
        return compare(old, new, ())

    def check(self, urn: Urn, inputs: Properties, _seed: bytes) -> tuple[Properties, Sequence[Failure]]:
        """Length from 8 to 128."""
        if urn.type != TOKEN:
            message = f"the package platform has no resource type {urn.type}"
            raise ProviderError(message)
        failures = check(_SCHEMA, {}, inputs)
        length = open_value(inputs.get("length"))
        if isinstance(length, int) and not _SHORTEST <= length <= _LONGEST:
            failures.append(Failure("length", f"should be from {_SHORTEST} to {_LONGEST}, not {length}"))
        return inputs, failures

    def diff(self, _urn: Urn, old: State, inputs: Properties) -> Difference:
        """Every change makes a new password."""
        return Difference(compare(old.inputs, inputs, ("length", "special", "keepers")))

    async def create(self, _urn: Urn, inputs: Properties, preview: bool) -> State:
        """Make a password."""
        if preview:
            return State("", inputs, {**inputs, "result": Sealed(UNKNOWN)})
        made = generate(int(open_value(inputs["length"])), special=bool(open_value(inputs.get("special", True))))
        return State(secrets.token_hex(8), inputs, {**inputs, "result": Sealed(made)})

    async def update(self, urn: Urn, _old: State, _inputs: Properties, _preview: bool) -> Properties:
        """Never asked for: a changed password is another one."""
        message = f"{urn.name} cannot be changed in place"
        raise ProviderError(message)

    async def delete(self, urn: Urn, old: State) -> None:
        """It is only in the state, and goes with it."""

    def read(self, _urn: Urn, old: State) -> State:
        """It is as the state says."""
        return old

    def invoke(self, token: str, _arguments: Properties) -> Properties:
        """There are no functions."""
        message = f"the package platform has no function {token}"
        raise ProviderError(message)


def generate(length: int, *, special: bool) -> str:
    """A random password with a lower and an upper letter and a digit, and a special sign where they are wanted."""
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
