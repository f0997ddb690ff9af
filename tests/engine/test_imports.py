"""Imports ahead of programs: whatever becomes of a module, a program gets its turn."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from platform_pulumi.engine.imports import ImportQueue

#: How long a turn may take to come, in seconds; it takes milliseconds.
PATIENCE = 10.0


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `parts` that can be imported, and is forgotten."""
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "sound.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.startswith("parts")]:
        del sys.modules[name]


def turn(imports: ImportQueue) -> bool:
    """Whether a program gets its turn."""
    came = threading.Event()

    def wait() -> None:
        with imports.paused():
            came.set()

    threading.Thread(target=wait, daemon=True).start()
    return came.wait(PATIENCE)


@pytest.mark.parametrize("text", ["import missing_altogether", "raise SystemExit(3)", "raise KeyboardInterrupt"])
def test_a_module_that_cannot_be_imported_stops_nothing(package: Path, text: str) -> None:
    (package / "broken.py").write_text(text, encoding="utf-8")
    imports = ImportQueue()
    imports.add(["parts.broken", "parts.sound"])
    assert turn(imports)
    assert "parts.sound" in sys.modules
    imports.add(["parts.sound"])
    assert turn(imports)


def test_a_module_that_is_there_in_name_only_stops_nothing(package: Path) -> None:
    """None in `sys.modules` forbids an import (Python's documentation of the import system)."""
    imports = ImportQueue()
    imports.add(["parts.sound"])
    assert turn(imports)
    sys.modules["parts.forbidden"] = None  # type: ignore[assignment]  # as Python allows
    imports.add(["parts.sound"])
    assert turn(imports)


class Growing(str):
    """A module's name: whenever it is looked at, another module has just been imported."""

    __slots__ = ()

    def partition(self, separator: str, /) -> tuple[str, str, str]:
        name = f"parts.more{len(sys.modules)}"
        sys.modules[name] = ModuleType(name)
        return super().partition(separator)


class Part:
    """Something in a module: whenever it is looked at, the module has just been given another name."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    @property
    def __class__(self) -> Any:
        setattr(self._module, f"more{len(vars(self._module))}", 1)
        return type(self)


def test_what_others_import_meanwhile_stops_nothing(package: Path) -> None:
    """A run imports what its CLI needs in a thread of its own, whenever it likes: what is looked through then grows."""
    imports = ImportQueue()
    growing, sound = ModuleType("parts.growing"), ModuleType("parts.sound")
    growing.part = Part(growing)  # type: ignore[attr-defined]  # a module takes any name
    sys.modules.update({Growing("parts.growing"): growing, "parts.sound": sound})
    imports.add(["parts.sound"])
    assert turn(imports)
    assert any(name.startswith("parts.more") for name in sys.modules)
    assert any(name.startswith("more") for name in vars(growing))
