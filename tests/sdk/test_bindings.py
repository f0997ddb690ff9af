"""Bindings by capability type, found beside the components and loaded when they are looked up."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.sdk.bindings import bindings_of

BINDING = """
from platform_pulumi.sdk.provider import CapabilityBinding

BINDING = CapabilityBinding({name!r}, {{}})
"""


@pytest.fixture
def package(tmp_path: Path) -> Iterator[str]:
    """A provider's package that serves `database` and `cache`, with a library and a folder without a binding."""
    root = tmp_path / "acme_cloud_bindings"
    for folder in ("database", "cache", "network", "library"):
        (root / folder).mkdir(parents=True)
        (root / folder / "__init__.py").touch()
    for name in ("database", "cache", "library"):
        (root / name / "binding.py").write_text(BINDING.format(name=name))
    (root / "__init__.py").touch()
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    importlib.import_module(root.name)
    yield root.name
    sys.path.remove(str(tmp_path))
    for module in [name for name in sys.modules if name.partition(".")[0] == root.name]:
        del sys.modules[module]


def test_a_folder_named_for_a_type_serves_it(package: str) -> None:
    bindings = bindings_of(package)
    assert list(bindings) == [name for name in CAPABILITY_TYPES if name in {"database", "cache"}]
    assert {name: binding.component for name, binding in bindings.items()} == {"database": "database", "cache": "cache"}
    assert "library" not in bindings
    assert bindings.get("network") is None
    with pytest.raises(KeyError):
        bindings["network"]


def test_only_what_is_looked_up_is_loaded(package: str) -> None:
    bindings = bindings_of(package)
    assert "database" in bindings
    assert len(bindings) == 2
    assert f"{package}.database.binding" not in sys.modules
    assert bindings["database"] is bindings["database"]
    assert f"{package}.database.binding" in sys.modules
    assert f"{package}.cache.binding" not in sys.modules
