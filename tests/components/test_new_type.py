"""A new capability type touches the places that CONTRIBUTING names, at most four, and works.

A copy of the packages stands in front of the installed ones; the files that a developer would write are put into it,
and nothing else is changed.
"""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.shared import once

ROOT = Path(__file__).parents[2]
PARTS = ("platform_pulumi", "components", "stacks", "tests", "examples", "docs", "pyproject.toml", "CONTRIBUTING.md")
SCHEMA = "docs/platform.schema.json"
WRITTEN: Mapping[str, str] = {
    "platform_pulumi/model/capabilities/shared_primitives/search_index.py": '''
"""`search_index`: full text search."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, Need, OutputSpec
from platform_pulumi.model.tier import Tier


class SearchIndex(CapabilityProperties):
    """An index of documents."""

    TYPE: ClassVar[str] = "search_index"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    NEEDS: ClassVar = (Need("network", "network"),)
    OUTPUTS: ClassVar = {"endpoint": OutputSpec("string", "URL to search at.", identifies=True)}

    network: str | None = Field(default=None, description="Name of the network capability, where there are several.")
    engine: Literal["opensearch", "solr"] = Field(description="Search engine.")
    shards: int = Field(default=1, ge=1, description="Parts of the index.")
''',
    "components/docker/search_index/__init__.py": '"""`search_index` on Docker: a stub."""\n',
    "components/docker/search_index/binding.py": '''
"""How Docker serves `search_index`, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.field_fidelity import UNANNOTATED, UNLABELLED
from platform_pulumi.sdk.fidelity import FULL, Condition, FieldFidelity, none
from platform_pulumi.sdk.provider import CapabilityBinding

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": none("nothing is searched"),
    "shards": none("nothing is split", when=Condition("it is more than 1", lambda value, _: value > 1)),
}

BINDING = CapabilityBinding(
    "components.docker.search_index.component:SearchIndex",
    FIDELITY,
    summary="stub",
    labels=UNLABELLED,
    annotations=UNANNOTATED,
)
''',
    "components/docker/search_index/component.py": '''
"""`search_index` on Docker: a stub."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from components.docker.deployment import Value
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability


class SearchIndex(Stub):
    """Gives the outputs that the type promises; there is nothing behind them."""

    TOKEN: ClassVar[str] = "platform:docker:SearchIndex"

    @staticmethod
    def stub_outputs(capability: Capability) -> Mapping[str, Value | tuple[str, ...]]:
        """The type's outputs."""
        return {"endpoint": ""}
''',
    "tests/components/variants/search_index.py": '''
"""A `search_index` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {"engine": "opensearch", "shards": 1}
VARIANTS: Variants = {"engine": one("solr"), "shards": one(2)}
''',
}
DECLARED = """\
apiVersion: platform/v1
platform:
  org: acme-corp
  environment: dev
  provider: {name: docker}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
    shared_primitives:
      constraints_for_downstream:
        - {field: replicas, operator: "<=", value: 3}
      outputs:
        - {name: search, source: products.endpoint}
      capabilities:
        - {name: products, type: search_index, properties: {engine: opensearch, shards: 4}}
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties: {image: "api:1", env: {SEARCH: "${tier2.search}"}}
"""
#: What has to pass with the type: a test of each module that runs once for every type, and some that are about all.
TESTS = {
    "components/test_effects.py::test_no_gap_is_hidden_and_none_is_made_up[docker-search_index-everything]",
    "components/test_effects.py::test_no_gap_is_hidden_and_none_is_made_up[mock-search_index-everything]",
    "components/test_effects.py::test_every_gap_is_met_by_a_declaration[docker-search_index]",
    "components/test_walk.py::test_every_leaf_has_a_variant[search_index]",
    "components/mock/test_mock_component.py::test_every_promised_output_is_given_and_data_is_protected[search_index]",
    "components/mock/test_mock_simulated.py::test_it_gives_every_promised_output[search_index]",
    "components/docker/test_docker_identity.py::test_every_promised_output_is_given_and_no_other[search_index]",
    "components/docker/test_docker_identity.py::test_inputs_are_what_the_sdk_knows[search_index]",
    "model/test_plan_effects.py::test_every_capability_type_can_be_signed[search_index]",
    "declarations/test_cases.py::test_what_is_told[capability-types]",
    "declarations/test_schema.py::test_the_published_schema_is_current",
    "model/test_capability_types.py::test_the_table_is_true",
}


