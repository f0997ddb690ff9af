"""Declared providers: names and aliases, routing by capability type, settings resolved when a run needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from yaml.nodes import Node, ScalarNode

from platform_pulumi.declarations.compiler.source_map import DocumentSourceMap
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed, unknown_type
from platform_pulumi.declarations.documents import Limits
from platform_pulumi.declarations.references.grammar import parse
from platform_pulumi.declarations.references.resolver import ReferenceResolver, Unresolved
from platform_pulumi.declarations.secrets import SecretSource
from platform_pulumi.declarations.yaml.source import Source
from platform_pulumi.errors import InputError, Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.model.value import Secret, Template
from platform_pulumi.sdk.provider import ProviderDefinition

#: Providers of the specification that are not installed yet, and their aliases: files may name them already.
_RESERVED = {"kubernetes": "kubernetes", "kind": "kubernetes"}


class Routing:
    """Routing table from capability type to provider.

    Args:
        declared: the providers of the files, by canonical name.
    """

    def __init__(self, declared: Iterable[ProviderDeclaration]) -> None:
        self._by_type: dict[str, str] = {}
        self._rest = ""
        for provider in declared:
            for name in provider.capabilities:
                self._by_type.setdefault(name, provider.name)
            if not provider.capabilities and not self._rest:
                self._rest = provider.name

    def provider(self, capability_type: str) -> str:
        """Look up the provider of a type; empty where none serves it."""
        return self._by_type.get(capability_type, self._rest)


def canonical_name(name: str, definitions: Mapping[str, ProviderDefinition]) -> str | None:
    """Return a provider's own name; None for one that is unknown."""
    if name in definitions:
        return definitions[name].name
    for definition in definitions.values():
        if name in definition.aliases:
            return definition.name
    return _RESERVED.get(name)


def check(
    declared: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: DocumentSourceMap,
) -> tuple[ProviderDeclaration, ...]:
    """Return the declared providers under their own names; mistakes are noted."""
    found: list[ProviderDeclaration] = []
    for provider in declared:
        assert provider.declared_at is not None  # read from a file
        name = canonical_name(provider.name, definitions)
        if name is None:
            position, size = source_map.key(provider.declared_at, "name")
            problems.add(codes.UNKNOWN_PROVIDER, _unknown(provider.name, definitions), position, length=size)
            continue
        before = next((other for other in found if other.name == name), None)
        if before is not None and before.declared_at is not None:
            position, size = source_map.key(provider.declared_at, "name")
            detail = (
                f"`{provider.name}` is declared for the second time; the first is on line {before.declared_at.line}."
            )
            problems.add(codes.DUPLICATE_NAME, detail, position, length=size, also=[before.declared_at])
            continue
        _check_settings(provider, definitions.get(name), problems, source_map)
        found.append(ProviderDeclaration(name, provider.config, provider.capabilities, provider.declared_at))
    _check_routing(found, problems, source_map)
    return tuple(found)


def apply_override(
    declared: tuple[ProviderDeclaration, ...], wanted: str, definitions: Mapping[str, ProviderDefinition]
) -> tuple[tuple[ProviderDeclaration, ...], str | None]:
    """Apply `--provider`: the providers, and the name its own context carries (None where the file means it anyway).

    Raises:
        InputError: there is no such provider.
    """
    name = canonical_name(wanted, definitions)
    if name is None:
        problem = codes.UNKNOWN_PROVIDER.problem(_unknown(wanted, definitions))
        raise InputError(problem.summary, problem.detail, [problem])
    if {provider.name for provider in declared} == {name}:
        return declared, None
    own = next((provider for provider in declared if provider.name == name), None)
    return (ProviderDeclaration(name, own.config if own else {}, (), own.declared_at if own else None),), name


