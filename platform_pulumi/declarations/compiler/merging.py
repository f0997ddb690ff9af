"""Merge of several documents into one platform: its context, its providers, its tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yaml.nodes import Node, ScalarNode, SequenceNode

from platform_pulumi.declarations.compiler import providers
from platform_pulumi.declarations.compiler.parsed import ParsedDocument, ParsedTier
from platform_pulumi.declarations.compiler.source_map import DocumentSourceMap
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.declarations.yaml.scalars import resolve_scalar
from platform_pulumi.declarations.yaml.source import find_node, key_node
from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.platform import DEFAULT_MODES, Mode, ProviderDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.sdk.provider import ProviderDefinition


class MergedDocuments:
    """Merged content of the documents. Two may say a thing twice, but not differently.

    Args:
        files: what each file says, in the order they were given.
    """

    def __init__(self, files: Iterable[ParsedDocument], problems: Problems, source_map: DocumentSourceMap) -> None:
        self._files = [file for file in files if file.is_platform]
        self._problems = problems
        self._source_map = source_map
        self.org = self._agreed("org")
        self.environment = self._agreed("environment")
        self.execution = self._merged("execution")
        self.state = self._merged("state")
        self.labels = self._merged("labels")
        self.annotations = self._merged("annotations")
        self.tiers = self._tiers()
        self._share_labels()

    @property
    def modes(self) -> dict[Tier, Mode]:
        """Apply mode of each tier: as declared, else the specification's default."""
        return {
            tier: Mode(self.execution.get(f"tier{tier.value}_mode", default)) for tier, default in DEFAULT_MODES.items()
        }

    def providers(self, definitions: Mapping[str, ProviderDefinition]) -> tuple[ProviderDeclaration, ...]:
        """Providers of the one file that declares them, or of several that declare the same."""
        declaring = [file for file in self._files if file.providers]
        if not declaring:
            return ()
        first = declaring[0]
        for other in declaring[1:]:
            if _essence(other.providers) != _essence(first.providers):
                here, there = other.providers[0].declared_at, first.providers[0].declared_at
                assert here is not None and there is not None  # noqa: PT018  # read from files
                detail = f"The provider here is another than at {there.place}. Declare it in one of the files."
                self._problems.add(codes.FILES_DISAGREE, detail, here, also=[there])
        return providers.check(first.providers, definitions, self._problems, self._source_map)

    def route(self, declared: tuple[ProviderDeclaration, ...], definitions: Mapping[str, ProviderDefinition]) -> None:
        """Assign every capability the provider that serves its type."""
        routing = providers.Routing(declared)
        for tier in self.tiers:
            for capability in tier.capabilities:
                if capability.type in CAPABILITY_TYPES:
                    capability.provider = routing.provider(capability.type)
                    self._check_served(capability.declared_at, capability.type, capability.provider, definitions)

    def _check_served(
        self, declared_at: Position, kind: str, provider: str, definitions: Mapping[str, ProviderDefinition]
    ) -> None:
        definition = definitions.get(provider)
        if provider and (definition is None or kind in definition.bindings):
            return
        position, size = self._source_map.key(declared_at, "type")
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
                    f"`{name}` is `{value[0]}` here and `{first[0]}` at {there.place}."
                    " Files of one run describe one environment."
                )
                size = self._source_map.length(value[1])
                self._problems.add(codes.FILES_DISAGREE, detail, value[1], length=size, also=[there])
        return first[0] if first is not None else ""

    def _merged(self, name: str) -> dict[str, Any]:
        found: dict[str, tuple[Any, ParsedDocument]] = {}
        for file in self._files:
            for key, value in getattr(file, name).items():
                first = found.setdefault(key, (value, file))
                if first[0] != value:
                    self._differs((name, key), file, first[1])
        return {key: value for key, (value, _) in found.items()}

    def _differs(self, path: tuple[str, str], here: ParsedDocument, there: ParsedDocument) -> None:
        node, other = (find_node(file.source.root, ("platform", *path))[0] for file in (here, there))
        first = there.source.position(other)
        detail = f"`{'.'.join(path)}` differs from {first.place}. Say it in one of the files."
        here.source.note(self._problems, codes.FILES_DISAGREE, detail, node, also=[first])

    def _share_labels(self) -> None:
        """Give every file's capabilities the labels and annotations of the platform that another file declares."""
        if len(self._files) == 1 or not (self.labels or self.annotations):
            return  # each has those of its own file already
        for tier in self.tiers:
            for capability in tier.capabilities:
                capability.labels = {**self.labels, **capability.labels}
                capability.annotations = {**self.annotations, **capability.annotations}

    def _tiers(self) -> list[ParsedTier]:
        """The tiers of all files, topmost first; what several files say of one is put together."""
        found: dict[TierKey, ParsedTier] = {}
        for file in self._files:
            for tier in file.tiers:
                first = found.setdefault(tier.key, tier)
                if first is not tier:
                    first.capabilities.extend(tier.capabilities)
                    first.constraints.extend(tier.constraints)
                    first.outputs.extend(tier.outputs)
        return sorted(found.values(), key=lambda tier: tier.tier)  # stable: applications stay in the files' order


def require_provider(merged: MergedDocuments, files: Iterable[ParsedDocument], problems: Problems) -> None:
    """Report that capabilities are declared and no provider is."""
    if not any(tier.capabilities for tier in merged.tiers):
        return
    for file in files:
        key = key_node(file.source.root, ("platform",))
        if key is None:
            continue
        named = key_node(file.source.root, ("platform", "provider"))
        given, _ = find_node(file.source.root, ("platform", "provider"))
        if named is None or _is_nothing(given):
            detail = "`platform` needs `provider`: who makes resources of the capabilities, `{name: aws}` for example."
            file.source.note(problems, codes.MISSING, detail, named or key)
            return


def _is_nothing(node: Node) -> bool:
    """Whether a node is null, or a list without entries; what else it may be has been looked into."""
    if isinstance(node, ScalarNode):
        return not node.style and resolve_scalar(node.value) is None
    return isinstance(node, SequenceNode) and not node.value


def _essence(declared: list[ProviderDeclaration]) -> list[Any]:
    return [(provider.name, provider.config, provider.capabilities) for provider in declared]
