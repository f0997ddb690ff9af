"""Puts an image together as the file that `docker load` takes: one layer, from packages, binaries and files.

Nothing is installed and no package's script runs, so neither root nor a container is needed: packages are fetched by
the machine's own apt, with its sources and its settings, and their contents go from archive to archive. Debian's split
folders are merged (`/bin` is `/usr/bin`), as on any Debian.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from tests.bed import packages, tools
from tests.bed.recipes import FILES, UNUSED, Recipe, canonical

LABEL = "org.platform-pulumi.bed"

_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_OMIT: tuple[str, ...] = (
    "etc/cron.", "etc/init.d/", "etc/logrotate.d/", "etc/systemd/", "usr/lib/systemd/", "usr/share/bash-completion/",
    "usr/share/bug/", "usr/share/doc/", "usr/share/lintian/", "usr/share/locale/", "usr/share/man/",
)  # fmt: skip
_FOLDERS = {"tmp": 0o1777, "var/tmp": 0o1777, "run": 0o755, "root": 0o700, "srv": 0o755, "data": 0o755, "config": 0o755}
_PATH = "PATH=/usr/local/bin:/usr/bin:/usr/sbin"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def make(recipe: Recipe, cache: Path, target: Path) -> None:
    """Write the recipe's images to `target`; there only when it is whole."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=cache) as folder:
        layer = Path(folder) / "layer.tar"
        with tarfile.open(layer, "w", format=tarfile.PAX_FORMAT) as tar:
            _fill(_Layer(tar, recipe.omit), recipe, cache, Path(folder))
        made = Path(folder) / "image.tar"
        _pack(recipe, layer, made)
        made.replace(target)


class _Layer:
    """A file system on its way into an archive. Of two things of one name the first stays."""

    def __init__(self, tar: tarfile.TarFile, omit: tuple[str, ...]) -> None:
        self._tar = tar
        self._omit = _OMIT + omit
        self._seen: set[str] = set()
        for name in _MERGED:
            self.link(name, f"usr/{name}")
        for name, mode in _FOLDERS.items():
            self.folder(name, mode)

    def __contains__(self, name: str) -> bool:
        return name in self._seen

    def add(self, entry: tarfile.TarInfo, content: IO[bytes] | None = None) -> None:
        """Take an entry of another archive over, at its place."""
        entry.name = _place(entry.name)
        if not entry.name or entry.name in self._seen or entry.name.startswith(self._omit):
            return
        if entry.islnk():
            entry.linkname = _place(entry.linkname)
        entry.mtime, entry.pax_headers = 0, {}
        entry.uname = entry.gname = ""
        self._parents(entry.name)
        self._seen.add(entry.name)
        self._tar.addfile(entry, content)

    def file(self, name: str, content: Path, *, executable: bool) -> None:
        """Add a file, root's own."""
        entry = tarfile.TarInfo(name)
        entry.size = content.stat().st_size
        entry.mode = 0o755 if executable else 0o644
        with content.open("rb") as stream:
            self.add(entry, stream)

    def folder(self, name: str, mode: int = 0o755) -> None:
        """Add a folder, root's own."""
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        self.add(entry)

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, target, 0o777
        # Not `add`: the merged folders' own names are among these.
        self._parents(name)
        self._seen.add(name)
        self._tar.addfile(entry)

    def _parents(self, name: str) -> None:
        parent = name.rpartition("/")[0]
        if parent and parent not in self._seen:
            self.folder(parent)


def _place(name: str) -> str:
    name = name.removeprefix("./").strip("/")
    first, _, rest = name.partition("/")
    if first in _MERGED:
        return f"usr/{name}" if rest else ""
    return "" if name == "." else name


def _fill(layer: _Layer, recipe: Recipe, cache: Path, scratch: Path) -> None:
    for folder in [FILES / "root"] + ([FILES / recipe.files] if recipe.files else []):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            layer.file(str(file.relative_to(folder)), file, executable=os.access(file, os.X_OK))
    for name, target in recipe.links.items():
        layer.link(name, target)
    if recipe.build:
        binary = scratch / "binary"
        tools.go_build(recipe.build.module, recipe.build.package, binary)
        layer.file(recipe.build.target, binary, executable=True)
    for package in packages.fetch(recipe.packages, UNUSED, cache / "packages"):
        with packages.contents(package) as entries:
            for entry, content in entries:
                layer.add(entry, content)
    _add_busybox(layer, cache, scratch)


def _add_busybox(layer: _Layer, cache: Path, scratch: Path) -> None:
    """A static busybox, and its commands where nothing better is there."""
    busybox = scratch / "busybox"
    busybox.write_bytes(packages.busybox(cache / "packages"))
    busybox.chmod(0o755)
    layer.file("usr/bin/busybox", busybox, executable=True)
    for name in tools.run([str(busybox), "--list"]).split():
        if f"usr/bin/{name}" not in layer and f"usr/sbin/{name}" not in layer:
            layer.link(f"usr/bin/{name}", "busybox")


def _pack(recipe: Recipe, layer: Path, target: Path) -> None:
    """The image format of `docker save`: configurations, one layer, and a list of what belongs together."""
    with layer.open("rb") as stream:
        layer_digest = hashlib.file_digest(stream, "sha256").hexdigest()
    manifest = []
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(layer, f"{layer_digest}/layer.tar", filter=_anonymous)
        for image in recipe.images:
            config = {"Labels": {LABEL: recipe.digest}, **image.config}
            if not any(entry.startswith("PATH=") for entry in config.get("Env", ())):
                config["Env"] = [_PATH, *config.get("Env", ())]
            described = {
                "architecture": _MACHINES[os.uname().machine],
                "os": "linux",
                "created": "1970-01-01T00:00:00Z",
                "config": config,
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]},
                "history": [{"created": "1970-01-01T00:00:00Z", "created_by": f"tools/docker-bed {recipe.name}"}],
            }
            content = canonical(described)
            name = f"{hashlib.sha256(content).hexdigest()}.json"
            manifest.append({"Config": name, "RepoTags": None, "Layers": [f"{layer_digest}/layer.tar"]})
            _add(tar, name, content)
        _add(tar, "manifest.json", canonical(manifest))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, 0, "", ""
    return entry


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))
