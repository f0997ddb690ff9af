"""Selection of the plugin that serves a provider: the published one, ours in its place, or the simulator.

`auto` takes the published plugin where it is installed or can be had, else the embedded one; what a stack was applied
with is kept to (DESIGN section 8), so that a plugin which somebody installs changes nothing by itself. Both have the
same resource types, states and plans: whoever asks for the other one by name may.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platform_pulumi.atomic_file import replace_file
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.serving import ServedPackage
from platform_pulumi.sdk.provider import ProviderDefinition

OFFICIAL, EMBEDDED, SIMULATED, AUTO = "official", "embedded", "simulated", "auto"
#: How long a failed download is remembered, in seconds: a machine that reaches nothing is asked once a day.
_REMEMBERED = 24 * 3600


def wanted_plugins(providers: Iterable[ProviderDeclaration]) -> dict[str, str]:
    """Collect each provider's `provider.config.plugin`, where it is set."""
    return {p.name: str(p.config["plugin"]) for p in providers if p.config.get("plugin")}


@dataclass(frozen=True)
class PluginSelection:
    """Selection of plugins for the providers of one run.

    Args:
        definitions: those of the platform's providers, by name.
        used: those whose resources programs register; others are served where something is recorded of them.
        wanted: what the file says of a provider's plugin, by name; `auto` where it says nothing.
        simulated: whether the run is.
        installed: versions of the published plugins on this machine, by package.
        version: the version of a package's SDK, which is the plugin's.
        obtain: downloads the published plugin of a package in a version; EngineError where it cannot be had.
        memory: a file that remembers what could not be had.
    """

    definitions: Mapping[str, ProviderDefinition]
    used: frozenset[str]
    wanted: Mapping[str, str]
    simulated: bool
    installed: Callable[[], Mapping[str, Sequence[str]]]
    version: Callable[[str], str]
    obtain: Callable[[str, str, Callable[[str], None]], None]
    memory: Path

    def modes(self, recorded: Mapping[str, str], say: Callable[[str], None]) -> dict[str, str]:
        """Select the plugin of each provider: official, embedded or simulated.

        Args:
            recorded: what the provider's stacks were applied with, where there are any.
            say: called with a line for each download.

        Raises:
            InputError: the file wants a plugin that there is not.
            EngineError: the published one is wanted, and is not to be had.
        """
        names = [name for name in self.definitions if name in self.used or name in recorded]
        return {name: self._mode(name, recorded.get(name), say) for name in names}

    def packages(self, modes: Mapping[str, str]) -> dict[str, ServedPackage]:
        """List the packages that our own host serves.

        Raises:
            InputError: a provider that is to be simulated cannot be.
        """
        packages = dict(serving.OWN)
        for name, mode in modes.items():
            if mode == SIMULATED:
                packages.update(serving.simulated(self.definitions[name]))
            elif mode == EMBEDDED:
                packages.update(serving.embedded(self.definitions[name]))
        return packages

    def _mode(self, name: str, recorded: str | None, say: Callable[[str], None]) -> str:
        if self.simulated:
            return SIMULATED
        wanted = self.wanted.get(name, AUTO)
        packages = self.definitions[name].packages
        embedded = sorted(serving.embedded(self.definitions[name]))
        published = [package for package in embedded if packages[package]]
        choices = [AUTO, *([OFFICIAL] if published or not embedded else []), *([EMBEDDED] if embedded else [])]
        if wanted not in choices:
            detail = f"provider.config.plugin of {name} is {wanted!r}; it is one of {', '.join(choices)}."
            raise InputError("There is no such plugin", detail)
        if not embedded:
            return OFFICIAL
        if wanted == EMBEDDED or (wanted == AUTO and (recorded == EMBEDDED or not published)):
            return EMBEDDED
        free = wanted == AUTO and recorded is None
        missing = [package for package in published if not self._is_installed(package)]
        for package in missing:
            try:
                self._fetch(package, free, say)
            except EngineError as error:
                if free:
                    return EMBEDDED
                detail = f"{error.detail} Install it, or set provider.config.plugin to embedded: both plan the same."
                raise EngineError("The published plugin is not installed", detail) from error
        return OFFICIAL

    def _is_installed(self, package: str) -> bool:
        wanted = _numbers(self.version(package))
        return any(
            _numbers(found)[:1] == wanted[:1] and _numbers(found) >= wanted
            for found in self.installed().get(package, ())
        )

    def _fetch(self, package: str, may_remember: bool, say: Callable[[str], None]) -> None:
        version = self.version(package)
        key, known = f"{package} {version}", self._read()
        if may_remember and 0 <= time.time() - known.get(key, 0.0) < _REMEMBERED:
            raise EngineError("A plugin cannot be downloaded", f"{key}: it could not be had before.")
        try:
            self.obtain(package, version, say)
        except EngineError:
            self._write({**known, key: time.time()})
            raise

    def _read(self) -> dict[str, float]:
        try:
            known = json.loads(self.memory.read_text(encoding="utf-8"))
            return {str(key): float(when) for key, when in known.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}  # nothing is remembered, or nothing that can be read: then it is tried

    def _write(self, known: Mapping[str, float]) -> None:
        try:
            self.memory.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.memory, json.dumps(known))
        except OSError:
            return  # it is tried again the next time


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.partition("-")[0].split(".") if part.isdigit())
