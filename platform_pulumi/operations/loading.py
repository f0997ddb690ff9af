"""Loading of a task's declarations, and selection of its tiers: the first step of every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platform_pulumi import declarations
from platform_pulumi.declarations.diagnostics.wording import did_you_mean
from platform_pulumi.errors import InputError
from platform_pulumi.model.context import NAME
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import EngineOptions, Selection, Task
from platform_pulumi.sdk.provider import ProviderDefinition


@dataclass(frozen=True, slots=True)
class LoadedPlatform:
    """Loaded platform of a task, and whether its runs are simulated."""

    platform: Platform
    simulated: bool

    def select(self, selection: Selection, *, removed: bool = False) -> tuple[TierDeclaration, ...]:
        """Select the tiers of a selection, topmost first.

        Args:
            removed: whether an application of tier 3 that no file declares is one without any capabilities.

        Raises:
            InputError: nothing declares any of them.
        """
        platform = self.platform
        chosen = [tier for tier in platform.tiers if selection.includes(tier.key)]
        wanted = selection.application if selection.tier in {None, Tier.APPLICATION} else None
        if wanted is not None and not any(tier.tier is Tier.APPLICATION for tier in chosen):
            if removed and selection.tier is Tier.APPLICATION and NAME.fullmatch(wanted):
                return (TierDeclaration(Tier.APPLICATION, wanted),)
            raise self.unknown_application(wanted)
        if selection.application is not None and selection.tier is not None and wanted is None:
            detail = f"--app picks an application of tier 3, and --tier says {selection.tier.label}: leave one out."
            raise InputError("Only tier 3 has applications", detail)
        if not chosen:
            label = selection.tier.label if selection.tier else "any tier"
            detail = f"The files declare nothing in {label}: {', '.join(platform.files)}."
            raise InputError("Nothing to work on", detail)
        return tuple(sorted(chosen, key=lambda tier: (tier.tier, tier.application or "")))

    def unknown_application(self, name: str) -> InputError:
        """Build the error of an application that is not there."""
        known = [t.application or "" for t in self.platform.tiers if t.tier is Tier.APPLICATION]
        detail = f"No file declares the application {name!r}; declared: {', '.join(known) or 'none'}."
        return InputError("Unknown application", f"{detail}{did_you_mean(name, known)}")


def load(services: Services, task: Task, *, strict: bool = True, runs: bool = True) -> LoadedPlatform:
    """Load the declarations of a task.

    Args:
        strict: whether values that are not there (environment, files, `${app.x}`) are errors.
        runs: whether a run follows, for which every setting counts; else only what is recorded is read.

    Raises:
        InputError: the declarations are wrong, or this version cannot run them.
        ConstraintError: a constraint is violated; TierBoundaryViolation: a capability stands in the wrong tier.
    """
    declared = task.declared
    platform = declarations.load(
        declared.documents,
        variables=declared.variables,
        secrets=services.secrets,
        definitions=services.definitions,
        provider=declared.provider,
        simulated=task.engine.simulate,
        strict=strict,
        replicas=declared.replicas,
    )
    declarations.require_available(platform, services.definitions, simulated=task.engine.simulate or not runs)
    return LoadedPlatform(platform, _is_simulated(platform, task.engine, services.definitions))


def _is_simulated(platform: Platform, options: EngineOptions, definitions: Mapping[str, ProviderDefinition]) -> bool:
    """Whether runs are simulated: on request, or because the only providers are.

    Raises:
        InputError: real and simulated providers are mixed, or faults are asked of a real run.
    """
    names = {capability.provider for tier in platform.tiers for capability in tier.capabilities}
    always = {name for name in names if definitions[name].always_simulated}
    if always and always != names and not options.simulate:
        detail = (
            f"{', '.join(sorted(always))} is simulated and {', '.join(sorted(names - always))} is real; a run is the "
            "one or the other. Add --simulate to simulate all of it."
        )
        raise InputError("Simulated and real providers are mixed", detail)
    simulated = options.simulate or bool(always)
    if options.faults is not None and not simulated:
        detail = "--simulate-config describes a simulated run: add --simulate."
        raise InputError("Faults without simulation", detail)
    return simulated
