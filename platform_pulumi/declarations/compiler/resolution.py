"""Resolution of a tier's outputs, references, dependencies and needs, within it and against the tiers above.

Used twice: over the documents alone, and over the model once the contracts of applied tiers were read.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from platform_pulumi.declarations.compiler.ordering import dependency_order
from platform_pulumi.declarations.compiler.parsed import AnyCapability, AnyOutput, AnyTier, ParsedCapability
from platform_pulumi.declarations.compiler.upstream import UpstreamTiers, upstream_tiers
from platform_pulumi.declarations.compiler.wiring import Wiring
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.known_names import KnownNames
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.declarations.references.resolver import Unresolved
from platform_pulumi.errors import Position
from platform_pulumi.model import rules
from platform_pulumi.model.capabilities import CAPABILITY_TYPES, tier_of
from platform_pulumi.model.capability import CapabilityProperties, CapabilityRef, Dependency
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import CapabilityOutput, TierOutput, references

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract
    from platform_pulumi.sdk.provider import ProviderDefinition


class Resolution(NamedTuple):
    """Result of resolving one tier.

    Args:
        order: its capabilities' names in dependency order.
        bindings: what each is wired to, by type of need.
        upstream: the tiers above that are known.
    """

    order: Sequence[str]
    bindings: Mapping[str, Mapping[str, CapabilityRef]]
    upstream: UpstreamTiers


def resolve(
    tiers: Sequence[AnyTier],
    among: Sequence[AnyTier],
    contracts: Mapping[Tier, TierContract],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: SourceMap,
) -> list[Resolution]:
    """Resolve tiers; one resolution for each, meaningful only where no problem was noted.

    Args:
        tiers: those to resolve.
        among: every declared tier, these too.
        contracts: of applied tiers: each stands for its tier, whatever the documents say.
        definitions: the installed providers: they say which needs must be met.
        problems: where mistakes are noted.
        source_map: finds their places.
    """
    elsewhere: dict[str, TierKey] = {}
    for tier in reversed(among):
        for capability in tier.capabilities:
            elsewhere.setdefault(capability.name, tier.key)
    misplaced = frozenset(
        c.type
        for tier in among
        for c in tier.capabilities
        if c.type in CAPABILITY_TYPES and tier_of(c.type) is not tier.tier
    )
    above = {tier: upstream_tiers(tier, among, contracts) for tier in {tier.tier for tier in tiers}}
    return [
        _TierResolver(tier, above[tier.tier], definitions, problems, source_map, elsewhere, misplaced).resolve()
        for tier in tiers
    ]


class _TierResolver:
    """Resolves one tier; `elsewhere` is where names that it does not see are declared."""

    def __init__(  # a tier and its surroundings
        self,
        declared: AnyTier,
        upstream: UpstreamTiers,
        definitions: Mapping[str, ProviderDefinition],
        problems: Problems,
        source_map: SourceMap,
        elsewhere: Mapping[str, TierKey],
        misplaced: frozenset[str],
    ) -> None:
        self._declared = declared
        self._tier = declared.tier
        self._upstream = upstream
        self._problems = problems
        self._source_map = source_map
        self._elsewhere = elsewhere
        self._own: dict[str, AnyCapability] = {}
        self._names_above = upstream.names
        self._is_open = len(upstream.tiers) < len(declared.tier.above)
        self._check_names()
        self._wiring = Wiring(declared.tier, self._own, upstream, definitions, problems, source_map, misplaced)
        self._edges: dict[str, set[str]] = {}

    def resolve(self) -> Resolution:
        """Check and wire everything in this tier."""
        self._check_outputs()
        own, above = self._own, self._names_above
        bindings: dict[str, Mapping[str, CapabilityRef]] = {}
        for capability in self._declared.capabilities:
            for dependency in capability.depends_on:
                if dependency.name in own:
                    self._edge(capability, dependency.name, dependency.declared_at)
                elif dependency.name not in above:
                    self._unknown_dependency(capability, dependency)
            for reference in dict.fromkeys(_references(capability)):
                self._check_reference(capability, reference)
            if capability.properties is not None:
                self._check_taken(capability, capability.properties)
                bound = bindings[capability.name] = self._wiring.wire(capability)
                for ref in bound.values():
                    if ref.tier is self._tier:
                        self._edge(capability, ref.name, None)
        return Resolution(self._order(), bindings, self._upstream)

    @functools.cached_property
    def _names(self) -> KnownNames:
        return KnownNames(sorted(self._own))

    @functools.cached_property
    def _names_seen(self) -> KnownNames:
        return KnownNames(sorted([*self._own, *self._names_above]))

    def _check_names(self) -> None:
        for capability in self._declared.capabilities:
            if not capability.name:
                continue
            first: Position | None = None
            if capability.name in self._own:
                first = self._own[capability.name].declared_at
                where = "in the same tier"
            elif capability.name in self._names_above:
                upper = self._names_above[capability.name]
                first, where = upper.places.get(capability.name), f"in {upper.tier.label}"
            else:
                self._own[capability.name] = capability
                continue
            line = f" at {first.place}" if first is not None else ""
            position, size = self._source_map.name(capability.declared_at)
            rule = "Names are unique in a tier and above; rename one."
            detail = f"`{capability.name}` is declared already {where}{line}. {rule}"
            self._problems.add(codes.DUPLICATE_NAME, detail, position, length=size, also=[first] if first else [])

    def _edge(self, capability: AnyCapability, target: str, position: Position | None) -> None:
        if target == capability.name:
            detail = (
                f"`{capability.name}` depends on itself: {capability.name} -> {capability.name}. Remove the dependency."
            )
            at = position or capability.declared_at
            self._problems.add(codes.DEPENDENCY_CYCLE, detail, at, length=self._source_map.length(at))
            return
        self._edges.setdefault(capability.name, set()).add(target)

    def _unknown_dependency(self, capability: AnyCapability, dependency: Dependency) -> None:
        place = self._elsewhere.get(dependency.name)
        if dependency.optional or (place is None and self._is_open):
            return
        at = dependency.declared_at or capability.declared_at
        size = self._source_map.length(at)
        if place is not None and place[0] is self._tier:
            detail = (
                f"`{dependency.name}` belongs to application `{place[1]}`; applications do not depend on each other."
            )
            self._problems.add(codes.UNKNOWN_DEPENDENCY, detail, at, length=size)
        elif place is not None:
            detail = (
                f"`{dependency.name}` stands in {place[0].label}, below {self._tier.label}. What is above goes first"
                " and cannot wait for what is below: turn the dependency round."
            )
            self._problems.add(codes.DEPENDENCY_BELOW, detail, at, length=size)
        else:
            names = self._names_seen
            hint = names.hint(dependency.name) or f" There are {names.listed()}."
            reach = "or the tiers above it" if self._tier.above else "and nothing lies above it"
            detail = f"There is no capability `{dependency.name}` in {self._tier.label} {reach}.{hint}"
            self._problems.add(codes.UNKNOWN_DEPENDENCY, detail, at, length=size)

    def _check_outputs(self) -> None:
        seen: dict[str, AnyOutput] = {}
        for output in self._declared.outputs:
            self._check_output(output)
            first = seen.setdefault(output.name, output)
            if first is not output:
                position, size = self._source_map.name(output.declared_at)
                detail = f"Output `{output.name}` is declared already on line {first.declared_at.line}. Rename one."
                self._problems.add(codes.OUTPUT_NAME, detail, position, length=size, also=[first.declared_at])

    def _check_output(self, output: AnyOutput) -> None:
        capability = self._own.get(output.capability)
        if capability is None:
            position, size = self._source_map.key(output.declared_at, "source")
            hint = self._names.hint(output.capability) or f" It has {listed(self._own) or 'none'}."
            detail = f"{self._tier.label} has no capability `{output.capability}`.{hint}"
            self._problems.add(codes.OUTPUT_SOURCE, detail, position, length=size)
            return
        model = CAPABILITY_TYPES.get(capability.type)
        if model is None:
            return
        spec = model.OUTPUTS.get(output.field)
        if spec is None:
            position, size = self._source_map.key(output.declared_at, "source")
            known = model.OUTPUTS
            hint = did_you_mean(output.field, known) or f" It has {listed(known)}."
            detail = f"A {capability.type} has no output `{output.field}`.{hint}"
            self._problems.add(codes.OUTPUT_SOURCE, detail, position, length=size)
            return
        if output.type is not None and output.type != spec.type:
            at, extent = self._source_map.key(output.declared_at, "type")
            detail = f"`{output.capability}.{output.field}` is of type {spec.type}, not {output.type}."
            self._problems.add(codes.OUTPUT_TYPE, detail, at, length=extent)

    def _check_reference(self, capability: AnyCapability, reference: TierOutput | CapabilityOutput) -> None:
        if isinstance(reference, TierOutput):
            upper = self._upstream.tiers.get(reference.tier)
            if reference.tier >= self._tier:
                detail = f"{reference.tier.label} is not above {self._tier.label}: values flow downwards only." + (
                    " Within a tier write ${CAPABILITY.OUTPUT}." if reference.tier is self._tier else ""
                )
                self._note(codes.NOT_ABOVE, detail, capability, reference)
            elif upper is not None and reference.name not in upper.outputs:
                known = upper.output_names
                has = f"it has {known.listed()}" if known else "it has none"
                hint = known.hint(reference.name)
                detail = f"{upper.tier.label} declares no output `{reference.name}`; {has}.{hint}"
                self._note(codes.UNKNOWN_OUTPUT, detail, capability, reference)
            return
        target = self._own.get(reference.capability)
        if reference.capability == capability.name:
            detail = f"`{capability.name}` cannot use its own output: it does not exist before it is made."
            self._note(codes.OWN_OUTPUT, detail, capability, reference)
        elif target is None:
            self._unknown_capability(capability, reference)
        elif (model := CAPABILITY_TYPES.get(target.type)) is not None and reference.field not in model.OUTPUTS:
            known_fields = model.OUTPUTS
            hint = did_you_mean(reference.field, known_fields)
            detail = f"A {target.type} has no output `{reference.field}`; it has {listed(known_fields)}.{hint}"
            self._note(codes.UNKNOWN_OUTPUT, detail, capability, reference)
        else:
            self._edge(capability, reference.capability, None)

    def _check_taken(self, capability: AnyCapability, properties: CapabilityProperties) -> None:
        """Check the fields that take nothing but an output of a certain type above."""
        for path, (kind, output) in type(properties).TAKES.items():
            for place, value in rules.given(properties, path):
                reason = self._why_not_taken(value, kind, output)
                if reason:
                    at, size = self._source_map.property(capability.declared_at, place) or (capability.declared_at, 1)
                    detail = f"`{path}` takes the output `{output}` of a {kind} above, as a whole. {reason}"
                    self._problems.add(codes.NOT_TAKEN, detail, at, length=size)

    def _why_not_taken(self, value: Any, kind: str, output: str) -> str:
        if isinstance(value, Unresolved):
            return ""  # not set while validating
        if not isinstance(value, TierOutput):
            return "Reference it: `${tier2.NAME}`, with an output NAME of its tier."
        upper = self._upstream.tiers.get(value.tier)
        if upper is None or value.name not in upper.origins:
            return ""  # a tier that is not known yet, or an output that is missed elsewhere
        name, field = upper.origins[value.name]
        declared = upper.capabilities.get(name)
        if declared is None or (declared.type == kind and field == output):
            return ""
        return f"`{value.name}` is `{field}` of `{name}`, a {declared.type}."

    def _unknown_capability(self, capability: AnyCapability, reference: CapabilityOutput) -> None:
        upper = self._names_above.get(reference.capability)
        if upper is not None:
            name = upper.sources.get((reference.capability, reference.field))
            number = upper.tier.value
            if name is not None:
                use = f"Use ${{tier{number}.{name}}}."
            else:
                use = (
                    f"Use ${{tier{number}.NAME}}, with an output NAME of {upper.tier.label} whose source is"
                    f" {reference.capability}.{reference.field}."
                )
            detail = (
                f"`{reference.capability}` stands in {upper.tier.label}; only its output contract is seen here. {use}"
            )
            self._note(codes.OTHER_TIER, detail, capability, reference)
            return
        place = self._elsewhere.get(reference.capability)
        if place is not None:
            what = (
                f"application `{place[1]}`" if place[0] is self._tier else f"{place[0].label}, below {self._tier.label}"
            )
            detail = f"`{reference.capability}` belongs to {what}; its outputs cannot be used here."
            self._note(codes.OTHER_TIER, detail, capability, reference)
            return
        others = self._names.listed(but=capability.name)
        hint = self._names.hint(reference.capability, but=capability.name) or (
            f" There are {others}." if others else ""
        )
        detail = f"{self._tier.label} has no capability `{reference.capability}`.{hint}"
        self._note(codes.UNKNOWN_CAPABILITY, detail, capability, reference)

    def _note(
        self, code: codes.Code, detail: str, capability: AnyCapability, reference: TierOutput | CapabilityOutput
    ) -> None:
        for position, size in self._source_map.references(capability.declared_at, reference):
            self._problems.add(code, detail, position, length=size)

    def _order(self) -> Sequence[str]:
        names, cycles = dependency_order(list(self._own), self._edges)
        for cycle in cycles:
            capability = self._own[cycle[0]]
            entry = next((d for d in capability.depends_on if d.name == cycle[1 % len(cycle)]), None)
            position, size = self._source_map.name(capability.declared_at)
            if entry is not None and entry.declared_at is not None:
                position, size = entry.declared_at, self._source_map.length(entry.declared_at)
            detail = f"{_written(cycle)}. Each waits for the next, so none is first. Remove a dependency."
            also = [self._own[name].declared_at for name in cycle[1:_LONGEST_CYCLE]]
            self._problems.add(codes.DEPENDENCY_CYCLE, detail, position, length=size, also=also)
        return names


def _written(cycle: Sequence[str]) -> str:
    """A cycle in words, back to its first; of a long one the beginning and the end."""
    names = [*cycle, cycle[0]]
    if len(cycle) > _LONGEST_CYCLE:
        half = _LONGEST_CYCLE // 2
        names = [*names[:half], f"({len(cycle) - 2 * half + 1} more)", *names[-half:]]
    return " -> ".join(names)


#: So many names of a cycle are shown.
_LONGEST_CYCLE = 12


def _references(capability: AnyCapability) -> Iterable[TierOutput | CapabilityOutput]:
    """Every reference in a capability's properties; a parsed one has those of wrong properties as well."""
    if isinstance(capability, ParsedCapability):
        return capability.references
    return references(capability.properties)
