"""Cases side by side, each in a process of its own: an engine run waits more than it works."""

from __future__ import annotations

import atexit
import math
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import cache
from itertools import islice
from multiprocessing import get_context

from platform_pulumi.engine.language_host import LanguageHost
from tests.truth.case import Case, run_case


def run_all(seeds: Iterable[int], provider: str, changes: int, *, jobs: int, minutes: float = 0) -> Iterator[Case]:
    """Run seeds, in the order in which they end.

    Args:
        seeds: of the cases, as many as there is time for.
        provider: instead of each seed's own.
        changes: how many follow the first apply.
        jobs: how many side by side.
        minutes: after which none is begun any more; 0 for no end.
    """
    left = iter(seeds)
    end = time.monotonic() + 60 * minutes if minutes else math.inf
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        running: set[Future[Case]] = set()
        while True:
            if time.monotonic() < end:
                fresh = islice(left, jobs - len(running))
                running |= {pool.submit(run, seed, provider, changes) for seed in fresh}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def run(seed: int, provider: str, changes: int) -> Case:
    """Run a seed in this process, and take its time."""
    started = time.monotonic()
    case = run_case(seed, _programs(), provider=provider, length=changes)
    case.seconds = time.monotonic() - started
    return case


@cache
def _programs() -> LanguageHost:
    """The child process that runs the programs of all of this process's cases."""
    host = LanguageHost(dict(os.environ))
    atexit.register(host.close)
    return host
