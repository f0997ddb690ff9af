"""Mock provider: every capability type, simulated only. For demonstrations and tests.

No pulumi here: the component loads when a program runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.mock.resource_types import token
from platform_pulumi.sdk.bindings import bindings_of_all
from platform_pulumi.sdk.fidelity import FULL
from platform_pulumi.sdk.provider import CapabilityBinding, ProviderDefinition, host_claim

if TYPE_CHECKING:
    from platform_pulumi.model.capability import CapabilityProperties


def _binding(model: type[CapabilityProperties]) -> CapabilityBinding:
    from platform_pulumi.model.leaves import walk  # noqa: PLC0415  the plugin host does without pydantic

    return CapabilityBinding(
        component="components.mock.component:MockComponent",
        fidelity=dict.fromkeys(walk(model), FULL),
        summary="a resource of the simulated world",
        annotations=FULL,
        claims=host_claim,
    )


DEFINITION = ProviderDefinition(
    name="mock",
    packages={"mock": ""},
    bindings=bindings_of_all(_binding),
    providers="components.mock.provider:providers",
    reveal="components.mock.provider:reveal",
    always_simulated=True,
    simulated={"mock": "components.mock.simulated:PACKAGE"},
    deletion_protection={token("database"): "deletion_protection"},
    faults="platform_pulumi.plugins.faults:faults_from_config",
    config_fields={
        "fail_on_create": "Capabilities whose creation fails.",
        "fail_on_update": "Capabilities whose update fails.",
        "drift_after": "How long after its last change somebody changes it, for example 5m; or by capability.",
        "latency": "How long each change takes, for example 200ms; or by capability.",
    },
)