class Tree:
    """A copy of the packages with the new type in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str, folder: Path | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command on this copy; it has to exit with the code."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        # What a copy covers is no coverage of ours.
        ours = {"PYTHONPATH": str(self.root), "COVERAGE_PROCESS_CONFIG": "", "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder or self.root,
            env={**inherited, **ours},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def platform(self, *arguments: str, folder: Path | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `platform` on this copy."""
        return self.run(str(Path(sys.executable).parent / "platform"), *arguments, folder=folder, code=code)

    def json(self, *arguments: str, folder: Path) -> Any:
        """What a command prints with `--format json`."""
        return json.loads(self.platform(*arguments, "--format", "json", folder=folder).stdout)


def _add_type(root: Path) -> None:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, root / part)
    for name, text in WRITTEN.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text.lstrip("\n"), encoding="utf-8")
    Tree(root).platform("schema", "--out", SCHEMA)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(once(tmp_path_factory, "new-type", _add_type))


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    (tmp_path / "platform.yaml").write_text(DECLARED, encoding="utf-8")
    return tmp_path


def test_it_touches_what_contributing_names_and_nothing_else(tree: Tree) -> None:
    (section,) = re.findall(
        r"^## A new capability type\n(.*?)^## ", (ROOT / "CONTRIBUTING.md").read_text(), re.M | re.S
    )
    places = re.findall(r"^\d\. `([^`]+)`", section, re.M)
    assert len(places) <= 4
    names = {"<type>": "search_index", "<tier>": "shared_primitives", "<provider>": "docker"}
    for placeholder, name in names.items():
        places = [place.replace(placeholder, name) for place in places]
    touched = {path: next((p for p in places if path.startswith(p)), None) for path in _differences(tree.root)}
    assert set(touched) == {*WRITTEN, SCHEMA}
    assert set(touched.values()) == set(places)


def test_it_is_validated(tree: Tree, declared: Path) -> None:
    tree.platform("validate", folder=declared)
    file = declared / "platform.yaml"
    file.write_text(file.read_text().replace("shards: 4", "shards: 0"))
    assert "shards" in tree.platform("validate", folder=declared, code=2).stderr


def test_its_fidelity_is_told_of_every_provider_that_serves_it(tree: Tree, declared: Path) -> None:
    tables = {t["provider"]: t["types"] for t in tree.json("fidelity", folder=declared)["providers"]}
    assert tables["docker"]["search_index"]["shards"]["does"] == "nothing is split"
    assert {field["fidelity"] for field in tables["mock"]["search_index"].values()} == {"full"}
    assert "search_index" not in tables["aws"]


def test_the_tests_of_all_types_pass_with_it(tree: Tree) -> None:
    chosen = "search_index or schema or capability_types or what_is_told"
    files = dict.fromkeys(f"tests/{test.partition('::')[0]}" for test in TESTS)
    said = tree.run("-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", chosen, *files).stdout
    passed = set(re.findall(r"^tests/(\S+) PASSED ", said, re.M))
    assert TESTS - passed == set(), said


@pytest.mark.engine
def test_it_is_planned_on_mock(tree: Tree, declared: Path) -> None:
    plan = tree.json("preview", "--provider", "mock", folder=declared)
    (index,) = [
        a for a in plan["tiers"][1]["actions"] if a["capability"] == "products" and ":index:" in a["resourceType"]
    ]
    assert (index["resourceType"], index["action"]) == ("mock:index:SearchIndex", "create")
    assert plan["tiers"][1]["outputs"]["search"]["type"] == "string"


def _differences(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and relative.parts[0] in PARTS and "__pycache__" not in relative.parts:
            original = ROOT / relative
            if not original.is_file() or not filecmp.cmp(path, original, shallow=False):
                yield relative.as_posix()
