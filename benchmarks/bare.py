"""Baseline of bare Pulumi, in a process of its own: the Automation API on programs of the same resources.

    python -m benchmarks.bare preview|up RUNS WORLD

`preview` is the Automation API's own `Stack.preview()` of the three stacks. `up` is the CLI's `preview` and then
`up --skip-preview` of each. The provider servers are the same as ours and are started within the measurement.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
import time
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pulumi
from pulumi import automation
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from platform_pulumi import settings
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine.program import run_tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.sdk import scope
from platform_pulumi.sdk.run import TierRun


def main() -> None:
    """Run the baseline: the caller measures this process."""
    scope.as_output = _unmarked  # what we add is what is being measured, so bare Pulumi goes without it
    verb, runs_file, world = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    runs: dict[str, list[TierRun]] = pickle.loads(runs_file.read_bytes())
    packages = dict(serving.OWN)
    for name in {name for run in runs["preview"] for name in run.providers}:
        packages.update(serving.simulated(provider_definitions()[name]))
    found = settings.read(os.environ, Path.cwd())
    host = PluginHost(packages=packages, world=world, faults=None, simulated=True, cache=found.cache_dir)
    host.start()
    try:
        os.environ["PULUMI_DEBUG_PROVIDERS"] = host.debug_providers
        spent = 0.0
        for run in runs["preview"]:
            stack = _stack(run)
            started = time.perf_counter()
            if verb == "preview":
                stack.preview()
            else:
                _command(stack, run, "preview")
            spent += time.perf_counter() - started
        for run in runs["up"] if verb == "up" else ():
            stack = _stack(run)
            started = time.perf_counter()
            _command(stack, run, "up", "--yes", "--skip-preview")
            spent += time.perf_counter() - started
        world.with_name("calls").write_text(str(spent), encoding="utf-8")
    finally:
        host.stop()


def _unmarked(value: OutputValue, _source: str) -> pulumi.Output[Any]:
    """Convert an upstream value for bare Pulumi: unknown where it is, without the marker of its source."""
    if value.known:
        return pulumi.Output.secret(value.value) if value.secret else pulumi.Output.from_input(value.value)
    loop = asyncio.get_event_loop()
    futures_: list[asyncio.Future[Any]] = [loop.create_future() for _ in range(4)]
    for future, result in zip(futures_, (set(), None, False, value.secret), strict=True):
        future.set_result(result)
    return pulumi.Output(*futures_)


def _stack(run: TierRun) -> automation.Stack:
    project = automation.ProjectSettings(name=run.stack.project, runtime="python")
    options = automation.LocalWorkspaceOptions(project_settings=project)
    return automation.create_or_select_stack(
        run.stack.name, project_name=run.stack.project, program=lambda: run_tier(run), opts=options
    )


def _command(stack: automation.Stack, run: TierRun, *arguments: str) -> Any:
    """One CLI command with a language server, as `Stack.up()` calls it, without what that asks afterwards."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(lambda: run_tier(run)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        return stack._run_pulumi_cmd_sync([*arguments, f"--client=127.0.0.1:{port}", "--exec-kind", "auto.inline"])
    finally:
        server.stop(0)


if __name__ == "__main__":
    main()
