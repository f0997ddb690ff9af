"""Checks of the providers for a diagnosis: whether each answers and accepts our credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.declarations.documents import Document
from platform_pulumi.declarations.secrets import SecretSource
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.operations.doctor import Check, Status
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.sdk.runtime import Runtime, open_runtime

OpenRuntime = Callable[[ProviderDefinition, Mapping[str, Any], Mapping[str, str]], Runtime | None]


def provider_checks(
    definitions: Mapping[str, ProviderDefinition],
    secrets: SecretSource,
    environment: Mapping[str, str],
    documents: Sequence[Document] = (),
    *,
    strict: bool = False,
    opener: OpenRuntime = open_runtime,
) -> Iterator[Check]:
    """Check each provider that the documents declare; without any, each installed one that can be asked.

    Args:
        definitions: the installed providers.
        secrets: resolves references in their settings.
        environment: for their live sides.
        documents: declarations.
        strict: whether a provider of theirs that does not answer is an error; else it is a warning.
        opener: gives a provider's live side.
    """
    severity = Status.ERROR if strict else Status.WARNING
    declared: Sequence[ProviderDeclaration] | None = None
    if documents:
        try:
            declared = declarations.load(documents, secrets=secrets, definitions=definitions, strict=False).providers
        except PlatformError as error:
            many = len([problem for problem in error.problems if not problem.warning])
            names = ", ".join(document.name for document in documents)
            found = f"{names}: {error.summary}" + (f", {many} problems" if many > 1 else "")
            yield Check("declarations", severity, found, "platform validate shows each with its line.")
    if declared is None:
        declared = [ProviderDeclaration(name) for name in sorted(definitions) if definitions[name].runtime]
    for provider in declared:
        yield _check(provider, definitions.get(provider.name), secrets, environment, severity, opener)


def _check(
    declared: ProviderDeclaration,
    definition: ProviderDefinition | None,
    secrets: SecretSource,
    environment: Mapping[str, str],
    severity: Status,
    opener: OpenRuntime,
) -> Check:
    name = f"provider {declared.name}"
    if definition is None:
        return Check(name, severity, "not available in this version", "platform preview --provider NAME runs another.")
    if definition.always_simulated:
        return Check(name, Status.OK, "simulated: there is nobody to ask")
    try:
        runtime = None
        if definition.runtime:
            config = declarations.resolve_config(declared, secrets=secrets)
            runtime = opener(definition, config, environment)
        if runtime is None:
            return Check(
                name, Status.OK, "cannot be asked by this version; credentials are checked by the run that needs them"
            )
        return Check(name, Status.OK, runtime.healthy())
    except PlatformError as error:
        problems = " ".join(f"{problem.position}: {problem.detail}" for problem in error.problems)
        return Check(name, severity, error.summary, problems or error.detail)
