"""The providers' tables of replace keys, ids and outputs: whatever our components use is in it, as the SDKs know it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from components.aws.simulated import table as aws
from components.aws.simulated.eks_cluster import TOKEN as EKS_CLUSTER
from components.workload import simulated as kubernetes
from platform_pulumi.plugins.platform_package import TYPES as OWN
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.table import Entry, FoundBy, SimulatedPackage
from platform_pulumi.sdk.provider import ProviderDefinition, load
from tests.components.harness import build, declare, run_of
from tests.components.variants import BASES

TABLE: Mapping[str, Entry] = {**aws.TABLE, **kubernetes.TABLE}
MODULES = {"aws": "pulumi_aws", "kubernetes": "pulumi_kubernetes"}
#: Components themselves, and what stands for a provider, are no resources of a provider.
NOT_RESOURCES = ("platform:aws:", "platform:mock:", "platform:docker:", "pulumi:providers:")


DEFINITIONS: dict[str, ProviderDefinition] = {
    name: load(f"components.{name}:DEFINITION") for name in ("aws", "docker", "mock")
}


@pytest.mark.parametrize(("provider", "kind"), [(name, kind) for name, d in DEFINITIONS.items() for kind in d.bindings])
def test_every_type_our_components_use_has_an_entry(provider: str, kind: str) -> None:
    definition = DEFINITIONS[provider]
    built = build(definition, run_of(declare(kind, BASES[kind], provider=provider)))
    used = {token for token in built.types() if not token.startswith(NOT_RESOURCES)}
    assert used or definition.bindings[kind].summary.startswith("stub")
    packages: dict[str, SimulatedPackage] = {name: load(place) for name, place in definition.simulated.items()}
    assert all(package.name == name for name, package in packages.items())
    known = {token for token in used for package in packages.values() if package.entry(token) is not None}
    assert sorted(used - known - {EKS_CLUSTER, *OWN}) == []


@pytest.fixture(scope="module")
def types() -> dict[str, SdkTypes]:
    return {package: SdkTypes(package, module) for package, module in MODULES.items()}


@pytest.mark.parametrize("token", list(TABLE))
def test_entries_name_what_the_sdk_has(token: str, types: dict[str, SdkTypes]) -> None:
    rules = TABLE[token]
    schema = types[token.split(":", maxsplit=1)[0]].resource(token)
    names = {key.split(".")[0] for key in (*rules.replace, rules.name, rules.protection) if key}
    assert names - set(schema.inputs) == set()
    made = {*rules.outputs, *rules.changes}
    assert made - set(schema.outputs) == set()
    assert {key for keys in rules.changes.values() for key in keys} - set(schema.inputs) == set()


def test_what_is_found_by_name_has_its_name_in_its_id() -> None:
    for token, rules in TABLE.items():
        fields = {"hex", "uuid", "digits"}
        opaque = any(f"{{{word}" in rules.id for word in fields) and "{name}" not in rules.id
        assert not (rules.found_by is FoundBy.NAME and opaque), token
