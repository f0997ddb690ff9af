"""Where the time of a run goes: a table by folder, and tests that take longer than they may.

A test that runs the engine or Docker and takes more than `LIMIT` seconds fails the run, unless it is marked
`slow("why")`: what every run pays for has a reason.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

#: Seconds.
LIMIT = 20.0
BEGIN, END = "<!-- times: written by `make test` -->", "<!-- times: end -->"


@dataclass
class _Spent:
    tests: int = 0
    seconds: float = 0.0


@dataclass(eq=False)
class Timing:
    """Watches a run.

    Args:
        page: the page whose table is renewed at the end of the run, between its two marks; none where None.
        workers: how many processes run the tests.
    """

    page: Path | None
    workers: int
    _folders: dict[str, _Spent] = field(default_factory=lambda: defaultdict(_Spent))
    _late: list[str] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test's set-up, call and tear-down to its folder."""
        spent = self._folders[report.nodeid.partition("::")[0].rpartition("/")[0]]
        spent.seconds += report.duration
        if report.when != "call":
            return
        spent.tests += 1
        if report.duration > LIMIT and {"engine", "docker"} & set(report.keywords) and "slow" not in report.keywords:
            self._late.append(f"{report.nodeid}: {report.duration:.0f} s")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run where something took too long; renew the page where all went well."""
        if self._late and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.page is not None and session.exitstatus == pytest.ExitCode.OK:
            self.page.write_text(renewed(self.page.read_text(encoding="utf-8"), self.table()), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the time went, and what took too long."""
        terminalreporter.section("where the time goes")
        terminalreporter.write_line(self.table())
        for line in self._late:
            terminalreporter.write_line(f'TOO SLOW: {line}; make it faster, or mark it slow("why")', red=True)

    def table(self) -> str:
        """The folders, what takes longest first; seconds are those of all workers together."""
        total = sum(spent.seconds for spent in self._folders.values()) or 1.0
        rows = sorted(self._folders.items(), key=lambda row: -row[1].seconds)
        lines = ["| folder | tests | seconds | share |", "|---|---:|---:|---:|"]
        lines += [f"| `{name}` | {s.tests:,} | {s.seconds:.0f} | {s.seconds / total:.0%} |" for name, s in rows]
        tests = sum(spent.tests for spent in self._folders.values())
        lines.append(f"| all | {tests:,} | {total:.0f} | |")
        wall = time.monotonic() - self._began
        lines += ["", f"Together {wall:.0f} s with {self.workers} workers."]
        return "\n".join(lines)


def renewed(text: str, table: str) -> str:
    """The page with another table between its marks.

    Raises:
        ValueError: the marks are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = f"the page lacks {BEGIN!r} or {END!r}"
        raise ValueError(message)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def require_reasons(items: list[pytest.Item]) -> None:
    """Every mark `slow` says why.

    Raises:
        pytest.UsageError: one does not.
    """
    for item in items:
        for mark in item.iter_markers("slow"):
            if not (mark.args and isinstance(mark.args[0], str) and mark.args[0].strip()):
                message = f'{item.nodeid} is marked slow without a reason: slow("why")'
                raise pytest.UsageError(message)
