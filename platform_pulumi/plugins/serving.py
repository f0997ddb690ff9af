"""Description of the packages that our host serves: values of the request that starts it; nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from platform_pulumi.errors import InputError
from platform_pulumi.sdk.provider import ProviderDefinition

#: The package of our own small resources (`platform_pulumi.plugins.platform_package`).
OWN_PACKAGE: Final = "platform"


@dataclass(frozen=True, slots=True)
class ServedPackage:
    """Pulumi package to serve: simulated, embedded, or our own where neither is named.

    Args:
        simulated: `module:attribute`, a `platform_pulumi.plugins.table.SimulatedPackage`.
        embedded: `module:Class`, a `platform_pulumi.plugins.provider.Backend`, called with the environment.
        module: the Python module of its SDK, whose types the simulator reads.
        environment: the variables that an embedded backend may see.
    """

    simulated: str = ""
    embedded: str = ""
    module: str = ""
    environment: tuple[str, ...] = ()


#: What every run needs, and what is served where nothing else is.
OWN: Final[Mapping[str, ServedPackage]] = {OWN_PACKAGE: ServedPackage()}


def simulated(definition: ProviderDefinition) -> Mapping[str, ServedPackage]:
    """List a provider's packages, served by the simulator.

    Raises:
        InputError: the provider has no part in the simulator for one of them.
    """
    missing = sorted(set(definition.packages) - set(definition.simulated))
    if missing:
        detail = (
            f"Provider `{definition.name}` says nothing of {', '.join(missing)} for the simulator; run it for real."
        )
        raise InputError("A provider cannot be simulated", detail)
    return {
        package: ServedPackage(simulated=definition.simulated[package], module=module)
        for package, module in definition.packages.items()
    }


def embedded(definition: ProviderDefinition) -> Mapping[str, ServedPackage]:
    """List a provider's packages that an embedded plugin serves."""
    return {
        package: ServedPackage(embedded=definition.embedded[package], environment=definition.environment)
        for package in definition.packages
        if package in definition.embedded
    }
