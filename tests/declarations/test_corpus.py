"""Hundreds of files that are wrong in one way each, and what is told of them, word for word.

`corpus/good.yaml` is right, and sets nearly every field. A case of `corpus/NAME.txt` is an edit of it, written as in a
diff (`- what stands there once`, `+ what stands there instead`), and below it the problems, each with line and column.
Rewritten with `pytest tests/declarations --update-cases`, and then read before they are committed.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from platform_pulumi import catalog
from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.platform import Platform
from platform_pulumi.sdk.provider import ProviderDefinition
from tests.reading import load_files

CORPUS = Path(__file__).parent / "corpus"
GOOD = (CORPUS / "good.yaml").read_text(encoding="utf-8")


class Case(NamedTuple):
    """Edits of the good file, and what is told of it."""

    edits: tuple[tuple[str, str], ...]
    verdict: str

    @property
    def written(self) -> str:
        lines = []
        for old, new in self.edits:
            lines += [f"- {line}".rstrip() for line in old.split("\n")]
            lines += [f"+ {line}".rstrip() for line in new.split("\n")]
        return "\n".join(lines)

    @property
    def text(self) -> str:
        text = GOOD
        for old, new in self.edits:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in good.yaml"
            text = text.replace(old, new)
        return text


def cases(path: Path) -> Iterator[Case]:
    """The cases of a file, which blank lines part."""
    for block in path.read_text(encoding="utf-8").strip("\n").split("\n\n"):
        edits: list[tuple[str, str]] = []
        verdict = []
        old: list[str] = []
        new: list[str] = []
        for line in block.split("\n"):
            if line.startswith("-"):
                if new:
                    edits.append(("\n".join(old), "\n".join(new)))
                    old, new = [], []
                old.append(line[2:])
            elif line.startswith("+"):
                new.append(line[2:])
            else:
                verdict.append(line)
        edits.append(("\n".join(old), "\n".join(new)))
        yield Case(tuple(edits), "\n".join(verdict))


def told(file: Path) -> str:
    """What is told of a file; of one that is taken, its warnings."""
    try:
        loaded: Platform | None = read(file)
    except PlatformError as error:
        problems = error.problems
    else:
        assert loaded is not None
        problems = loaded.warnings
        assert problems, "nothing is said of it"
    lines = []
    for problem in problems:
        at = problem.position
        assert at is not None
        assert at.file == str(file)
        kind = "warning " if problem.warning else ""
        lines.append(f"  {at.line}:{at.column} {kind}{problem.code} {problem.summary}: {problem.detail}")
        lines.extend(f"    also {place.line}:{place.column}" for place in problem.also)
    text = "\n".join(lines).replace(f"{file}:", "line ")
    # A new capability type is no reason to write them anew.
    return text.replace(listed(CAPABILITY_TYPES, limit=20), "<the capability types>")


def read(file: Path) -> Platform:
    return load_files([file], definitions=definitions(), environment={}, strict=False)


@functools.cache
def definitions() -> Mapping[str, ProviderDefinition]:
    return catalog.provider_definitions()


#: A case that is dropped by mistake shows.
LEAST = 700
#: So long may a whole file take: a hundred times what it does.
SECONDS = 2
FILES = sorted(CORPUS.glob("*.txt"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "platform.yaml"


def test_the_good_file_is_good(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    assert [problem.code for problem in read(file).warnings] == []


def test_no_case_stands_twice() -> None:
    texts = [case.text for path in FILES for case in cases(path)]
    assert len(set(texts)) == len(texts)
    assert len(texts) >= LEAST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_told(path: Path, file: Path, request: pytest.FixtureRequest) -> None:
    found = []
    for case in cases(path):
        file.write_text(case.text, encoding="utf-8")
        started = time.monotonic()
        found.append(f"{case.written}\n{told(file)}")
        assert time.monotonic() - started < SECONDS, case.written
    text = "\n\n".join(found) + "\n"
    if request.config.getoption("--update-cases", default=False):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
