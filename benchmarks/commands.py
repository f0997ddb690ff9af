"""Benchmarks of whole commands: start-up beside Python's own, preview and up beside bare Pulumi."""

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
from platform_pulumi.cli.request import Request
from platform_pulumi.engine import toolchain

PLATFORM = str(Path(sys.executable).with_name("platform"))


def start_up(example: Path, folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """Measure `platform --help` and `platform validate` minus `python -c pass`, in milliseconds."""
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
    """Measure a three-tier preview and up from nothing, beside bare Pulumi registering the same resources."""
    rows = []
    for verb in ("preview", "up"):
        measured = beside_bare(verb, example, folder, rounds)
        calls = {
            "bare": statistics.median(theirs.calls for _, theirs in measured),
            "ratio": statistics.median(ours.wall / theirs.calls for ours, theirs in measured),
        }
        rows.append({"command": verb, **figures(measured), "calls": calls})
    return rows


def beside_bare(
    verb: str, declaration: Path, folder: Path, rounds: int, *, warm: bool = True
) -> list[tuple[Cost, Cost]]:
    """Measure a verb from nothing, beside bare Pulumi with the same resources on the same plugins."""
    environment = _environment(folder)
    runs = folder / "runs.pickle"
    found = settings_module.read({**environment, "PLATFORM_HOME": str(folder / "recorded")}, folder)
    if not runs.exists():
        record(found, Request(files=(declaration,), simulate=True).task(), runs)
    command = [PLATFORM, verb, "-f", str(declaration), "--simulate", "--format", "json"]
    command += ["--yes"] if verb == "up" else []
    ours, theirs = _fresh_ours(command, folder, environment), _fresh_bare(verb, runs, folder, found)
    return _pairs(ours, theirs, rounds, warm=warm)


def figures(measured: Sequence[tuple[Cost, Cost]]) -> dict[str, Any]:
    """Compute the medians of each side, and the median of the ratios of those that ran in turn."""
    found = {}
    for figure in ("wall", "cpu", "own", "memory", "resident"):
        ours, theirs = ([getattr(pair[side], figure) for pair in measured] for side in (0, 1))
        found[figure] = {
            "platform": statistics.median(ours),
            "bare": statistics.median(theirs),
            "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        }
    return found


def _pairs(
    first: Callable[[int], Cost], second: Callable[[int], Cost], rounds: int, *, warm: bool = True
) -> list[tuple[Cost, Cost]]:
    """Run both in turn, after one warm-up of each; every run gets its number, to start from nothing."""
    if warm:
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
    tool = toolchain.find_cli(found)

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
