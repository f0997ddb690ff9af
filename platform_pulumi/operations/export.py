"""Export of a provider's resources to a foreign format; needs neither engine, state nor daemon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from platform_pulumi import declarations
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.operations import exported_files, loading
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import Task
from platform_pulumi.sdk.export import Export, ExportRequest
from platform_pulumi.sdk.provider import ProviderDefinition, load

if TYPE_CHECKING:
    from collections.abc import Callable


def forms(definitions: Mapping[str, ProviderDefinition]) -> tuple[str, ...]:
    """List the available formats."""
    return tuple(sorted({form for definition in definitions.values() for form in definition.exports}))


def export(services: Services, task: Task, form: str, out: Path | None = None, command: tuple[str, ...] = ()) -> Export:
    """Export the deployment of all tiers in a format, whatever provider the files name.

    Args:
        form: one of `forms`.
        out: where the main file will stand; what an earlier export left beside it is read. None where nothing is kept.
        command: what makes it again, in words, for its heading.

    Raises:
        InputError: the files are wrong, a tier above is in none of them, or something has no place in that form.
        ConstraintError: a constraint or quota is violated; TierBoundaryViolation: a tier may not hold a capability.
    """
    definition = next(d for d in services.definitions.values() if form in d.exports)
    on_it = replace(task, declared=replace(task.declared, provider=definition.name))
    loaded = loading.load(services, on_it)
    platform, tiers = loaded.platform, loaded.select(task.selection)
    _require_upper(platform, tiers, form)
    config = declarations.resolve_config(platform.provider(definition.name), secrets=services.secrets)
    make: Callable[[ExportRequest], Export] = load(definition.exports[form])
    target = out or Path(f"{form}.yaml")
    wanted = ExportRequest(
        platform=platform,
        tiers=tiers,
        definition=definition,
        config=config,
        application=task.selection.application,
        target=target,
        command=command,
        previous=exported_files.previous(out.parent) if out is not None else lambda _: None,
    )
    return make(wanted)


def _require_upper(platform: Platform, tiers: tuple[TierDeclaration, ...], form: str) -> None:
    """Refuse what would stand on something that no file declares."""
    declared = {tier.tier for tier in platform.tiers}
    missing = sorted({upper for tier in tiers for upper in tier.tier.above} - declared)
    if missing:
        labels = ", ".join(tier.label for tier in missing)
        there = ", ".join(str(tier.key) for tier in tiers)
        detail = (
            f"The files declare {there} and not {labels}. A {form} file stands alone: it holds all tiers, and "
            f"reads none from a state. Add the files of the other tiers (-f); if this platform has none, say so with "
            f"an empty `{missing[0].label}:` under `tiers:`."
        )
        summary = "An export needs every tier"
        raise InputError(summary, detail)
