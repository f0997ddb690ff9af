"""What the images are made of: Debian 12's packages or Go modules, and the files of `tools/docker-bed`.

The interface is that of the official images: names, variables, ports, data folders. Packages come with all they
depend on, less what only installing or maintaining them needs; no package's own scripts run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent.parent.parent / "tools" / "docker-bed"

#: Raised when the way images are put together changes what is in them.
_FORMAT = 1
#: Debian's packages that nothing here runs.
_UNUSED = """
    adduser cron cron-daemon-common debconf debianutils dpkg gawk init-system-helpers iproute2 libaudit-common
    libc-l10n libconfig-inifiles-perl libdbi-perl libfile-find-rule-perl libgdbm-compat4 libgdbm6 libjson-perl
    libllvm14 libnspr4 libnss3 libnss3-tools libnumber-compare-perl libpam-modules libpam-modules-bin libpam-runtime
    libperl5.36 libpython3-stdlib libpython3.11-minimal libpython3.11-stdlib libsemanage-common libsemanage2 libsepol2
    libsqlite3-0 libtext-glob-perl libz3-4 locales logrotate lsb-base lsof media-types netbase openssl passwd perl
    perl-base perl-modules-5.36 postgresql-client-common postgresql-common procps psmisc python3 python3-minimal
    python3.11 python3.11-minimal readline-common rsync sensible-utils socat ssl-cert sysvinit-utils tar ucf usrmerge
"""
UNUSED = frozenset(_UNUSED.split())


@dataclass(frozen=True)
class Build:
    """A binary built from the Go module in a folder of `tools/docker-bed`; `package` is a path or `.`."""

    module: str
    package: str
    target: str


@dataclass(frozen=True)
class Image:
    """One image of a recipe: its names, and its configuration as the image format has it."""

    names: tuple[str, ...]
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """One file system and the images that show it.

    Args:
        files: the folder of `tools/docker-bed` that is laid over everything.
        packages: of Debian; busybox and its commands are in each image.
        omit: beginnings of paths that are left out.
        links: path to what it points at.
    """

    name: str
    images: tuple[Image, ...]
    files: str | None = None
    packages: tuple[str, ...] = ()
    build: Build | None = None
    omit: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What the images are labelled with: it changes when anything here or in the files does."""
        known = hashlib.sha256(f"{_FORMAT} {self!r} {sorted(UNUSED)}".encode())
        folders = [FILES / "root"] + [FILES / name for name in (self.files, self.build and self.build.module) if name]
        for folder in folders:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                known.update(f"{file.relative_to(FILES)} {file.stat().st_mode & 0o111:o}\n".encode())
                known.update(file.read_bytes())
        return known.hexdigest()[:20]


