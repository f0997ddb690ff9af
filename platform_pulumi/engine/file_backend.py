"""Checkpoint files of a `file://` backend, layout version 1 (Pulumi, `pkg/backend/diy`): one for each stack."""

from __future__ import annotations

import gzip
import json
import os
import stat
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from platform_pulumi.atomic_file import replace_file
from platform_pulumi.engine.locks import locked
from platform_pulumi.model.context import StackName

_VERSION = "version: 1\n"
#: The version of a checkpoint's own form (`apitype.DeploymentSchemaVersionCurrent`).
_CHECKPOINT = 3
#: What reading a file or document of another shape than expected raises.
MALFORMED = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError)
#: The first bytes of what is compressed.
_GZIP = b"\x1f\x8b"
#: Versions that can be read; 4 is 3 with a list of features.
_READABLE = (_CHECKPOINT, 4)


SCHEME = "file://"
#: What ends or escapes something in a URL.
_RESERVED = frozenset("%?#")


def url_of(root: Path) -> str:
    """Return the URL of a folder, as the CLI takes it: only what a URL cannot hold as it is is escaped."""
    name = str(root)
    return SCHEME + "".join(c if c.isprintable() and c not in _RESERVED else quote(os.fsencode(c)) for c in name)


def folder_of(url: str) -> Path:
    """Return the folder of a `file://` URL; `~` and relative ones as Pulumi takes them."""
    return Path(os.fsdecode(unquote_to_bytes(url.removeprefix(SCHEME)))).expanduser().absolute()


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
    path = folder / f"{stack.name}.json"
    with path.open("x", encoding="utf-8") as file:
        try:
            file.write(json.dumps(empty))
            file.flush()
        except OSError:
            path.unlink()  # half a checkpoint is a damaged one
            raise
    return True


def find_checkpoint(root: Path, stack: StackName) -> Path | None:
    """Return the path of a stack's checkpoint, compressed or not; None where there is none."""
    base = root / ".pulumi" / "stacks" / stack.project / stack.name
    return next((path for path in (Path(f"{base}.json"), Path(f"{base}.json.gz")) if path.exists()), None)


def read_checkpoint(path: Path) -> tuple[bytes, dict[str, Any]]:
    """Read a checkpoint: its path and its content.

    Raises:
        OSError, EOFError, zlib.error, ValueError: it is damaged.
    """
    data = path.read_bytes()
    document: dict[str, Any] = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    return data, document


def last_good(root: Path, stack: StackName) -> tuple[Path, Mapping[str, Any]] | None:
    """Return the newest copy of a stack's checkpoint that can be read, and its deployment; None where there is none.

    Pulumi keeps the one before each step beside it (`.bak`), and one of each update (`.pulumi/backups`).
    """
    base = root / ".pulumi"
    beside = (base / "stacks" / stack.project).glob(f"{stack.name}.json*.bak")
    copies = [*beside, *(base / "backups" / stack.project / stack.name).glob("*.json*")]
    for copy in sorted(copies, key=lambda path: path.stat().st_mtime, reverse=True):
        with suppress(*MALFORMED):
            data = copy.read_bytes()
            document = json.loads(gzip.decompress(data) if data.startswith(_GZIP) else data)
            return copy, recorded_deployment(document)
    return None


def recorded_deployment(document: Mapping[str, Any], member: str = "checkpoint") -> Mapping[str, Any]:
    """Return the deployment of a checkpoint, or of an export; empty where nothing was ever applied.

    Raises:
        KeyError, TypeError, ValueError: it is of another form, or of a version that is not known here.
    """
    if document["version"] not in _READABLE:
        message = f"it is of version {document['version']!r}"
        raise ValueError(message)
    found = document["checkpoint"].get("latest") if member == "checkpoint" else document[member]
    if found is not None and not isinstance(found, dict):
        message = f"its deployment is no object: {str(found)[:40]!r}"
        raise ValueError(message)
    return found or {}


def edit_checkpoint(root: Path, stack: StackName, change: Callable[[dict[str, Any]], bool]) -> bool:
    """Edit a recorded deployment under the stack's lock; False where there is none of a form that is known here.

    `pulumi stack import` could write it too, but forgets all that was under way.

    Raises:
        BusyError: somebody works on the stack.
        OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError: it is damaged, or not writable.
    """
    with locked(root, stack):
        path = find_checkpoint(root, stack)
        document = read_checkpoint(path)[1] if path is not None else {}
        if path is None or document["version"] != _CHECKPOINT:
            return False
        deployment = document["checkpoint"].get("latest") or {}
        if change(deployment) and deployment:
            document["checkpoint"]["latest"] = deployment
            mode = stat.S_IMODE(path.stat().st_mode)
            replace_file(Path(f"{path}.bak"), path.read_bytes(), mode=mode)  # as Pulumi keeps the one before
            data = json.dumps(document, separators=(",", ":")).encode()
            data = gzip.compress(data) if path.suffix == ".gz" else data
            replace_file(path, data, mode=mode, durable=True)
            Path(f"{path}.attrs").unlink(missing_ok=True)  # of what was there before
        return True
