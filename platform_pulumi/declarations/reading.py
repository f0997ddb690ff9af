"""One file, from its node tree to drafts of what it declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from platform_pulumi.declarations import codes, constraints, plain, properties, scaling, shapes
from platform_pulumi.declarations.drafts import Draft, FileDraft, OutputDraft, TemplateUse, TierDraft
from platform_pulumi.declarations.nodes import Values
from platform_pulumi.declarations.plain import is_plain_name
from platform_pulumi.declarations.problems import Problems, did_you_mean, listed
from platform_pulumi.declarations.references import RESERVED, AppValue, Malformed, Reference, References, parse
from platform_pulumi.declarations.scalars import core
from platform_pulumi.declarations.source import Source, Step, find, key_of, length
from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Dependency, snake_case
from platform_pulumi.model.context import APPLICATION_LIMIT, DEFAULT_APPLICATION
from platform_pulumi.model.platform import ProviderDeclaration
from platform_pulumi.model.tier import Tier

_TIER_NAMES = {str(tier.value): tier for tier in Tier} | {tier.label: tier for tier in Tier}
Path = tuple[Step, ...]


class FileReader:
    """Reads one file.

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
        resolver: References,
        replicas: Mapping[str, int] | None = None,
    ) -> None:
        self._source = source
        self._root = root
        self._problems = problems
        self._resolver = resolver
        self._replicas = replicas or {}
        self._application: str | None = None
        self._labels: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
        self.draft = FileDraft(source)

    def read(self) -> FileDraft:
        """Everything the file says; mistakes are noted."""
        before = len(self._problems)
        if not isinstance(self._root, MappingNode):
            self._wrong_root("It is not a mapping.")
            return self.draft
        self._resolver.declare(_app_values(self._root))
        template = key_of(self._root, ("template",))
        if template is not None and key_of(self._root, ("platform",)) is not None:
            self._note(codes.TEMPLATE, "A template stands in a file of its own. Give both files with -f.", template)
        resolve = self._resolver.resolve if template is None else None
        data = Values(self._source, self._problems, resolve).read(self._root)
        document = shapes.read("Document", data, self._root, self._source, self._problems)
        if document.platform is not None:
            self.draft.is_platform = True
            self._platform(document.platform)
        if document.template is not None or document.triggers is not None:
            from platform_pulumi.declarations import templates  # noqa: PLC0415  # few files hold them

            templates.read(document, self._root, self._source, self._problems, self.draft)
        roots = (document.platform, document.template, document.triggers)
        if len(self._problems) == before and all(root is None for root in roots):
            self._wrong_root("It has no `platform`.")
        return self.draft

    def _wrong_root(self, reason: str) -> None:
        detail = f"{reason} A platform file begins with `platform:`, a template with `template:`; see examples/."
        self._problems.add(codes.WRONG_ROOT, detail, self._source.position(self._root))

    def _platform(self, shape: Any) -> None:
        path: Path = ("platform",)
        self.draft.org = self._required(
            shape.org, path, "org", "the organization, the first part of every stack's name"
        )
        self.draft.environment = self._required(
            shape.environment, path, "environment", "production or staging, for example"
        )
        self.draft.execution, self.draft.state = _settings(shape.execution), _settings(shape.state)
        self._labels = self.draft.labels, self.draft.annotations = shape.labels or {}, shape.annotations or {}
        self._providers(shape.provider)
        if shape.tiers is None:
            return
        for tier in Tier:
            declared = getattr(shape.tiers, tier.label)
            below: Path = ("platform", "tiers", tier.label)
            if tier is not Tier.APPLICATION:
                if declared is None and key_of(self._root, below) is not None:
                    declared = plain.read("TierShape", {})  # a tier with nothing in it says that there is no such tier
                if declared is not None:
                    self._tier(tier, None, declared, below)
            elif declared is not None:
                self._applications(declared, below, shape.application or DEFAULT_APPLICATION)

    def _required(self, value: str | None, path: Path, name: str, about: str) -> tuple[str, Position] | None:
        node, key = find(self._root, path)
        if value is not None:
            return value, self._source.position(find(node, (name,))[0])
        given, _ = find(node, (name,))
        if key_of(self._root, (*path, name)) is None or (isinstance(given, ScalarNode) and core(given.value) is None):
            self._note(codes.MISSING, f"`platform` needs `{name}`: {about}.", key or node)
        return None

    def _providers(self, declared: Any) -> None:
        if declared is None:
            return
        node, _ = find(self._root, ("platform", "provider"))
        entries = declared if isinstance(declared, list) else [declared]
        nodes = node.value if isinstance(declared, list) else [node]
        for entry, item in zip(entries, nodes, strict=True):
            shape = shapes.read("ProviderShape", entry, item, self._source, self._problems)
            if getattr(shape, "name", None) is None:
                continue
            config = getattr(shape, "config", None) or {}
            self._check_config(config, item)
            config = self._with_app_values(config, find(item, ("config",))[0])
            types = tuple(getattr(shape, "capabilities", None) or ())
            self.draft.providers.append(ProviderDeclaration(shape.name, config, types, self._source.position(item)))

    def _check_config(self, config: Any, item: Node) -> None:
        """References in a provider's settings are read late, but must be written well now."""
        for text, node in _texts(config, find(item, ("config",))[0]):
            for part in parse(text):
                if isinstance(part, Malformed):
                    position, size = self._source.within(node, part.raw)
                    self._problems.add(codes.MALFORMED_REFERENCE, part.reason, position, length=size)
                elif isinstance(part, Reference) and part.kind in {"tier", "capability"}:
                    position, size = self._source.within(node, part.raw)
                    detail = "A provider's settings are needed before anything is applied: they cannot hold an output."
                    self._problems.add(codes.REFERENCE_NOT_ALLOWED, detail, position, length=size)

    def _with_app_values(self, value: Any, node: Node) -> Any:
        """Settings with `${app.x}` resolved: it is this file's, no secret, and not known any more when a run starts.

        One without a value stays as it is: only a run that uses the provider has to have it.
        """
        resolver = self._resolver
        if isinstance(value, dict):
            return {name: self._with_app_values(item, find(node, (name,))[0]) for name, item in value.items()}
        if isinstance(value, list):
            return [self._with_app_values(item, below) for item, below in zip(value, node.value, strict=True)]
        if isinstance(value, str) and "${app." in value:
            parts = [part for part in parse(value) if not isinstance(part, str)]
            if all(isinstance(part, Reference) and part.kind == "app" and resolver.knows(part.field) for part in parts):
                return resolver.resolve(value, node)
        return value

    def _applications(self, shape: Any, path: Path, default: str) -> None:
        if shape.applications is None:
            self._tier(Tier.APPLICATION, default, shape, path)
            return
        if shape.capabilities is not None:
            detail = "Give `capabilities` for one application or `applications` for several, not both."
            self._note(codes.WRONG_VALUE, detail, key_of(self._root, (*path, "capabilities")) or self._root)
            self._tier(Tier.APPLICATION, default, shape, path)
        if shape.constraints_for_downstream:
            constraints.unmatched_lowest(
                self._source, find(self._root, (*path, "constraints_for_downstream"))[0], self._problems
            )
        node, _ = find(self._root, (*path, "applications"))
        if not isinstance(shape.applications, dict):
            self._note(codes.WRONG_VALUE, "`applications` should be a mapping: a name, then what it consists of.", node)
            return
        for name, declared in shape.applications.items():
            below = (*path, "applications", name)
            self._check_application_name(name, key_of(self._root, below) or node)
            item, _ = find(self._root, below)
            self._tier(
                Tier.APPLICATION,
                name,
                shapes.read("ApplicationShape", declared, item, self._source, self._problems),
                below,
            )

    def _check_application_name(self, name: str, node: Node) -> None:
        if not is_plain_name(name, APPLICATION_LIMIT):
            detail = f"`{name}` is no application's name: at most 50 small letters, digits and `-` after a letter."
            self._note(codes.WRONG_NAME, detail, node)

    def _tier(self, tier: Tier, application: str | None, shape: Any, path: Path) -> None:
        node, key = find(self._root, path)
        self._application = application
        draft = TierDraft(tier, application, self._source.position(key or node))
        labels = self._labels
        if shape.labels or shape.annotations:
            labels = {**labels[0], **(shape.labels or {})}, {**labels[1], **(shape.annotations or {})}
        for entry, item in self._entries(shape.capabilities, (*path, "capabilities")):
            capability = self._capability(entry, item, tier, labels)
            if capability is not None:
                draft.capabilities.append(capability)
        limits = getattr(shape, "constraints_for_downstream", None)
        for entry, item in self._entries(limits, (*path, "constraints_for_downstream")):
            constraint = constraints.read(entry, item, tier.label, self._source, self._problems)
            if constraint is not None:
                draft.constraints.append(constraint)
        for entry, item in self._entries(shape.outputs, (*path, "outputs")):
            output = self._output(entry, item)
            if output is not None:
                draft.outputs.append(output)
        self.draft.tiers.append(draft)

    def _entries(self, declared: Any, path: Path) -> Iterator[tuple[Any, Node]]:
        """The entries of a list with their nodes; nothing, with a problem noted, where it is no list."""
        if declared is None:
            return
        node, _ = find(self._root, path)
        if not isinstance(declared, list):
            detail = f"`{path[-1]}` should be a list: entries that begin with `- `. It is {shapes.kind_of(declared)}."
            self._note(codes.WRONG_VALUE, detail, node)
            return
        yield from zip(declared, node.value, strict=True)

    def _capability(self, data: Any, node: Node, tier: Tier, labels: Any) -> Draft | None:
        entry = shapes.read("CapabilityEntry", data, node, self._source, self._problems)
        if not isinstance(data, dict):
            if data is None:
                self._note(codes.WRONG_VALUE, "This entry is empty. Give a `name` and a `type`, or remove it.", node)
            return None
        name = self._capability_name(entry, data, node)
        self._check_tier(entry.tier, node, tier, name)
        if entry.template is not None:
            self.draft.uses.append(
                TemplateUse(name, entry.template, entry.version, entry.parameters or {}, self._source.position(node))
            )
            self._only_a_template(entry, node)
            return None
        draft = Draft(name, entry.type or "", tier, self._source.position(node))
        for part, what in (("version", "version"), ("parameters", "parameters")):
            if getattr(entry, part) is not None:
                detail = f"`{what}` belongs to a capability with `template`. A type's own go below `properties`."
                self._note(codes.UNKNOWN_KEY, detail, key_of(node, (part,)) or node)
        draft.depends_on = self._dependencies(data, node)
        draft.labels = {**labels[0], **entry.labels} if entry.labels else labels[0]
        draft.annotations = {**labels[1], **entry.annotations} if entry.annotations else labels[1]
        self._type(draft, entry, data, node)
        if entry.constraints is not None:
            draft.constraints = self._own_constraints(draft, entry.constraints, node)
        return draft

    def _capability_name(self, entry: Any, data: dict[str, Any], node: Node) -> str:
        if data.get("name") is None:
            self._note(
                codes.MISSING, "A capability needs `name`: by it others depend on it and it is found again.", node
            )
        elif entry.name in RESERVED:
            detail = f"`{entry.name}` begins references of another kind (${{{entry.name}...}}). Choose another name."
            self._note(codes.RESERVED_NAME, detail, find(node, ("name",))[0])
        return entry.name or ""

    def _check_tier(self, declared: Any, node: Node, tier: Tier, name: str) -> None:
        if declared is None:
            return
        value, _ = find(node, ("tier",))
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
                self._note(codes.TEMPLATE, detail, key_of(node, (part,)) or node)

    def _dependencies(self, data: dict[str, Any], node: Node) -> tuple[Dependency, ...]:
        declared = data.get("dependsOn")
        if not declared or not isinstance(declared, list):
            return ()
        items = find(node, ("dependsOn",))[0].value
        found = []
        for entry, item in zip(declared, items, strict=True):
            if isinstance(entry, str):
                found.append(Dependency(entry, False, self._source.position(item)))
            elif isinstance(entry, dict) and isinstance(entry.get("name"), str):
                optional = entry.get("optional") is True
                found.append(Dependency(entry["name"], optional, self._source.position(find(item, ("name",))[0])))
        return tuple(found)

    def _type(self, draft: Draft, entry: Any, data: dict[str, Any], node: Node) -> None:
        """Find the type's model and read the properties into it."""
        declared: Any = data.get("properties")
        given = declared if isinstance(declared, dict) else {}
        draft.references = properties.references(given)
        if entry.type is None:
            if data.get("type") is None:
                self._note(codes.MISSING, f"`{draft.name}` needs `type`: {listed(CAPABILITY_TYPES, limit=20)}.", node)
            return
        if entry.type not in CAPABILITY_TYPES:
            hint = did_you_mean(entry.type, CAPABILITY_TYPES) or f" There are {listed(CAPABILITY_TYPES, limit=20)}."
            self._note(
                codes.UNKNOWN_TYPE, f"There is no capability type `{entry.type}`.{hint}", find(node, ("type",))[0]
            )
            return
        model = draft.model = CAPABILITY_TYPES[entry.type]
        if model.TIER is not draft.tier:
            detail = (
                f"`{entry.type}` belongs to {model.TIER.label} (tier {model.TIER.value}) and stands under"
                f" {draft.tier.label} (tier {draft.tier.value}). Move `{draft.name}` there; its owners apply it."
            )
            self._note(codes.TIER_BOUNDARY, detail, find(node, ("type",))[0])
        below, key = find(node, ("properties",))
        if key is None:
            below = node
        wanted = self._replicas.get(f"{self._application}/{draft.name}" if self._application else draft.name)
        if wanted is not None:
            given = scaling.scaled(model, given, wanted, node, self._source, self._problems)
        draft.properties, draft.incomplete = properties.read(
            model, given, below, self._source, self._problems, self._resolver
        )

    def _own_constraints(self, draft: Draft, declared: Any, node: Node) -> tuple[Any, ...]:
        below, _ = find(node, ("constraints",))
        if not isinstance(declared, list):
            self._note(codes.WRONG_VALUE, "`constraints` should be a list: entries that begin with `- `.", below)
            return ()
        read = [
            constraints.read(entry, item, draft.name, self._source, self._problems)
            for entry, item in zip(declared, below.value, strict=True)
        ]
        return tuple(constraint for constraint in read if constraint is not None)

    def _output(self, data: Any, node: Node) -> OutputDraft | None:
        shape = shapes.read("OutputEntry", data, node, self._source, self._problems)
        name, source = getattr(shape, "name", None), getattr(shape, "source", None)
        if name is None or source is None:
            return None
        capability, dot, field = source.partition(".")
        if not dot or not capability or not field:
            detail = f"`{source}` should be CAPABILITY.OUTPUT, for example shared-postgres.endpoint."
            self._note(codes.OUTPUT_SOURCE, detail, find(node, ("source",))[0])
            return None
        if name in RESERVED:
            detail = f"`{name}` begins references of another kind. Choose another name."
            self._note(codes.RESERVED_NAME, detail, find(node, ("name",))[0])
            return None
        return OutputDraft(
            name, capability, snake_case(field), getattr(shape, "type", None), self._source.position(node)
        )

    def _note(self, code: codes.Code, detail: str, node: Node) -> None:
        self._problems.add(code, detail, self._source.position(node), length=length(node))


def _settings(shape: Any) -> dict[str, Any]:
    """What a group of settings says."""
    return {name: value for name, value in vars(shape).items() if value is not None} if shape is not None else {}


def _app_values(root: MappingNode) -> dict[str, AppValue]:
    """The scalars of `platform.app`, before anything else is read: references need them."""
    node, _ = find(root, ("platform", "app"))
    key = key_of(root, ("platform", "app"))
    if key is None or not isinstance(node, MappingNode):
        return {}
    return {
        name.value: AppValue(value.value if value.style else core(value.value), value.value)
        for name, value in node.value
        if isinstance(name, ScalarNode) and isinstance(value, ScalarNode)
    }


def _texts(value: Any, node: Node) -> Iterator[tuple[str, Node]]:
    """Every text with a reference in it, with its node."""
    if isinstance(value, str):
        if "${" in value:
            yield value, node
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, find(node, (name,))[0])
    elif isinstance(value, list):
        for item, below in zip(value, node.value, strict=True):
            yield from _texts(item, below)
