"""Task: the input of an operation: declarations, tiers, engine options, and what the user allows.

The same values for the CLI, a server and workflows: nothing here names a file, an option or a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from platform_pulumi.declarations.documents import Declared, Document
from platform_pulumi.model.tier import Tier, TierKey

if TYPE_CHECKING:
    # Who only validates has no plan to load.
    from platform_pulumi.model.plan import TierPlan


@dataclass(frozen=True, slots=True)
class Selection:
    """Selection of declared tiers: all, one, or of tier 3 one application's."""

    tier: Tier | None = None
    application: str | None = None

    @classmethod
    def of(cls, key: TierKey) -> Selection:
        """Select one tier, of tier 3 one application's."""
        return cls(key.tier, key.application)

    def includes(self, key: TierKey) -> bool:
        """Whether a tier is selected."""
        if self.tier not in {None, key.tier}:
            return False
        return key.tier is not Tier.APPLICATION or self.application in {None, key.application}


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Options of the engine's runs.

    Args:
        simulate: our provider servers instead of the real ones, on state of their own.
        faults: document with faults for a simulated run.
        backend: state backend URL; overrides the environment and the documents.
        refresh: ask the providers for the state of every resource, instead of using the recorded state.
    """

    simulate: bool = False
    faults: Document | None = None
    backend: str | None = field(default=None, repr=False)
    refresh: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Input of an operation on a platform.

    Args:
        allow_data_loss: names whose data may be lost.
        forget_pending: names whose create a killed run left open and a person has looked up since.
    """

    declared: Declared
    selection: Selection = Selection()
    engine: EngineOptions = EngineOptions()
    allow_data_loss: frozenset[str] = frozenset()
    forget_pending: frozenset[str] = frozenset()

    def held_to(self, section: TierPlan) -> Task:
        """Narrow the task to one section of a plan: its tier, and the losses that it allows."""
        return replace(self, selection=Selection.of(section.key), allow_data_loss=section.allowed_data_loss)
