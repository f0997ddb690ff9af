"""Compilation pipeline, documents to platform: parse each, merge them, route, resolve, check.

`load` is the way through; `complete` takes its last steps again, over the model, once the contracts of applied tiers
were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from platform_pulumi.declarations.compiler import availability, claims, merging, providers, quotas, refusals
from platform_pulumi.declarations.compiler.constraints import ConstraintChecker
from platform_pulumi.declarations.compiler.declaration import build_declaration
from platform_pulumi.declarations.compiler.document_parser import DocumentParser
from platform_pulumi.declarations.compiler.parsed import ParsedDocument
from platform_pulumi.declarations.compiler.resolution import Resolution, resolve
from platform_pulumi.declarations.compiler.source_map import DocumentSourceMap
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.declarations.documents import Document, Limits, too_large_problem
from platform_pulumi.declarations.references.resolver import ReferenceResolver
from platform_pulumi.declarations.secrets import SecretSource
from platform_pulumi.declarations.yaml import source
from platform_pulumi.declarations.yaml.source import Source
from platform_pulumi.errors import Position
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.context import Context
from platform_pulumi.model.platform import Platform, ProviderDeclaration, TemplateDeclaration, TierDeclaration
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.declarations.compiler.merging import MergedDocuments
    from platform_pulumi.model.contract import TierContract
    from platform_pulumi.sdk.provider import ProviderDefinition


#: A use of `${app.NAME}`, wherever it is: some are read late, in the settings of a provider for example.
_APP_VALUE = re.compile(r"\$\{app\.([^}]*)\}")


class Options(NamedTuple):
    """Options of the compilation; see `platform_pulumi.declarations.load`."""

    secrets: SecretSource
    variables: Mapping[str, str]
    strict: bool
    simulated: bool
    replicas: Mapping[str, int]
    limits: Limits | None


def load(
    documents: Sequence[Document],
    options: Options,
    definitions: Mapping[str, ProviderDefinition],
    provider: str | None,
) -> Platform:
    """Compile documents to a platform; see `platform_pulumi.declarations.load`."""
    problems = Problems()
    sources, parsed = _parse(documents, options, problems)
    source_map = DocumentSourceMap(sources)
    merged = merging.MergedDocuments(parsed, problems, source_map)
    declared, context_provider = _providers(merged, definitions, provider)
    templates = tuple(template for document in parsed for template in document.templates)
    template_uses = tuple(use for document in parsed for use in document.uses)
    _check_templates(template_uses, templates, problems, source_map)
    all_parsed = len(parsed) == len(documents)
    if not declared and all_parsed and not any(document.providers for document in parsed):
        merging.require_provider(merged, parsed, problems)
    if declared:
        merged.route(declared, definitions)
    if all_parsed:
        _check_variables(options.variables, documents, problems)
    availability.check(parsed, merged, declared, definitions, problems, source_map, simulated=options.simulated)
    refusals.check(merged.tiers, declared, definitions, problems, source_map)
    tiers: tuple[TierDeclaration, ...] = ()
    if all_parsed:  # what a document that could not be read declares would be missed everywhere else
        resolutions = resolve(merged.tiers, merged.tiers, {}, definitions, problems, source_map)
        checked = _check_constraints(merged, resolutions, problems, source_map)
        problems.raise_if_any()
        tiers = tuple(map(build_declaration, merged.tiers, resolutions, checked))
        if not any(capability.incomplete for tier in merged.tiers for capability in tier.capabilities):
            quotas.check(tiers, {}, (), problems, source_map)
            claims.check(tiers, declared, definitions, problems, source_map)
    problems.raise_if_any()
    return Platform(
        context=Context(merged.org, merged.environment, context_provider),
        providers=declared,
        tiers=tiers,
        modes=merged.modes,
        execution=merged.execution,
        state=merged.state,
        labels=merged.labels,
        annotations=merged.annotations,
        files=tuple(document.name for document in documents),
        warnings=problems.warnings,
        templates=templates,
        template_uses=template_uses,
        triggers={key: value for document in parsed for key, value in document.triggers.items()},
        source_map=source_map,
    )


def complete(
    platform: Platform, contracts: Mapping[Tier, TierContract], definitions: Mapping[str, ProviderDefinition]
) -> Platform:
    """Resolve and check a platform against applied contracts; see `platform_pulumi.declarations.complete`."""
    below = {tier for tier in Tier if tier not in contracts and set(tier.above) & set(contracts)}
    concerned = [tier for tier in platform.tiers if tier.tier in below]
    if not concerned:
        return platform
    problems = Problems()
    resolutions = resolve(concerned, platform.tiers, contracts, definitions, problems, platform.source_map)
    checker = ConstraintChecker(problems, platform.source_map)
    checked = [
        checker.check(tier.capabilities, resolution.upstream.constraints)
        for tier, resolution in zip(concerned, resolutions, strict=True)
    ]
    problems.raise_if_any()
    completed = iter(map(_completed, concerned, resolutions, checked))
    return replace(
        platform,
        tiers=tuple(next(completed) if tier.tier in below else tier for tier in platform.tiers),
        warnings=tuple(dict.fromkeys((*platform.warnings, *problems.warnings))),
    )


def check_quotas(platform: Platform, contracts: Mapping[Tier, TierContract], others: Iterable[TierContract]) -> None:
    """Check namespace quotas over all applications; see `platform_pulumi.declarations.check_quotas`."""
    problems = Problems()
    quotas.check(platform.tiers, contracts, others, problems, platform.source_map)
    problems.raise_if_any()


def check_claims(
    platform: Platform,
    tiers: Iterable[TierDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    others: Iterable[TierContract],
) -> None:
    """Check claims against what other stacks recorded; see `platform_pulumi.declarations.check_claims`."""
    problems = Problems()
    claims.check_recorded(tiers, platform.providers, definitions, others, problems, platform.source_map)
    problems.raise_if_any()


def _parse(
    documents: Iterable[Document], options: Options, problems: Problems
) -> tuple[dict[str, Source], list[ParsedDocument]]:
    """The documents that can be parsed, and what each says."""
    limits = options.limits or Limits()
    sources: dict[str, Source] = {}
    parsed = []
    for document in documents:
        if document.name in sources:
            problems.add(codes.DUPLICATE_NAME, f"{document.name} is given twice.", Position(document.name, 1, 1))
            continue
        unreadable = document.unreadable
        if len(document.text) > limits.bytes:
            unreadable = too_large_problem(document.name, limits)
        if unreadable is not None:
            problems.note(unreadable)
            continue
        text = Source(document.name, document.text, limits)
        root = source.compose(text, problems)
        if root is None:
            continue
        sources[text.name] = text
        resolver = ReferenceResolver(
            text,
            problems,
            secrets=options.secrets,
            variables=options.variables,
            strict=options.strict,
            simulated=options.simulated,
        )
        parsed.append(DocumentParser(text, root, problems, resolver, options.replicas).parse())
    return sources, parsed


def _providers(
    merged: MergedDocuments, definitions: Mapping[str, ProviderDefinition], wanted: str | None
) -> tuple[tuple[ProviderDeclaration, ...], str | None]:
    """The providers of the run, and the name of the one that has a context of its own."""
    declared = merged.providers(definitions)
    return providers.apply_override(declared, wanted, definitions) if wanted is not None else (declared, None)


def _check_variables(variables: Iterable[str], documents: Iterable[Document], problems: Problems) -> None:
    """Refuse a value that is given and used nowhere: a mistyped name would leave a default in its place."""
    used = {found for document in documents for found in _APP_VALUE.findall(document.text)}
    for name in sorted(set(variables) - used):
        there = f" There is {listed(sorted(used))}." if used else " They use none."
        detail = f"--set gives `{name}`, and the files have no ${{app.{name}}}.{did_you_mean(name, used) or there}"
        problems.add(codes.UNUSED_APP_VALUE, detail, None)


def _check_templates(
    uses: Sequence[TemplateDeclaration],
    known: Sequence[TemplateDeclaration],
    problems: Problems,
    source_map: DocumentSourceMap,
) -> None:
    if uses:
        from platform_pulumi.declarations.compiler import templates  # noqa: PLC0415  # few documents use them

        templates.check_uses(uses, known, problems, source_map)


def _check_constraints(
    merged: MergedDocuments, resolutions: Iterable[Resolution], problems: Problems, source_map: SourceMap
) -> list[int]:
    """Check every tier against the constraints above it; how many pairs of capability and constraint each has."""
    checker = ConstraintChecker(problems, source_map)
    declared: dict[Tier, list[Constraint]] = {}
    checked = []
    for tier, resolution in zip(merged.tiers, resolutions, strict=True):
        known = (capability for capability in tier.capabilities if not capability.incomplete)
        checked.append(checker.check(known, resolution.upstream.constraints))
        declared.setdefault(tier.tier, []).extend(tier.constraints)
    checker.warn_unmatched(declared)
    return checked


def _completed(tier: TierDeclaration, resolution: Resolution, checked: int) -> TierDeclaration:
    own = {capability.name: capability for capability in tier.capabilities}
    capabilities = tuple(replace(own[name], bindings=resolution.bindings[name]) for name in resolution.order)
    return replace(tier, capabilities=capabilities, constraints_checked=checked)
