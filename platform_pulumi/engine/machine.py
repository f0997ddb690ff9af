"""Local machine as `platform doctor` sees it, and the installation of the CLI and plugins that real runs need."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

from platform_pulumi.engine import acquisition, toolchain
from platform_pulumi.engine.acquisition import Progress
from platform_pulumi.engine.backend import Backend, choose
from platform_pulumi.engine.published import install_plugin, installed_plugins
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.operations.doctor import missing_plugins
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings


@dataclass(frozen=True)
class LocalMachine:
    """This machine. `load` gives the providers (`platform_pulumi.catalog`)."""

    settings: Settings
    load: Callable[[], Mapping[str, ProviderDefinition]]

    def python(self) -> str:
        """Python's version and environment."""
        return f"{platform.python_version()} in {sys.prefix}"

    def command_lines(self) -> Sequence[Toolchain]:
        """List the Pulumi CLIs, in the order they are preferred."""
        return tuple(toolchain.candidates(self.settings))

    def supported(self) -> str:
        """Supported CLI versions, in words."""
        return toolchain.supported_versions()

    def backend(self) -> Backend:
        """Return the state backend of a run that names none of its own."""
        return choose(self.settings, None, {}, simulated=False)

    def go(self) -> str | None:
        """Go's version, None where there is none."""
        return acquisition.go_version(self.settings)

    def plugins(self) -> Mapping[str, Sequence[str]]:
        """Versions of the installed provider plugins by Pulumi package."""
        return installed_plugins(self.settings)

    def installed(self, distribution: str) -> str | None:
        """Return the version of an installed Python distribution, None where it is not installed."""
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            return None

    def owners(self, package: str) -> Sequence[str]:
        """List the distributions that carry a top-level package; an editable one lists no files, so none."""
        return metadata.packages_distributions().get(package, [])

    def providers(self) -> Mapping[str, ProviderDefinition]:
        """Load the providers found through entry points."""
        found = self.load()
        return {name: _loaded(found, name) for name in found}


def install_missing(machine: LocalMachine, progress: Progress) -> Toolchain:
    """Install the CLI and the published plugins where they are missing; a failed plugin is only reported.

    Raises:
        EngineError: there is no CLI and none can be had.
    """
    cli = acquisition.install(machine.settings, progress)
    for package, version in missing_plugins(machine).items():
        try:
            install_plugin(cli, machine.settings, package, version, progress)
        except EngineError as error:
            progress(f"{error.summary}: {error.detail}")
    return cli


def _loaded(found: Mapping[str, ProviderDefinition], name: str) -> ProviderDefinition:
    try:
        return found[name]
    # A provider is somebody's module: whatever its import raises is a finding, not a fault of the doctor.
    except Exception as error:
        raise InputError("A provider cannot be loaded", f"{name}: {type(error).__name__}: {error}") from error
