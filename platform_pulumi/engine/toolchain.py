"""The Pulumi CLI: which one is used, and how one is had where there is none (docs/adr/0003).

Looked for in `PULUMI_HOME`, on `PATH`, among the SDK's own installations, and in this user's cache. Starting the CLI
costs 0.17 s, so a binary's version is remembered by its path, size and time. Had by the SDK's installer, else by a
build from the Go module beside this file, whose versions are pinned by a go.sum.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from platform_pulumi import settings as settings_module
from platform_pulumi.errors import EngineError
from platform_pulumi.settings import Settings

#: What this version of the platform is tested with, and what is installed where there is none.
TESTED = (3, 259, 0)
#: About a year of releases before `TESTED`; older ones are passed over. The SDK itself asks for 3.1.0.
MINIMUM = (3, 200, 0)

#: The Go module the CLI is built from: `tools/pulumi` in a checkout, the same files within the wheel.
MODULE = Path(__file__).parent / "pulumi_cli"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
#: From 1.21 on, Go fetches by itself the version that a module asks for.
MINIMUM_GO = (1, 21)

Version = tuple[int, int, int]
Progress = Callable[[str], None]
#: Puts the CLI into a folder and says whether it could.
Download = Callable[[Path, Progress], bool]

_STARTUP_SECONDS = 30
_DOWNLOAD_SECONDS = 600
#: The SDK's installer, in a process of its own: it knows no timeout, and its host may not be reachable.
_SDK_INSTALLER = """
import socket, sys
socket.setdefaulttimeout(10)
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A Pulumi CLI: where it is, its version ("3.259.0", "" where it does not start) and where it was found."""

    path: Path
    version: str
    source: str

    @property
    def supported(self) -> bool:
        """Whether the platform runs with it: the same major version, and not older than `MINIMUM`."""
        version = parse_version(self.version)
        return version is not None and version[0] == MINIMUM[0] and version >= MINIMUM


def find(settings: Settings) -> Toolchain:
    """The CLI to use: the first supported one of `candidates`.

    Raises:
        EngineError: there is none.
    """
    passed_over = []
    for candidate in candidates(settings):
        if candidate.supported:
            return candidate
        passed_over.append(f"{candidate.path} ({candidate.version or 'does not start'})")
    detail = f"No Pulumi CLI {dotted(MINIMUM)} or newer was found"
    detail += f"; passed over: {', '.join(passed_over)}." if passed_over else "."
    raise EngineError("The Pulumi CLI is missing", f"{detail} Get one with: platform doctor --install")


def candidates(settings: Settings) -> Iterator[Toolchain]:
    """Every Pulumi CLI of this machine, supported or not, in the order they are preferred; each file once."""
    versions = _VersionCache(settings.cache_dir / "cli-versions.json")
    seen: set[Path] = set()
    for path, source in _places(settings):
        if path.is_file() and os.access(path, os.X_OK) and path.resolve() not in seen:
            seen.add(path.resolve())
            yield Toolchain(path, versions.of(path), source)


def install(settings: Settings, progress: Progress, *, download: Download | None = None) -> Toolchain:
    """The CLI to use, which is downloaded or built where there is none yet. `progress` is told in whole lines.

    Two that run at once wait for each other; what is half done never looks done. `download` is the SDK's installer.

    Raises:
        EngineError: it can neither be downloaded nor built here.
    """
    with contextlib.suppress(EngineError):
        return find(settings)
    target = _installed(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "bin" / "pulumi").exists():
            with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as folder:
                made = Path(folder) / "pulumi"
                if not (download or _download)(made, progress):
                    _build(made, settings, progress)
                made.rename(target)
    return find(settings)


def go_version(settings: Settings) -> str | None:
    """Go's version ("1.26.8"), None where there is no Go on PATH."""
    go = shutil.which("go", path=_search_path(settings))
    if go is None:
        return None
    done = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip().removeprefix("go") or None


def parse_version(text: str) -> Version | None:
    """The numbers of "v3.259.0" or "3.259.0-dev.1"; None where there are none."""
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def dotted(version: Version) -> str:
    """A version as it is written: "3.259.0"."""
    return ".".join(map(str, version))


def _places(settings: Settings) -> Iterator[tuple[Path, str]]:
    yield settings.pulumi_home / "bin" / "pulumi", "PULUMI_HOME"
    for folder in settings.path:
        yield folder / "pulumi", "PATH"
    versions = settings.pulumi_home / "versions"
    installed = [(parse_version(folder.name) or (0, 0, 0), folder) for folder in versions.glob("*")]
    for _, folder in sorted(installed, reverse=True):
        yield folder / "bin" / "pulumi", "SDK"
    yield _installed(settings) / "bin" / "pulumi", "cache"


