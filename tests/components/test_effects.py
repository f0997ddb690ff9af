"""No fidelity table lies, in either direction: each field of each provider, from nothing and as a change.

In every surrounding of a field, two declarations differ in it alone. What an engine would be given for either of them,
and for the step from one to the other, is compared with what the table says for them:

- where no gap is reported, the field is seen in what is planned, from nothing and as a change;
- where it is reported to have no effect, it is seen nowhere, and nobody's outputs change;
- a partial gap is one of a field that has an effect somewhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from platform_pulumi.errors import PlatformError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.fidelity import ANNOTATIONS, LABELS, entries_of
from platform_pulumi.sdk.provider import ProviderDefinition, load
from tests.reading import load_files

from .harness import ENTRY_POINTS, GIVEN, Built, build, declare, run_of
from .surroundings import EVERYTHING, LEAST, Surrounding, surroundings
from .variants import BASES, VARIANTS, Variant

DEFINITIONS: Mapping[str, ProviderDefinition] = {name: load(entry) for name, entry in ENTRY_POINTS.items()}
SERVED = [(name, kind) for name, definition in DEFINITIONS.items() for kind in definition.bindings]
#: What a field is changed in, and its two declarations. Beside the properties: labels and annotations.
BESIDE: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    row: ({"team": "a"}, {"team": "b"}) for row in (LABELS, ANNOTATIONS)
}
#: What needs can be wired to in surroundings that ask for it.
_WIRED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "door": ("ingress", {"name": "door-1", "endpoint": "https://127.0.0.1:443"})
}
_GIVEN = {**GIVEN, Tier.SHARED_PRIMITIVES: {**GIVEN[Tier.SHARED_PRIMITIVES], **_WIRED}}


@dataclass(frozen=True)
class Seen:
    """What comes of a declaration; `refused` where nothing does."""

    inputs: Mapping[str, str]
    changeable: Mapping[str, str]
    outputs: str
    refused: bool = False

    def differs(self, other: Seen) -> tuple[bool, bool, bool]:
        """Whether another declaration plans something else: from nothing, as a change, and in its outputs."""
        if self.refused or other.refused:
            return True, True, True
        return self.inputs != other.inputs, self.changeable != other.changeable, self.outputs != other.outputs


@dataclass(frozen=True)
class Step:
    """A field's change from one declaration to another. `implied` where the value before is left out."""

    leaf: str
    before: Capability
    after: Capability
    implied: bool


_seen: dict[str, Seen] = {}


def _around(provider: str, kind: str) -> list[Surrounding]:
    """Where a provider's fields are looked at: mock takes each property as it is, whatever stands beside it."""
    return [one for one in surroundings(kind) if provider != "mock" or one.name in {EVERYTHING, LEAST}]


@pytest.mark.parametrize(
    ("provider", "kind", "surrounding"),
    [
        pytest.param(provider, kind, around, id=f"{provider}-{kind}-{around.name}")
        for provider, kind in SERVED
        for around in _around(provider, kind)
    ],
)
def test_no_gap_is_hidden_and_none_is_made_up(provider: str, kind: str, surrounding: Surrounding) -> None:
    steps = list(_steps(provider, kind, surrounding))
    lies = [lie for step in steps if not step.implied for lie in _lies(step)]
    lies += _implied([step for step in steps if step.implied])
    assert not lies, "\n".join(lies)
    assert steps


@pytest.mark.parametrize(("provider", "kind"), SERVED)
def test_a_partial_gap_is_one_of_a_field_that_has_an_effect(provider: str, kind: str) -> None:
    partial = {
        leaf
        for leaf, entry in DEFINITIONS[provider].bindings[kind].table().items()
        if any(one.level is Fidelity.PARTIAL for one in entries_of(entry))
    }
    effects: dict[str, bool] = defaultdict(bool)
    for around in _around(provider, kind):
        for step in _steps(provider, kind, around):
            if step.leaf in partial and Fidelity.PARTIAL in _levels(step.before, step.leaf) | _levels(
                step.after, step.leaf
            ):
                effects[step.leaf] |= any(_look(step.before).differs(_look(step.after)))
    assert {leaf for leaf in partial if effects[leaf]} == partial


