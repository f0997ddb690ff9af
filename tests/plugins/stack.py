"""A stack on the real Pulumi CLI, with our provider servers: what the tests of this folder run programs with."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pulumi
from pulumi import automation as auto

from components.aws import DEFINITION as AWS
from components.mock import DEFINITION as MOCK
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.serving import ServedPackage

PACKAGES = {**serving.OWN, **serving.simulated(AWS), **serving.simulated(MOCK)}
Program = Callable[[], None]


@dataclass
class Seen:
    """What the engine said of one run: `ops` by logical name, the keys that changed, what forced a replacement."""

    ops: dict[str, str] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    replaced_for: dict[str, list[str]] = field(default_factory=dict)
    new: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def event(self, event: auto.EngineEvent) -> None:
        """Take note of an event."""
        if event.resource_pre_event is not None:
            about = event.resource_pre_event.metadata
            name = about.urn.rpartition("::")[2]
            self.ops[name] = str(about.op.value)
            if about.detailed_diff:
                self.changed[name] = sorted(about.detailed_diff)
            if about.keys:
                self.replaced_for[name] = list(about.keys)
            if about.new is not None:
                self.new[name] = about.new.inputs
        outputs = event.res_outputs_event
        if outputs is not None and outputs.metadata.type == "pulumi:pulumi:Stack" and outputs.metadata.new is not None:
            self.outputs = dict(outputs.metadata.new.outputs)

    @property
    def actions(self) -> dict[str, str]:
        """The operations that change something, without the stack itself."""
        return {name: op for name, op in self.ops.items() if op != "same" and not re.match(r"^(plugins|test)-", name)}


class EngineFailedError(Exception):
    """The engine failed; its words."""


class Worker:
    """A process that runs programs: the SDK's inline programs leave threads and event loops behind when they fail."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def run(self, job: Job) -> Seen:
        """Run one engine command.

        Raises:
            EngineFailedError: the engine failed.
        """
        self._connection.send(job)
        answer = self._connection.recv()
        if isinstance(answer, str):
            raise EngineFailedError(answer)
        assert isinstance(answer, Seen)
        return answer

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()


@dataclass(frozen=True)
class Job:
    """One engine command on the stack `plugins/test` whose state lies in a folder; `program` can be pickled."""

    verb: str
    program: Program
    folder: Path
    cli: Path
    debug_providers: str


@dataclass
class Stack(AbstractContextManager["Stack"]):
    """A stack in a folder of its own; the provider servers run as long as the context."""

    folder: Path
    cli: Path
    cache: Path
    worker: Worker
    faults: Faults | None = None
    packages: Mapping[str, ServedPackage] = field(default_factory=lambda: dict(PACKAGES))

    @property
    def world(self) -> Path:
        """The simulated world's file."""
        return self.folder / "world.sqlite"

    def __enter__(self) -> Stack:
        self.host = PluginHost(self.packages, self.world, self.faults, simulated=True, cache=self.cache)
        self.host.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.host.stop()

    def preview(self, program: Program) -> Seen:
        """Preview a program."""
        return self._run("preview", program)

    def up(self, program: Program) -> Seen:
        """Apply a program."""
        return self._run("up", program)

    def refresh(self) -> Seen:
        """Read everything anew."""
        return self._run("refresh", nothing)

    def destroy(self) -> Seen:
        """Delete everything."""
        return self._run("destroy", nothing)

    def _run(self, verb: str, program: Program) -> Seen:
        return self.worker.run(Job(verb, program, self.folder, self.cli, self.host.debug_providers))


def nothing() -> None:
    """A program without resources."""


def _work(connection: Any) -> None:
    stacks: dict[Path, auto.Stack] = {}
    while True:
        job: Job = connection.recv()
        try:
            connection.send(_do(job, stacks))
        except auto.errors.CommandError as error:
            connection.send(str(error))


def _do(job: Job, stacks: dict[Path, auto.Stack]) -> Seen:
    stack = stacks[job.folder] = _stack(job, stacks.get(job.folder))
    seen = Seen()
    quiet: dict[str, Any] = {"on_event": seen.event, "on_error": lambda _: None}
    if job.verb == "up":
        result = stack.up(**quiet, show_secrets=True)
        seen.outputs = {name: output.value for name, output in result.outputs.items()}
    else:
        getattr(stack, job.verb)(**quiet)
    return seen


def _stack(job: Job, known: auto.Stack | None) -> auto.Stack:
    if known is None:
        link = job.folder / "cli" / "bin" / "pulumi"
        link.parent.mkdir(parents=True)
        link.symlink_to(job.cli)
        backend = job.folder / "state"
        backend.mkdir()
        project = auto.ProjectSettings("plugins", runtime="python", backend=auto.ProjectBackend(f"file://{backend}"))
        options = auto.LocalWorkspaceOptions(
            work_dir=str(job.folder),
            pulumi_home=str(job.folder / "home"),
            pulumi_command=auto.PulumiCommand(root=str(job.folder / "cli")),
            project_settings=project,
            env_vars={
                "PULUMI_CONFIG_PASSPHRASE": "test",
                "PULUMI_SKIP_UPDATE_CHECK": "1",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            },
        )
        known = auto.create_or_select_stack("test", project_name="plugins", program=job.program, opts=options)
    known.workspace.program = job.program
    known.workspace.env_vars["PULUMI_DEBUG_PROVIDERS"] = job.debug_providers
    return known


class Thing(pulumi.CustomResource):
    """Any resource by its token, without an SDK."""

    def __init__(
        self, token: str, name: str, inputs: Mapping[str, Any], reads: tuple[str, ...] = (), **options: Any
    ) -> None:
        super().__init__(token, name, {**dict.fromkeys(reads), **inputs}, pulumi.ResourceOptions(**options))

    def read(self, name: str) -> Any:
        """An output by the provider's name."""
        return vars(self)[name]
