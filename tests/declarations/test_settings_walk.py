"""No setting is dropped without a word: each leaf field of the document is consumed, judged, or told of at its line.

Consumed means that another value alone makes another product of code outside `declarations` (`settings_consumers`).
The table has a row for every field of the models and for nothing else, so that a new field needs a consumer.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import create_model

from platform_pulumi.declarations.schemas.document import Document
from platform_pulumi.declarations.yaml.source import find_node, key_node
from platform_pulumi.errors import PlatformError, Problem
from tests.declarations.settings_consumers import PRODUCTS, loaded, planned, written
from tests.declarations.settings_fields import leaves
from tests.field_paths import put, steps_of

PLATFORM = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  application: shop
  app: {image: "api:1"}
  provider: [{name: aws, config: {region: eu-west-1}}]
  labels: {all: a}
  annotations: {all: a}
  tiers:
    infrastructure:
      capabilities:
        - name: reader
          type: iam_role
          properties: {assumed_by: [ec2.amazonaws.com], max_session: 3600}
          constraints: [{field: max_session, operator: "<=", value: 7200}]
          labels: {own: a}
        - {name: writer, type: iam_role, properties: {assumed_by: [ec2.amazonaws.com]}}
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
        - name: cluster
          type: kubernetes_cluster
          properties: {network: vpc, version: "1.29", node_groups: [{name: a, instance_type: m5.large}]}
      outputs: [{name: place, source: vpc.id, type: string}]
      labels: {tier: a}
      constraints_for_downstream: [{field: database_connections, operator: "<=", value: 10}]
    shared_primitives:
      capabilities:
        - name: quiet
          type: namespace
          properties: {resource_quotas: {pods: 50}}
          constraints: [{field: resource_quotas.pods, operator: "<=", value: 60}]
          labels: {own: a}
          annotations: {own: a}
        - {name: busy, type: namespace}
      outputs: [{name: space, source: busy.name, type: string}]
      labels: {tier: a}
      annotations: {tier: a}
      constraints_for_downstream: [{field: database_connections, operator: "<=", value: 10}]
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties: {image: "${app.image}", replicas: 3, namespace: busy}
          constraints: [{field: replicas, operator: "<=", value: 5}]
          labels: {own: a}
          annotations: {own: a}
        - {name: web, type: container_runtime, properties: {image: "web:1", replicas: 3, namespace: busy}}
      outputs: [{name: address, source: web.endpoint, type: string}]
      labels: {tier: a}
      annotations: {tier: a}
"""
TRIGGERS = """\
triggers:
  reconciliation: {interval: 5m, tiers: [1], on_drift: alert, alert_channel: slack}
"""
TEMPLATE = """\
template:
  name: service
  version: "1.0.0"
  description: A service.
  parameters: [{name: image, type: string, required: false, default: a, description: An image., validation: .*}]
  capabilities:
    - name: api
      type: container_runtime
      properties: {image: "${image}"}
      dependsOn: [other]
      constraints: [{field: replicas, operator: "<=", value: 5}]
      labels: {own: a}
      annotations: {own: a}
  outputs: [{name: address, value: api.endpoint}]
"""


@dataclass(frozen=True)
class Row:
    """Another value for a field alone; `before` sets up both documents, `beside` what must change with it."""

    value: Any
    before: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    base: str = field(default="platform", kw_only=True)


@dataclass(frozen=True)
class Seen(Row):
    """A product in which the other value is seen."""

    product: str
    beside: Mapping[str, Any] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True)
class Judged(Row):
    """The other value is a mistake, noted at the field or at its entry (at another field: `at`)."""

    code: str
    at: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Told(Row):
    """Any value is told of by a warning at the field, or at the section `at` that it belongs to."""

    code: str = "P2080"
    at: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Place:
    """A tier of the document (or one application), with other values that fit its first capability."""

    path: str
    type: Row
    property: Any
    sibling: str
    source: str
    base: str = "platform"
    annotated: bool = True

    def capability(self) -> Iterator[tuple[str, Row]]:
        """The rows of its first capability."""
        entry = f"{self.path}.capabilities[]"
        bare = {f"{entry}.{name}": None for name in ("type", "properties", "constraints")}
        used = {**bare, f"{entry}.template": "service"}
        missing = {f"{entry}.dependsOn": [{"name": "missing", "optional": True}]}
        yield f"{entry}.name", Seen("renamed", "contracts")
        yield f"{entry}.type", self.type
        yield f"{entry}.tier", Judged("shared_primitives" if "shared" not in self.path else 1, "P4001")
        yield f"{entry}.properties.*", Seen(self.property, "resources")
        yield f"{entry}.dependsOn[]", Seen(self.sibling, "resources")
        yield (
            f"{entry}.dependsOn[].name",
            Judged("missing", "P2024", before={f"{entry}.dependsOn[].name": self.sibling}),
        )
        yield (
            f"{entry}.dependsOn[].optional",
            Judged(False, "P2024", before=missing, at=f"{entry}.dependsOn[].name"),
        )
        yield f"{entry}.constraints[].field", Judged("nothing", "P2062")
        yield f"{entry}.constraints[].operator", Judged(">=", "P3001")
        yield f"{entry}.constraints[].value", Judged(1, "P3001")
        yield f"{entry}.labels.*", Seen("b", "resources")
        yield f"{entry}.annotations.*", self._annotations(entry)
        yield f"{entry}.template", Told("service", before=bare)
        yield f"{entry}.version", Told("1.0.0", before=used, at=f"{entry}.template")
        yield f"{entry}.parameters.*", Told("a", before=used, at=f"{entry}.template")

    def rows(self) -> Mapping[str, Row]:
        """All its rows but those of `constraints_for_downstream`."""
        own = {
            **dict(self.capability()),
            f"{self.path}.outputs[].name": Seen("renamed", "contracts"),
            f"{self.path}.outputs[].source": Seen(self.source, "contracts"),
            f"{self.path}.outputs[].type": Judged("integer", "P2043"),
            f"{self.path}.labels.*": Seen("b", "resources"),
            f"{self.path}.annotations.*": self._annotations(self.path),
        }
        return {path: replace(row, base=self.base) for path, row in own.items()}

    def _annotations(self, above: str) -> Row:
        return Seen("b", "resources") if self.annotated else Told("b", "P2081", at=f"{above}.annotations")


