from __future__ import annotations

import gc
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from platform_pulumi.cli.display import display
from platform_pulumi.cli.progress import PlainDisplay, elapsed
from platform_pulumi.model.plan import Action
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations.events import (
    Message,
    Progress,
    ResourceChanged,
    ResourceProgress,
    TierFinished,
    TierStarted,
)
from platform_pulumi.operations.ports import Observer

#: A run that a real display watches: two tiers, one of them with another application beside it, and a failure.
RUN = """
import sys, time
from platform_pulumi.cli.display import display
from platform_pulumi.cli.session import detect
from platform_pulumi.model.tier import Tier, TierKey
from tests.cli import samples
from tests.cli.test_progress import drive
shown = display(live=detect().live)
try:
    shown.prepare(samples.from_nothing())
    drive(shown, pause=lambda: time.sleep(0.15))
finally:
    shown.close()
print("rich" in sys.modules)
"""


def drive(observer: Observer, pause: Callable[[], None] = lambda: None) -> None:
    """An apply of two tiers, the second of which fails."""
    kind = "aws:eks/nodeGroup:NodeGroup"

    def step(tier: Tier, action: Action, name: str, state: Progress) -> None:
        observer(ResourceChanged(TierKey(tier), ResourceProgress(action, "c", name, kind, state)))
        pause()

    observer(Message("a plugin is\x1b[2J fetched"))
    observer(TierStarted(TierKey(Tier.INFRASTRUCTURE), "applying", Range.exactly(2)))
    for name, action in (("vpc", Action.CREATE), ("cluster", Action.UPDATE), ("same", Action.NO_OP)):
        step(Tier.INFRASTRUCTURE, action, name, Progress.STARTED)
        step(Tier.INFRASTRUCTURE, action, name, Progress.DONE)
    observer(TierFinished(TierKey(Tier.INFRASTRUCTURE), False))
    observer(TierStarted(TierKey(Tier.SHARED_PRIMITIVES), "applying", None))
    step(Tier.SHARED_PRIMITIVES, Action.CREATE, "db", Progress.STARTED)
    observer(Message("while it works"))
    step(Tier.SHARED_PRIMITIVES, Action.CREATE, "db", Progress.FAILED)
    observer(TierFinished(TierKey(Tier.SHARED_PRIMITIVES), True))


def test_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    drive(PlainDisplay())
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.rsplit(",", 1)[0] for line in err.splitlines()] == [
        "a plugin is\\x1b[2J fetched",
        "1 infrastructure  applying",
        "1 infrastructure      1/2  created vpc (aws:eks/nodeGroup:NodeGroup)",
        "1 infrastructure      2/2  changed cluster (aws:eks/nodeGroup:NodeGroup)",
        "1 infrastructure  applied, 2 resources",
        "2 shared_primitives  applying",
        "while it works",
        "2 shared_primitives        0  FAILED creating db (aws:eks/nodeGroup:NodeGroup)",
        "2 shared_primitives  failed after 0 resources",
    ]


def test_a_preview_is_a_line_for_each_tier(capsys: pytest.CaptureFixture[str]) -> None:
    shown = PlainDisplay()
    shown(TierStarted(TierKey(Tier.APPLICATION, "api"), "previewing", Range.exactly(1)))
    shown(
        ResourceChanged(TierKey(Tier.APPLICATION, "api"), ResourceProgress(Action.CREATE, "c", "n", "t", Progress.DONE))
    )
    shown(TierFinished(TierKey(Tier.APPLICATION, "api"), False))
    assert capsys.readouterr().err.startswith("3 application/api  previewed, 0.")


def test_garbage_is_looked_for_from_the_first_tier_on() -> None:
    gc.disable()
    try:
        shown = display(live=False)
        shown(Message("a plugin is fetched"))
        assert not gc.isenabled()
        shown(TierStarted(TierKey(Tier.APPLICATION, "api"), "previewing", None))
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()


def test_a_recovery_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shown = PlainDisplay()
    shown(TierStarted(TierKey(Tier.APPLICATION, "api"), "recovering", None))
    shown(TierFinished(TierKey(Tier.APPLICATION, "api"), failed=False))
    begun, ended = capsys.readouterr().err.splitlines()
    assert begun == "3 application/api  recovering"
    assert ended.startswith("3 application/api  recovered, 0.")


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.04, "0.0 s"), (4.12, "4.1 s"), (59.96, "60.0 s"), (60, "1m00s"), (3723, "62m03s")]
)
def test_elapsed(seconds: float, expected: str) -> None:
    assert elapsed(seconds) == expected


def on_terminal(environment: Mapping[str, str]) -> str:
    """What a run writes to a terminal of its own."""
    controller, terminal = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", RUN],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COLUMNS": "140", **environment},
        ) as process:
            os.close(terminal)
            written = b""
            while chunk := _read(controller):
                written += chunk
        assert process.returncode == 0, written
    finally:
        os.close(controller)
    return written.decode()


def _read(controller: int) -> bytes:
    try:
        return os.read(controller, 65536)
    except OSError:  # Linux says so when the other side of the terminal is closed
        return b""


def test_a_terminal_gets_a_display_that_moves_and_is_left_as_it_was() -> None:
    written = on_terminal({"TERM": "xterm-256color", "NO_COLOR": "", "CI": ""})
    assert "━" in written, "a bar was drawn"
    assert "creating vpc (aws:eks/nodeGroup:NodeGroup)" in written
    assert "3 application/api" in written
    assert "waiting" in written
    assert "1 infrastructure  applied, 2 resources" in written
    assert "2 shared_primitives  failed after 0 resources" in written
    assert "while it works" in written
    assert "\x1b[2J" not in written
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l"), "the cursor is shown again"
    assert written.rstrip().endswith("True")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"CI": "true"}])
def test_plain_lines_where_they_are_asked_for_and_rich_is_never_loaded(environment: Mapping[str, str]) -> None:
    written = on_terminal({"TERM": "xterm", "NO_COLOR": "", "CI": "", **environment})
    assert "1 infrastructure      1/2  created vpc" in written
    assert "\x1b" not in written
    assert written.rstrip().endswith("False")


def test_a_total_that_is_not_certain_is_a_range(capsys: pytest.CaptureFixture[str]) -> None:
    shown, key = PlainDisplay(), TierKey(Tier.SHARED_PRIMITIVES)
    shown(TierStarted(key, "applying", Range(1, 3)))
    shown(ResourceChanged(key, ResourceProgress(Action.UPDATE, "c", "db", "aws:rds/instance:Instance", Progress.DONE)))
    shown(TierFinished(key, failed=True))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "2 shared_primitives  applying, 1-3 resources"
    assert lines[1].endswith("1 of 1-3  changed db (aws:rds/instance:Instance)")
    assert lines[2].startswith("2 shared_primitives  failed after 1 of 1-3 resources, ")
