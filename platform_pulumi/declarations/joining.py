"""Joins what several files say into one platform: who it is, who serves what, which tiers there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from platform_pulumi.declarations import codes, providers
from platform_pulumi.declarations.drafts import FileDraft, TierDraft
from platform_pulumi.declarations.locating import Locator
from platform_pulumi.declarations.problems import Problems, listed
from platform_pulumi.declarations.source import find, key_of, length
from platform_pulumi.errors import Position
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, ProviderDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.provider import ProviderDefinition


class Joined:
    """The files' common part. Two files may say a thing twice, but not differently.

    Args:
        files: what each file says, in the order they were given.
    """

    def __init__(self, files: Iterable[FileDraft], problems: Problems, locator: Locator) -> None:
        self._files = [file for file in files if file.is_platform]
        self._problems = problems
        self._locator = locator
        self.org = self._agreed("org")
        self.environment = self._agreed("environment")
        self.execution = self._merged("execution")
        self.state = self._merged("state")
        self.labels = self._merged("labels")
        self.annotations = self._merged("annotations")
        self.tiers = self._tiers()

    @property
    def modes(self) -> dict[Tier, Mode]:
        """Each tier's mode: as declared, else the specification's."""
        return {
            tier: Mode(self.execution.get(f"tier{tier.value}_mode", default)) for tier, default in DEFAULT_MODES.items()
        }

    def providers(self, definitions: Mapping[str, ProviderDefinition]) -> tuple[ProviderDeclaration, ...]:
        """The providers of the one file that declares them, or of several that declare the same."""
        declaring = [file for file in self._files if file.providers]
        if not declaring:
            return ()
        first = declaring[0]
        for other in declaring[1:]:
            if _essence(other.providers) != _essence(first.providers):
                here, there = other.providers[0].declared_at, first.providers[0].declared_at
                assert here is not None and there is not None  # noqa: PT018  # read from files
                detail = (
                    f"The provider here is another than at {there.file}:{there.line}. Declare it in one of the files."
                )
                self._problems.add(codes.FILES_DISAGREE, detail, here, also=[there])
        return providers.check(first.providers, definitions, self._problems, self._locator)

    def route(self, declared: tuple[ProviderDeclaration, ...], definitions: Mapping[str, ProviderDefinition]) -> None:
        """Give every capability the provider that serves its type."""
        routing = providers.Routing(declared)
        served: dict[str, str] = {}
        for tier in self.tiers:
            for draft in tier.capabilities:
                kind = draft.type
                if kind not in served:
                    served[kind] = routing.provider(kind) if draft.model is not None else ""
                draft.provider = served[kind]
                if draft.model is not None:
                    self._check_served(draft.declared_at, kind, draft.provider, definitions)

    def _check_served(
        self, declared_at: Position, kind: str, provider: str, definitions: Mapping[str, ProviderDefinition]
    ) -> None:
        definition = definitions.get(provider)
        if provider and (definition is None or kind in definition.bindings):
            return
        position, size = self._locator.key(declared_at, "type")
        if definition is None:
            detail = (
                f"No provider serves `{kind}`. Add it to the `capabilities` of one, or leave one without for the rest."
            )
            self._problems.add(codes.ROUTING, detail, position, length=size)
        else:
            detail = (
                f"Provider {provider} has nothing for `{kind}`; it serves {listed(definition.bindings)}."
                " Leave it out, or declare a provider that serves it."
            )
            self._problems.add(codes.UNSUPPORTED_TYPE, detail, position, length=size)

    def _agreed(self, name: str) -> str:
        first: tuple[str, Position] | None = None
        for file in self._files:
            value: tuple[str, Position] | None = getattr(file, name)
            if value is None:
                continue
            if first is None:
                first = value
            elif first[0] != value[0]:
                there = first[1]
                detail = (
                    f"`{name}` is `{value[0]}` here and `{first[0]}` at {there.file}:{there.line}."
                    " Files of one run describe one environment."
                )
                size = self._locator.scalar(value[1])
                self._problems.add(codes.FILES_DISAGREE, detail, value[1], length=size, also=[there])
        return first[0] if first is not None else ""

    def _merged(self, name: str) -> dict[str, Any]:
        found: dict[str, tuple[Any, FileDraft]] = {}
        for file in self._files:
            for key, value in getattr(file, name).items():
                first = found.setdefault(key, (value, file))
                if first[0] != value:
                    self._differs((name, key), file, first[1])
        return {key: value for key, (value, _) in found.items()}

    def _differs(self, path: tuple[str, str], here: FileDraft, there: FileDraft) -> None:
        node, other = (find(file.source.root, ("platform", *path))[0] for file in (here, there))
        first = there.source.position(other)
        detail = f"`{'.'.join(path)}` differs from {first.file}:{first.line}. Say it in one of the files."
        self._problems.add(codes.FILES_DISAGREE, detail, here.source.position(node), length=length(node), also=[first])

    def _tiers(self) -> list[TierDraft]:
        """The tiers of all files, topmost first; what several files say of one is put together."""
        found: dict[tuple[Tier, str | None], TierDraft] = {}
        for file in self._files:
            for draft in file.tiers:
                first = found.setdefault((draft.tier, draft.application), draft)
                if first is not draft:
                    first.capabilities.extend(draft.capabilities)
                    first.constraints.extend(draft.constraints)
                    first.outputs.extend(draft.outputs)
        return sorted(found.values(), key=lambda draft: draft.tier)  # stable: applications stay in the files' order


def require_provider(joined: Joined, files: Iterable[FileDraft], problems: Problems) -> None:
    """Note that capabilities are declared and no provider is."""
    if not any(tier.capabilities for tier in joined.tiers):
        return
    for file in files:
        key = key_of(file.source.root, ("platform",))
        if key is not None and key_of(file.source.root, ("platform", "provider")) is None:
            detail = "`platform` needs `provider`: who makes resources of the capabilities, `{name: aws}` for example."
            problems.add(codes.MISSING, detail, file.source.position(key), length=length(key))
            return


def _essence(declared: list[ProviderDeclaration]) -> list[Any]:
    return [(provider.name, provider.config, provider.capabilities) for provider in declared]
