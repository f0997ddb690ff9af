"""The generator for as long as one likes: `python -m tests.truth --count 1000`, or `--minutes 60`, or `--seed 17`.

Cases run side by side (`--jobs`). Progress on stderr, one line a case; at the end what was found, by kind, with the
seeds. The exit code is 1 where a mismatch is not among the known ones. Each finding is written whole, documents
included, to `--out`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from itertools import chain, islice
from pathlib import Path

from tests.truth import generator
from tests.truth.case import Case
from tests.truth.known import REGRESSIONS, is_known
from tests.truth.pool import run_all


def main() -> int:
    """Run cases until the count or the time is up; print the summary."""
    options = _options()
    fresh = chain(REGRESSIONS, range(options.first, sys.maxsize))
    seeds = [options.seed] if options.seed is not None else fresh
    count = options.count + len(REGRESSIONS) if options.count else None
    cases: list[Case] = []
    for case in run_all(
        islice(seeds, count), options.provider, options.changes, jobs=options.jobs, minutes=options.minutes
    ):
        cases.append(case)
        _progress(case)
        if options.out is not None and case.mismatches:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"{case.seed}.txt").write_text(case.report(), encoding="utf-8")
    if options.seed is not None:
        print(cases[0].report())
    return _summary(cases)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--count", type=int, default=0, help="how many fresh platforms, after the seeds that found something"
    )
    parser.add_argument("--minutes", type=float, default=0, help="how long")
    parser.add_argument("--seed", type=int, help="this one alone, printed with its documents")
    parser.add_argument(
        "--first", type=int, default=int(time.time()), help="the first seed; the clock's where left out"
    )
    parser.add_argument("--changes", type=int, default=2, help="how many changes follow the first apply")
    parser.add_argument("--provider", choices=generator.PROVIDERS, default="", help="instead of the seed's")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many side by side")
    parser.add_argument("--out", type=Path, help="folder for what is found")
    options = parser.parse_args()
    if options.seed is None and not options.count and not options.minutes:
        options.count = 30
    return options


def _progress(case: Case) -> None:
    kinds = Counter(mismatch.kind for mismatch in case.mismatches)
    refused = sum(bool(step.refused) for step in case.steps)
    actions = sum(step.actions for step in case.steps)
    found = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "true"
    print(
        f"{case.seed} {case.provider}: {actions} actions, {refused} refused, {case.seconds:.0f} s: {found}",
        file=sys.stderr,
    )


def _summary(cases: list[Case]) -> int:
    counts: Counter[str] = Counter()
    seeds: defaultdict[str, list[int]] = defaultdict(list)
    new = 0
    for case in cases:
        for mismatch in case.mismatches:
            counts[mismatch.kind] += 1
            new += not is_known(mismatch)
            if case.seed not in seeds[mismatch.kind]:
                seeds[mismatch.kind].append(case.seed)
    applied = [step for case in cases for step in case.steps if not step.refused]
    actions = sum(step.actions for step in applied)
    print(f"{len(cases)} platforms: {len(applied)} plans of them and of their changes applied, {actions} actions")
    for kind, count in counts.most_common():
        print(f"{count:6} {kind} (seeds {', '.join(map(str, seeds[kind][:8]))})")
    print(
        f"{new} mismatches" + (f", and {sum(counts.values()) - new} known ones" if sum(counts.values()) > new else "")
    )
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
