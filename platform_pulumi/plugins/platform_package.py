"""Package `platform`: resource types of our own, always served by us."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Final

from platform_pulumi.model.own_package import PASSWORD, REVISION
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.generated_value import GeneratedValue
from platform_pulumi.plugins.password import Passwords
from platform_pulumi.plugins.provider import Difference, Naming, ProviderError, State
from platform_pulumi.plugins.revision import Revisions
from platform_pulumi.plugins.values import Properties

TYPES: Final[Mapping[str, GeneratedValue]] = {PASSWORD: Passwords(), REVISION: Revisions()}


class PlatformPackage:
    """Backend of the package `platform`."""

    def configure(self, config: Properties) -> None:
        """Do nothing: there is no configuration."""

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        """Compare configurations; no change replaces anything."""
        return compare(old, new, ())

    def check(self, urn: Urn, inputs: Properties, _naming: Naming) -> tuple[Properties, Sequence[Failure]]:
        """Validate the inputs."""
        return inputs, _type(urn).check(inputs)

    def diff(self, urn: Urn, old: State, inputs: Properties) -> Difference:
        """Replace on every change."""
        return _type(urn).diff(old.inputs, inputs)

    async def create(self, urn: Urn, inputs: Properties, preview: bool) -> State:
        """Generate the value."""
        return State("" if preview else secrets.token_hex(8), inputs, _type(urn).outputs(inputs, preview))

    async def update(self, urn: Urn, _old: State, _inputs: Properties, _preview: bool) -> Properties:
        """Refuse: every change replaces."""
        message = f"{urn.name} cannot be changed in place"
        raise ProviderError(message)

    async def delete(self, urn: Urn, old: State) -> None:
        """Do nothing: the value is only in the state, and goes with it."""

    async def read(self, _urn: Urn, old: State) -> State:
        """Return the recorded state."""
        return old

    def invoke(self, token: str, _arguments: Properties) -> Properties:
        """Refuse: there are no functions."""
        message = f"the package platform has no function {token}"
        raise ProviderError(message)


def _type(urn: Urn) -> GeneratedValue:
    if urn.type not in TYPES:
        message = f"the package platform has no resource type {urn.type}"
        raise ProviderError(message)
    return TYPES[urn.type]
