"""What `platform doctor` runs: get what is missing, if asked to, then look at this machine."""

from __future__ import annotations

from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine.machine import LocalMachine, install_missing
from platform_pulumi.operations import doctor
from platform_pulumi.operations.doctor import Diagnosis
from platform_pulumi.operations.events import Message
from platform_pulumi.operations.ports import Observer
from platform_pulumi.settings import Settings


def diagnose(settings: Settings, install: bool, observer: Observer) -> Diagnosis:
    """The diagnosis of this machine; with `install` after the CLI and the plugins were had, where they can be.

    Raises:
        EngineError: with `install`, the CLI can be neither downloaded nor built.
    """
    machine = LocalMachine(settings, provider_definitions)
    if install:
        install_missing(machine, lambda text: observer(Message(text)))
    return doctor.diagnose(settings, machine)
