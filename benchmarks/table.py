"""Writer of the page `docs/performance.md` from the results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HEAD = """# Performance

Written by `make bench` from `benchmarks/results/*.json`; do not edit. Every figure is the median of runs in turn with
what it is compared to, in one go: ratios are worth quoting, single times are not (machines are shared and noisy).
"""
_ENGINE = """
## Three-tier preview and up, from nothing

The production example on simulated plugins, beside bare Pulumi: inline programs that register the same resources
through the same plugins; the Automation API's own `Stack.preview()` for preview, the CLI's `preview` and then
`up --skip-preview` for up.
Wall and CPU seconds and peak memory are those of all processes together. `calls` is the strictest reading: the
platform's whole process beside what bare Pulumi spends in those calls alone, its own start, the plugins' and the making
of the stacks left out.

| | platform wall | bare calls | ratio to calls | bare wall | ratio | CPU ratio |
|---|---|---|---|---|---|---|
"""
_MEMORY = """
### Memory

The peak over all processes, in MiB. `taken` counts what several share (a binary, libraries) once, `resident` as often
as it is mapped.

| | platform taken | bare | ratio | platform resident | bare | ratio |
|---|---|---|---|---|---|---|
"""
_SCALE = """
## Scale

`up` from nothing of a cluster's platform on simulated plugins, with N applications of one service each and with one
application of N services, beside bare Pulumi (`preview`, then `up --skip-preview`, of each stack). `own CPU` are the
CPU seconds of all processes but the Pulumi CLIs: the platform's side. More stacks take more time in proportion. Within
one stack a resource takes the longer the more there are, here as in bare Pulumi: after each step its `file://` backend
writes the whole state anew. Memory grows in proportion; so does `own CPU`, but for the SDK's own waiting, which
looks at all that is open after each thing that is done.

| | platform s | bare s | ratio | platform own CPU s | bare | platform MiB taken | bare | ratio | resident ratio |
|---|---|---|---|---|---|---|---|---|---|
"""
_DOCKER = """
## Docker

The local example (database, queue, service, gateway) on a real daemon, from nothing to everything healthy, beside the
real Docker Compose with `platform export compose` of the same file; and a plan without changes. Compose waits for
Docker's own verdict on a container's health, which comes a whole interval after its start; `up` asks the same check at
once. A plan does not run the engine for a tier that is unchanged; with `--refresh` it runs for all three, and
looks at every container.

| | platform s | Docker Compose s | ratio | beside |
|---|---|---|---|---|
"""
_START = """
## Start-up

Milliseconds above `python -c pass`.

| command | above |
|---|---|
"""
_COMPILE = """
## Validate and compile

Copies of the production example's `api-service`, 40 a file, beside PyYAML's C `compose` of the same files.

| capabilities | compile s | compose s | ratio | µs each |
|---|---|---|---|---|
"""


def write_table(results: Path, page: Path) -> None:
    """Write the page from the available results."""
    text = _HEAD
    text += _section(results, "engine", _ENGINE, _engine_row)
    text += _section(results, "engine", _MEMORY, _memory_row)
    text += _section(results, "scale", _SCALE, _scale_row)
    text += _section(results, "docker", _DOCKER, _docker_row)
    text += _section(results, "start", _START, lambda r: f"| `{r['command']}` | {r['above_python_ms']:.0f} ms |")
    text += _section(results, "compile", _COMPILE, _compile_row)
    page.write_text(text, encoding="utf-8")


def _section(results: Path, name: str, head: str, row: Any) -> str:
    path = results / f"{name}.json"
    if not path.exists():
        return ""
    document = json.loads(path.read_text(encoding="utf-8"))
    return head + "".join(f"{line}\n" for line in _lines(document, row))


def _lines(document: dict[str, Any], row: Any) -> Iterator[str]:
    yield from (row(r) for r in document["rows"])
    yield f"\nMeasured {document['measured']}, Python {document['python']}, {document['processors']} processors, "
    yield f"{document['rounds']} round{'s' if document['rounds'] > 1 else ''}."


def _engine_row(row: dict[str, Any]) -> str:
    wall, cpu = row["wall"], row["cpu"]
    return (
        f"| {row['command']} | {wall['platform']:.2f} | {row['calls']['bare']:.2f} | **{row['calls']['ratio']:.2f}** "
        f"| {wall['bare']:.2f} | {wall['ratio']:.2f} | {cpu['ratio']:.2f} |"
    )


def _memory_row(row: dict[str, Any]) -> str:
    cells = (
        f"{row[kind]['platform']:.0f} | {row[kind]['bare']:.0f} | **{row[kind]['ratio']:.2f}**"
        for kind in ("memory", "resident")
    )
    return f"| {row['command']} | {' | '.join(cells)} |"


def _scale_row(row: dict[str, Any]) -> str:
    wall, own, memory = row["wall"], row["own"], row["memory"]
    return (
        f"| {row['size']} {row['kind']} | {wall['platform']:.1f} | {wall['bare']:.1f} | **{wall['ratio']:.2f}** "
        f"| {own['platform']:.1f} | {own['bare']:.1f} "
        f"| {memory['platform']:.0f} | {memory['bare']:.0f} | {memory['ratio']:.2f} | {row['resident']['ratio']:.2f} |"
    )


def _docker_row(row: dict[str, Any]) -> str:
    return (
        f"| {row['command']} | {row['platform']:.2f} | {row['docker']:.2f} | **{row['ratio']:.2f}** | {row['beside']} |"
    )


def _compile_row(row: dict[str, Any]) -> str:
    return (
        f"| {row['capabilities']:,} | {row['compile']:.3f} | {row['compose']:.3f} | **{row['ratio']:.2f}** "
        f"| {row['microseconds_each']:.0f} |"
    )
