"""Parser of an entry of a tier's capabilities: a capability, or the use of a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from yaml.nodes import Node

from platform_pulumi.declarations.compiler import constraints, credentials, properties
from platform_pulumi.declarations.compiler import labels as labels_of
from platform_pulumi.declarations.compiler.parsed import ParsedCapability
from platform_pulumi.declarations.compiler.part_parser import PartParser
from platform_pulumi.declarations.compiler.replicas import with_replicas
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import listed, unknown_type
from platform_pulumi.declarations.references.grammar import RESERVED
from platform_pulumi.declarations.references.resolver import ReferenceResolver
from platform_pulumi.declarations.schemas import reader
from platform_pulumi.declarations.yaml.source import Source, find_node, key_node
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Dependency
from platform_pulumi.model.platform import TemplateDeclaration
from platform_pulumi.model.tier import Tier

_TIER_NAMES = {str(tier.value): tier for tier in Tier} | {tier.label: tier for tier in Tier}
#: Labels and annotations.
Labels: TypeAlias = tuple[Mapping[str, str], Mapping[str, str]]


def merged_labels(above: Labels, shape: Any) -> Labels:
    """Merge labels and annotations from above with those of an entry, which override them."""
    labels, annotations = above
    return (
        {**labels, **shape.labels} if shape.labels else labels,
        {**annotations, **shape.annotations} if shape.annotations else annotations,
    )


class CapabilityParser(PartParser):
    """Parser of capabilities; `replicas` are those of `DocumentParser`."""

    def __init__(
        self, source: Source, problems: Problems, resolver: ReferenceResolver, replicas: Mapping[str, int]
    ) -> None:
        super().__init__(source, problems, resolver)
        self._replicas = replicas

    def parse(
        self, data: Any, node: Node, tier: Tier, application: str | None, labels: Labels
    ) -> ParsedCapability | TemplateDeclaration | None:
        """Parse an entry to a capability or the use of a template; None, with a problem noted, where it is none.

        Args:
            data: the entry's values.
            node: the entry.
            tier: the tier it stands in.
            application: the application of tier 3.
            labels: labels and annotations of everything in the tier.
        """
        entry = reader.read("CapabilityEntry", data, node, self._source, self._problems)
        if not isinstance(data, dict):
            if data is None:
                self._note(codes.WRONG_VALUE, "This entry is empty. Give a `name` and a `type`, or remove it.", node)
            return None
        name = self._capability_name(entry, data, node)
        self._check_tier(entry.tier, node, tier, name)
        if entry.template is None and data.get("template") is not None:
            return None  # it uses one, whose name is wrong
        if entry.template is not None:
            self._only_a_template(entry, node)
            return TemplateDeclaration(
                entry.template, entry.version, self._source.position(node), entry.parameters or {}
            )
        parsed = ParsedCapability(name, entry.type or "", tier, self._source.position(node))
        for part in ("version", "parameters"):
            if getattr(entry, part) is not None:
                detail = f"`{part}` belongs to a capability with `template`. A type's own go below `properties`."
                self._note(codes.UNKNOWN_KEY, detail, key_node(node, (part,)) or node)
        parsed.depends_on = self._dependencies(data, node)
        parsed.labels, parsed.annotations = merged_labels(labels, entry)
        labels_of.check(entry, node, self._source, self._problems)
        self._type(parsed, entry, data, node, application)
        if entry.constraints is not None:
            parsed.constraints = self._own_constraints(parsed, entry.constraints, node)
        return parsed

    def _capability_name(self, entry: Any, data: dict[str, Any], node: Node) -> str:
        if data.get("name") is None:
            self._note(
                codes.MISSING, "A capability needs `name`: by it others depend on it and it is found again.", node
            )
        elif entry.name in RESERVED:
            detail = f"`{entry.name}` begins references of another kind (${{{entry.name}...}}). Choose another name."
            self._note(codes.RESERVED_NAME, detail, find_node(node, ("name",))[0])
        return entry.name or ""

    def _check_tier(self, declared: Any, node: Node, tier: Tier, name: str) -> None:
        if declared is None:
            return
        value, _ = find_node(node, ("tier",))
        known = _TIER_NAMES.get(str(declared)) if isinstance(declared, (int, str)) else None
        if known is None:
            self._note(codes.WRONG_VALUE, "`tier` is 1, 2 or 3: infrastructure, shared_primitives, application.", value)
        elif known is not tier:
            detail = (
                f"`{name}` says tier {known.value} ({known.label}) and stands under {tier.label}, which is tier"
                f" {tier.value}. Move it to {known.label}, which its owners apply, or remove the `tier`."
            )
            self._note(codes.TIER_BOUNDARY, detail, value)

    def _only_a_template(self, entry: Any, node: Node) -> None:
        for part in ("type", "properties"):
            if getattr(entry, part) is not None:
                detail = f"`{part}` comes from the template. Give `parameters` instead, or remove `template`."
                self._note(codes.TEMPLATE, detail, key_node(node, (part,)) or node)

    def _dependencies(self, data: dict[str, Any], node: Node) -> tuple[Dependency, ...]:
        declared = data.get("dependsOn")
        if not declared or not isinstance(declared, list):
            return ()
        items = find_node(node, ("dependsOn",))[0].value
        found: dict[str, Dependency] = {}
        for entry, item in zip(declared, items, strict=True):
            if isinstance(entry, str):
                name, optional, place = entry, False, item
            elif isinstance(entry, dict) and isinstance(entry.get("name"), str):
                name, optional, place = entry["name"], entry.get("optional") is True, find_node(item, ("name",))[0]
            else:
                continue
            at = self._source.position(place)
            first = found.setdefault(name, Dependency(name, optional, at)).declared_at
            if first is not None and first != at:
                detail = f"`{name}` is listed already at {first.place}. Remove one of them."
                self._source.note(self._problems, codes.DUPLICATE_ENTRY, detail, place, also=[first])
        return tuple(found.values())

    def _type(
        self, parsed: ParsedCapability, entry: Any, data: dict[str, Any], node: Node, application: str | None
    ) -> None:
        """Find the type's model and read the properties into it."""
        declared: Any = data.get("properties")
        given = declared if isinstance(declared, dict) else {}
        parsed.references = properties.output_references(given)
        if entry.type is None:
            if data.get("type") is None:
                named = f"`{parsed.name}`" if parsed.name else "A capability"
                self._note(codes.MISSING, f"{named} needs `type`: {listed(CAPABILITY_TYPES, limit=20)}.", node)
            return
        if entry.type not in CAPABILITY_TYPES:
            self._note(codes.UNKNOWN_TYPE, unknown_type(entry.type), find_node(node, ("type",))[0])
            return
        model = CAPABILITY_TYPES[entry.type]
        if model.TIER is not parsed.tier:
            detail = (
                f"`{entry.type}` belongs to {model.TIER.label} (tier {model.TIER.value}) and stands under"
                f" {parsed.tier.label} (tier {parsed.tier.value}). Move `{parsed.name}` there; its owners apply it."
            )
            self._note(codes.TIER_BOUNDARY, detail, find_node(node, ("type",))[0])
        below, key = find_node(node, ("properties",))
        if key is None:
            below = node
        wanted = self._replicas.get(f"{application}/{parsed.name}" if application else parsed.name)
        if wanted is not None:
            given = with_replicas(model, given, wanted, node, self._source, self._problems)
        parsed.properties, parsed.incomplete = properties.read(
            model, given, below, self._source, self._problems, self._resolver
        )
        if parsed.properties is not None:
            credentials.check_properties(parsed.properties, given, below, self._source, self._problems)

    def _own_constraints(self, parsed: ParsedCapability, declared: Any, node: Node) -> tuple[Any, ...]:
        below, _ = find_node(node, ("constraints",))
        if not isinstance(declared, list):
            self._note(codes.WRONG_VALUE, "`constraints` should be a list: entries that begin with `- `.", below)
            return ()
        read = [
            constraints.read(entry, item, parsed.name, self._source, self._problems)
            for entry, item in self._filled(declared, below)
        ]
        return tuple(constraint for constraint in read if constraint is not None)
