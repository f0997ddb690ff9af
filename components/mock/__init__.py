"""Mock provider: every capability type, simulated only. For demonstrations and tests.

No pulumi here: the component loads when a program runs.
"""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.sdk.bindings import LazyBindings
from platform_pulumi.sdk.provider import FULL, CapabilityBinding, ProviderDefinition


def _types() -> Iterable[str]:
    # The plugin host imports this package, too, and asks for no type: it does without pydantic.
    from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415

    return CAPABILITY_TYPES


def _binding(name: str) -> CapabilityBinding:
    from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415
    from platform_pulumi.model.leaves import walk  # noqa: PLC0415

    return CapabilityBinding(
        component="components.mock.component:MockComponent",
        fidelity=dict.fromkeys(walk(CAPABILITY_TYPES[name]), FULL),
        summary="a resource of the simulated world",
    )


DEFINITION = ProviderDefinition(
    name="mock",
    packages={"mock": ""},
    bindings=LazyBindings(_types, _binding),
    providers="components.mock.provider:providers",
    reveal="components.mock.provider:reveal",
    always_simulated=True,
    simulated={"mock": "components.mock.simulated:PACKAGE"},
    faults="platform_pulumi.plugins.faults:faults_from_config",
    config_fields={
        "fail_on_create": "Capabilities whose creation fails.",
        "fail_on_update": "Capabilities whose update fails.",
        "drift_after": "How long after its last change somebody changes it, for example 5m; or by capability.",
        "latency": "How long each change takes, for example 200ms; or by capability.",
    },
)