def _installed(settings: Settings) -> Path:
    return settings.cache_dir / "pulumi" / f"v{dotted(TESTED)}"


def _search_path(settings: Settings) -> str:
    return os.pathsep.join(map(str, settings.path))


def _download(target: Path, progress: Progress) -> bool:
    """Let the SDK's installer put the CLI into `target`; False where it cannot."""
    progress(f"Downloading the Pulumi CLI {dotted(TESTED)} with the SDK's installer ...")
    command = [sys.executable, "-P", "-c", _SDK_INSTALLER, str(target), dotted(TESTED)]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=_DOWNLOAD_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        progress(f"It cannot be downloaded here ({_reason(error)}).")
        return False
    return (target / "bin" / "pulumi").exists()


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = [line for line in error.stderr.decode(errors="replace").splitlines() if line.strip()]
        return lines[-1].strip() if lines else f"exit {error.returncode}"
    return "it took too long" if isinstance(error, subprocess.TimeoutExpired) else str(error)


def _build(target: Path, settings: Settings, progress: Progress) -> None:
    """Build the CLI from its Go module into `target`."""
    version = go_version(settings)
    numbers = re.match(r"(\d+)\.(\d+)", version or "")
    if numbers is None or (int(numbers[1]), int(numbers[2])) < MINIMUM_GO:
        found = f"Go {version} is too old for it" if version else "there is no Go here"
        detail = (
            f"It can be built from its Go module, but {found}. Install Go {_module_go()} or newer (Debian 12's own "
            "package is too old), or install the Pulumi CLI yourself and have it on PATH."
        )
        raise EngineError("The Pulumi CLI can be neither downloaded nor built", detail)
    progress(f"Building the Pulumi CLI {dotted(TESTED)} from its Go module (2-6 minutes, once for this user) ...")
    stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{dotted(TESTED)}"
    command = ["go", "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-v", "-ldflags", f"-s -w {stamp}"]
    command += ["-o", str(target / "bin" / "pulumi"), PACKAGE]
    # Without cgo no C compiler is needed, and the binary runs on any Linux.
    environment = {**settings.environment, "CGO_ENABLED": "0"}
    lines = []
    with subprocess.Popen(
        command, cwd=MODULE.resolve(), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
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
        raise EngineError(
            "The Pulumi CLI cannot be built", f"`go build` in {MODULE.resolve()} failed:\n{words.strip()}"
        )


def _module_go() -> str:
    match = re.search(r"^go (\S+)$", (MODULE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else dotted((*MINIMUM_GO, 0))


class _VersionCache:
    """Versions of CLI binaries by path, good while size and time are the same. Any trouble means asking anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, list[object]] | None = None

    def of(self, path: Path) -> str:
        """The version of a binary; "" where it does not start."""
        if self._known is None:
            self._known = self._read()
        status = path.stat()
        mark: list[object] = [status.st_size, status.st_mtime_ns]
        known = self._known.get(str(path))
        if known is not None and known[:2] == mark:
            return str(known[2])
        version = _ask_version(path)
        if version:
            self._known[str(path)] = [*mark, version]
            self._write()
        return version

    def _read(self) -> dict[str, list[object]]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        well_formed = isinstance(known, dict) and all(isinstance(row, list) and len(row) == 3 for row in known.values())
        return known if well_formed else {}

    def _write(self) -> None:
        assert self._known is not None
        rows = {path: row for path, row in self._known.items() if Path(path).exists()}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}")
            temporary.write_text(json.dumps(rows), encoding="utf-8")
            temporary.replace(self._file)


def _ask_version(path: Path) -> str:
    """What a binary says its version is. It gets a Pulumi home of its own: even `version` writes logs there."""
    with tempfile.TemporaryDirectory(prefix="platform-version-") as home:
        environment = {"PATH": os.defpath, "HOME": home, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            done = subprocess.run(
                [path, "version"], env=environment, capture_output=True, text=True, check=True, timeout=_STARTUP_SECONDS
            )
        except (subprocess.SubprocessError, OSError, UnicodeDecodeError):
            return ""
    version = parse_version(done.stdout)
    return dotted(version) if version else ""


def main() -> None:
    """Find or get the CLI and print where it is: what the Makefile calls."""
    found = install(settings_module.read(os.environ, Path.cwd()), lambda line: print(line, file=sys.stderr))
    print(f"Pulumi CLI {found.version} ({found.source}): {found.path}")


if __name__ == "__main__":
    try:
        main()
    except EngineError as error:
        sys.exit(f"{error.summary}\n{error.detail}")
