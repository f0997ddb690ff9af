"""Wires the rooms together: settings and requests in, operations out. Tests pass fakes by keyword."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_pulumi import declarations
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.operations.cancellation import Cancellation

if TYPE_CHECKING:
    from pathlib import Path

    from platform_pulumi.engine.language_host import LanguageHost
    from platform_pulumi.model.applied import Applied, OutputsReport
    from platform_pulumi.model.contract import ProviderRecord
    from platform_pulumi.model.fidelity import FidelityTable
    from platform_pulumi.model.plan import Plan
    from platform_pulumi.model.platform import Platform
    from platform_pulumi.model.status import StatusReport
    from platform_pulumi.operations.doctor import Diagnosis
    from platform_pulumi.operations.logs import Logs, Wanted
    from platform_pulumi.operations.ports import Approver, Engine, Observer
    from platform_pulumi.operations.reaching import Address
    from platform_pulumi.operations.request import Request
    from platform_pulumi.operations.scale import Scaled
    from platform_pulumi.operations.session import Services
    from platform_pulumi.sdk.export import Export
    from platform_pulumi.sdk.provider import ProviderDefinition
    from platform_pulumi.settings import Settings


def build(settings: Settings, cancellation: Cancellation | None = None, **overrides: Any) -> Operations:
    """The operations for these settings, which the token cancels; `overrides` replace fields of `Services`."""
    return Operations(settings, cancellation or Cancellation(), overrides)


@dataclass(frozen=True)
class Operations:
    """What the platform can do, a method a verb. Modules load with the verb that needs them."""

    settings: Settings
    cancellation: Cancellation = field(default_factory=Cancellation)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def validate(self, request: Request) -> Platform:
        """Read and check the declarations alone: no engine, no state, no secrets needed."""
        definitions = provider_definitions()
        chosen = definitions.get(request.provider or "")
        return declarations.load(
            request.files,
            variables=request.variables,
            environment=self.settings.environment,
            definitions=definitions,
            provider=request.provider,
            simulated=request.simulate or bool(chosen and chosen.always_simulated),
            strict=False,
        )

    def preview(self, request: Request, observer: Observer) -> Plan:
        """Plan all tiers; see `operations.preview`."""
        with self._running() as services:
            from platform_pulumi.operations import preview

            return preview.preview(services, request, observer)

    def up(self, request: Request, observer: Observer, approver: Approver) -> Applied:
        """Plan and apply; see `operations.up`."""
        with self._running() as services:
            from platform_pulumi.operations import up

            return up.up(services, request, observer, approver)

    def destroy(self, request: Request, observer: Observer, approver: Approver) -> Applied:
        """Destroy in reverse order; see `operations.destroy`."""
        from platform_pulumi.operations import destroy

        return destroy.destroy(self._services(), request, observer, approver)

    def outputs(self, request: Request) -> OutputsReport:
        """The applied outputs; see `operations.outputs`."""
        from platform_pulumi.operations import outputs

        return outputs.outputs(self._services(), request)

    def export(self, request: Request, form: str, out: Path | None) -> Export:
        """The deployment in another form; see `operations.export`."""
        from platform_pulumi.operations import export

        return export.export(self._services(), request, form, out)

    def export_forms(self) -> tuple[str, ...]:
        """The forms of `export`."""
        from platform_pulumi.operations import export

        return export.forms(provider_definitions())

    def fidelity(self, _request: Request, providers: tuple[str, ...]) -> tuple[FidelityTable, ...]:
        """The fidelity tables of these providers, or of all."""
        from platform_pulumi.operations import fidelity

        return fidelity.tables(provider_definitions(), providers)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the declarations."""
        return declarations.schema()

    def plugin(self, folder: Path) -> Path:
        """Our docker plugin as an executable in that folder.

        Raises:
            InputError: the folder cannot be written to, or holds another program of the name.
        """
        from components.docker.plugin import standalone
        from platform_pulumi.errors import InputError

        try:
            return standalone.install(folder)
        except OSError as error:
            detail = f"{error.strerror}: {folder}." if error.strerror else f"{error}."
            raise InputError("The plugin cannot be written", detail) from error

    def status(self, request: Request) -> StatusReport:
        """How everything that was applied is now; see `operations.status`."""
        from platform_pulumi.operations import status

        return status.status(self._services(), request)

    def logs(self, request: Request, name: str, wanted: Wanted) -> Logs:
        """What a capability writes; see `operations.logs`."""
        from platform_pulumi.operations import logs

        return logs.logs(self._services(), request, name, wanted)

    def address(self, request: Request, name: str) -> Address:
        """Where a capability is reached; see `operations.reaching`."""
        from platform_pulumi.operations import reaching

        return reaching.address(self._services(), request, name)

    def scale(self, request: Request, name: str, replicas: int, observer: Observer, approver: Approver) -> Scaled:
        """Another number of replicas; see `operations.scale`."""
        with self._running() as services:
            from platform_pulumi.operations import scale

            return scale.scale(services, request, name, replicas, observer, approver)

    def doctor(self, install: bool, observer: Observer, files: Sequence[Path] = ()) -> Diagnosis:
        """What is installed and configured, who answers, and what is wrong; see `operations.doctor`."""
        from platform_pulumi.engine.machine import LocalMachine, install_missing
        from platform_pulumi.operations import doctor
        from platform_pulumi.operations.events import Message
        from platform_pulumi.operations.provider_checks import provider_checks

        machine = LocalMachine(self.settings, provider_definitions)
        if install:
            install_missing(machine, lambda text: observer(Message(text)))
        asked = provider_checks(provider_definitions(), self.settings.environment, files)
        return doctor.diagnose(self.settings, machine, asked)

    @contextmanager
    def open_engine(
        self, platform: Platform, request: Request, simulated: bool, programs: LanguageHost | None = None
    ) -> Iterator[Engine]:
        """The engine for a platform: toolchain, backend, passphrase, provider servers."""
        from platform_pulumi.engine import factory
        from platform_pulumi.engine.language_host import LanguageHost

        names = {c.provider for tier in platform.tiers for c in tier.capabilities}
        definitions = {name: provider_definitions()[name] for name in names}
        programs = programs or LanguageHost.of(self.settings.environment)
        with factory.open_engine(
            self.settings, platform, request, simulated, definitions, programs, self.cancellation
        ) as engine:
            yield engine

    @contextmanager
    def _running(self) -> Iterator[Services]:
        """Services for a verb that runs programs: the SDK is imported in another process while files are read."""
        from platform_pulumi.engine.language_host import LanguageHost

        with LanguageHost.of(self.settings.environment) as programs:
            programs.prepare()
            yield self._services(functools.partial(self.open_engine, programs=programs))

    def _services(self, open_engine: Any = None) -> Services:
        from platform_pulumi.operations.session import Services

        fields: dict[str, Any] = {
            "definitions": provider_definitions(),
            "environment": self.settings.environment,
            "open_engine": open_engine or self.open_engine,
            "record": record,
            "now": lambda: time.time_ns() // 1_000_000,
        }
        return Services(**{**fields, **self.overrides})


def record(definition: ProviderDefinition, plugin: str) -> ProviderRecord:
    """A provider with its version (that of its SDK package), served by a plugin of that kind."""
    from importlib.metadata import PackageNotFoundError, version

    from platform_pulumi.model.contract import ProviderRecord

    module = definition.packages.get(definition.name) or "platform_pulumi"
    try:
        found = version(module.replace("_", "-"))
    except PackageNotFoundError:
        found = "0"
    return ProviderRecord(definition.name, found, plugin)
