"""From files to a Platform: read each, join them, tie them together, judge them. Every mistake in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from platform_pulumi.declarations import codes, joining, providers, quota, source
from platform_pulumi.declarations.constraints import Judge
from platform_pulumi.declarations.documents import Document, Limits, too_large
from platform_pulumi.declarations.drafts import FileDraft, TierDraft
from platform_pulumi.declarations.linking import link
from platform_pulumi.declarations.locating import Locator
from platform_pulumi.declarations.problems import Problems
from platform_pulumi.declarations.reading import FileReader
from platform_pulumi.declarations.references import References
from platform_pulumi.declarations.secrets import SecretSource
from platform_pulumi.declarations.source import Source
from platform_pulumi.declarations.views import above
from platform_pulumi.errors import Position
from platform_pulumi.model.constraint import Violation
from platform_pulumi.model.context import Context
from platform_pulumi.model.platform import Platform, TemplateDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract
    from platform_pulumi.sdk.provider import ProviderDefinition


def load(  # the surroundings of a run, all named at the call
    documents: Sequence[Document],
    *,
    secrets: SecretSource,
    variables: Mapping[str, str] | None = None,
    definitions: Mapping[str, ProviderDefinition],
    provider: str | None = None,
    simulated: bool = False,
    strict: bool = True,
    limits: Limits | None = None,
    replicas: Mapping[str, int] | None = None,
) -> Platform:
    """Read and join files; see `platform_pulumi.declarations.load`."""
    problems = Problems()
    sources, drafts = _read(
        documents,
        problems,
        limits or Limits(),
        secrets=secrets,
        variables=variables or {},
        strict=strict,
        simulated=simulated,
        replicas=replicas or {},
    )
    locator = Locator(sources)
    joined = joining.Joined(drafts, problems, locator)
    declared = joined.providers(definitions)
    context_provider = None
    if provider is not None:
        declared, context_provider = providers.overridden(declared, provider, definitions)
    known = [template for draft in drafts for template in draft.templates]
    uses = [use for draft in drafts for use in draft.uses]
    if uses:
        from platform_pulumi.declarations import templates  # noqa: PLC0415  # few files use them

        templates.check_uses(uses, known, problems, locator)
    complete_reading = len(drafts) == len(documents)
    if not declared and complete_reading and not any(draft.providers for draft in drafts):
        joining.require_provider(joined, drafts, problems)
    if declared:
        joined.route(declared, definitions)
    if complete_reading:  # what a file that could not be read declares would be missed everywhere else
        link(joined.tiers, {}, definitions, problems, locator)
        judge = _judge(joined.tiers, {}, problems, locator)
        judge.warn_unmatched(_constraints(joined.tiers))
    problems.raise_if_any()
    tiers = tuple(tier.finished() for tier in joined.tiers)
    if not any(draft.incomplete for tier in joined.tiers for draft in tier.capabilities):
        _check_quotas(_quotas(tiers, {}), tiers, (), problems, locator)
        problems.raise_if_any()
    return Platform(
        context=Context(joined.org, joined.environment, context_provider),
        providers=declared,
        tiers=tiers,
        modes=joined.modes,
        execution=joined.execution,
        state=joined.state,
        labels=joined.labels,
        annotations=joined.annotations,
        files=tuple(document.name for document in documents),
        warnings=problems.warnings,
        templates=tuple(known),
        template_uses=tuple(
            TemplateDeclaration(use.template, use.version, use.declared_at, use.parameters) for use in uses
        ),
        triggers={key: value for draft in drafts for key, value in draft.triggers.items()},
        sources=source.texts(sources),
    )


def complete(
    platform: Platform, contracts: Mapping[Tier, TierContract], definitions: Mapping[str, ProviderDefinition]
) -> Platform:
    """Check and wire against tiers above; see `platform_pulumi.declarations.complete`."""
    problems = Problems()
    locator = Locator.of(platform.sources)
    drafts = [TierDraft.of(tier) for tier in platform.tiers]
    concerned = [
        draft.tier for draft in drafts if draft.tier not in contracts and set(draft.tier.above) & set(contracts)
    ]
    if not concerned:
        return platform
    link(drafts, contracts, definitions, problems, locator)
    _judge(drafts, contracts, problems, locator)
    problems.raise_if_any()
    tiers = tuple(
        draft.finished() if draft.tier in concerned else tier
        for draft, tier in zip(drafts, platform.tiers, strict=True)
    )
    return replace(platform, tiers=tiers, warnings=tuple(dict.fromkeys((*platform.warnings, *problems.warnings))))


def check_constraints(platform: Platform, contracts: Mapping[Tier, TierContract]) -> tuple[tuple[Violation, ...], int]:
    """Violations, and how many pairs of capability and constraint were checked."""
    judge = _judge([TierDraft.of(tier) for tier in platform.tiers], contracts, Problems(), Locator.of(platform.sources))
    return tuple(judge.violations), judge.checked


def check_quotas(platform: Platform, contracts: Mapping[Tier, TierContract], others: Sequence[TierContract]) -> None:
    """Check namespace quotas over all applications; see `platform_pulumi.declarations.check_quotas`."""
    problems = Problems()
    limits = _quotas(platform.tiers, contracts)
    _check_quotas(limits, platform.tiers, others, problems, Locator.of(platform.sources))
    problems.raise_if_any()


def _read(  # a document's surroundings
    documents: Sequence[Document],
    problems: Problems,
    limits: Limits,
    *,
    secrets: SecretSource,
    variables: Mapping[str, str],
    strict: bool,
    simulated: bool,
    replicas: Mapping[str, int],
) -> tuple[dict[str, Source], list[FileDraft]]:
    sources: dict[str, Source] = {}
    drafts = []
    for document in documents:
        if document.name in sources:
            problems.add(codes.DUPLICATE_NAME, f"{document.name} is given twice.", Position(document.name, 1, 1))
            continue
        unreadable = document.unreadable
        if len(document.text) > limits.bytes:
            unreadable = too_large(document.name, limits)
        if unreadable is not None:
            problems.note(unreadable)
            continue
        file = Source(document.name, document.text, limits)
        root = source.compose(file, problems)
        if root is None:
            continue
        file.keep(root)
        sources[file.name] = file
        resolver = References(file, problems, secrets=secrets, variables=variables, strict=strict, simulated=simulated)
        drafts.append(FileReader(file, root, problems, resolver, replicas).read())
        file.keep(None)
    return sources, drafts


def _judge(
    drafts: Sequence[TierDraft], contracts: Mapping[Tier, TierContract], problems: Problems, locator: Locator
) -> Judge:
    """Check every capability against the constraints that reach it."""
    judge = Judge(problems, locator)
    for draft in drafts:
        if draft.tier in contracts:
            continue  # applied, and judged then
        views = above(draft.tier, drafts, contracts)
        judge.judge(draft.capabilities, [c for view in views.values() for c in view.constraints])
    return judge


def _constraints(drafts: Sequence[TierDraft]) -> dict[Tier, list[Any]]:
    found: dict[Tier, list[Any]] = {}
    for draft in drafts:
        found.setdefault(draft.tier, []).extend(draft.constraints)
    return found


def _quotas(tiers: Sequence[TierDeclaration], contracts: Mapping[Tier, TierContract]) -> dict[str, Mapping[str, Any]]:
    """The quotas of all namespaces: of a contract where one was read, else of the files."""
    found: dict[str, Mapping[str, Any]] = {}
    for tier in tiers:
        if tier.tier not in contracts:
            found.update(quota.quotas(tier))
    for contract in contracts.values():
        found.update(contract.quotas)
    return found


def _check_quotas(
    limits: Mapping[str, Mapping[str, Any]],
    tiers: Sequence[TierDeclaration],
    others: Sequence[TierContract],
    problems: Problems,
    locator: Locator,
) -> None:
    mine = [tier for tier in tiers if tier.tier is Tier.APPLICATION]
    for violation in quota.violations(limits, mine, others):
        field, namespace = violation.constraint.field, violation.constraint.declared_at
        limit = locator.property(namespace, ("resource_quotas", field)) or (namespace, 1)
        position, size = locator.name(violation.declared_at)
        problems.add(codes.QUOTA, violation.message, position, length=size, also=[limit[0]])
