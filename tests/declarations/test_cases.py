"""Whole lists of mistakes, word for word: `cases/NAME.yaml` and what is told of it in `cases/NAME.txt`.

Rewritten with `pytest tests/declarations --update-cases`, and then read before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from tests.declarations.conftest import CASES, described
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

ENVIRONMENT = {"CANARY": "canary-value", "MANY": "987654321"}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.yaml")))
def test_what_is_told(name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    with pytest.raises(PlatformError) as caught:
        load_files([Path(f"{name}.yaml")], definitions=DEFINITIONS, environment=ENVIRONMENT)
    error = caught.value
    head = f"{type(error).__name__}, exit {error.exit_code}: {error.summary}. {error.detail}"
    text = f"{head}\n\n{described(error.problems)}"
    # A new capability type is no reason to write them anew.
    text = text.replace(listed(CAPABILITY_TYPES, limit=20), "<the capability types>")
    expected = CASES / f"{name}.txt"
    if request.config.getoption("--update-cases", default=False):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert "canary-value" not in text
    assert "987654321" not in text


def test_every_expectation_has_its_case() -> None:
    assert {path.stem for path in CASES.glob("*.txt")} == {path.stem for path in CASES.glob("*.yaml")}


def test_every_problem_has_a_place_in_its_file() -> None:
    for path in sorted(CASES.glob("*.yaml")):
        with pytest.raises(PlatformError) as caught:
            load_files([path], definitions=DEFINITIONS, environment=ENVIRONMENT)
        _assert_places(caught.value, path)


def _assert_places(error: PlatformError, path: Path) -> None:
    lines = [*path.read_text(encoding="utf-8").splitlines(), ""]
    places = [problem.position for problem in error.problems if problem.position is not None]
    assert places == sorted(places)
    assert len(places) == len(error.problems)
    for problem in error.problems:
        assert problem.position is not None
        assert problem.position.file == str(path)
        assert 1 <= problem.position.line <= len(lines)
        assert problem.position.column - 1 + problem.length <= len(lines[problem.position.line - 1]) + 1
