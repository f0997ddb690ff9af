"""Request: the common options of the commands, and the task they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.declarations.documents import Declared, Document
    from platform_pulumi.operations.task import Task


@dataclass(frozen=True, slots=True)
class Request:
    """Common options of one command.

    Args:
        files: the declarations, joined.
        tier: only this tier; all declared ones where None.
        provider: this provider instead of the file's, in a context of its own.
        simulate: our provider servers instead of the real ones, on state of their own.
        simulate_config: file with faults for the simulated run.
        application: only this application of tier 3.
        variables: values of `${app.x}`.
        allow_data_loss: names whose data may be lost.
        backend: state backend URL; overrides the environment and the file.
        forget_pending: names whose create a killed run left open and a person has looked up since.
        refresh: ask the providers for the state of every resource, instead of using the recorded state.
    """

    files: tuple[Path, ...] = (Path("platform.yaml"),)
    tier: Tier | None = None
    provider: str | None = None
    simulate: bool = False
    simulate_config: Path | None = None
    application: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_data_loss: frozenset[str] = frozenset()
    backend: str | None = field(default=None, repr=False)
    forget_pending: frozenset[str] = frozenset()
    refresh: bool = False

    def declared(self) -> Declared:
        """Read what is declared, now."""
        from platform_pulumi.declarations.documents import Declared, read_documents

        return Declared(read_documents(self.files), self.variables, self.provider)

    def task(self, declared: Declared | None = None) -> Task:
        """Build the task for what is declared; the files are read now where that is not given.

        Raises:
            InputError: the file with faults cannot be read; what is wrong with the others is found with their mistakes.
        """
        from platform_pulumi.operations.task import EngineOptions, Selection, Task

        return Task(
            declared=declared or self.declared(),
            selection=Selection(self.tier, self.application),
            engine=EngineOptions(self.simulate, _faults(self.simulate_config), self.backend, self.refresh),
            allow_data_loss=self.allow_data_loss,
            forget_pending=self.forget_pending,
        )


def _faults(path: Path | None) -> Document | None:
    from platform_pulumi.declarations.documents import read_documents
    from platform_pulumi.errors import InputError

    if path is None:
        return None
    (document,) = read_documents((path,))
    if document.unreadable is not None:
        raise InputError("The faults file cannot be read", "", [document.unreadable])
    return document
