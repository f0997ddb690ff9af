"""A disk that fills up under the state of a simulated `up`, at some moment and to some size.

The state's folder is a small file system of its own; what stands for the cloud lies elsewhere, as the cloud does.
"""

from __future__ import annotations

import random
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.conftest import Project
from tests.storm.aftermath import Aftermath
from tests.storm.simulated import PLATFORM

#: Room that is left once the disk is full, in KiB: from none to more than a run holds back. Thirty sizes.
LEFT = (*range(0, 96, 8), *range(96, 480, 48), *range(480, 1440, 160), 1536, 2048, 2560, 3072)
#: A disk on which a run of this size may begin, and how much room is made afterwards, in KiB.
_SIZE, _LATER = 12_288, 65_536
_PATIENCE = 120.0


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small file system there.

    Raises:
        OSError, subprocess.CalledProcessError: this machine does not let us.
    """
    folder.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}k", "tmpfs", folder], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(project: Project, left: int, chance: random.Random) -> list[str]:
    """Fill the disk during an `up`, make room, go on; what was wrong with that."""
    project.file.write_text(PLATFORM, encoding="utf-8")
    (project.folder / "slow.yaml").write_text("latency: 600ms\n", encoding="utf-8")
    with small_disk(project.home / "simulated" / ".pulumi") as disk:
        words = _run_out(project, disk, left, chance.uniform(0.0, 4.0))
        after = Aftermath(project)
        faults = [] if "Traceback" not in words else [words]
        if "stopped" not in words and "applied" not in words:
            faults.append(f"it does not say how it ended:\n{words}")
        _make_room(disk)
        faults += after.go_on("up", "--simulate", "--yes", told=False)
        return [*faults, *after.wrong()]


def _run_out(project: Project, disk: Path, left: int, moment: float) -> str:
    """Start an `up`, leave so much room after that moment, and wait for its end; everything it said."""
    log = project.folder / "full.log"
    with log.open("wb") as stream:
        process = project.start("up", "--simulate-config", "slow.yaml", output=stream)
    deadline = time.monotonic() + _PATIENCE
    while not re.search(" applying", log.read_text(encoding="utf-8")) and process.poll() is None:
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.02)
    with suppress(subprocess.TimeoutExpired):
        process.wait(moment)
    _fill(disk, left)
    process.wait(_PATIENCE)
    return log.read_text(encoding="utf-8")


def _fill(disk: Path, left: int) -> None:
    """Write until there is no room, then give so much of it back."""
    with (disk / "filler").open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(bytes(4096)):
                pass
        file.truncate(max(0, file.tell() - left * 1024))


def _make_room(disk: Path) -> None:
    (disk / "filler").unlink()
    subprocess.run(["mount", "-o", f"remount,size={_LATER}k", disk], check=True)
