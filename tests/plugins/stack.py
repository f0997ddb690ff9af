"""A stack on the real Pulumi CLI, with our provider servers: what the tests of this folder run programs with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import pulumi
from pulumi import automation as auto

from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults

PACKAGES = {
    "aws": "pulumi_aws",
    "eks": "pulumi_eks",
    "kubernetes": "pulumi_kubernetes",
    "platform": "",
    "mock": "",
}
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


@dataclass
class Stack(AbstractContextManager["Stack"]):
    """A stack `plugins/test` in a folder of its own; the provider servers run as long as the context."""

    folder: Path
    cli: Path
    cache: Path
    faults: Faults | None = None
    packages: Mapping[str, str] = field(default_factory=lambda: dict(PACKAGES))

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
        seen = Seen()
        self._select(program).preview(on_event=seen.event, on_error=lambda _: None)
        return seen

    def up(self, program: Program) -> Seen:
        """Apply a program."""
        seen = Seen()
        result = self._select(program).up(on_event=seen.event, on_error=lambda _: None, show_secrets=True)
        seen.outputs = {name: output.value for name, output in result.outputs.items()}
        return seen

    def refresh(self) -> Seen:
        """Read everything anew."""
        seen = Seen()
        self._select(lambda: None).refresh(on_event=seen.event)
        return seen

    def destroy(self) -> Seen:
        """Delete everything."""
        seen = Seen()
        self._select(lambda: None).destroy(on_event=seen.event, on_error=lambda _: None)
        return seen

    def _command(self) -> auto.PulumiCommand:
        link = self.folder / "cli" / "bin" / "pulumi"
        if not link.exists():
            link.parent.mkdir(parents=True)
            link.symlink_to(self.cli)
        return auto.PulumiCommand(root=str(self.folder / "cli"))

    def _select(self, program: Program) -> auto.Stack:
        backend = self.folder / "state"
        backend.mkdir(exist_ok=True)
        options = auto.LocalWorkspaceOptions(
            work_dir=str(self.folder),
            pulumi_home=str(self.folder / "home"),
            pulumi_command=self._command(),
            project_settings=auto.ProjectSettings(
                name="plugins", runtime="python", backend=auto.ProjectBackend(f"file://{backend}")
            ),
            env_vars={
                "PULUMI_CONFIG_PASSPHRASE": "test",
                "PULUMI_SKIP_UPDATE_CHECK": "1",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "PULUMI_DEBUG_PROVIDERS": self.host.debug_providers,
            },
        )
        return auto.create_or_select_stack("test", project_name="plugins", program=program, opts=options)


class Thing(pulumi.CustomResource):
    """Any resource by its token, without an SDK."""

    def __init__(
        self, token: str, name: str, inputs: Mapping[str, Any], reads: tuple[str, ...] = (), **options: Any
    ) -> None:
        super().__init__(token, name, {**dict.fromkeys(reads), **inputs}, pulumi.ResourceOptions(**options))

    def read(self, name: str) -> Any:
        """An output by the provider's name."""
        return vars(self)[name]