def resolve_config(declaration: ProviderDeclaration, *, secrets: SecretSource) -> dict[str, Any]:
    """Resolve a provider's settings to plain values; secrets among them are plain too.

    Call it only for a run that really uses the provider: never to validate or simulate.

    Raises:
        InputError: a reference has no value, or needs a credential broker.
    """
    problems = Problems()
    position = declaration.declared_at or Position("", 1, 1)
    source = Source(position.file, "", Limits())
    resolver = ReferenceResolver(source, problems, secrets=secrets, variables={}, strict=True, simulated=False)
    mark = yaml.Mark(position.file, 0, position.line - 1, position.column - 1, None, 0)
    node = ScalarNode("", "", mark, mark)  # where only the declaration's place is known any more
    config = {name: _resolved(value, resolver, node) for name, value in declaration.config.items()}
    problems.raise_if_any()
    return config


def literal_config(declaration: ProviderDeclaration) -> dict[str, Any]:
    """Return a provider's settings without those that hold a reference: a simulated run resolves none."""
    return {name: _literal(value) for name, value in declaration.config.items() if _is_literal(value)}


def _unknown(name: str, definitions: Mapping[str, ProviderDefinition]) -> str:
    aliases = {alias for definition in definitions.values() for alias in definition.aliases}
    known = sorted({*definitions, *aliases, *_RESERVED})
    hint = did_you_mean(name, known) or f" Known are {listed(known)}."
    return f"There is no provider `{name}`.{hint}"


def _is_literal(value: Any) -> bool:
    """Whether a value holds no reference; a mapping does without the entries that hold one."""
    if isinstance(value, (list, tuple)):
        return all(_is_literal(item) for item in value)  # a shorter list would be another one
    return not isinstance(value, str) or all(isinstance(part, str) for part in parse(value))


def _literal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _literal(item) for name, item in value.items() if _is_literal(item)}
    if isinstance(value, (list, tuple)):
        return [_literal(item) for item in value]
    return "".join(map(str, parse(value))) if isinstance(value, str) else value


def _resolved(value: Any, resolver: ReferenceResolver, node: Node) -> Any:
    if isinstance(value, str) and "$" in value:
        found = resolver.resolve(value, node)
        if isinstance(found, Secret) and not isinstance(found, Unresolved):
            return found.reveal()
        return None if isinstance(found, (Unresolved, Template)) else found
    if isinstance(value, Mapping):
        return {name: _resolved(item, resolver, node) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_resolved(item, resolver, node) for item in value]
    return value


def _check_settings(
    provider: ProviderDeclaration,
    definition: ProviderDefinition | None,
    problems: Problems,
    source_map: DocumentSourceMap,
) -> None:
    if definition is None:
        return  # nobody knows its settings; it cannot be run either
    assert provider.declared_at is not None  # read from a file
    for name in provider.config:
        if name not in definition.config_fields:
            position, size = source_map.within(provider.declared_at, "config", name)
            known = listed(definition.config_fields) or "none"
            hint = did_you_mean(name, definition.config_fields) or f" It has {known}."
            detail = f"Provider `{definition.name}` has no setting `{name}`.{hint}"
            problems.add(codes.UNKNOWN_KEY, detail, position, length=size)


def _check_routing(providers: list[ProviderDeclaration], problems: Problems, source_map: DocumentSourceMap) -> None:
    rest: ProviderDeclaration | None = None
    served: dict[str, ProviderDeclaration] = {}
    for provider in providers:
        assert provider.declared_at is not None  # read from a file
        if not provider.capabilities:
            if rest is not None:
                position, size = source_map.key(provider.declared_at, "name")
                detail = (
                    f"Both `{rest.name}` and `{provider.name}` would serve every type. Say with `capabilities: [types]`"
                    " what each of them serves; one may be without, for the rest."
                )
                problems.add(
                    codes.ROUTING, detail, position, length=size, also=[rest.declared_at] if rest.declared_at else []
                )
            rest = rest or provider
        for index, name in enumerate(provider.capabilities):
            if name not in CAPABILITY_TYPES:
                at, extent = source_map.item(provider.declared_at, "capabilities", index)
                problems.add(codes.UNKNOWN_TYPE, unknown_type(name), at, length=extent)
            elif name in served:
                detail = f"`{name}` is served by `{served[name].name}` already; a type has one provider."
                at, extent = source_map.item(provider.declared_at, "capabilities", index)
                first = served[name].declared_at
                problems.add(codes.ROUTING, detail, at, length=extent, also=[first] if first else [])
            served.setdefault(name, provider)
