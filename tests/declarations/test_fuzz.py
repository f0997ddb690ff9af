"""Whatever a file holds: a platform or an error of ours with places, never anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_pulumi.errors import PlatformError
from tests.declarations.conftest import CASES
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

PRODUCTION = (Path(__file__).parents[2] / "examples" / "platform-production.yaml").read_text(encoding="utf-8")
SEEDS = [PRODUCTION, *(path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.yaml")))]
_WORDS = {word for text in SEEDS for word in text.replace(":", " ").split() if len(word) < 40}
WORDS = st.sampled_from([*sorted(_WORDS), "", "~", "5", "1.10"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
SETTINGS = settings(max_examples=80, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "platform.yaml"


def check(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    for strict in (True, False):
        error = refusal(file, strict=strict)
        if error is not None:
            assert error.exit_code in {2, 3, 4}
            assert error.problems
            assert all(problem.position is not None and problem.detail for problem in error.problems)


def refusal(file: Path, *, strict: bool) -> PlatformError | None:
    """The error of ours that a file is refused with; any other reaches the test."""
    try:
        load_files([file], definitions=DEFINITIONS, environment={"X": "1"}, strict=strict)
    except PlatformError as error:
        return error
    return None


@SETTINGS
@given(data=st.binary(max_size=200))
def test_any_bytes(file: Path, data: bytes) -> None:
    check(file, data)


@SETTINGS
@given(text=st.text(alphabet="abo:-{}[]&*!?|>'\"%@`#,. \t\n$~<0159é\x85\u2028\x00", max_size=60))
def test_any_yaml_like_text(file: Path, text: str) -> None:
    check(file, text.encode())


@SETTINGS
@given(seed=st.sampled_from(SEEDS), data=st.data())
def test_a_file_with_a_line_changed(file: Path, seed: str, data: st.DataObject) -> None:
    lines = seed.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["delete", "double", "indent", "cut", "word"]))
    line = lines[index]
    if change == "delete":
        del lines[index]
    elif change == "double":
        lines.insert(index, line)
    elif change == "indent":
        lines[index] = f"  {line}"
    elif change == "cut":
        lines[index] = line[: data.draw(st.integers(0, len(line)))]
    else:
        lines[index] = f"{line.partition(':')[0]}: {data.draw(WORDS)}"
    check(file, "\n".join(lines).encode())


@SETTINGS
@given(data=st.data())
def test_the_production_file_with_a_value_replaced(file: Path, data: st.DataObject) -> None:
    document = yaml.safe_load(PRODUCTION)
    place: Any = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(VALUES)
    check(file, yaml.safe_dump(document, allow_unicode=True).encode())
