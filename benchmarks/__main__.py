"""Benchmark runner: `python -m benchmarks [--rounds N] [start|compile|engine|scale|docker ...]`."""

from __future__ import annotations

import argparse
import json
import os
import platform as machine
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import commands, compiling, docker, scale
from benchmarks.table import write_table

#: A round of `scale` takes a quarter of an hour, and what is noise elsewhere is nothing beside such runs.
MOST_ROUNDS = {"scale": 1}
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "platform-production.yaml"
LOCAL = ROOT / "examples" / "platform-local-dev.yaml"
PARTS = ("start", "compile", "engine", "scale", "docker")


def main() -> None:
    """Run the requested parts; results of the others stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=7, help="counted runs of each side")
    arguments = parser.parse_args()
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    for part in arguments.parts:
        print(f"measuring {part} ...", flush=True)
        rounds = min(arguments.rounds, MOST_ROUNDS.get(part, arguments.rounds))
        with tempfile.TemporaryDirectory(prefix="platform-bench-") as folder:
            rows = _measure(part, Path(folder), rounds)
        document = {**_when(), "rounds": rounds, "rows": rows}
        (results / f"{part}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    write_table(results, ROOT / "docs" / "performance.md")


def _measure(part: str, folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    if part == "compile":
        return compiling.measure(folder, rounds)
    if part == "start":
        return commands.start_up(EXAMPLE, folder, rounds)
    if part == "scale":
        return scale.measure(folder, rounds)
    if part == "docker":
        return docker.measure_docker(LOCAL, folder, rounds)
    return commands.engine(EXAMPLE, folder, rounds)


def _when() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"measured": now, "python": machine.python_version(), "processors": os.cpu_count()}


main()
