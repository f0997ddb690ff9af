"""Resolver of a deployment's values to inputs of Pulumi resources."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pulumi

from components.docker.deployment import Concatenated, GeneratedPassword, UrlQuoted, Value
from platform_pulumi.sdk.scope import CapabilityScope


class InputValues:
    """Resolver of the values of one capability: passwords generated, references resolved, secrets secret.

    Args:
        scope: resolves references.
        make: makes a password; asked once for each.
    """

    def __init__(self, scope: CapabilityScope, make: Callable[[GeneratedPassword], pulumi.Output[str]]) -> None:
        self._scope = scope
        self._make = make
        self._made: dict[GeneratedPassword, pulumi.Output[str]] = {}

    def input(self, value: Value) -> pulumi.Input[str]:
        """Convert a value to an input."""
        if isinstance(value, GeneratedPassword):
            if value not in self._made:
                self._made[value] = self._make(value)
            return self._made[value]
        if isinstance(value, Concatenated):
            return pulumi.Output.concat(*(self.input(part) for part in value.parts))
        if isinstance(value, UrlQuoted):
            return pulumi.Output.from_input(self.input(value.value)).apply(lambda text: quote(text, safe=""))
        return self._scope.text(value)
