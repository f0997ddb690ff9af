"""Parser of one document: from its node tree to its parsed declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from platform_pulumi.declarations.compiler import availability, constraints
from platform_pulumi.declarations.compiler import labels as labels_of
from platform_pulumi.declarations.compiler.capability_parser import CapabilityParser, Labels, merged_labels
from platform_pulumi.declarations.compiler.parsed import (
    ParsedAnnotations,
    ParsedCapability,
    ParsedDocument,
    ParsedOutput,
    ParsedTier,
)
from platform_pulumi.declarations.compiler.part_parser import PartParser
from platform_pulumi.declarations.compiler.provider_parser import ProviderParser
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import kind_of
from platform_pulumi.declarations.references.grammar import RESERVED, is_identifier
from platform_pulumi.declarations.references.resolver import AppValue, ReferenceResolver
from platform_pulumi.declarations.schemas import reader
from platform_pulumi.declarations.schemas.checks import is_name
from platform_pulumi.declarations.yaml.scalars import resolve_scalar
from platform_pulumi.declarations.yaml.source import Source, find_node, key_node, length
from platform_pulumi.declarations.yaml.values import ValueReader
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import snake_case
from platform_pulumi.model.characters import shown
from platform_pulumi.model.context import APPLICATION_LIMIT, DEFAULT_APPLICATION
from platform_pulumi.model.tier import Tier


class DocumentParser(PartParser):
    """Parser of one document.

    Args:
        source: the file.
        root: its node tree.
        problems: where mistakes are noted.
        resolver: what references stand for in this file.
        replicas: of a capability (`NAME`, in tier 3 `APPLICATION/NAME`), instead of what the file says.
    """

    def __init__(
        self,
        source: Source,
        root: Node,
        problems: Problems,
        resolver: ReferenceResolver,
        replicas: Mapping[str, int],
    ) -> None:
        super().__init__(source, problems, resolver)
        self._root = root
        self._capabilities = CapabilityParser(source, problems, resolver, replicas)
        self._labels: Labels = ({}, {})
        self.parsed = ParsedDocument(source)

    def parse(self) -> ParsedDocument:
        """Parse the whole document; mistakes are noted."""
        before = len(self._problems)
        if not isinstance(self._root, MappingNode):
            self._wrong_root("It is not a mapping.")
            return self.parsed
        self._resolver.declare(self._app_values(self._root))
        template = key_node(self._root, ("template",))
        if template is not None and key_node(self._root, ("platform",)) is not None:
            self._note(codes.TEMPLATE, "A template stands in a file of its own. Give both files with -f.", template)
        below = self._resolver.below if template is None else {}
        data = ValueReader(self._source, self._problems, below).read(self._root)
        document = reader.read("Document", data, self._root, self._source, self._problems)
        if document.platform is not None:
            self.parsed.is_platform = True
            self._platform(document.platform)
        if document.template is not None or document.triggers is not None:
            from platform_pulumi.declarations.compiler import templates  # noqa: PLC0415  # few files hold them

            templates.read(document, self._root, self._source, self._problems, self.parsed)
        roots = (document.platform, document.template, document.triggers)
        if len(self._problems) == before and all(root is None for root in roots):
            self._wrong_root("It has no `platform`.")
        return self.parsed

    def _wrong_root(self, reason: str) -> None:
        detail = f"{reason} A platform file begins with `platform:`, a template with `template:`; see examples/."
        self._problems.add(codes.WRONG_ROOT, detail, self._source.position(self._root))

    def _platform(self, shape: Any) -> None:
        node, key = find_node(self._root, ("platform",))
        self.parsed.org = self._required(
            shape.org, node, key, "org", "the organization, the first part of every stack's name"
        )
        self.parsed.environment = self._required(
            shape.environment, node, key, "environment", "production or staging, for example"
        )
        self.parsed.execution, self.parsed.state = _settings(shape.execution), _settings(shape.state)
        self._labels = self.parsed.labels, self.parsed.annotations = shape.labels or {}, shape.annotations or {}
        self._annotated(shape.annotations, node, None)
        labels_of.check(shape, node, self._source, self._problems)
        availability.check_application(shape.application, shape.tiers, self._root, self._source, self._problems)
        if shape.provider is not None:
            providers = ProviderParser(self._source, self._problems, self._resolver)
            self.parsed.providers.extend(providers.parse(shape.provider, find_node(node, ("provider",))[0]))
        if shape.tiers is None:
            return
        for tier in Tier:
            declared = getattr(shape.tiers, tier.label)
            below, below_key = find_node(node, ("tiers", tier.label))
            if tier is not Tier.APPLICATION:
                if declared is None and key_node(node, ("tiers", tier.label)) is not None:
                    declared = reader.empty("TierShape")  # an empty tier says that there is none
                if declared is not None:
                    self._tier(tier, None, declared, below, below_key)
            elif declared is not None:
                self._applications(declared, below, below_key, shape.application)

    def _required(
        self, value: str | None, node: Node, key: Node | None, name: str, about: str
    ) -> tuple[str, Position] | None:
        given, found = find_node(node, (name,))
        if value is not None:
            return value, self._source.position(given)
        if found is None or (isinstance(given, ScalarNode) and not given.style and resolve_scalar(given.value) is None):
            self._note(codes.MISSING, f"`platform` needs `{name}`: {about}.", key or node)
        return None

    def _applications(self, shape: Any, node: Node, key: Node | None, own: str | None) -> None:
        if shape.applications is None:
            self._application(own, shape, node, key)
            return
        if shape.capabilities is not None:
            detail = "Give `capabilities` for one application or `applications` for several, not both."
            self._note(codes.WRONG_VALUE, detail, key_node(node, ("capabilities",)) or node)
            self._application(own, shape, node, key)
        if shape.constraints_for_downstream:
            constraints.warn_of_lowest(
                self._source, find_node(node, ("constraints_for_downstream",))[0], self._problems
            )
        several, _ = find_node(node, ("applications",))
        if shape.outputs is not None and shape.capabilities is None:
            detail = "Outputs are an application's own: give them below its name in `applications`."
            self._note(codes.WRONG_VALUE, detail, key_node(node, ("outputs",)) or several)
        if not isinstance(shape.applications, dict):
            detail = "`applications` should be a mapping: a name, then what it consists of."
            self._note(codes.WRONG_VALUE, detail, several)
            return
        labels = self._labels
        self._labels = merged_labels(labels, shape)
        labels_of.check(shape, node, self._source, self._problems)
        declared_before = len(self.parsed.tiers)
        nodes = {named.value: (item, named) for named, item in reversed(several.value) if isinstance(named, ScalarNode)}
        for name, declared in shape.applications.items():
            item, named = nodes[name]
            self._check_application_name(name, named)
            application = reader.read("ApplicationShape", declared, item, self._source, self._problems)
            self._tier(Tier.APPLICATION, name, application, item, named)
        self._labels = labels
        reached = [capability for tier in self.parsed.tiers[declared_before:] for capability in tier.capabilities]
        self._annotated(shape.annotations, node, reached)

    def _application(self, own: str | None, shape: Any, node: Node, key: Node | None) -> None:
        """Parse the one application of a document, by the name that `platform.application` gives it."""
        self._tier(Tier.APPLICATION, own or DEFAULT_APPLICATION, shape, node, key, named=own is not None)

    def _check_application_name(self, name: str, node: Node) -> None:
        if not is_name(name, APPLICATION_LIMIT):
            detail = f"`{name}` is no application's name: at most 50 small letters, digits and `-` after a letter."
            self._note(codes.WRONG_NAME, detail, node)

    def _tier(
        self, tier: Tier, application: str | None, shape: Any, node: Node, key: Node | None, *, named: bool = True
    ) -> None:
        parsed = ParsedTier(tier, application, self._source.position(key or node), named)
        labels = merged_labels(self._labels, shape)
        labels_of.check(shape, node, self._source, self._problems)
        if getattr(shape, "applications", None) is None:
            availability.check_labels(shape, node, self._source, self._problems)
        for entry, item in self._entries(shape.capabilities, node, "capabilities"):
            capability = self._capabilities.parse(entry, item, tier, application, labels)
            if isinstance(capability, ParsedCapability):
                parsed.capabilities.append(capability)
                self._annotated(entry.get("annotations"), item, (capability,))
            elif capability is not None:
                self.parsed.uses.append(capability)
        self._annotated(shape.annotations, node, tuple(parsed.capabilities))
        limits = getattr(shape, "constraints_for_downstream", None)
        for entry, item in self._entries(limits, node, "constraints_for_downstream"):
            constraint = constraints.read(entry, item, tier.label, self._source, self._problems)
            if constraint is not None:
                parsed.constraints.append(constraint)
        for entry, item in self._entries(shape.outputs, node, "outputs"):
            output = self._output(entry, item)
            if output is not None:
                parsed.outputs.append(output)
        self.parsed.tiers.append(parsed)

    def _entries(self, declared: Any, parent: Node, name: str) -> Iterator[tuple[Any, Node]]:
        """The entries of a list with their nodes; nothing, with a problem noted, where it is no list."""
        if declared is None:
            return
        node, _ = find_node(parent, (name,))
        if not isinstance(declared, list):
            detail = f"`{name}` should be a list: entries that begin with `- `. It is {kind_of(declared)}."
            self._note(codes.WRONG_VALUE, detail, node)
            return
        yield from self._filled(declared, node)

    def _output(self, data: Any, node: Node) -> ParsedOutput | None:
        shape = reader.read("OutputEntry", data, node, self._source, self._problems)
        name, source = getattr(shape, "name", None), getattr(shape, "source", None)
        if name is None or source is None:
            return None
        capability, dot, field = source.partition(".")
        if not dot or not capability or not field:
            detail = f"`{source}` should be CAPABILITY.OUTPUT, for example shared-postgres.endpoint."
            self._note(codes.OUTPUT_SOURCE, detail, find_node(node, ("source",))[0])
            return None
        if name in RESERVED:
            detail = f"`{name}` begins references of another kind. Choose another name."
            self._note(codes.RESERVED_NAME, detail, find_node(node, ("name",))[0])
            return None
        return ParsedOutput(
            name, capability, snake_case(field), getattr(shape, "type", None), self._source.position(node)
        )

    def _app_values(self, root: MappingNode) -> dict[str, AppValue]:
        """The scalars of `platform.app`, before anything else is read: references need them."""
        node, _ = find_node(root, ("platform", "app"))
        found: dict[str, AppValue] = {}
        if key_node(root, ("platform", "app")) is None or not isinstance(node, MappingNode):
            return found
        for name, value in node.value:
            if not isinstance(name, ScalarNode) or not isinstance(value, ScalarNode):
                continue
            if not is_identifier(name.value):
                detail = f"`{shown(name.value)}` cannot be referenced: letters, digits, `_` and `-` after a letter."
                self._note(codes.WRONG_NAME, detail, name)
            found[name.value] = AppValue(value.value if value.style else resolve_scalar(value.value), value.value)
        return found

    def _annotated(self, given: Any, node: Node, reached: Sequence[ParsedCapability] | None) -> None:
        """Remember where annotations are written, and whom they reach: not every resource has some."""
        if given:
            key = key_node(node, ("annotations",)) or node
            self.parsed.annotated.append(ParsedAnnotations(self._source.position(key), length(key), reached))


def _settings(shape: Any) -> dict[str, Any]:
    """Read a group of settings."""
    return {name: value for name, value in vars(shape).items() if value is not None} if shape is not None else {}
