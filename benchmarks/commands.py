"""Whole commands beside what they stand on: start-up beside Python's own, preview and up beside bare Pulumi."""

from __future__ import annotations

import dataclasses
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.processes import Cost, measure, measure_wall
from benchmarks.recorded import record
from platform_pulumi import settings as settings_module
from platform_pulumi.engine import toolchain
from platform_pulumi.operations.request import Request

PLATFORM = str(Path(sys.executable).with_name("platform"))


def start_up(example: Path, folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """`platform --help` and `platform validate` beside `python -c pass`: the difference, in milliseconds."""
    environment = _environment(folder)
    rows = []
    for name, command in (
        ("platform --help", [PLATFORM, "--help"]),
        ("platform validate", [PLATFORM, "validate", "-f", str(example)]),
    ):
        run = _runner(command, folder, environment)
        bare = _runner([sys.executable, "-c", "pass"], folder, environment)
        pairs = _pairs(run, bare, rounds)
        above = statistics.median(ours.wall - theirs.wall for ours, theirs in pairs)
        rows.append({"command": name, "above_python_ms": above * 1000})
    return rows


def engine(example: Path, folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """Three-tier preview and up from nothing, beside bare Pulumi registering the same resources on the same plugins."""
    environment = _environment(folder)
    runs = folder / "runs.pickle"
    found = settings_module.read({**environment, "PLATFORM_HOME": str(folder / "recorded")}, folder)
    request = Request(files=(example,), simulate=True)
    record(found, request, runs)
    rows = []
    for verb in ("preview", "up"):
        ours_command = [PLATFORM, verb, "-f", str(example), "--simulate", "--format", "json"]
        ours_command += ["--yes"] if verb == "up" else []
        pairs = _pairs(_fresh_ours(ours_command, folder, environment), _fresh_bare(verb, runs, folder, found), rounds)
        row: dict[str, Any] = {"command": verb}
        for figure in ("wall", "cpu", "memory", "resident"):
            ours = [getattr(a, figure) for a, _ in pairs]
            theirs = [getattr(b, figure) for _, b in pairs]
            row[figure] = {
                "platform": statistics.median(ours),
                "bare": statistics.median(theirs),
                "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
            }
        row["calls"] = {
            "bare": statistics.median(b.calls for _, b in pairs),
            "ratio": statistics.median(a.wall / b.calls for a, b in pairs),
        }
        rows.append(row)
    return rows


def _pairs(first: Callable[[int], Cost], second: Callable[[int], Cost], rounds: int) -> list[tuple[Cost, Cost]]:
    """Both in turn, after one warm-up of each; every run knows its number, to start from nothing."""
    first(-1), second(-1)
    return [(first(number), second(number)) for number in range(rounds)]


def _runner(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Callable[[int], Cost]:
    return lambda _: measure_wall(command, directory=folder, environment=environment)


def _fresh_ours(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Callable[[int], Cost]:
    def run(number: int) -> Cost:
        home = folder / f"ours-{command[1]}-{number}"
        return measure(command, directory=folder, environment={**environment, "PLATFORM_HOME": str(home)})

    return run


def _fresh_bare(verb: str, runs: Path, folder: Path, found: settings_module.Settings) -> Callable[[int], Cost]:
    tool = toolchain.find(found)

    def run(number: int) -> Cost:
        home = folder / f"bare-{verb}-{number}"
        state = home / "state"
        state.mkdir(parents=True)
        environment = {
            **_environment(folder),
            "PATH": os.pathsep.join([str(tool.path.parent), os.environ.get("PATH", os.defpath)]),
            "PULUMI_HOME": str(home / "pulumi"),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        command = [sys.executable, "-m", "benchmarks.bare", verb, str(runs), str(home / "world.sqlite")]
        cost = measure(command, directory=Path.cwd(), environment=environment)
        return dataclasses.replace(cost, calls=float((home / "calls").read_text(encoding="utf-8")))

    return run


def _environment(folder: Path) -> dict[str, str]:
    keep = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "TMPDIR")
    return {name: os.environ[name] for name in keep if name in os.environ} | {"PLATFORM_HOME": str(folder / "home")}
