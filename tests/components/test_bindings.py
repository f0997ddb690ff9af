"""What holds for every provider's bindings: where they are, what they lead to, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.naming import pascal_case
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.provider import ProviderDefinition, load

from .harness import ENTRY_POINTS

ROOT = Path(__file__).parents[2]
SERVED = [(provider, kind) for provider, entry in ENTRY_POINTS.items() for kind in load(entry).bindings]
#: Loads a definition and all its bindings; says what else came with them.
LOADING = """
import sys
from platform_pulumi.sdk.provider import load
bindings = load(sys.argv[1]).bindings
before = set(sys.modules)
assert not any(name.endswith(".binding") for name in before)
dict(bindings)
print(*sorted(name for name in sys.modules if name.partition(".")[0].startswith(("pulumi", "grpc", "docker"))))
"""


@pytest.mark.parametrize(("provider", "kind"), SERVED)
def test_a_binding_leads_to_a_component(provider: str, kind: str) -> None:
    definition: ProviderDefinition = load(ENTRY_POINTS[provider])
    component = load(definition.bindings[kind].component)
    assert issubclass(component, CapabilityComponent)
    if provider != "mock":  # one for all
        assert f"platform:{provider}:{pascal_case(kind)}" == component.TOKEN
        assert component.__module__ == f"components.{provider}.{kind}.component"


@pytest.mark.parametrize("provider", ENTRY_POINTS)
def test_a_definition_and_its_bindings_are_free_of_pulumi(provider: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING, ENTRY_POINTS[provider]],
        env={"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == []


def test_every_binding_is_in_a_folder_that_is_named_for_a_type() -> None:
    found = {path.parent.name for path in (ROOT / "components").glob("*/*/binding.py")}
    assert found
    assert found <= set(CAPABILITY_TYPES)


def test_mock_serves_every_type() -> None:
    definition: ProviderDefinition = load(ENTRY_POINTS["mock"])
    assert list(definition.bindings) == list(CAPABILITY_TYPES)
