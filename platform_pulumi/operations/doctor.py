"""Diagnosis of the installation: a list of checks, each with what was found and what to do, in a fixed order.

The machine is asked through a Protocol and nothing is changed; whoever renders a diagnosis adds nothing to it.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from platform_pulumi.errors import PlatformError
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings, shown_url

#: The distribution of ours, and the top-level packages it brings under names that others may want too (docs/adr/0002).
DISTRIBUTION = "platform-pulumi"
SHARED_NAMES = ("components", "stacks")
#: Must be the file name the engine gives the passphrase it makes beside a local backend's state.
PASSPHRASE_NAME = "passphrase"


class Status(enum.StrEnum):
    """Status of a check. A warning does not stop a simulated run, an error stops every run."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """Check: what was looked at, what was found, and what to do ("" where there is nothing to do)."""

    name: str
    status: Status
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Result of all checks, in a fixed order."""

    checks: tuple[Check, ...]

    @property
    def status(self) -> Status:
        """Worst status of all checks."""
        present = {check.status for check in self.checks}
        return next((status for status in (Status.ERROR, Status.WARNING) if status in present), Status.OK)


class CommandLine(Protocol):
    """Pulumi CLI on this machine."""

    @property
    def path(self) -> Path:
        """Path of the binary."""

    @property
    def version(self) -> str:
        """Version of the CLI, "" where it does not start."""

    @property
    def source(self) -> str:
        """Place where the CLI was found: PULUMI_HOME, PATH, SDK or cache."""

    @property
    def supported(self) -> bool:
        """Whether the platform supports its version."""


class StateBackend(Protocol):
    """State backend: `root` is the folder of a local one, `cloud` says that it encrypts secrets itself."""

    @property
    def url(self) -> str:
        """URL, as the CLI takes it."""

    @property
    def source(self) -> str:
        """Setting that named it."""

    @property
    def root(self) -> Path | None:
        """Folder of a local backend."""

    @property
    def cloud(self) -> bool:
        """Whether it is a service that encrypts secrets itself."""


class Machine(Protocol):
    """Machine the platform is installed on."""

    def python(self) -> str:
        """Python's version and environment."""

    def command_lines(self) -> Sequence[CommandLine]:
        """List the Pulumi CLIs, in the order they are preferred."""

    def supported(self) -> str:
        """Supported CLI versions, in words."""

    def backend(self) -> StateBackend:
        """Return the state backend of a run that names none of its own.

        Raises:
            PlatformError: what is configured is no backend's URL.
        """

    def go(self) -> str | None:
        """Go's version, None where there is none."""

    def plugins(self) -> Mapping[str, Sequence[str]]:
        """Versions of the installed provider plugins by Pulumi package."""

    def installed(self, distribution: str) -> str | None:
        """Return the version of an installed Python distribution, None where it is not installed."""

    def owners(self, package: str) -> Sequence[str]:
        """List the Python distributions that carry a top-level package."""

    def providers(self) -> Mapping[str, ProviderDefinition]:
        """Load the providers found through entry points.

        Raises:
            PlatformError: one cannot be loaded, or two have the same name.
        """


def diagnose(settings: Settings, machine: Machine, asked: Iterable[Check] = ()) -> Diagnosis:
    """Check the installation; `asked` is what the providers themselves say."""
    providers, provider_check = _providers(machine)
    return Diagnosis(
        (
            *_command_line(machine),
            Check("python", Status.OK, machine.python()),
            *_sdks(machine, providers),
            *_plugins(machine, providers),
            provider_check,
            *(() if provider_check.status is Status.ERROR else asked),
            *_names(machine),
            *_backend(machine, settings),
            Check(
                "database",
                Status.OK,
                "none yet: contracts and outputs are kept in the state of the backend above; "
                "stored plans, approvals and audit will bring a database",
            ),
        )
    )


def missing_plugins(machine: Machine) -> Mapping[str, str]:
    """List the missing published plugins that real runs of the installed providers use: package to version."""
    providers, _ = _providers(machine)
    present = machine.plugins()
    return {
        package: version
        for package, version in _packages(machine, providers).items()
        if version not in present.get(package, ())
    }


def _command_line(machine: Machine) -> Iterator[Check]:
    found = machine.command_lines()
    used = next((one for one in found if one.supported), None)
    for one in found:
        if one is used:
            break
        state = f"{one.path}: {one.version or 'does not start'} ({one.source}), not used"
        advice = f"This version runs with {machine.supported()}; plain `pulumi` may still start this one."
        yield Check("pulumi cli", Status.WARNING, state, advice)
    go = machine.go()
    if used is None:
        advice = "platform doctor --install"
        if go is None:
            advice += " downloads it; where that is not possible it builds it, for which Go is missing."
        yield Check("pulumi cli", Status.ERROR, f"none that is supported: {machine.supported()}", advice)
        yield Check(
            "go", Status.OK if go else Status.WARNING, go or "none", "" if go else "Needed only to build the CLI."
        )
        return
    state = f"{used.version} from {used.source}: {used.path}; supported: {machine.supported()}"
    yield Check("pulumi cli", Status.OK, state)