@pytest.mark.parametrize(("provider", "kind"), SERVED)
def test_every_gap_is_met_by_a_declaration(provider: str, kind: str) -> None:
    met = {
        (gap.fidelity, gap.property)
        for around in _around(provider, kind)
        for step in _steps(provider, kind, around)
        for capability in (step.before, step.after)
        for gap in DEFINITIONS[provider].report(capability).gaps
    }
    table = DEFINITIONS[provider].bindings[kind].table()
    declared = {(one.level, one.called or leaf) for leaf, entry in table.items() for one in entries_of(entry)}
    assert {(level, leaf) for level, leaf in declared if level is not Fidelity.FULL} == met


@pytest.mark.parametrize(
    ("kind", "leaf", "variant"),
    [
        pytest.param(kind, leaf, variant, id=f"{kind}-{leaf}")
        for kind, leaves in VARIANTS.items()
        for leaf, variants in leaves.items()
        for variant in variants
        if variant.refused
    ],
)
@pytest.mark.parametrize("provider", DEFINITIONS)
def test_a_value_that_no_declaration_may_have_is_refused(
    provider: str, kind: str, leaf: str, variant: Variant, tmp_path: Path
) -> None:
    vpc = {"name": "vpc", "type": "network", "properties": {"cidr": GIVEN[Tier.INFRASTRUCTURE]["vpc"][1]["cidr"]}}
    sides = []
    for side in variant.declarations(BASES[kind], leaf):
        own = {"name": "thing", "type": kind, "properties": side}
        tiers = {Tier.INFRASTRUCTURE.label: {"capabilities": [vpc, own]}}
        head = {"org": "acme", "environment": "prod", "provider": {"name": provider}}
        sides.append(tmp_path / f"{len(sides)}.yaml")
        sides[-1].write_text(json.dumps({"platform": {**head, "tiers": tiers}}), encoding="utf-8")
    load_files([sides[0]], definitions=DEFINITIONS)
    with pytest.raises(PlatformError) as caught:
        load_files([sides[1]], definitions=DEFINITIONS)
    assert str(variant.value) in caught.value.problems[0].detail


def test_no_type_has_a_field_that_a_row_of_its_own_is_called() -> None:
    assert not any({LABELS, ANNOTATIONS} & model.model_fields.keys() for model in CAPABILITY_TYPES.values())


def _lies(step: Step) -> Iterator[str]:
    before, after = _levels(step.before, step.leaf), _levels(step.after, step.leaf)
    from_nothing, as_change, in_outputs = _look(step.before).differs(_look(step.after))
    where = f"{step.leaf}: {_value(step.before, step.leaf)} -> {_value(step.after, step.leaf)}"
    if not before | after:
        if not from_nothing:
            yield f"{where}: full, and nothing is planned for it"
        elif not as_change:
            yield f"{where}: full, and a change does nothing"
    if before == after == {Fidelity.NONE} and (from_nothing or as_change or in_outputs):
        yield f"{where}: none, and it has an effect"


def _implied(steps: list[Step]) -> Iterator[str]:
    """A value may be what is there anyway where it is left out; not all values can be."""
    for leaf in dict.fromkeys(step.leaf for step in steps):
        lies = [list(_lies(step)) for step in steps if step.leaf == leaf]
        if all(lies):
            yield from (f"left out, {text}" for found in lies for text in found)


def _steps(provider: str, kind: str, around: Surrounding) -> Iterator[Step]:
    for leaf, variants in VARIANTS[kind].items():
        for variant in variants:
            if variant.refused:
                continue  # by the declarations, below
            pair, without = _declared(variant, around, leaf), _declared(Variant(None), around, leaf)
            yield from _step(provider, kind, around, leaf, pair, implied=without is None)
            if pair is not None and without is not None and around.name in {EVERYTHING, LEAST}:
                yield from _step(provider, kind, around, leaf, (without[1], without[0]), implied=True)
                yield from _step(provider, kind, around, leaf, (without[1], pair[1]), implied=True)
    for row, sides in BESIDE.items():
        before, after = (_capability(provider, kind, around, around.properties, {row: side}) for side in sides)
        if before is not None and after is not None:
            yield Step(row, before, after, implied=False)


