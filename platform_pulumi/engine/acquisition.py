"""Acquisition of the Pulumi CLI: by the SDK's installer, else by a build from its Go module (docs/adr/0003).

`python -m platform_pulumi.engine.acquisition` is what `make cli` runs. Whatever is had lies in this user's cache under
its version, complete or not at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from platform_pulumi import settings as settings_module
from platform_pulumi.engine.toolchain import CACHE, NEWEST, Toolchain, Version, find_cli, format_version
from platform_pulumi.errors import EngineError
from platform_pulumi.model.secrecy import masked
from platform_pulumi.settings import Settings

#: The Go module the CLI is built from: `tools/pulumi` in a checkout, the same files within the wheel.
MODULE = Path(__file__).parent / "pulumi_cli"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
#: From 1.21 on, Go fetches by itself the version that a module asks for.
MINIMUM_GO = (1, 21)

Progress = Callable[[str], None]
#: Puts the CLI of a version into a folder and says whether it could.
Download = Callable[[Path, Version, Progress], bool]

_DOWNLOAD_SECONDS = 600
#: The SDK's installer, in a process of its own: it knows no timeout, and its host may not be reachable.
_SDK_INSTALLER = """
import socket, sys
socket.setdefaulttimeout(10)
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


def install(settings: Settings, progress: Progress, *, downloading: Download | None = None) -> Toolchain:
    """Return a supported CLI; download or build it where there is none, or only an older one of our own.

    Args:
        settings: where it is looked for and kept.
        progress: called with whole lines.
        downloading: what is tried before a build; `download` where None.

    Raises:
        EngineError: it can neither be downloaded nor built here, and there is none.
    """
    there: Toolchain | None = None
    with contextlib.suppress(EngineError):
        there = find_cli(settings)
        if there.source != CACHE or there.version == format_version(NEWEST):
            return there
    try:
        obtain(settings, NEWEST, MODULE, progress, downloading=downloading)
    except EngineError as error:
        if there is None:
            raise
        progress(f"{error.summary}: {error.detail} The one of before stays: {there.version}.")
    return find_cli(settings)


def obtain(
    settings: Settings, version: Version, module: Path, progress: Progress, *, downloading: Download | None = None
) -> Path:
    """Return the CLI of a version from the user's cache, got as `install` does; `module` is a Go module that pins it.

    Two that run at once wait for each other; what is half done never looks done.

    Raises:
        EngineError: it can neither be downloaded nor built here.
    """
    target = settings.cache_dir / "pulumi" / f"v{format_version(version)}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "bin" / "pulumi").exists():
            with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as folder:
                made = Path(folder) / "pulumi"
                if not (downloading or download)(made, version, progress):
                    _build(made, version, module.resolve(), settings, progress)
                made.rename(target)
    return target / "bin" / "pulumi"


def go_version(settings: Settings) -> str | None:
    """Return Go's version ("1.26.8"), None where there is no Go on PATH."""
    go = shutil.which("go", path=_search_path(settings))
    if go is None:
        return None
    done = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip().removeprefix("go") or None


def download(target: Path, version: Version, progress: Progress) -> bool:
    """Have the SDK's installer put the CLI into `target`; False where it cannot."""
    progress(f"Downloading the Pulumi CLI {format_version(version)} with the SDK's installer ...")
    command = [sys.executable, "-P", "-c", _SDK_INSTALLER, str(target), format_version(version)]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=_DOWNLOAD_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        progress(f"It cannot be downloaded here ({_reason(error)}).")
        return False
    return (target / "bin" / "pulumi").exists()


def _search_path(settings: Settings) -> str:
    return os.pathsep.join(map(str, settings.path))


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = [line for line in error.stderr.decode(errors="replace").splitlines() if line.strip()]
        # A proxy's address may hold a password.
        return masked(lines[-1].strip()) if lines else f"exit {error.returncode}"
    return "it took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)


def _build(target: Path, version: Version, module: Path, settings: Settings, progress: Progress) -> None:
    """Build the CLI from the Go module in a folder into `target`."""
    _require_go(settings, module)
    progress(
        f"Building the Pulumi CLI {format_version(version)} from its Go module (2-6 minutes, once for this user) ..."
    )
    stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{format_version(version)}"
    command = ["go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-v", "-ldflags", f"-s -w {stamp}"]
    command += ["-o", str(target / "bin" / "pulumi"), PACKAGE]
    # Without cgo no C compiler is needed, and the binary runs on any Linux.
    environment = {**settings.environment, "CGO_ENABLED": "0"}
    lines = []
    with subprocess.Popen(
        command, cwd=module, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            for count, line in enumerate(process.stderr, start=1):
                lines.append(line)
                if count % 400 == 0:
                    progress(f"  {count} modules and packages ...")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        words = "".join(line for line in lines[-20:] if not line.startswith("go: downloading"))
        raise EngineError("The Pulumi CLI cannot be built", f"`go build` in {module} failed:\n{masked(words.strip())}")


def _require_go(settings: Settings, module: Path) -> None:
    version = go_version(settings)
    numbers = re.match(r"(\d+)\.(\d+)", version or "")
    if numbers is not None and (int(numbers[1]), int(numbers[2])) >= MINIMUM_GO:
        return
    found = f"Go {version} is too old for it" if version else "there is no Go here"
    asked = re.search(r"^go (\S+)$", (module / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = asked[1] if asked else format_version((*MINIMUM_GO, 0))
    detail = (
        f"It can be built from its Go module, but {found}. Install Go {wanted} or newer (Debian 12's own package is "
        "too old), or install the Pulumi CLI yourself and have it on PATH."
    )
    raise EngineError("The Pulumi CLI can be neither downloaded nor built", detail)


def main() -> None:
    """Find or get the CLI and print where it is: what the Makefile calls."""
    found = install(settings_module.read(os.environ, Path.cwd()), lambda line: print(line, file=sys.stderr))
    print(f"Pulumi CLI {found.version} ({found.source}): {found.path}")


if __name__ == "__main__":
    try:
        main()
    except EngineError as error:
        sys.exit(f"{error.summary}\n{error.detail}")
