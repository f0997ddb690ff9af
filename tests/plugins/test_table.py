"""The table of replace keys, ids and outputs: whatever our components use is in it, as the SDKs know it."""

from __future__ import annotations

import re

import pytest

from platform_pulumi.plugins.eks_cluster import TOKEN as EKS_CLUSTER
from platform_pulumi.plugins.forms import fill
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.table import TABLE, FoundBy, entry
from platform_pulumi.sdk.provider import ProviderDefinition, load
from tests.components.harness import build, declare, run_of
from tests.components.variants import BASES

MODULES = {"aws": "pulumi_aws", "kubernetes": "pulumi_kubernetes"}
#: Components themselves, and what stands for a provider, are no resources of a provider.
NOT_RESOURCES = ("platform:aws:", "platform:mock:", "pulumi:providers:")


DEFINITIONS: dict[str, ProviderDefinition] = {name: load(f"components.{name}:DEFINITION") for name in ("aws", "mock")}


@pytest.mark.parametrize(("provider", "kind"), [(name, kind) for name, d in DEFINITIONS.items() for kind in d.bindings])
def test_every_type_our_components_use_has_an_entry(provider: str, kind: str) -> None:
    definition = DEFINITIONS[provider]
    built = build(definition, run_of(declare(kind, BASES[kind], provider=provider)))
    used = {token for token in built.types() if not token.startswith(NOT_RESOURCES)}
    assert used
    assert [token for token in sorted(used) if entry(token) is None and token != EKS_CLUSTER] == []


@pytest.fixture(scope="module")
def types() -> dict[str, SdkTypes]:
    return {package: SdkTypes(package, module) for package, module in MODULES.items()}


@pytest.mark.parametrize("token", [token for token in TABLE if token.split(":")[0] in MODULES])
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


@pytest.mark.parametrize(
    ("form", "made"),
    [
        ("vpc-{hex17}", r"vpc-[0-9a-f]{17}"),
        ("AROA{HEX17}", r"AROA[A-P]{17}"),
        ("b-{uuid}", r"b-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("203.0.113.{octet}", r"203\.0\.113\.\d{1,3}"),
        ("{a.b}:{n}", "x:3"),
        ("{missing}", r"[0-9a-f]{12}"),
    ],
)
def test_forms(form: str, made: str) -> None:
    text = fill(form, "seed", {"a": {"b": "x"}, "n": 3})
    assert re.fullmatch(made, text)
    assert fill(form, "seed", {"a": {"b": "x"}, "n": 3}) == text
