"""Ties capabilities to each other and to the tiers above: outputs, references, dependencies, needs, order.

Used twice: over the files alone, and again once the contracts of tiers that no file declares were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from platform_pulumi.declarations import codes
from platform_pulumi.declarations.drafts import Draft, OutputDraft, TierDraft
from platform_pulumi.declarations.locating import Locator
from platform_pulumi.declarations.ordering import ordered
from platform_pulumi.declarations.problems import Problems, did_you_mean, listed
from platform_pulumi.declarations.views import View, above
from platform_pulumi.declarations.wiring import Wiring
from platform_pulumi.errors import Position
from platform_pulumi.model.capability import Dependency
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, TierOutput

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract
    from platform_pulumi.sdk.provider import ProviderDefinition


def link(
    drafts: Iterable[TierDraft],
    contracts: Mapping[Tier, TierContract],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    locator: Locator,
) -> None:
    """Check and wire the tiers that were not applied yet; their capabilities are put in dependency order.

    A tier with a contract is not worked on: its stack stands for it, whatever the files say.
    """
    drafts = tuple(drafts)
    elsewhere: dict[str, tuple[Tier, str | None]] = {}
    for draft in reversed(drafts):
        for capability in draft.capabilities:
            elsewhere.setdefault(capability.name, (draft.tier, draft.application))
    misplaced = frozenset(
        c.type for draft in drafts for c in draft.capabilities if c.model is not None and c.model.TIER is not draft.tier
    )
    for draft in reversed(drafts):  # the lowest first: those above still stand in the order they were declared
        if draft.tier not in contracts:
            views = above(draft.tier, drafts, contracts)
            _Tier(draft, views, definitions, problems, locator, elsewhere, misplaced).link()


class _Tier:
    """One tier being linked; `elsewhere` is where names that it does not see are declared."""

    def __init__(  # a tier and its surroundings
        self,
        draft: TierDraft,
        views: Mapping[Tier, View],
        definitions: Mapping[str, ProviderDefinition],
        problems: Problems,
        locator: Locator,
        elsewhere: Mapping[str, tuple[Tier, str | None]],
        misplaced: frozenset[str],
    ) -> None:
        self._draft = draft
        self._tier = draft.tier
        self._views = views
        self._problems = problems
        self._locator = locator
        self._elsewhere = elsewhere
        self._own: dict[str, Draft] = {}
        self._names_above = {name: view for view in views.values() for name in view.capabilities}
        self._is_open = len(views) < len(draft.tier.above)
        self._check_names()
        self._wiring = Wiring(draft.tier, self._own, views, definitions, problems, locator, misplaced)
        self._edges: dict[str, set[str]] = {}

    def link(self) -> None:
        """Everything there is to check and wire in this tier."""
        self._check_outputs()
        own, above_ = self._own, self._names_above
        for draft in self._draft.capabilities:
            for dependency in draft.depends_on:
                if dependency.name in own:
                    self._edge(draft, dependency.name, dependency.declared_at)
                elif dependency.name not in above_:
                    self._unknown_dependency(draft, dependency)
            for reference in draft.references:
                self._check_reference(draft, reference)
            if draft.model is not None and draft.properties is not None:
                self._wiring.wire(draft)
                for ref in draft.bindings.values():
                    if ref.tier is self._tier:
                        self._edge(draft, ref.name, None)
        self._order()

    def _check_names(self) -> None:
        for draft in self._draft.capabilities:
            if not draft.name:
                continue
            first: Position | None = None
            if draft.name in self._own:
                first = self._own[draft.name].declared_at
                where = "in the same tier"
            elif draft.name in self._names_above:
                view = self._names_above[draft.name]
                first, where = view.places.get(draft.name), f"in {view.tier.label}"
            else:
                self._own[draft.name] = draft
                continue
            line = f" at {first.file}:{first.line}" if first is not None else ""
            position, size = self._locator.name(draft.declared_at)
            detail = (
                f"`{draft.name}` is declared already {where}{line}. Names are unique in a tier and above; rename one."
            )
            self._problems.add(codes.DUPLICATE_NAME, detail, position, length=size, also=[first] if first else [])

    def _edge(self, draft: Draft, target: str, position: Position | None) -> None:
        if target == draft.name:
            detail = f"`{draft.name}` depends on itself: {draft.name} -> {draft.name}. Remove the dependency."
            at = position or draft.declared_at
            self._problems.add(codes.DEPENDENCY_CYCLE, detail, at, length=self._locator.scalar(at))
            return
        self._edges.setdefault(draft.name, set()).add(target)

    def _unknown_dependency(self, draft: Draft, dependency: Dependency) -> None:
        place = self._elsewhere.get(dependency.name)
        if dependency.optional or (place is None and self._is_open):
            return
        at = dependency.declared_at or draft.declared_at
        size = self._locator.scalar(at)
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
            names = [*self._own, *self._names_above]
            hint = did_you_mean(dependency.name, names) or f" There are {listed(sorted(names))}."
            reach = "or the tiers above it" if self._tier.above else "and nothing lies above it"
            detail = f"There is no capability `{dependency.name}` in {self._tier.label} {reach}.{hint}"
            self._problems.add(codes.UNKNOWN_DEPENDENCY, detail, at, length=size)

    def _check_outputs(self) -> None:
        seen: dict[str, OutputDraft] = {}
        for output in self._draft.outputs:
            self._check_output(output)
            first = seen.setdefault(output.name, output)
            if first is not output:
                position, size = self._locator.name(output.declared_at)
                detail = f"Output `{output.name}` is declared already on line {first.declared_at.line}. Rename one."
                self._problems.add(codes.OUTPUT_NAME, detail, position, length=size, also=[first.declared_at])

    def _check_output(self, output: OutputDraft) -> None:
        capability = self._own.get(output.capability)
        position, size = self._locator.key(output.declared_at, "source")
        if capability is None:
            hint = did_you_mean(output.capability, self._own) or f" It has {listed(self._own) or 'none'}."
            detail = f"{self._tier.label} has no capability `{output.capability}`.{hint}"
            self._problems.add(codes.OUTPUT_SOURCE, detail, position, length=size)
            return
        if capability.model is None:
            return
        spec = capability.model.OUTPUTS.get(output.field)
        if spec is None:
            known = capability.model.OUTPUTS
            hint = did_you_mean(output.field, known) or f" It has {listed(known)}."
            detail = f"A {capability.type} has no output `{output.field}`.{hint}"
            self._problems.add(codes.OUTPUT_SOURCE, detail, position, length=size)
            return
        if output.type is not None and output.type != spec.type:
            at, extent = self._locator.key(output.declared_at, "type")
            detail = f"`{output.capability}.{output.field}` is of type {spec.type}, not {output.type}."
            self._problems.add(codes.OUTPUT_TYPE, detail, at, length=extent)
        output.type = spec.type

    def _check_reference(self, draft: Draft, reference: TierOutput | CapabilityOutput) -> None:
        if isinstance(reference, TierOutput):
            view = self._views.get(reference.tier)
            if reference.tier >= self._tier:
                detail = f"{reference.tier.label} is not above {self._tier.label}: values flow downwards only." + (
                    " Within a tier write ${CAPABILITY.OUTPUT}." if reference.tier is self._tier else ""
                )
                self._note(codes.NOT_ABOVE, detail, draft, reference)
            elif view is not None and reference.name not in view.outputs:
                known = view.outputs
                has = f"it has {listed(sorted(known))}" if known else "it has none"
                hint = did_you_mean(reference.name, known)
                detail = f"{view.tier.label} declares no output `{reference.name}`; {has}.{hint}"
                self._note(codes.UNKNOWN_OUTPUT, detail, draft, reference)
            return
        target = self._own.get(reference.capability)
        if reference.capability == draft.name:
            detail = f"`{draft.name}` cannot use its own output: it does not exist before it is made."
            self._note(codes.OWN_OUTPUT, detail, draft, reference)
        elif target is None:
            self._unknown_capability(draft, reference)
        elif target.model is not None and reference.field not in target.model.OUTPUTS:
            known_fields = target.model.OUTPUTS
            hint = did_you_mean(reference.field, known_fields)
            detail = f"A {target.type} has no output `{reference.field}`; it has {listed(known_fields)}.{hint}"
            self._note(codes.UNKNOWN_OUTPUT, detail, draft, reference)
        else:
            self._edge(draft, reference.capability, None)

    def _unknown_capability(self, draft: Draft, reference: CapabilityOutput) -> None:
        view = self._names_above.get(reference.capability)
        if view is not None:
            name = view.sources.get((reference.capability, reference.field))
            number = view.tier.value
            if name is not None:
                use = f"Use ${{tier{number}.{name}}}."
            else:
                use = (
                    f"Use ${{tier{number}.NAME}}, with an output NAME of {view.tier.label} whose source is"
                    f" {reference.capability}.{reference.field}."
                )
            detail = (
                f"`{reference.capability}` stands in {view.tier.label}; only its output contract is seen here. {use}"
            )
            self._note(codes.OTHER_TIER, detail, draft, reference)
            return
        place = self._elsewhere.get(reference.capability)
        if place is not None:
            what = (
                f"application `{place[1]}`" if place[0] is self._tier else f"{place[0].label}, below {self._tier.label}"
            )
            detail = f"`{reference.capability}` belongs to {what}; its outputs cannot be used here."
            self._note(codes.OTHER_TIER, detail, draft, reference)
            return
        names = [name for name in self._own if name != draft.name]
        hint = did_you_mean(reference.capability, names) or (f" There are {listed(sorted(names))}." if names else "")
        detail = f"{self._tier.label} has no capability `{reference.capability}`.{hint}"
        self._note(codes.UNKNOWN_CAPABILITY, detail, draft, reference)

    def _note(self, code: codes.Code, detail: str, draft: Draft, reference: TierOutput | CapabilityOutput) -> None:
        for position, size in self._locator.references(draft.declared_at, reference):
            self._problems.add(code, detail, position, length=size)

    def _order(self) -> None:
        names, cycles = ordered(list(self._own), self._edges)
        for cycle in cycles:
            draft = self._own[cycle[0]]
            entry = next((d for d in draft.depends_on if d.name == cycle[1 % len(cycle)]), None)
            position, size = self._locator.name(draft.declared_at)
            if entry is not None and entry.declared_at is not None:
                position, size = entry.declared_at, self._locator.scalar(entry.declared_at)
            detail = (
                f"{' -> '.join([*cycle, cycle[0]])}. Each waits for the next, so none is first. Remove a dependency."
            )
            also = [self._own[name].declared_at for name in cycle[1:]]
            self._problems.add(codes.DEPENDENCY_CYCLE, detail, position, length=size, also=also)
        if not cycles and self._edges:
            self._draft.capabilities = [self._own[name] for name in names]