def _config(ports: tuple[int, ...] = (), volumes: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    exposed: dict[str, Any] = {f"{port}/tcp": {} for port in ports}
    return {"ExposedPorts": exposed, "Volumes": {volume: {} for volume in volumes}, **more}


_ENTRYPOINT = ["docker-entrypoint.sh"]
_REDIS = _config((6379,), ("/data",), Entrypoint=_ENTRYPOINT, WorkingDir="/data")

RECIPES = (
    Recipe(
        "postgres",
        (
            Image(
                ("postgres:15",),
                _config(
                    (5432,),
                    ("/var/lib/postgresql/data",),
                    Entrypoint=_ENTRYPOINT,
                    Cmd=["postgres"],
                    Env=[
                        "PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin",
                        "PGDATA=/var/lib/postgresql/data",
                        "LANG=C.UTF-8",
                    ],
                    StopSignal="SIGINT",
                ),
            ),
        ),
        files="postgres",
        packages=("postgresql-15", "libc-bin", "tzdata"),
        omit=("usr/lib/postgresql/15/lib/bitcode", "usr/lib/postgresql/15/lib/llvmjit"),
    ),
    Recipe(
        "redis",
        (
            Image(("redis:7",), {**_REDIS, "Cmd": ["redis-server"]}),
            Image(("valkey/valkey:8",), {**_REDIS, "Cmd": ["valkey-server"], "Env": ["SERVER=valkey-server"]}),
        ),
        files="redis",
        packages=("redis-server",),
        links={"usr/bin/valkey-server": "redis-server", "usr/bin/valkey-cli": "redis-cli"},
    ),
    Recipe(
        "rabbitmq",
        (
            Image(
                ("rabbitmq:3.12-management", "rabbitmq:3.13-management", "rabbitmq:4-management"),
                _config(
                    (5672, 15672),
                    ("/var/lib/rabbitmq",),
                    Entrypoint=_ENTRYPOINT,
                    Cmd=["rabbitmq-server"],
                    Env=["HOME=/var/lib/rabbitmq", "LANG=C.UTF-8", "RABBITMQ_LOGS=-"],
                ),
            ),
        ),
        files="rabbitmq",
        packages=("rabbitmq-server", "libc-bin"),
        omit=("usr/lib/erlang/lib/snmp", "usr/lib/rabbitmq/autocomplete", "var/lib/rabbitmq/mnesia"),
    ),
    Recipe(
        "mariadb",
        (
            Image(
                ("mysql:8.4", "mariadb:11"),
                _config((3306,), ("/var/lib/mysql",), Entrypoint=_ENTRYPOINT, Cmd=["mariadbd"], Env=["LANG=C.UTF-8"]),
            ),
        ),
        files="mariadb",
        packages=("mariadb-server", "libc-bin"),
    ),
    Recipe(
        "caddy",
        (
            Image(
                ("caddy:2-alpine",),
                _config(
                    (80, 443, 2019),
                    Cmd=["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
                    Env=["XDG_CONFIG_HOME=/config", "XDG_DATA_HOME=/data"],
                    WorkingDir="/srv",
                ),
            ),
        ),
        files="caddy",
        packages=("caddy",),
    ),
    Recipe(
        "s3",
        (
            Image(
                ("versity/versitygw:v1.8.0",),
                _config((7070,), Entrypoint=["/usr/local/bin/versitygw"], WorkingDir="/data"),
            ),
        ),
        build=Build("s3", "github.com/versity/versitygw/cmd/versitygw", "usr/local/bin/versitygw"),
    ),
    Recipe(
        "app",
        tuple(
            Image((name,), _config((8080,), Cmd=["/usr/local/bin/app"], Env=[f"VERSION={version}"]))
            for name, version in (
                ("api:dev", "dev"),
                ("registry.acme.com/api:1.4.2", "1.4.2"),
                ("registry.acme.com/api:1.5.0", "1.5.0"),
            )
        ),
        build=Build("app", ".", "usr/local/bin/app"),
    ),
    Recipe(
        "web",
        # The first process of a container hears no signal that it does not ask for, and busybox's httpd asks for none:
        # to stop one takes ten seconds, or a signal that nobody is asked about.
        tuple(
            Image((name,), _config((80,), Cmd=["sh", "-c", "exec httpd -f -p ${PORT:-80} -h /www"], **more))
            for name, more in (("local/web:1", {"StopSignal": "SIGKILL"}), ("local/deaf:1", {}))
        ),
        files="web",
    ),
)


def chosen(names: tuple[str, ...]) -> tuple[Recipe, ...]:
    """The recipes that make these images, named as images or as recipes; all where none is named.

    Raises:
        ValueError: nothing here makes one of them.
    """
    known = {name: recipe for recipe in RECIPES for name in (recipe.name, *image_names(recipe))}
    unknown = sorted(set(names) - set(known))
    if unknown:
        message = f"no recipe makes {', '.join(unknown)}; there are {', '.join(known)}"
        raise ValueError(message)
    wanted = {known[name].name for name in names} or {recipe.name for recipe in RECIPES}
    return tuple(recipe for recipe in RECIPES if recipe.name in wanted)


def image_names(recipe: Recipe) -> tuple[str, ...]:
    """Every name a recipe's images have."""
    return tuple(name for image in recipe.images for name in image.names)


def canonical(value: Any) -> bytes:
    """JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
