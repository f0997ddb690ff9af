"""Workspace of a command's runs: a project folder for the CLI and a PULUMI_HOME of its own, removed when the run ends.

The user's own PULUMI_HOME is never touched; its plugin folder is shared, but for a simulated run, which must not find
any real plugin.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platform_pulumi import temporary
from platform_pulumi.engine.file_backend import create_stack, url_of
from platform_pulumi.engine.processes import is_alive
from platform_pulumi.model.context import StackName
from platform_pulumi.plugins.environment import visible

#: As the CLI writes a stack's settings, and as we do.
_SALT = re.compile(r"""encryptionsalt"?: *"?(v1:[^"\s]+)""")
#: A run's folder names the process it belongs to, so that what a killed one left can be distinguished from one in use.
_PREFIX = "platform-run-"


@dataclass(frozen=True)
class Workspace:
    """Private folders of one engine's runs: `root` holds the private home and one folder a project."""

    root: Path
    toolchain: Path
    backend_url: str
    secrets: Mapping[str, str] = field(repr=False)
    simulated: bool
    caller: Mapping[str, str] = field(repr=False)

    @classmethod
    def create(
        cls,
        *,
        toolchain: Path,
        backend_url: str,
        secrets: Mapping[str, str],
        simulated: bool,
        plugins: Path | None,
        environment: Mapping[str, str],
    ) -> Workspace:
        """Create the folders, readable by the user alone.

        Raises:
            EngineError: they cannot be made.
        """
        with temporary.writing():
            _remove_abandoned()
            root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            home = root / "home"
            home.mkdir()
            if plugins is not None and not simulated and plugins.is_dir():
                (home / "plugins").symlink_to(plugins.absolute(), target_is_directory=True)
        return cls(root, toolchain, backend_url, dict(secrets), simulated, dict(environment))

    def remove(self) -> None:
        """Delete the folders."""
        shutil.rmtree(self.root, ignore_errors=True)

    @temporary.writing()
    def project(self, stack: StackName) -> Path:
        """Return the project folder of a stack, created on first use. JSON is YAML, so no writer is needed."""
        folder = self.root / stack.project / stack.name
        if not folder.is_dir():
            folder.mkdir(parents=True)
            project = {"name": stack.project, "runtime": "python", "description": "Written by platform-pulumi."}
            (folder / "Pulumi.yaml").write_text(json.dumps(project), encoding="utf-8")
        return folder

    def salt(self) -> str:
        """Return a salt that a CLI generated for one of the stacks; "" where there is none yet."""
        for file in sorted(self.root.glob("*/*/Pulumi.*.yaml")):
            with contextlib.suppress(OSError):
                found = _SALT.search(file.read_text(encoding="utf-8"))
                if found is not None:
                    return found[1]
        return ""

    @temporary.writing()
    def use_salt(self, stack: StackName, salt: str) -> None:
        """Set the salt of a new stack, so that its secrets are encrypted by a key that is derived already."""
        file = self.project(stack) / f"Pulumi.{stack.name}.yaml"
        file.write_text(json.dumps({"encryptionsalt": salt}), encoding="utf-8")

    @temporary.writing()
    def scratch(self, stack: StackName) -> str:
        """Return a scratch backend for the preview of a stack that does not exist yet; the real one is not touched."""
        folder = self.root / "scratch"
        with contextlib.suppress(FileExistsError):
            create_stack(folder, stack)
        return url_of(folder)

    def environment(self, debug_providers: str, backend_url: str | None = None) -> dict[str, str]:
        """Build the whole environment of a child: the caller's, or in a simulated run its neutral part, and ours."""
        caller = visible(self.caller) if self.simulated else self.caller
        own = {name: value for name, value in caller.items() if not name.startswith("PULUMI_")}
        token = self.caller.get("PULUMI_ACCESS_TOKEN")
        return {
            **own,
            **({"PULUMI_ACCESS_TOKEN": token} if token and not self.simulated else {}),
            **self.secrets,
            "PATH": os.pathsep.join([str(self.toolchain.parent), own.get("PATH", os.defpath)]),
            "PULUMI_HOME": str(self.root / "home"),
            "PULUMI_BACKEND_URL": backend_url or self.backend_url,
            "PULUMI_DEBUG_PROVIDERS": debug_providers,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
            "PULUMI_AUTOMATION_API": "true",
            # Makes the CLI take --event-log; the Automation API sets it for the same reason.
            "PULUMI_DEBUG_COMMANDS": "true",
            "NO_COLOR": "1",
        }


def _remove_abandoned() -> None:
    """Remove what runs of this user left that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(FileNotFoundError):  # another command was faster
            if pid.isdigit() and not is_alive(int(pid)) and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)
