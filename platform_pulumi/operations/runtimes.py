"""Runtimes (live sides) of a platform's providers, each opened once a command."""

from __future__ import annotations

from dataclasses import dataclass, field

from platform_pulumi import declarations
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.services import Services
from platform_pulumi.sdk.runtime import Runtime


@dataclass(frozen=True)
class Runtimes:
    """Cache of the providers' runtimes, as a platform configures them, opened on first use."""

    services: Services
    platform: Platform
    _opened: dict[str, Runtime | None] = field(default_factory=dict, repr=False)

    def of(self, provider: str) -> Runtime | None:
        """Return the runtime of a provider; None where it has none.

        Raises:
            InputError: its settings have no value, or wrong ones.
        """
        if provider not in self._opened:
            self._opened[provider] = self._open(provider)
        return self._opened[provider]

    def _open(self, provider: str) -> Runtime | None:
        definition = self.services.definitions.get(provider)
        if definition is None or not definition.runtime or definition.always_simulated:
            return None
        config = declarations.resolve_config(self.platform.provider(provider), secrets=self.services.secrets)
        return self.services.open_runtime(definition, config, self.services.environment)
