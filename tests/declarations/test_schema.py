"""The published JSON Schema is what the models say, and says yes to what the reader takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from platform_pulumi import declarations
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from tests.declarations.conftest import CASES
from tests.declarations.platforms import INFRASTRUCTURE, SHARED, container, platform

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "platform.schema.json"
EXAMPLES = sorted((ROOT / "examples").glob("platform-*.yaml"))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return declarations.schema()


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_published_schema_is_current(schema: dict[str, Any]) -> None:
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert published == schema, "write it anew: platform schema --out docs/platform.schema.json"


def test_there_are_five_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_fit(validator: Draft202012Validator, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../docs/platform.schema.json"
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


def test_references_are_taken_where_numbers_are(validator: Draft202012Validator) -> None:
    text = platform(
        INFRASTRUCTURE,
        SHARED,
        container('image: "${app.i}", replicas: "${app.n}", env: {N: 5, B: true}, ingress: {host: h, tls: "${env:T}"}'),
    )
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    ("case", "place"),
    [
        ("property-values", ["platform", "tiers", "application", "capabilities", 0, "properties", "replicas"]),
        ("misspelt-names", ["platform", "tiers", "shared_primitives", "capabilities", 0, "properties"]),
        (
            "constraints-as-written",
            ["platform", "tiers", "infrastructure", "constraints_for_downstream", 1, "operator"],
        ),
        ("document-shape", ["platform", "org"]),
        ("template", ["template", "version"]),
        ("triggers", ["triggers", "reconciliation", "on_drift"]),
    ],
)
def test_mistakes_are_underlined_where_they_are(
    validator: Draft202012Validator, case: str, place: list[str | int]
) -> None:
    document = yaml.safe_load((CASES / f"{case}.yaml").read_text(encoding="utf-8"))
    assert place in [list(error.absolute_path) for error in validator.iter_errors(document)]


def test_every_property_is_documented(schema: dict[str, Any]) -> None:
    for name, model in CAPABILITY_TYPES.items():
        properties = schema["$defs"][name]["properties"]
        assert set(properties) == set(model.model_fields)
        described = {**schema["$defs"], "": {}}
        for field in properties.values():
            target = described[field.get("$ref", "").removeprefix("#/$defs/")]
            assert field.get("description") or target.get("description")
