"""Parser of `platform.provider`: one provider, or a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.compiler.part_parser import PartParser
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.references.grammar import Malformed, Reference, numbered, parse
from platform_pulumi.declarations.schemas import reader
from platform_pulumi.declarations.yaml.source import find_node
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.model.value import Secret


class ProviderParser(PartParser):
    """Parser of the provider, or the list of them."""

    def parse(self, declared: Any, node: Node) -> Iterator[ProviderDeclaration]:
        """Parse every provider; mistakes are noted."""
        for entry, item in self._filled(declared, node) if isinstance(declared, list) else [(declared, node)]:
            shape = reader.read("ProviderShape", entry, item, self._source, self._problems)
            if getattr(shape, "name", None) is None:
                continue
            config = getattr(shape, "config", None) or {}
            self._check_config(config, item)
            config = self._with_app_values(config, find_node(item, ("config",))[0])
            types = tuple(getattr(shape, "capabilities", None) or ())
            yield ProviderDeclaration(shape.name, config, types, self._source.position(item))

    def _check_config(self, config: Any, item: Node) -> None:
        """References in a provider's settings are read late, but must be written well now."""
        for text, node in _texts(config, find_node(item, ("config",))[0]):
            for part, occurrence in numbered(parse(text)):
                if isinstance(part, Malformed):
                    code, detail = codes.MALFORMED_REFERENCE, part.reason
                elif isinstance(part, Reference) and part.kind in {"tier", "capability"}:
                    code = codes.REFERENCE_NOT_ALLOWED
                    detail = "A provider's settings are needed before anything is applied: they cannot hold an output."
                else:
                    continue
                position, size = self._source.within(node, part.raw, occurrence)
                self._problems.add(code, detail, position, length=size)

    def _with_app_values(self, value: Any, node: Node) -> Any:
        """Settings with `${app.x}` resolved: it is this file's, and not known any more when a run starts.

        One without a value stays as it is: only a run that uses the provider has to have it.
        """
        resolver = self._resolver
        if isinstance(value, dict):
            return {name: self._with_app_values(item, find_node(node, (name,))[0]) for name, item in value.items()}
        if isinstance(value, list):
            return [self._with_app_values(item, below) for item, below in zip(value, node.value, strict=True)]
        if isinstance(value, str) and "${app." in value:
            parts = [part for part in parse(value) if not isinstance(part, str)]
            if all(
                isinstance(part, Reference) and part.kind == "app" and resolver.has_variable(part.field)
                for part in parts
            ):
                found = resolver.resolve(value, node)
                found = found.reveal() if isinstance(found, Secret) else found
                # The settings are read for references later: what a value says is none.
                return found.replace("${", "$${") if isinstance(found, str) else found
        return value


def _texts(value: Any, node: Node) -> Iterator[tuple[str, Node]]:
    """Every text with a reference in it, with its node."""
    if isinstance(value, str):
        if "${" in value:
            yield value, node
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, find_node(node, (name,))[0])
    elif isinstance(value, list):
        for item, below in zip(value, node.value, strict=True):
            yield from _texts(item, below)
