"""How tests are handed out, and what a run says of its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import lanes, timing
from tests.timing import Timing

PAGE = f"before\n{timing.BEGIN}\nan old table\n{timing.END}\nafter\n"


def report(nodeid: str, seconds: float, *marks: str) -> pytest.TestReport:
    return pytest.TestReport(nodeid, ("", 0, ""), dict.fromkeys(marks, 1), "passed", None, "call", duration=seconds)


class Session:
    """As much of a session as its end needs."""

    exitstatus = pytest.ExitCode.OK


def end(watching: Timing) -> int:
    session = Session()
    watching.pytest_sessionfinish(session)
    return session.exitstatus


def test_every_module_of_which_the_tests_stand_apart_is_there() -> None:
    assert lanes.missing() == []


@pytest.mark.parametrize("mark", ["engine", "docker"])
def test_a_run_fails_where_a_test_of_the_engine_takes_too_long_without_a_reason(mark: str) -> None:
    watching = Timing(None, 1)
    watching.pytest_runtest_logreport(report("tests/e2e/test_a.py::test_one", timing.LIMIT, mark))
    watching.pytest_runtest_logreport(report("tests/e2e/test_a.py::test_two", timing.LIMIT + 9, mark, "slow"))
    watching.pytest_runtest_logreport(report("tests/model/test_b.py::test_three", timing.LIMIT + 9))
    assert end(watching) == pytest.ExitCode.OK
    watching.pytest_runtest_logreport(report("tests/e2e/test_a.py::test_four", timing.LIMIT + 1, mark))
    assert end(watching) == pytest.ExitCode.TESTS_FAILED


def test_the_page_has_the_table_of_the_last_run_that_went_well(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    watching = Timing(page, 4)
    watching.pytest_runtest_logreport(report("tests/e2e/docker/test_a.py::test_one", 30, "docker", "slow"))
    watching.pytest_runtest_logreport(report("tests/model/test_b.py::test_two", 10))
    assert end(watching) == pytest.ExitCode.OK
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{timing.BEGIN}\n| folder | tests | seconds | share |\n")
    assert text.endswith(f"with 4 workers.\n{timing.END}\nafter\n")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == ["| `tests/e2e/docker` | 1 | 30 | 75% |", "| `tests/model` | 1 | 10 | 25% |"]
    watching.pytest_runtest_logreport(report("tests/e2e/test_a.py::test_one", 99, "engine"))
    end(watching)
    assert page.read_text(encoding="utf-8") == text, "a run that failed says nothing"


def test_a_page_without_the_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks"):
        timing.renewed("no marks here", "")
