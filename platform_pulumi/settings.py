"""Settings from the environment: where state, tools and caches are, and how to print.

Read once, at the start of a command, and handed down; nothing else looks at environment variables, so that a test can
say exactly what a run sees. Whatever may hold a secret (the passphrase, a backend's URL, the environment itself) is
kept out of the repr.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

#: Where the platform keeps what belongs to a project: state of the default backend, simulated worlds.
HOME = ".platform"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings from the environment.

    Args:
        home: the project's own folder (`PLATFORM_HOME`, default `.platform` in the current directory).
        cache_dir: what can be made again and is shared by all projects of the user (`XDG_CACHE_HOME`).
        pulumi_home: the user's own Pulumi folder (`PULUMI_HOME`); its plugins are read, nothing else of it is touched.
        backend_url: the state backend, where the environment names one; `backend_source` is the variable it is from.
        passphrase: the passphrase itself (`PULUMI_CONFIG_PASSPHRASE`), if it is set; it may be empty.
        passphrase_file: the file that holds it (`PULUMI_CONFIG_PASSPHRASE_FILE`).
        path: the folders commands are looked for in (`PATH`).
        user: who runs it: the operating system's name of the user of this process.
        environment: everything, for the engine's children.
    """

    home: Path
    cache_dir: Path
    pulumi_home: Path
    backend_url: str | None = field(default=None, repr=False)
    backend_source: str = ""
    passphrase: str | None = field(default=None, repr=False)
    passphrase_file: Path | None = None
    path: tuple[Path, ...] = ()
    user: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def read(environment: Mapping[str, str], cwd: Path) -> Settings:
    """Read the settings of a command that runs in `cwd`.

    Relative paths are relative to it; nothing is created or opened.
    """
    user = Path(environment.get("HOME") or Path.home())
    backend_source = next(
        (name for name in ("PLATFORM_BACKEND_URL", "PULUMI_BACKEND_URL") if environment.get(name)), ""
    )
    passphrase_file = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    return Settings(
        home=cwd / (environment.get("PLATFORM_HOME") or HOME),
        cache_dir=cwd / (environment.get("XDG_CACHE_HOME") or user / ".cache") / "platform-pulumi",
        pulumi_home=cwd / (environment.get("PULUMI_HOME") or user / ".pulumi"),
        backend_url=environment[backend_source] if backend_source else None,
        backend_source=backend_source,
        passphrase=environment.get("PULUMI_CONFIG_PASSPHRASE"),
        passphrase_file=cwd / passphrase_file if passphrase_file else None,
        path=tuple(cwd / folder for folder in environment.get("PATH", "").split(":") if folder),
        user=_user(),
        environment=dict(environment),
    )


def shown_url(url: str) -> str:
    """Mask what may be secret in a backend's URL: user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    hidden = "…@" if "@" in parts.netloc else ""
    return urlunsplit((parts.scheme, hidden + host, parts.path, "…" if parts.query else "", ""))


def _user() -> str:
    """The operating system's name of this process's user; its number where there is none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
