"""Docker Compose v2: the machine's own, else one built from its Go module and kept."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bed import tools
from tests.bed.recipes import FILES

_MODULE = "github.com/docker/compose/v2"


def ensure() -> list[str]:
    """The command that runs Docker Compose v2."""
    if shutil.which("docker"):
        done = subprocess.run(["docker", "compose", "version", "--short"], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip().removeprefix("v").startswith("2."):
            return ["docker", "compose"]
    target = tools.cache_dir() / f"docker-compose-{version()}"
    if not target.exists():
        with tools.alone("compose"):
            if not target.exists():
                _build(target)
    return [str(target)]


def version() -> str:
    """The version that is built here: what the module asks for."""
    found = re.search(rf"{re.escape(_MODULE)} (v\S+)", (FILES / "compose" / "go.mod").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def _build(target: Path) -> None:
    print(f"docker-bed: building Docker Compose {version()} from its Go module (about 2 minutes) ...", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as folder:
        made = Path(folder) / "docker-compose"
        stamp = f"-X {_MODULE}/internal.Version={version()}"
        tools.go_build("compose", f"{_MODULE}/cmd", made, stamp=stamp)
        made.replace(target)
    print(f"docker-bed: built Docker Compose ({time.monotonic() - began:.0f} s)", flush=True)
