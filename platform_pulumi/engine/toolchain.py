"""Discovery of the Pulumi CLI to use (docs/adr/0003).

Looked for in `PULUMI_HOME`, on `PATH`, among the SDK's own installations, and in this user's cache. One outside the
window of versions that this platform is tested with is passed over. A command must not start the CLI merely to learn
its version: that is remembered by the binary's path, size and time.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from platform_pulumi import temporary
from platform_pulumi.atomic_file import replace_file
from platform_pulumi.errors import EngineError
from platform_pulumi.settings import Settings

Version = tuple[int, int, int]

#: The window of CLI versions that a run is tested with, at both ends; any other one is refused. A newer CLI may write
#: state that an older one cannot read, and print events that nobody has looked at.
OLDEST: Version = (3, 259, 0)
NEWEST: Version = (3, 274, 1)

#: The source of a CLI that this platform got for itself.
CACHE = "cache"

_STARTUP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Pulumi CLI: its path, its version ("3.259.0", "" where it does not start) and where it was found."""

    path: Path
    version: str
    source: str

    @property
    def supported(self) -> bool:
        """Whether its version is within the supported window, from `OLDEST` to `NEWEST`."""
        version = parse_version(self.version)
        return version is not None and OLDEST <= version <= NEWEST


def find_cli(settings: Settings) -> Toolchain:
    """Find the CLI to use: the first supported one of `candidates`.

    Raises:
        EngineError: there is none, or none that is supported.
    """
    passed_over = []
    for candidate in candidates(settings):
        if candidate.supported:
            return candidate
        passed_over.append(f"{candidate.path} ({candidate.version or 'does not start'})")
    if not passed_over:
        runs_with = f"This version runs with Pulumi CLI {supported_versions()}."
        detail = f"None was found. {runs_with} Get one with: platform doctor --install"
        raise EngineError("The Pulumi CLI is missing", detail)
    detail = (
        f"This version runs with Pulumi CLI {supported_versions()}; found: {', '.join(passed_over)}. Get a supported "
        "one, kept beside yours for the platform alone, with: platform doctor --install"
    )
    raise EngineError("The Pulumi CLI is not supported", detail)


def candidates(settings: Settings) -> Iterator[Toolchain]:
    """Iterate over the Pulumi CLIs of this machine, supported or not, in the order of preference; each file once."""
    versions = _VersionCache(settings.cache_dir / "cli-versions.json")
    seen: set[Path] = set()
    for path, source in _places(settings):
        if path.is_file() and os.access(path, os.X_OK) and path.resolve() not in seen:
            seen.add(path.resolve())
            yield Toolchain(path, versions.of(path), source)


def parse_version(text: str) -> Version | None:
    """Parse the numbers of "v3.259.0" or "3.259.0-dev.1"; None where there are none."""
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def format_version(version: Version) -> str:
    """Format a version: "3.259.0"."""
    return ".".join(map(str, version))


def supported_versions() -> str:
    """Format the supported versions: "3.259.0 to 3.274.1"."""
    return f"{format_version(OLDEST)} to {format_version(NEWEST)}"


def _places(settings: Settings) -> Iterator[tuple[Path, str]]:
    yield settings.pulumi_home / "bin" / "pulumi", "PULUMI_HOME"
    for folder in settings.path:
        yield folder / "pulumi", "PATH"
    for source, kept in (("SDK", settings.pulumi_home / "versions"), (CACHE, settings.cache_dir / "pulumi")):
        versions = [(parse_version(folder.name) or (0, 0, 0), folder) for folder in kept.glob("*")]
        for _, folder in sorted(versions, reverse=True):
            yield folder / "bin" / "pulumi", source


class _VersionCache:
    """Versions of CLI binaries by path, good while size and time are the same. Any trouble means asking anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, list[object]] | None = None

    def of(self, path: Path) -> str:
        """Return the version of a binary; "" where it does not start."""
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
            replace_file(self._file, json.dumps(rows))


def _ask_version(path: Path) -> str:
    """Ask a binary for its version. It gets a Pulumi home of its own: even `version` writes logs there."""
    with temporary.writing(), tempfile.TemporaryDirectory(prefix="platform-version-") as home:
        environment = {"PATH": os.defpath, "HOME": home, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            done = subprocess.run(
                [path, "version"], env=environment, capture_output=True, text=True, check=True, timeout=_STARTUP_SECONDS
            )
        except (subprocess.SubprocessError, OSError, UnicodeDecodeError):
            return ""
    version = parse_version(done.stdout)
    return format_version(version) if version else ""
