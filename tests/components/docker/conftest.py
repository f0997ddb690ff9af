"""Exports of declarations, and goldens: `pytest tests/components/docker --update-goldens` writes them anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from platform_pulumi import bootstrap, settings
from platform_pulumi.operations import exported_files
from platform_pulumi.operations.request import Request
from platform_pulumi.sdk.export import Export

GOLDENS = Path(__file__).parent / "goldens"
EXAMPLES = Path(__file__).parents[3] / "examples"


def pytest_addoption(parser: pytest.Parser) -> None:
    with contextlib.suppress(ValueError):  # tests/cli adds it as well
        parser.addoption("--update-goldens", action="store_true", help="write what the exports give as the goldens")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden of that name."""

    def compare(name: str, text: str) -> None:
        path = GOLDENS / name
        if request.config.getoption("--update-goldens", default=False):
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} is missing: pytest tests/components/docker --update-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare


@dataclass
class Exporter:
    """Exports declarations as a command does, into a folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(
        self,
        source: Path | str,
        *,
        out: str = "compose.yaml",
        app: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Export:
        """The export of a file, or of a text; written to `out`, secrets and all."""
        if isinstance(source, str):
            file = self.folder / "platform.yaml"
            file.write_text(source, encoding="utf-8")
            source = file
        operations = bootstrap.build(settings.read(self.environment, self.folder))
        request = Request(files=(source,), application=app, variables=variables or {})
        target = self.folder / out
        exported = operations.export(request, "compose", target)
        exported_files.write(exported, target.parent)
        target.write_text(exported.text, encoding="utf-8")
        return exported


@pytest.fixture
def export(tmp_path: Path) -> Exporter:
    return Exporter(tmp_path)
