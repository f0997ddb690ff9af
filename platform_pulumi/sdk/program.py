"""Tier program: links to the stacks above, builds each capability's component, exports the outputs.

Outputs are flat: one for each `capability:field`, the contract's names beside them, and `platform:contract`. Never one
object, since one secret or unknown member would taint all of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.provider import ProviderDefinition, load
from platform_pulumi.sdk.run import TierRun
from platform_pulumi.sdk.scope import CapabilityScope, Scope


class TierProgram:
    """Run of one tier's program, in the order its methods are called.

    Args:
        run: what to build.
        definitions: the providers by name.
    """

    def __init__(self, run: TierRun, definitions: Mapping[str, ProviderDefinition]) -> None:
        self._run = run
        self._definitions = definitions
        self._scope = Scope(run, {name: load(d.reveal) for name, d in definitions.items() if name in run.providers})
        self._exports: dict[str, pulumi.Output[Any]] = {}

    def link(self, *tiers: Tier) -> None:
        """Register a StackReference, by constant name, to each of these tiers whose stack exists."""
        for tier in tiers:
            upstream = self._run.upstream.get(tier)
            if upstream is not None and upstream.reference is not None:
                pulumi.StackReference(tier.label, stack_name=upstream.reference)

    def build(self) -> None:
        """Create the explicit providers, then every capability's component in dependency order."""
        for name in self._run.providers:
            self._scope.providers.update(load(self._definitions[name].providers)(self._scope))
        for capability in self._run.capabilities:
            binding = self._definitions[capability.provider].bindings[capability.type]
            component: CapabilityComponent = load(binding.component)(CapabilityScope(self._scope, capability))
            specs = type(capability.properties).OUTPUTS
            outputs = {
                name: pulumi.Output.secret(value) if specs[name].secret else value
                for name, value in component.outputs.items()
            }
            self._scope.publish(capability, outputs)
            self._scope.components[capability.name] = component
            self._exports.update({f"{capability.name}:{name}": value for name, value in outputs.items()})

    def export(self) -> Mapping[str, pulumi.Output[Any]]:
        """Export everything; returns what was exported, but for the contract."""
        for declared in self._run.outputs:
            self._exports[declared.name] = self._exports[f"{declared.capability}:{declared.field}"]
        for name, value in self._exports.items():
            pulumi.export(name, value)
        # A string, not an object: numbers and key order then come back exactly as they were written.
        pulumi.export(CONTRACT_OUTPUT, json.dumps(self._run.contract.to_json(), sort_keys=True))
        return self._exports
