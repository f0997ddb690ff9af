"""Helpers: read YAML as a user would give it, and write problems down as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.errors import PlatformError, Problem
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime
from platform_pulumi.model.platform import Platform
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

CASES = Path(__file__).parent / "cases"
Load = Callable[..., Platform]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-cases", action="store_true", help="write what is told of the cases as expected")


def described(problems: Iterable[Problem]) -> str:
    """Problems as text: place, length, code, summary, then detail and further places."""
    lines = []
    for problem in problems:
        at = problem.position
        assert at is not None
        lines.append(f"{at.line}:{at.column} ~{problem.length} [{problem.code}] {problem.summary}")
        lines.append(f"    {problem.detail}")
        lines.extend(f"    also {place.line}:{place.column}" for place in problem.also)
    return "\n".join(lines) + "\n"


def service(loaded: Platform, name: str = "api") -> ContainerRuntime:
    """The properties of a container of the last tier."""
    (found,) = [capability.properties for capability in loaded.tiers[-1].capabilities if capability.name == name]
    assert isinstance(found, ContainerRuntime)
    return found


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads texts as files: `load("...", "...", strict=False)`."""

    def loaded(*texts: str, **options: Any) -> Platform:
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / f"file{number or ''}.yaml"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        options = {"definitions": DEFINITIONS, "environment": {}, **options}
        return load_files(paths, **options)

    return loaded


@pytest.fixture
def refused(load: Load) -> Callable[..., PlatformError]:
    """Loads what must be refused, and gives the error."""

    def error(*texts: str, **options: Any) -> PlatformError:
        with pytest.raises(PlatformError) as caught:
            load(*texts, **options)
        return caught.value

    return error