def _step(
    provider: str,
    kind: str,
    around: Surrounding,
    leaf: str,
    pair: tuple[Mapping[str, Any], Mapping[str, Any]] | None,
    *,
    implied: bool = False,
) -> Iterator[Step]:
    sides = [_capability(provider, kind, around, side) for side in pair or ()]
    before, after = sides if len(sides) == 2 else (None, None)
    if before is None or after is None or before.properties == after.properties or _look(before).refused:
        return
    yield Step(leaf, before, after, implied)


def _declared(variant: Variant, around: Surrounding, leaf: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    try:
        return variant.declarations(around.properties, leaf)
    except (KeyError, IndexError, TypeError, AttributeError):
        return None  # there is no such field to change in this surrounding


def _capability(
    provider: str,
    kind: str,
    around: Surrounding,
    properties: Mapping[str, Any],
    beside: Mapping[str, Mapping[str, str]] | None = None,
) -> Capability | None:
    """The declaration; None where the type's own rules refuse it."""
    binding = DEFINITIONS[provider].bindings[kind]
    known = {of: CapabilityRef(tier, name, of) for tier, given in _GIVEN.items() for name, (of, _) in given.items()}
    needs = {need.type for need in CAPABILITY_TYPES[kind].NEEDS} - ({"ingress"} - set(around.bound))
    try:
        unused = binding.unused(CAPABILITY_TYPES[kind].model_validate(dict(properties)))
        bindings = {need: known[need] for need in needs if need in known and need not in unused}
        return declare(kind, properties, provider=provider, bindings=bindings, **(beside or {}))
    except ValidationError:
        return None


def _levels(capability: Capability, leaf: str) -> set[Fidelity]:
    """The levels of the gaps that are reported for a field."""
    definition = DEFINITIONS[capability.provider]
    entries = entries_of(definition.bindings[capability.type].table()[leaf])
    names = {one.called or leaf for one in entries}
    wording = {one.does for one in entries if one.describe is None}
    described = any(one.describe is not None for one in entries)
    return {
        gap.fidelity
        for gap in definition.report(capability).gaps
        if gap.property in names and (described or gap.description in wording)
    }


def _look(capability: Capability) -> Seen:
    key = json.dumps(
        [capability.provider, capability.type, sorted(capability.bindings), capability.labels, capability.annotations,
         capability.properties.model_dump()],
        sort_keys=True, default=_told_apart,
    )  # fmt: skip
    if key not in _seen:
        try:
            _seen[key] = _planned(build(DEFINITIONS[capability.provider], run_of(capability, given=_GIVEN)))
        except PlatformError:
            _seen[key] = Seen({}, {}, "", refused=True)
    return _seen[key]


def _planned(built: Built) -> Seen:
    def written(value: Any) -> str:
        return json.dumps(value, sort_keys=True, default=_told_apart)

    inputs, changeable = {}, {}
    for one in built.resources:
        key = f"{one.type} {one.name}"
        ignored = one.options.get("ignoreChanges", [])
        inputs[key] = written([one.inputs, one.options])
        changeable[key] = written([{n: v for n, v in one.inputs.items() if n not in ignored}, one.options])
    return Seen(inputs, changeable, written(built.outputs))


def _told_apart(value: Any) -> str:
    return value.reveal() if hasattr(value, "reveal") else repr(value)


def _value(capability: Capability, leaf: str) -> str:
    if leaf in BESIDE:
        return repr(getattr(capability, leaf))
    return repr(capability.properties.model_dump(include={leaf.split(".", maxsplit=1)[0].removesuffix("[]")}))
