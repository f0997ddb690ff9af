"""Whether the providers answer and let us in: the part of a diagnosis that asks somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.platform import Platform, ProviderDeclaration
from platform_pulumi.operations.doctor import Check, Status
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.sdk.runtime import Runtime, open_runtime

#: What a diagnosis reads without being told, where it is there.
USUAL = Path("platform.yaml")
OpenRuntime = Callable[[ProviderDefinition, Mapping[str, Any], Mapping[str, str]], Runtime | None]


def provider_checks(
    definitions: Mapping[str, ProviderDefinition],
    environment: Mapping[str, str],
    files: Sequence[Path] = (),
    usual: Path = USUAL,
    opener: OpenRuntime = open_runtime,
) -> Iterator[Check]:
    """A check for each provider that the files declare; without files, for each installed one that can be asked.

    Args:
        definitions: the installed providers.
        environment: for their settings, and for them.
        files: named by the user: a provider of theirs that does not answer is an error. Without, it is a warning.
        usual: read where it is there and no file is named.
        opener: gives a provider's live side.
    """
    severity = Status.ERROR if files else Status.WARNING
    read = tuple(files) or ((usual,) if usual.is_file() else ())
    declared: Sequence[ProviderDeclaration] | None = None
    if read:
        try:
            declared = _platform(read, definitions, environment).providers
        except PlatformError as error:
            many = len([problem for problem in error.problems if not problem.warning])
            found = f"{', '.join(map(str, read))}: {error.summary}" + (f", {many} problems" if many > 1 else "")
            yield Check("declarations", severity, found, "platform validate shows each with its line.")
    if declared is None:
        declared = [ProviderDeclaration(name) for name in sorted(definitions) if definitions[name].runtime]
    for provider in declared:
        yield _check(provider, definitions.get(provider.name), environment, severity, opener)


def _platform(
    files: Sequence[Path], definitions: Mapping[str, ProviderDefinition], environment: Mapping[str, str]
) -> Platform:
    return declarations.load(files, environment=environment, definitions=definitions, strict=False)


def _check(
    declared: ProviderDeclaration,
    definition: ProviderDefinition | None,
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
            runtime = opener(definition, declarations.resolve_config(declared, environment=environment), environment)
        if runtime is None:
            return Check(
                name, Status.OK, "cannot be asked by this version; credentials are checked by the run that needs them"
            )
        return Check(name, Status.OK, runtime.healthy())
    except PlatformError as error:
        problems = " ".join(f"{problem.position}: {problem.detail}" for problem in error.problems)
        return Check(name, severity, error.summary, problems or error.detail)
