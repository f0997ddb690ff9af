"""Mock: every capability type, with nothing behind it but the simulated world. For demonstrations and tests.

No pulumi here: components load when a program runs.
"""

from __future__ import annotations

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.leaves import walk
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, ProviderDefinition

DEFINITION = ProviderDefinition(
    name="mock",
    packages={"mock": ""},
    bindings={
        name: CapabilityBinding(
            component=f"components.mock.{name}:{model.__name__}",
            fidelity=dict.fromkeys(walk(model), FULL),
            summary="a resource of the simulated world",
        )
        for name, model in CAPABILITY_TYPES.items()
    },
    providers="components.mock.provider:providers",
    reveal="components.mock.provider:reveal",
    always_simulated=True,
    config_fields={
        "fail_on_create": "Capabilities whose creation fails.",
        "fail_on_update": "Capabilities whose update fails.",
        "drift_after": "How long after its last change somebody changes it, for example 5m; or by capability.",
        "latency": "How long each change takes, for example 200ms; or by capability.",
    },
)
