"""Composition root: builds the operations from settings; tests pass fakes by keyword."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from platform_pulumi import declarations
from platform_pulumi.catalog import distribution_version, provider_definitions, sdk_version
from platform_pulumi.operations.cancellation import Cancellation

if TYPE_CHECKING:
    from pathlib import Path

    from platform_pulumi.declarations.documents import Declared, Document
    from platform_pulumi.declarations.secrets import SecretSource
    from platform_pulumi.engine.language_host import LanguageHost
    from platform_pulumi.model.applied import Applied, OutputsReport
    from platform_pulumi.model.contract import ProviderRecord
    from platform_pulumi.model.fidelity import FidelityTable
    from platform_pulumi.model.plan import Approval, Plan, TierPlan
    from platform_pulumi.model.platform import Platform
    from platform_pulumi.model.status import StatusReport
    from platform_pulumi.operations.address import Address
    from platform_pulumi.operations.doctor import Diagnosis
    from platform_pulumi.operations.logs import LogOptions, Logs
    from platform_pulumi.operations.ports import Approver, Engine, Observer
    from platform_pulumi.operations.scale import Scaled
    from platform_pulumi.operations.services import Services
    from platform_pulumi.operations.task import EngineOptions, Task
    from platform_pulumi.sdk.export import Export
    from platform_pulumi.sdk.provider import ProviderDefinition
    from platform_pulumi.settings import Settings


def build(settings: Settings, cancellation: Cancellation | None = None, **overrides: Any) -> Operations:
    """Build the operations for these settings, which the token cancels; `overrides` replace fields of `Services`."""
    return Operations(settings, cancellation or Cancellation(), overrides)


@dataclass(frozen=True)
class Operations:
    """Operations of the platform, a method for each verb. Modules load with the verb that needs them."""

    settings: Settings
    cancellation: Cancellation = field(default_factory=Cancellation)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def validate(self, declared: Declared, *, simulate: bool = False) -> Platform:
        """Check the declarations alone: no engine, no state, no secrets needed."""
        return declarations.load(
            declared.documents,
            secrets=self._secrets(),
            variables=declared.variables,
            definitions=provider_definitions(),
            provider=declared.provider,
            simulated=simulate,
            strict=False,
        )

    def preview(self, task: Task, observer: Observer) -> Plan:
        """Plan all tiers; see `operations.preview`."""
        with self._running() as services:
            from platform_pulumi.operations import preview, waiting

            return waiting.patiently(services, task, observer, lambda watch: preview.preview(services, task, watch))

    def up(self, task: Task, observer: Observer, approver: Approver) -> Applied:
        """Plan and apply; see `operations.up`."""
        with self._running() as services:
            from platform_pulumi.operations import up, waiting

            return waiting.patiently(services, task, observer, lambda watch: up.up(services, task, watch, approver))

    def apply(self, task: Task, section: TierPlan, approvals: Iterable[Approval], observer: Observer) -> Applied:
        """Apply one section of a plan that was made before; see `operations.up.apply_section`."""
        from platform_pulumi.model.plan import Operation

        if section.operation is Operation.DESTROY:
            from platform_pulumi.operations import destroy, waiting

            services = self._services()
            return waiting.patiently(
                services,
                task,
                observer,
                lambda watch: destroy.destroy_section(services, task, section, approvals, watch),
            )
        with self._running() as services:
            from platform_pulumi.operations import up, waiting

            return waiting.patiently(
                services, task, observer, lambda watch: up.apply_section(services, task, section, approvals, watch)
            )

    def destroy(self, task: Task, observer: Observer, approver: Approver) -> Applied:
        """Destroy in reverse order; see `operations.destroy`."""
        from platform_pulumi.operations import destroy, waiting

        services = self._services()
        return waiting.patiently(
            services, task, observer, lambda watch: destroy.destroy(services, task, watch, approver)
        )

    def outputs(self, task: Task) -> OutputsReport:
        """Read the applied outputs; see `operations.outputs`."""
        from platform_pulumi.operations import outputs

        return outputs.outputs(self._services(), task)

    def export(self, task: Task, form: str, out: Path | None, command: tuple[str, ...] = ()) -> Export:
        """Export the deployment in another format; see `operations.export`."""
        from platform_pulumi.operations import export

        return export.export(self._services(), task, form, out, command)

    def export_forms(self) -> tuple[str, ...]:
        """List the formats of `export`."""
        from platform_pulumi.operations import export

        return export.forms(provider_definitions())

    def simulated_providers(self) -> tuple[str, ...]:
        """List the providers whose runs are always simulated."""
        return tuple(name for name, definition in provider_definitions().items() if definition.always_simulated)

    def fidelity(self, providers: tuple[str, ...]) -> tuple[FidelityTable, ...]:
        """Build the fidelity tables of these providers, or of all."""
        from platform_pulumi.operations import fidelity

        return fidelity.tables(provider_definitions(), providers)

    def schema(self) -> dict[str, Any]:
        """Build the JSON Schema of the declarations."""
        return declarations.schema()

    def plugin(self, folder: Path) -> tuple[Path, ...]:
        """Write the embedded plugins into a folder, as executables that run alone; return their paths.

        Raises:
            InputError: the folder cannot be written to, or holds another program of the name.
        """
        from platform_pulumi.errors import InputError
        from platform_pulumi.sdk.provider import load

        installs = [definition.standalone for definition in provider_definitions().values() if definition.standalone]
        try:
            return tuple(load(install)(folder) for install in installs)
        except OSError as error:
            detail = f"{error.strerror}: {folder}." if error.strerror else f"{error}."
            raise InputError("The plugin cannot be written", detail) from error

    def status(self, task: Task) -> StatusReport:
        """Report the status of everything that was applied; see `operations.status`."""
        from platform_pulumi.operations import status

        return status.status(self._services(), task)

    def logs(self, task: Task, name: str, wanted: LogOptions) -> Logs:
        """Read the logs of a capability; see `operations.logs`."""
        from platform_pulumi.operations import logs

        return logs.logs(self._services(), task, name, wanted)

    def address(self, task: Task, name: str) -> Address:
        """Look up the address of a capability; see `operations.address`."""
        from platform_pulumi.operations import address

        return address.address(self._services(), task, name)

    def scale(self, task: Task, name: str, replicas: int, observer: Observer, approver: Approver) -> Scaled:
        """Scale a capability to another number of replicas; see `operations.scale`."""
        with self._running() as services:
            from platform_pulumi.operations import scale, waiting

            return waiting.patiently(
                services, task, observer, lambda watch: scale.scale(services, task, name, replicas, watch, approver)
            )

    def doctor(
        self, install: bool, observer: Observer, documents: Sequence[Document] = (), *, strict: bool = False
    ) -> Diagnosis:
        """Diagnose the installation; see `operations.doctor`.

        Args:
            documents: declarations whose providers are asked; those that are installed where there are none.
            strict: whether a provider of them that does not answer is an error; else a warning.
        """
        from platform_pulumi.engine.machine import LocalMachine, install_missing
        from platform_pulumi.operations import doctor
        from platform_pulumi.operations.events import Message
        from platform_pulumi.operations.provider_checks import provider_checks

        machine = LocalMachine(self.settings, provider_definitions)
        if install:
            install_missing(machine, lambda text: observer(Message(text)))
        environment = self.settings.environment
        asked = provider_checks(provider_definitions(), self._secrets(), environment, documents, strict=strict)
        return doctor.diagnose(self.settings, machine, asked)

    @contextmanager
    def open_engine(
        self, platform: Platform, options: EngineOptions, simulated: bool, programs: LanguageHost | None = None
    ) -> Iterator[Engine]:
        """Open the engine for a platform: toolchain, backend, passphrase, provider servers."""
        from platform_pulumi.engine import factory
        from platform_pulumi.engine.language_host import LanguageHost

        # Those of the platform that no capability uses any more may still have something to delete.
        names = {c.provider for tier in platform.tiers for c in tier.capabilities} | {
            p.name for p in platform.providers
        }
        definitions = {name: provider_definitions()[name] for name in names}
        programs = programs or LanguageHost(self.settings.environment)
        with factory.open_engine(
            self.settings, platform, options, simulated, definitions, programs, self.cancellation
        ) as engine:
            yield engine

    @contextmanager
    def _running(self) -> Iterator[Services]:
        """Services for a verb that runs programs: the SDK is imported in another process while files are read."""
        from platform_pulumi.engine.language_host import LanguageHost

        with LanguageHost(self.settings.environment) as programs:
            programs.prepare()
            yield self._services(functools.partial(self.open_engine, programs=programs))

    def _secrets(self) -> SecretSource:
        from platform_pulumi.declarations.secrets import LocalSecrets

        return LocalSecrets(self.settings.environment)

    def _services(self, open_engine: Any = None) -> Services:
        from platform_pulumi.model.access import Actor, Policy
        from platform_pulumi.operations.services import Services

        user = self.settings.user
        fields: dict[str, Any] = {
            "definitions": provider_definitions(),
            "secrets": self._secrets(),
            "environment": self.settings.environment,
            "open_engine": open_engine or self.open_engine,
            "record": record,
            "now": lambda: time.time_ns() // 1_000_000,
            # State in a user's own hands: whoever runs it is its tier_admin (DESIGN section 9, direct mode).
            "actor": Actor(user),
            "policy": Policy.owned_by(user),
        }
        return Services(**{**fields, **self.overrides})


def record(definition: ProviderDefinition, plugin: str) -> ProviderRecord:
    """Build the record of a provider: its version, that of its SDK or else of its distribution, and its plugin."""
    from platform_pulumi.model.contract import ProviderRecord

    module = definition.packages.get(definition.name)
    version = sdk_version(module) if module else distribution_version(definition.name)
    return ProviderRecord(definition.name, version, plugin)
