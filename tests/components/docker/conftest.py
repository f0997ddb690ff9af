"""Exports of declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from platform_pulumi import bootstrap, settings
from platform_pulumi.cli.commands.export import repeat_command
from platform_pulumi.cli.request import Request
from platform_pulumi.operations import exported_files
from platform_pulumi.sdk.export import Export

EXAMPLES = Path(__file__).parents[3] / "examples"


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
        exported = operations.export(request.task(), "compose", target, repeat_command(request, "compose", target))
        exported_files.write(exported, target.parent)
        target.write_text(exported.text, encoding="utf-8")
        return exported


@pytest.fixture
def export(tmp_path: Path) -> Exporter:
    return Exporter(tmp_path)
