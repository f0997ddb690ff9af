"""Fidelity tables of providers: every leaf field of every capability type, with its level."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from platform_pulumi.errors import InputError
from platform_pulumi.model.fidelity import FidelityTable, FieldLevel
from platform_pulumi.sdk.fidelity import FieldFidelity, entries_of
from platform_pulumi.sdk.provider import ProviderDefinition


def tables(definitions: Mapping[str, ProviderDefinition], names: tuple[str, ...]) -> tuple[FidelityTable, ...]:
    """Build the tables of these providers, in this order; of all of them where none is named.

    Raises:
        InputError: a provider is not installed.
    """
    aliases = {alias: name for name, definition in definitions.items() for alias in (name, *definition.aliases)}
    for name in names:
        if name not in aliases:
            near = difflib.get_close_matches(name, aliases, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            detail = f"There is no provider {name!r}; installed: {', '.join(sorted(definitions))}.{hint}"
            raise InputError("Unknown provider", detail)
    return tuple(_table(definitions[aliases[name]]) for name in names or tuple(sorted(definitions)))


def _table(definition: ProviderDefinition) -> FidelityTable:
    return FidelityTable(
        provider=definition.name,
        types={
            kind: {path: tuple(map(_level, entries_of(entry))) for path, entry in binding.table().items()}
            for kind, binding in definition.bindings.items()
        },
    )


def _level(entry: FieldFidelity) -> FieldLevel:
    return FieldLevel(entry.level, entry.does, entry.workaround, entry.when.words if entry.when is not None else "")
