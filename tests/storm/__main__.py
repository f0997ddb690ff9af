"""A kill storm for as long as one likes: `python -m tests.storm --count 200`, or `--seed 7` for the same chances again.

Several storms run side by side (`--jobs`), each on a platform of its own. A line on stderr for each kill. The exit code
is 1 where something was lost, doubled or left unsaid; that storm ends there, and its folder stays.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.e2e.conftest import Project
from tests.storm.simulated import Kill, Storm


def main() -> int:
    """Kill so many commands; print each kill and what was wrong after it."""
    options = _options()
    shares = [options.count // options.jobs + (job < options.count % options.jobs) for job in range(options.jobs)]
    with ThreadPoolExecutor(options.jobs) as pool:
        storms = pool.map(_storm, range(options.seed, options.seed + options.jobs), shares)
        kills = [kill for storm in storms for kill in storm]
    wrong = [kill for kill in kills if kill.faults]
    print(f"{sum(kill.killed for kill in kills)} of {len(kills)} commands were killed, {len(wrong)} went wrong")
    return 1 if wrong or len(kills) < options.count else 0


def _storm(seed: int, count: int) -> list[Kill]:
    folder = Path(tempfile.mkdtemp(prefix=f"storm-{seed}-"))
    return list(_kills(Storm(Project(folder), random.Random(seed)), seed, count))


def _kills(storm: Storm, seed: int, count: int) -> Iterator[Kill]:
    for _ in range(count):
        kill = storm.kill_one()
        print(f"{seed} {kill}", file=sys.stderr, flush=True)
        yield kill
        if kill.faults:
            print(f"{seed} stays in {storm.project.folder}", file=sys.stderr, flush=True)
            return


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many kills")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="of the first storm; the clock's if left out"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many storms side by side")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
