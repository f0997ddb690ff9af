"""docs/providers.md shows the sample as it is."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from platform_pulumi.sdk.provider import ProviderDefinition
from tests.thirdparty.conftest import SAMPLE

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^`([\w./]+)`\n```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("file", "text"), SHOWN, ids=[file for file, _ in SHOWN])
def test_what_it_shows_is_there(file: str, text: str) -> None:
    assert text in (SAMPLE / file).read_text(encoding="utf-8")


def test_it_shows_files_of_each_kind() -> None:
    assert {"pyproject.toml", "acme_platform/__init__.py", "acme_platform/cache/binding.py"} < {f for f, _ in SHOWN}


def test_its_folder_is_the_samples() -> None:
    tree = PAGE.partition("```\n")[2].partition("```")[0]
    names = sorted(re.findall(r"── ([\w.]+)", tree))
    parts = [path for path in SAMPLE.rglob("*") if "__pycache__" not in path.parts]
    assert names == sorted(path.name for path in parts)


def test_it_names_every_field_of_a_definition() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    fields = {field.name for field in dataclasses.fields(ProviderDefinition)}
    assert rows == fields - {"name", "aliases", "always_simulated"}