def _providers(machine: Machine) -> tuple[Mapping[str, ProviderDefinition], Check]:
    try:
        providers = machine.providers()
    except PlatformError as error:
        return {}, Check("providers", Status.ERROR, error.summary, error.detail)
    if not providers:
        return {}, Check("providers", Status.ERROR, "none", "Install the platform again: pip install --no-deps -e .")
    return providers, Check("providers", Status.OK, ", ".join(sorted(providers)))


def _packages(machine: Machine, providers: Mapping[str, ProviderDefinition]) -> Mapping[str, str]:
    """Pulumi package to the version of its installed SDK: the published ones that real runs of these providers use."""
    modules = {
        package: module
        for provider in providers.values()
        if not provider.always_simulated
        for package, module in provider.packages.items()
        if module  # else nobody publishes it
    }
    versions = {package: machine.installed(module.replace("_", "-")) for package, module in sorted(modules.items())}
    return {package: version for package, version in versions.items() if version}


def _sdks(machine: Machine, providers: Mapping[str, ProviderDefinition]) -> Iterator[Check]:
    core = machine.installed("pulumi")
    if core is None:
        yield Check("pulumi sdk", Status.ERROR, "none", "Install the locked dependencies: make env")
        return
    others = [f"{package} {version}" for package, version in _packages(machine, providers).items()]
    yield Check("pulumi sdk", Status.OK, ", ".join([core, *others]))


def _plugins(machine: Machine, providers: Mapping[str, ProviderDefinition]) -> Iterator[Check]:
    present = machine.plugins()
    embedded = {package for provider in providers.values() for package in provider.embedded}
    for package, wanted in _packages(machine, providers).items():
        name = f"plugin {package}"
        versions = present.get(package, ())
        if wanted in versions:
            yield Check(name, Status.OK, wanted)
        elif package in embedded:
            yield Check(name, Status.OK, "the published one is not installed: ours, embedded, plans the same")
        else:
            found = f"{', '.join(versions)}; the SDK is {wanted}" if versions else "none"
            yield Check(
                name, Status.WARNING, found, "Simulated runs need none; a real one does: platform doctor --install"
            )


def _names(machine: Machine) -> Iterator[Check]:
    for package in SHARED_NAMES:
        others = sorted(set(machine.owners(package)) - {DISTRIBUTION})
        if others:
            advice = f"{', '.join(others)} brings it too. Install the platform into an environment of its own."
            yield Check("package names", Status.ERROR, f"`{package}` is not only ours", advice)


def _backend(machine: Machine, settings: Settings) -> Iterator[Check]:
    try:
        backend = machine.backend()
    except PlatformError as error:
        yield Check("backend", Status.ERROR, error.summary, error.detail)
        return
    found = f"{shown_url(backend.url)} ({backend.source})"
    if backend.root is None:
        yield Check("backend", Status.OK, f"{found}; asked when it is used, not here")
    else:
        nearest = next(folder for folder in (backend.root, *backend.root.parents) if folder.exists())
        if not nearest.is_dir():
            yield Check("backend", Status.ERROR, found, f"{nearest} is not a folder.")
        elif not os.access(nearest, os.W_OK | os.X_OK):
            yield Check("backend", Status.ERROR, found, f"{nearest} cannot be written to.")
        else:
            yield Check("backend", Status.OK, found if backend.root.exists() else f"{found}; made on first use")
    yield _passphrase(backend, settings)


def _passphrase(backend: StateBackend, settings: Settings) -> Check:
    if settings.passphrase is not None:
        return Check("passphrase", Status.OK, "PULUMI_CONFIG_PASSPHRASE")
    if settings.passphrase_file is not None:
        return _passphrase_file(settings.passphrase_file, "PULUMI_CONFIG_PASSPHRASE_FILE")
    if backend.cloud:
        return Check("passphrase", Status.OK, "none needed: the backend encrypts secrets itself")
    if backend.root is None:
        return Check(
            "passphrase", Status.ERROR, "none", "A shared backend needs one: set PULUMI_CONFIG_PASSPHRASE_FILE."
        )
    path = backend.root / PASSPHRASE_NAME
    if not path.exists():
        return Check("passphrase", Status.OK, f"none yet: made at {path} on first use")
    return _passphrase_file(path, "made on first use")


def _passphrase_file(path: Path, source: str) -> Check:
    found = f"{path} ({source})"
    if not path.is_file():
        return Check("passphrase", Status.ERROR, f"{found} does not exist", "Restore it: state cannot be read without.")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Check(
            "passphrase", Status.WARNING, f"{found} has mode {mode:04o}", f"Others can read it: chmod 600 {path}"
        )
    return Check("passphrase", Status.OK, found)