_TIERS = "platform.tiers"
_LIMIT = "constraints_for_downstream[]"
PLACES = (
    Place(
        f"{_TIERS}.infrastructure",
        Seen(
            "network",
            "contracts",
            beside={
                f"{_TIERS}.infrastructure.capabilities[].properties": {"cidr": "10.1.0.0/16"},
                f"{_TIERS}.infrastructure.capabilities[].constraints": None,
            },
        ),
        ["lambda.amazonaws.com"],
        "writer",
        "vpc.cidr",
        annotated=False,
    ),
    Place(
        f"{_TIERS}.shared_primitives",
        Seen(
            "message_queue",
            "contracts",
            beside={
                f"{_TIERS}.shared_primitives.capabilities[].properties": {"engine": "sqs"},
                f"{_TIERS}.shared_primitives.capabilities[].constraints": None,
            },
        ),
        {"pods": 40},
        "busy",
        "quiet.name",
    ),
    Place(f"{_TIERS}.application", Judged("database", "P4001"), "other:1", "web", "api.endpoint"),
    Place(
        f"{_TIERS}.application.applications.*",
        Judged("database", "P4001"),
        "other:1",
        "web",
        "api.endpoint",
        base="applications",
    ),
)
ROWS: Mapping[str, Row] = {
    **{path: row for place in PLACES for path, row in place.rows().items()},
    **{
        f"{_TIERS}.{tier}.{_LIMIT}.{name}": Seen(value, "contracts")
        for tier in ("infrastructure", "shared_primitives")
        for name, value in (("field", "replicas"), ("operator", "=="), ("value", 11))
    },
    **{
        f"{_TIERS}.application.{_LIMIT}.{name}": Told(
            value,
            "P2061",
            before={f"{_TIERS}.application.{_LIMIT}": {"field": "replicas", "operator": "<=", "value": 3}},
            at=f"{_TIERS}.application.{_LIMIT}",
        )
        for name, value in (("field", "memory"), ("operator", "=="), ("value", 4))
    },
    "apiVersion": Judged("platform/v2", "P2017"),
    "platform.org": Seen("other", "stacks"),
    "platform.environment": Seen("other", "stacks"),
    "platform.application": Seen("other", "stacks"),
    "platform.app.*": Seen("api:2", "resources"),
    "platform.provider[].name": Seen("mock", "providers", before={"platform.provider[].config": None}),
    "platform.provider[].config.*": Seen("eu-west-2", "provider resources"),
    "platform.provider[].capabilities[]": Seen(
        "namespace",
        "providers",
        before={"platform.provider": [{"name": "docker", "capabilities": ["container_runtime"]}, {"name": "aws"}]},
    ),
    **{f"platform.execution.tier{number}_mode": Seen("auto_apply", "contracts") for number in (1, 2)},
    "platform.execution.tier3_mode": Seen("plan_and_approve", "contracts"),
    "platform.execution.reconciliation_interval": Told("7m"),
    "platform.execution.lock_timeout": Seen("7m", "patience"),
    "platform.state.backend": Seen("s3://other", "backend"),
    "platform.state.secrets_provider": Seen("passphrase", "encryption"),
    "platform.state.secrets_provider.*": Seen(
        "passphrase", "encryption", before={"platform.state.secrets_provider": {"application": "default"}}
    ),
    "platform.state.organization": Seen(
        "other", "organization", before={"platform.state.backend": "https://api.example"}
    ),
    "platform.labels.*": Seen("b", "resources"),
    "platform.annotations.*": Seen("b", "resources"),
    **{
        f"triggers.reconciliation.{name}": Told(value, base="triggers", at="triggers")
        for name, value in (
            ("interval", "7m"),
            ("tiers[]", 2),
            ("on_drift", "plan_remediation"),
            ("alert_channel", "mail"),
        )
    },
    **{
        f"template.{name}": Told(value, base="template", at="template")
        for name, value in (
            ("name", "other"),
            ("version", "1.0.1"),
            ("description", "Another."),
            ("parameters[].required", True),
            ("parameters[].default", "b"),
            ("parameters[].description", "A picture."),
            ("parameters[].validation", ".+"),
            ("capabilities[].name", "web"),
            ("capabilities[].type", "database"),
            ("capabilities[].properties.*", "b"),
            ("capabilities[].dependsOn[]", "another"),
            ("capabilities[].constraints[]", {"field": "memory", "operator": "<=", "value": "1Gi"}),
            ("capabilities[].labels.*", "b"),
            ("capabilities[].annotations.*", "b"),
            ("outputs[].name", "place"),
            ("outputs[].value", "api.host"),
        )
    },
    "template.parameters[].name": Told(
        "picture", before={"template.capabilities[].properties": {"image": "a"}}, base="template", at="template"
    ),
    "template.parameters[].type": Told(
        "list",
        before={"template.parameters[].default": None, "template.parameters[].validation": None},
        base="template",
        at="template",
    ),
}


