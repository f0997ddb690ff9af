"""Property paths, read and written by Pulumi's grammar."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.model.property_path import member, overlap, parse, root, value_at


@pytest.mark.parametrize(
    ("path", "elements"),
    [  # the examples of Pulumi's own documentation of the grammar
        ("root", ("root",)),
        ("root.nested", ("root", "nested")),
        ('root["nested"]', ("root", "nested")),
        ('root["double"].nest', ("root", "double", "nest")),
        ("root.array[0]", ("root", "array", 0)),
        ("root.array[0][1].nested", ("root", "array", 0, 1, "nested")),
        ('root["key with \\"escaped\\" quotes"]', ("root", 'key with "escaped" quotes')),
        ('root["key with a ."]', ("root", "key with a .")),
        ('["root key with a ."][100]', ("root key with a .", 100)),
        ("root.array[*].field", ("root", "array", "*", "field")),
        ('tags["a\\b"]', ("tags", "a\\b")),
        ("", ()),
    ],
)
def test_a_path_is_taken_apart(path: str, elements: tuple[str | int, ...]) -> None:
    assert parse(path) == elements


@pytest.mark.parametrize("path", ["root[", 'root["open', "root[x]", ".root", "root]"])
def test_what_breaks_the_grammar_is_one_name(path: str) -> None:
    assert parse(path) == (path,)


#: A backslash before a quote is the one thing that the grammar cannot say.
_KEYS = st.text(st.characters(exclude_characters="\\"), max_size=5)
_VALUES = st.recursive(
    st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)
)


def leaves(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for name, item in value.items() for leaf in leaves(item, member(path, name))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, f"{path}[{index}]")]
    return [(path, value)]


@given(st.dictionaries(_KEYS, _VALUES))
def test_every_leaf_is_found_by_its_path(properties: dict[str, Any]) -> None:
    for path, value in leaves(properties, ""):
        assert value_at(properties, path) == value
        assert root(path) in properties


@pytest.mark.parametrize("path", ["b", "a[2]", "a.b", "a[0].c", "d[0]"])
def test_what_is_not_there_is_none(path: str) -> None:
    assert value_at({"a": [{"b": 1}, 2], "d": {"e": 1}}, path) is None


@pytest.mark.parametrize(
    ("one", "other", "exact", "loose"),
    [
        ("tags", "tags", True, True),
        ("tags", 'tags["a.b"]', True, True),
        ("tags", "tagsAll", False, False),
        ("vpcConfig.subnetIds", "vpcConfig", True, True),
        ("rules[0].port", "rules[1].port", False, True),
        ("rules.port", "rules[1].port", False, True),
        ('labels["a.b"]', "labels.a.b", False, False),
        ("spec.selector", 'spec.template["x"]', False, False),
    ],
)
def test_paths_overlap_where_one_lies_within_the_other(one: str, other: str, exact: bool, loose: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is exact
    assert overlap(one, other, indexes=False) is overlap(other, one, indexes=False) is loose
