"""Compiler of YAML documents into a Platform, every value with its position (DESIGN section 5).

`pipeline` is the way through; the rooms it passes are `yaml`, `references`, `schemas`, `compiler` and `diagnostics`.

Nothing heavy is imported here: each function loads what it needs when it is called. pulumi is never imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from platform_pulumi.declarations.documents import Document, Limits
    from platform_pulumi.declarations.secrets import SecretSource
    from platform_pulumi.model.contract import ClaimRecord, TierContract
    from platform_pulumi.model.platform import Platform, ProviderDeclaration, TierDeclaration
    from platform_pulumi.model.tier import Tier
    from platform_pulumi.sdk.provider import ProviderDefinition

__all__ = [
    "check_claims",
    "check_quotas",
    "claims",
    "complete",
    "constraints_checked",
    "literal_config",
    "load",
    "most_usage",
    "quota_limits",
    "quota_usage",
    "quotas",
    "require_available",
    "resolve_config",
    "schema",
    "shown_config",
]


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
    """Read documents and merge them into one platform, checked as far as the documents alone allow.

    What needs a tier above that no document declares stays open until `complete`. No file is opened and no
    environment read but by `secrets`.

    Args:
        documents: the documents, in the order given (`read_documents` makes them of files).
        secrets: resolves `${env:}`, `${file:}`, `${vault:}` and `${aws-sm:}`.
        variables: values of `${app.x}`; they go before the files' own `platform.app`.
        definitions: the installed providers by name.
        provider: serve everything by this provider instead, in a context of its own (none where the files mean it).
        simulated: `${vault:...}` and `${aws-sm:...}` become placeholders; so they do with a `provider` that is always
            simulated.
        strict: whether values that are not there (environment, files, `${app.x}`) are errors; else warnings.
        limits: what one document may hold.
        replicas: of a capability, instead of what the files say; those of tier 3 by `APPLICATION/NAME`. They are
            checked as if they stood in the file.

    Raises:
        InputError: the files are wrong; all problems of all files, by position.
        TierBoundaryViolation: something is declared in a tier that may not hold it.
        ConstraintError: a constraint or quota is violated.
    """
    from platform_pulumi.declarations import pipeline  # noqa: PLC0415  # not at import: see the module

    named = definitions.get(provider or "")
    options = pipeline.Options(
        secrets=secrets,
        variables=variables or {},
        strict=strict,
        simulated=simulated or (named is not None and named.always_simulated),
        replicas=replicas or {},
        limits=limits,
    )
    return pipeline.load(documents, options, definitions, provider)


def complete(
    platform: Platform, contracts: Mapping[Tier, TierContract], definitions: Mapping[str, ProviderDefinition]
) -> Platform:
    """Resolve a platform against the contracts of tiers above; a contract stands for its tier, whatever the files say.

    Raises:
        InputError: something references, depends on or needs what the tiers above do not have.
        ConstraintError: a constraint of theirs is violated.
    """
    from platform_pulumi.declarations import pipeline  # noqa: PLC0415

    return pipeline.complete(platform, contracts, definitions)


def constraints_checked(platform: Platform, contracts: Mapping[Tier, TierContract] | None = None) -> int:
    """Count the pairs of capability and constraint that were checked: the plan's "Constraints 7 checked"."""
    return sum(tier.constraints_checked for tier in platform.tiers if tier.tier not in (contracts or {}))


def quota_usage(tier: TierDeclaration) -> dict[str, dict[str, Any]]:
    """Sum the resources a tier takes of each namespace: `{"ns": {"cpu": "2", "memory": "1Gi", "pods": 3}}`."""
    from platform_pulumi.declarations.compiler import quotas  # noqa: PLC0415

    return quotas.usage(tier)


def quotas(tier: TierDeclaration) -> dict[str, dict[str, Any]]:
    """List the quotas of a tier's namespaces for its contract, each with `at`, the place it was written."""
    from platform_pulumi.declarations.compiler import quotas  # noqa: PLC0415

    return quotas.declared(tier)


def most_usage(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Take of each namespace and resource the larger of two usages."""
    from platform_pulumi.declarations.compiler import quotas  # noqa: PLC0415

    return quotas.most(before, after)


def quota_limits(platform: Platform, contracts: Mapping[Tier, TierContract]) -> dict[str, Mapping[str, Any]]:
    """List the quotas that bound applications: of a tier's contract where one was read, else of the documents."""
    from platform_pulumi.declarations.compiler import quotas  # noqa: PLC0415

    return quotas.limits(platform.tiers, contracts)


def check_quotas(
    platform: Platform, contracts: Mapping[Tier, TierContract], others: Sequence[TierContract] = ()
) -> None:
    """Check that all applications of a namespace together stay within its quotas.

    Args:
        contracts: of the tiers above, for namespaces that no file declares.
        others: of the environment's other applications.

    Raises:
        ConstraintError: they do not, or a container leaves out a limit that a quota bounds.
    """
    from platform_pulumi.declarations import pipeline  # noqa: PLC0415

    pipeline.check_quotas(platform, contracts, others)


def claims(
    platform: Platform, tier: TierDeclaration, definitions: Mapping[str, ProviderDefinition]
) -> tuple[ClaimRecord, ...]:
    """List what a tier's capabilities have that there is once in the environment, as its contract carries it."""
    from platform_pulumi.declarations.compiler import claims as compiler  # noqa: PLC0415

    return compiler.records(tier, platform.providers, definitions)


def check_claims(
    platform: Platform,
    tiers: Iterable[TierDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    others: Iterable[TierContract],
) -> None:
    """Check that these tiers want nothing that another stack of the environment has, as it recorded.

    Args:
        others: the contracts of the other stacks.

    Raises:
        InputError: they do, each at its line.
    """
    from platform_pulumi.declarations import pipeline  # noqa: PLC0415

    pipeline.check_claims(platform, tiers, definitions, others)


def require_available(
    platform: Platform, definitions: Mapping[str, ProviderDefinition], *, simulated: bool = False
) -> None:
    """Refuse declarations that this version cannot run: a provider, templates, triggers without tiers.

    Args:
        simulated: whether no real provider is worked with: then settings about rights are no matter.

    Raises:
        InputError: it names each.
    """
    from platform_pulumi.declarations.compiler import availability  # noqa: PLC0415

    availability.require_available(platform, definitions, simulated=simulated)


def resolve_config(declaration: ProviderDeclaration, *, secrets: SecretSource) -> dict[str, Any]:
    """Resolve the references of a provider's settings to plain values, secrets too: keep them out of sight.

    Only for a run that really uses the provider: never to validate or simulate.

    Raises:
        InputError: a reference has no value, or needs a credential broker.
    """
    from platform_pulumi.declarations.compiler import providers  # noqa: PLC0415

    return providers.resolve_config(declaration, secrets=secrets)


def literal_config(declaration: ProviderDeclaration) -> dict[str, Any]:
    """Return a provider's settings without those that hold a reference, for a simulated run."""
    from platform_pulumi.declarations.compiler import providers  # noqa: PLC0415

    return providers.literal_config(declaration)


def shown_config(declaration: ProviderDeclaration) -> dict[str, Any]:
    """A provider's settings as they are written, for a plan: literal secrets are masked, references stay."""
    from platform_pulumi.declarations.diagnostics import masking  # noqa: PLC0415

    return masking.masked_settings(declaration.config)


def schema() -> dict[str, Any]:
    """Build the JSON Schema (2020-12) of the files from the models that read them."""
    from platform_pulumi.declarations.schemas import json_schema  # noqa: PLC0415

    return json_schema.schema()
