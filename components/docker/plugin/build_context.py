"""Build context of an image: a folder's files but for those `.dockerignore` names, their digest, their archive.

The digest is put together as the published plugin does it, so that a stack that moves between the two does not build
anew: the Dockerfile under one fixed name, then every file by path, mode and content, in the order of a walk.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

_IGNORE = ".dockerignore"
#: The letters that Go writes before a mode's nine permissions.
_LETTERS = {
    stat.S_IFLNK: "L",
    stat.S_IFIFO: "p",
    stat.S_IFSOCK: "S",
    stat.S_IFBLK: "D",
    stat.S_IFCHR: "Dc",
}
_SPECIAL = ((stat.S_ISUID, "u"), (stat.S_ISGID, "g"), (stat.S_ISVTX, "t"))


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Folder to build from and its Dockerfile, which may lie outside. Methods may raise OSError."""

    folder: Path
    dockerfile: Path

    @property
    def relative_dockerfile(self) -> str:
        """Path of the Dockerfile, relative to the folder."""
        return Path(os.path.relpath(self.dockerfile.absolute(), self.folder.absolute())).as_posix()

    def digest(self) -> str:
        """Compute the digest of everything that goes into the build."""
        whole = hashlib.sha256()
        _add(whole, "Dockerfile", "-" * 10, self.dockerfile.read_bytes())
        for path, mode in _walk(self.folder, Ignored(self._patterns())):
            if not stat.S_ISDIR(mode):
                _add(whole, path, _go_mode(mode), self._content(path, mode))
        return whole.hexdigest()

    def archive(self) -> tuple[IO[bytes], str]:
        """Pack a tar of the files, owned by root; also return the Dockerfile's name within."""
        patterns, name = self._patterns(), self.relative_dockerfile
        extra: dict[str, bytes] = {}
        if name.startswith("../"):
            content = self.dockerfile.read_bytes()
            name = f".dockerfile.{hashlib.sha256(content).hexdigest()[:20]}"
            # Docker takes what is ignored out of the context again once it has read the Dockerfile.
            extra = {name: content, _IGNORE: "\n".join([*patterns, _IGNORE, name]).encode()}
        else:
            patterns = [*patterns, f"!{name}", f"!{_IGNORE}"]
        made = tempfile.TemporaryFile()  # noqa: SIM115  the caller sends it and closes it
        with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path, mode in _walk(self.folder, Ignored(patterns)):
                if path not in extra and not stat.S_ISSOCK(mode):
                    _pack(tar, self.folder / path, path)
            for path, content in extra.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(content)
                tar.addfile(entry, BytesIO(content))
        made.seek(0)
        return made, name

    def _patterns(self) -> list[str]:
        for file in (self.dockerfile.with_name(f"{self.dockerfile.name}{_IGNORE}"), self.folder / _IGNORE):
            if file.is_file():
                lines = file.read_text(encoding="utf-8-sig").splitlines()
                return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        return []

    def _content(self, path: str, mode: int) -> bytes:
        file = self.folder / path
        if stat.S_ISREG(mode):
            return file.read_bytes()
        if not stat.S_ISLNK(mode):
            return b""
        target = Path(os.path.realpath(file))
        # The published plugin takes the target as the folder was given; an absolute one would be of this machine only.
        base = self.folder.resolve() if self.folder.is_absolute() else Path.cwd()
        return Path(os.path.relpath(target, base)).as_posix().encode()


class Ignored:
    """Patterns of a `.dockerignore`: the last that matches a path or a folder above it decides."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [(_expression(pattern.removeprefix("!")), pattern.startswith("!")) for pattern in patterns]
        self._exceptions = any(negative for _, negative in self._patterns)

    def matches(self, path: str) -> bool:
        """Whether a path, relative and with slashes, is left out."""
        parts = path.split("/")
        places = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        matched = False
        for expression, negative in self._patterns:
            if any(expression.fullmatch(place) for place in places):
                matched = not negative
        return matched

    def prunes(self, path: str) -> bool:
        """Whether a whole folder is left out."""
        return not self._exceptions and self.matches(path)


def _walk(folder: Path, ignored: Ignored, within: str = "") -> Iterator[tuple[str, int]]:
    for entry in sorted(os.scandir(folder / within), key=lambda entry: os.fsencode(entry.name)):
        path, mode = f"{within}{entry.name}", entry.stat(follow_symlinks=False).st_mode
        if not ignored.matches(path):
            yield path, mode
        if stat.S_ISDIR(mode) and not ignored.prunes(path):
            yield from _walk(folder, ignored, f"{path}/")


def _add(whole: hashlib._Hash, name: str, mode: str, content: bytes) -> None:
    whole.update(os.fsencode(name) + mode.encode() + hashlib.sha256(content).digest() + b"\0")


def _go_mode(mode: int) -> str:
    letters = _LETTERS.get(stat.S_IFMT(mode), "") + "".join(letter for bit, letter in _SPECIAL if mode & bit)
    permissions = stat.filemode(mode & 0o777)[1:]
    return (letters or "-") + permissions


def _pack(tar: tarfile.TarFile, file: Path, path: str) -> None:
    entry = tar.gettarinfo(file, arcname=path)
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    if entry.isreg():
        with file.open("rb") as content:
            tar.addfile(entry, content)
    else:
        tar.addfile(entry)


def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression: `*`, `?`, `[a-z]` within a name, `**` across folders, `\\` before a sign."""
    clean = os.path.normpath(pattern.strip()).lstrip("/")
    text, index = "", 0
    while index < len(clean):
        sign = clean[index]
        index += 1
        if clean.startswith("**", index - 1):
            index += 1
            if clean.startswith("/", index):
                index += 1
                text += "(?:.*/)?"
            else:
                text += ".*"
        elif sign == "*":
            text += "[^/]*"
        elif sign == "?":
            text += "[^/]"
        elif sign == "[" and "]" in clean[index:]:
            end = clean.index("]", index)
            text += f"[{clean[index:end]}]"
            index = end + 1
        elif sign == "\\" and index < len(clean):
            text += re.escape(clean[index])
            index += 1
        else:
            text += re.escape(sign)
    return re.compile(text, re.DOTALL)