def _base(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load({"triggers": TRIGGERS, "template": TEMPLATE}.get(name, PLATFORM))
    if name == "applications":  # the same application, by name
        tiers = document["platform"]["tiers"]
        tiers["application"] = {"applications": {document["platform"].pop("application"): tiers["application"]}}
    return document


def _documents(path: str, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document before and after."""
    before = _base(row.base)
    for place, value in row.before.items():
        put(before, place, value)
    after = copy.deepcopy(before)
    for place, value in {**(row.beside if isinstance(row, Seen) else {}), path: row.value}.items():
        put(after, place, value)
    assert before != after, "the row changes nothing"
    return before, after


def _lines(document: Mapping[str, Any], steps: tuple[str | int, ...]) -> set[int]:
    """The lines of a field: of its key, its value, and the entry of a list that it belongs to."""
    root = yaml.compose(written(document))
    nodes = [find_node(root, steps)[0], key_node(root, steps)]
    entries = [number for number, step in enumerate(steps) if isinstance(step, int)]
    if entries:
        nodes.append(find_node(root, steps[: entries[-1] + 1])[0])
    return {node.start_mark.line + 1 for node in nodes if node is not None}


def _is_noted(problems: Iterable[Problem], code: str, document: dict[str, Any], path: str) -> bool:
    """Whether one of the problems is of that kind and points at a field."""
    lines = _lines(document, steps_of(document, path))
    found = [problem for problem in problems if problem.code == code]
    places = [place for problem in found for place in (problem.position, *problem.also) if place is not None]
    return any(place.line in lines for place in places)


def _of(kind: type[Row]) -> list[Any]:
    return [pytest.param(path, row, id=path) for path, row in ROWS.items() if isinstance(row, kind)]


_products: dict[tuple[str, str], Any] = {}


def _product(file: Path, document: dict[str, Any], name: str) -> Any:
    key = (written(document), name)
    if key not in _products:
        _products[key] = PRODUCTS[name](loaded(file, document), planned(file))
    return _products[key]


def test_every_field_has_a_row_and_nothing_else_has() -> None:
    assert set(ROWS) == set(leaves())


def test_a_field_that_a_model_gains_is_walked() -> None:
    grown = create_model("Grown", __base__=Document, surprise=(str | None, None))
    assert set(leaves(grown)) - set(ROWS) == {"surprise"}


@pytest.mark.parametrize(("path", "row"), _of(Seen))
def test_another_value_is_seen_in_what_becomes_of_it(path: str, row: Seen, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    before, after = _documents(path, row)
    assert _product(file, before, row.product) != _product(file, after, row.product), "dropped without a word"


@pytest.mark.parametrize(("path", "row"), _of(Judged))
def test_another_value_is_a_mistake_at_its_line(path: str, row: Judged, tmp_path: Path) -> None:
    before, after = _documents(path, row)
    loaded(tmp_path / "before.yaml", before)
    with pytest.raises(PlatformError) as caught:
        loaded(tmp_path / "after.yaml", after)
    assert _is_noted(caught.value.problems, row.code, after, row.at or path)


@pytest.mark.parametrize(("path", "row"), _of(Told))
def test_what_is_not_used_is_told_at_its_line(path: str, row: Told, tmp_path: Path) -> None:
    _, after = _documents(path, row)
    warnings = loaded(tmp_path / "platform.yaml", after).warnings
    assert _is_noted(warnings, row.code, after, row.at or path)


@pytest.mark.parametrize("base", ["platform", "applications"])
def test_what_is_used_is_not_told_of(base: str, tmp_path: Path) -> None:
    assert loaded(tmp_path / "platform.yaml", _base(base)).warnings == ()
