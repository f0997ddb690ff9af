"""Acme's caches as a provider. No pulumi here: what is named by string loads when it is used."""

from __future__ import annotations

from platform_pulumi.sdk.bindings import bindings_of
from platform_pulumi.sdk.provider import ProviderDefinition

DEFINITION = ProviderDefinition(
    name="acme",
    # No SDK: nobody publishes a Pulumi package `acme`, so that the embedded plugin is the only one.
    packages={"acme": ""},
    # `cache/binding.py`, and whatever other folders are named for a type.
    bindings=bindings_of(__name__),
    providers="acme_platform.provider:providers",
    reveal="acme_platform.provider:reveal",
    config_fields={"home": "Where Acme's service is; ACME_HOME where left out."},
    environment=("ACME_HOME",),
    runtime="acme_platform.runtime:AcmeRuntime",
    simulated={"acme": "acme_platform.simulated:PACKAGE"},
    embedded={"acme": "acme_platform.plugin:AcmeBackend"},
)
