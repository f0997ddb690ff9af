"""The layout of a `file://` backend, version 1 (Pulumi, `pkg/backend/diy`): one checkpoint a stack, by project."""

from __future__ import annotations

import json
from pathlib import Path

from platform_pulumi.model.context import StackName

_VERSION = "version: 1\n"


def create_stack(root: Path, stack: StackName) -> bool:
    """Write the checkpoint of a new, empty stack, as `pulumi stack init` does; False where the layout is another one.

    A CLI start and the derivation of a key are saved for each stack; the key is derived when the first secret is.

    Raises:
        OSError: the backend cannot be written.
        FileExistsError: the stack exists.
    """
    meta = root / ".pulumi" / "meta.yaml"
    if not meta.exists():
        if (root / ".pulumi" / "stacks").is_dir():
            return False  # the layout before version 1: its stacks know no projects
        meta.parent.mkdir(parents=True, exist_ok=True)
        meta.write_text(_VERSION, encoding="utf-8")
    elif meta.read_text(encoding="utf-8").strip() != _VERSION.strip():
        return False
    folder = root / ".pulumi" / "stacks" / stack.project
    folder.mkdir(parents=True, exist_ok=True)
    empty = {"version": 3, "checkpoint": {"stack": stack.qualified(), "latest": None}}
    with (folder / f"{stack.name}.json").open("x", encoding="utf-8") as file:
        json.dump(empty, file)
    return True
