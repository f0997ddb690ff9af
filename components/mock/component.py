"""Component of every capability type on mock: one resource that takes every property and gives every output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pydantic import BaseModel

from components.mock.resource_types import token, wired_as
from platform_pulumi.model.capability import CapabilityProperties, CapabilityRef, Need
from platform_pulumi.model.naming import pascal_case
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope


class MockResource(pulumi.CustomResource):
    """Resource of the package `mock`, with the outputs of its capability type."""

    def __init__(
        self, token: str, name: str, inputs: Mapping[str, Any], outputs: list[str], opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(token, name, {**dict.fromkeys(outputs), **inputs}, opts)

    def output(self, name: str) -> pulumi.Output[Any]:
        """Return an output by its name; the resource's own id for `id`."""
        if name == "id":
            return self.id
        value: pulumi.Output[Any] = vars(self)[name]
        return value


class MockComponent(CapabilityComponent):
    """Component of any capability type: one resource of the same name: `mock:index:Database` for `database`.

    Outputs of the bound capabilities are inputs too, so that what waits for an upper tier is seen to wait.
    """

    @classmethod
    def token(cls, scope: CapabilityScope) -> str:
        """Type token, one for each capability type: `platform:mock:Database`."""
        return f"platform:mock:{pascal_case(scope.capability.type)}"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the resource; return the type's outputs."""
        specs = type(scope.properties).OUTPUTS
        model = type(scope.properties)
        wiring = {wired_as(model, need): self._outputs_of(scope, source) for need, source in _bound(scope)}
        resource = MockResource(
            token(scope.capability.type),
            self.logical(),
            {**properties(scope), **wiring, **_annotations(scope), "tags": scope.tags(self.logical())},
            [name for name in specs if name != "id"],
            self.child(
                "mock",
                protect=type(scope.properties).DATA_BEARING and scope.protect,
                additional_secret_outputs=[name for name, spec in specs.items() if spec.secret],
            ),
        )
        return {name: resource.output(name) for name in specs}

    @staticmethod
    def _outputs_of(scope: CapabilityScope, source: CapabilityRef) -> dict[str, pulumi.Output[Any]]:
        return {name: scope.shared.output(source, name) for name in _IDENTITY[source.type]}


def _bound(scope: CapabilityScope) -> list[tuple[Need, CapabilityRef]]:
    bound = [(need, scope.bound(need.type)) for need in type(scope.properties).NEEDS]
    return [(need, source) for need, source in bound if source is not None]


def _annotations(scope: CapabilityScope) -> dict[str, Any]:
    annotations = dict(scope.capability.annotations)
    return {"annotations": annotations} if annotations else {}


#: What of a needed capability its consumers are given.
_IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "network": ("id", "private_subnet_ids"),
    "kubernetes_cluster": ("name", "endpoint"),
    "namespace": ("name",),
    "ingress": ("name",),
}


def properties(scope: CapabilityScope) -> dict[str, Any]:
    """List every property that has a value, by its declared name; those that only name a capability are left out."""
    model: CapabilityProperties = scope.properties
    wired = {need.property for need in type(model).NEEDS}
    return {name: value for name, value in _block(scope, model).items() if name not in wired}


def _block(scope: CapabilityScope, block: BaseModel) -> dict[str, Any]:
    values = {name: _input(scope, getattr(block, name)) for name in type(block).model_fields}
    return {name: value for name, value in values.items() if value is not None}


def _input(scope: CapabilityScope, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _block(scope, value)
    if isinstance(value, Mapping):
        return {name: _input(scope, item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_input(scope, item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return scope.text(value)
