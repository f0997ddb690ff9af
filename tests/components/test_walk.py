"""Fidelity is a contract, per field: whatever a provider calls full must be seen in what it plans (DESIGN section 6).

Every provider x every type x every leaf field: changing only its value changes a planned input, or the field is
declared a gap that is reported for that value. Nothing is silent, nothing is full without effect.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.model.leaves import walk
from platform_pulumi.sdk.provider import ProviderDefinition, load

from .harness import ENTRY_POINTS, build, declare, run_of
from .variants import BASES, VARIANTS, Variant

_built: dict[str, Any] = {}


def _cases() -> Iterator[Any]:
    for provider in ENTRY_POINTS:
        for kind in _definition(provider).bindings:
            for leaf in walk(CAPABILITY_TYPES[kind]):
                variants = VARIANTS[kind].get(leaf, [])
                for number, variant in enumerate(variants):
                    yield pytest.param(provider, kind, leaf, variant, id=f"{provider}-{kind}-{leaf}-{number}")


def _definition(provider: str) -> ProviderDefinition:
    definition: ProviderDefinition = load(ENTRY_POINTS[provider])
    return definition


def _fingerprint(definition: ProviderDefinition, kind: str, properties: dict[str, Any]) -> Any:
    key = json.dumps([definition.name, kind, properties], sort_keys=True, default=_told_apart)
    if key not in _built:
        run = run_of(declare(kind, properties, provider=definition.name))
        _built[key] = build(definition, run).fingerprint()
    return _built[key]


def _told_apart(value: Any) -> str:
    return value.reveal() if hasattr(value, "reveal") else repr(value)


@pytest.mark.parametrize(("provider", "kind", "leaf", "variant"), list(_cases()))
def test_a_changed_field_is_planned_or_reported(provider: str, kind: str, leaf: str, variant: Variant) -> None:
    definition = _definition(provider)
    before, after = variant.declarations(BASES[kind], leaf)
    assert before != after, "the variant changes nothing"

    planned = _fingerprint(definition, kind, before) != _fingerprint(definition, kind, after)
    # A gap that goes away is as good as one that stays: with that value nothing is lacking.
    reported = _reported(definition, kind, leaf, before) or _reported(definition, kind, leaf, after)

    level = definition.bindings[kind].fidelity[leaf].level
    assert planned or reported, f"{leaf} is dropped without a word"
    assert planned or level is not Fidelity.FULL, f"{leaf} is declared full and has no effect"


def _reported(definition: ProviderDefinition, kind: str, leaf: str, properties: dict[str, Any]) -> bool:
    entry = definition.bindings[kind].fidelity[leaf]
    gaps = definition.report(declare(kind, properties, provider=definition.name)).gaps
    return (entry.called or leaf) in {gap.property for gap in gaps}


@pytest.mark.parametrize("provider", ENTRY_POINTS)
def test_every_table_covers_every_leaf_and_nothing_else(provider: str) -> None:
    definition = _definition(provider)
    for kind, binding in definition.bindings.items():
        assert set(binding.fidelity) == set(walk(CAPABILITY_TYPES[kind])), kind


@pytest.mark.parametrize("kind", CAPABILITY_TYPES)
def test_every_leaf_has_a_variant(kind: str) -> None:
    assert set(VARIANTS[kind]) == set(walk(CAPABILITY_TYPES[kind]))


@pytest.mark.parametrize("provider", ENTRY_POINTS)
def test_every_gap_says_what_happens_instead(provider: str) -> None:
    for kind, binding in _definition(provider).bindings.items():
        for leaf, entry in binding.fidelity.items():
            assert entry.level is Fidelity.FULL or entry.does, f"{kind}.{leaf}"


@pytest.mark.parametrize("provider", ENTRY_POINTS)
def test_a_conditional_gap_is_reported_for_some_variant(provider: str) -> None:
    definition = _definition(provider)
    for kind, binding in definition.bindings.items():
        for leaf, entry in binding.fidelity.items():
            if entry.level is Fidelity.FULL:
                continue
            sides = [side for variant in VARIANTS[kind][leaf] for side in variant.declarations(BASES[kind], leaf)]
            assert any(_reported(definition, kind, leaf, side) for side in sides), f"{kind}.{leaf}"
