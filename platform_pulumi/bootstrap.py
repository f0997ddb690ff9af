"""Wires the rooms together: settings and requests in, operations out. Tests pass fakes by keyword."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.model.applied import Applied, OutputsReport
from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.fidelity import FidelityTable
from platform_pulumi.model.plan import Plan
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.doctor import Diagnosis
from platform_pulumi.operations.ports import Approver, Engine, Observer
from platform_pulumi.operations.request import Request
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings

#: The package whose servers are always ours.
OWN_PACKAGE = {"platform": ""}


def build(settings: Settings, **overrides: Any) -> Operations:
    """The operations for these settings; `overrides` replace fields of `Services`."""
    return Operations(settings, overrides)


@dataclass(frozen=True)
class Operations:
    """What the platform can do, a method a verb. Modules load with the verb that needs them."""

    settings: Settings
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def validate(self, request: Request) -> Platform:
        """Read and check the declarations alone: no engine, no state, no secrets needed."""
        definitions = provider_definitions()
        chosen = definitions.get(request.provider or "")
        return declarations.load(
            request.files,
            variables=request.variables,
            environment=os.environ,
            definitions=definitions,
            provider=request.provider,
            simulated=request.simulate or bool(chosen and chosen.always_simulated),
            strict=False,
        )

    def preview(self, request: Request, observer: Observer) -> Plan:
        """Plan all tiers; see `operations.preview`."""
        from platform_pulumi.operations import preview  # noqa: PLC0415  (each verb loads what it needs)

        return preview.preview(self._services(), request, observer)

    def up(self, request: Request, observer: Observer, approver: Approver) -> Applied:
        """Plan and apply; see `operations.up`."""
        from platform_pulumi.operations import up  # noqa: PLC0415

        return up.up(self._services(), request, observer, approver)

    def destroy(self, request: Request, observer: Observer, approver: Approver) -> Applied:
        """Destroy in reverse order; see `operations.destroy`."""
        from platform_pulumi.operations import destroy  # noqa: PLC0415

        return destroy.destroy(self._services(), request, observer, approver)

    def outputs(self, request: Request) -> OutputsReport:
        """The applied outputs; see `operations.outputs`."""
        from platform_pulumi.operations import outputs  # noqa: PLC0415

        return outputs.outputs(self._services(), request)

    def fidelity(self, _request: Request, providers: tuple[str, ...]) -> tuple[FidelityTable, ...]:
        """The fidelity tables of these providers, or of all."""
        from platform_pulumi.operations import fidelity  # noqa: PLC0415

        return fidelity.tables(provider_definitions(), providers)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the declarations."""
        return declarations.schema()

    def doctor(self, install: bool, observer: Observer) -> Diagnosis:
        """What is installed and configured, and what is wrong; see `operations.doctor`."""
        from platform_pulumi.engine.machine import LocalMachine, install_missing  # noqa: PLC0415
        from platform_pulumi.operations import doctor  # noqa: PLC0415

        machine = LocalMachine(self.settings, provider_definitions)
        if install:
            install_missing(machine, observer.message)
        return doctor.diagnose(self.settings, machine)

    def _services(self) -> Any:
        from platform_pulumi.operations.session import Services  # noqa: PLC0415

        fields: dict[str, Any] = {
            "definitions": provider_definitions(),
            "environment": os.environ,
            "open_engine": self.open_engine,
            "record": record,
            "now": lambda: time.time_ns() // 1_000_000,
        }
        return Services(**{**fields, **self.overrides})

    @contextmanager
    def open_engine(self, platform: Platform, request: Request, simulated: bool) -> Iterator[Engine]:
        """The engine for a platform: toolchain, backend, passphrase, provider servers."""
        from platform_pulumi.engine import opening  # noqa: PLC0415

        definitions = provider_definitions()
        names = {c.provider for tier in platform.tiers for c in tier.capabilities}
        packages = dict(OWN_PACKAGE)
        for name in names:
            if simulated:
                packages.update(definitions[name].packages)
        configs = {p.name: p.config for p in platform.providers if p.name in names}
        with opening.open_engine(self.settings, platform, request, simulated, packages, configs) as engine:
            yield engine


def record(definition: ProviderDefinition, simulated: bool) -> ProviderRecord:
    """A provider's version (that of its SDK package) and the mode its plugin runs in."""
    module = definition.packages.get(definition.name) or "platform_pulumi"
    try:
        found = version(module.replace("_", "-"))
    except PackageNotFoundError:
        found = "0"
    return ProviderRecord(definition.name, found, "simulated" if simulated else "official")
