"""Fidelity is a contract, per field (DESIGN section 6): every table has every leaf field, and words for every gap.

That the tables tell the truth is test_effects.py's.
"""

from __future__ import annotations

import pytest

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.model.leaves import walk
from platform_pulumi.sdk.fidelity import entries_of
from platform_pulumi.sdk.provider import ProviderDefinition, load

from .harness import ENTRY_POINTS
from .variants import VARIANTS


def _definition(provider: str) -> ProviderDefinition:
    definition: ProviderDefinition = load(ENTRY_POINTS[provider])
    return definition


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
        for leaf, entry in binding.table().items():
            for one in entries_of(entry):
                assert one.level is Fidelity.FULL or one.does, f"{kind}.{leaf}"


@pytest.mark.parametrize("provider", ENTRY_POINTS)
def test_of_several_gaps_each_says_when(provider: str) -> None:
    for kind, binding in _definition(provider).bindings.items():
        for leaf, entry in binding.table().items():
            several = entries_of(entry)
            assert len(several) == 1 or all(one.when is not None for one in several), f"{kind}.{leaf}"
