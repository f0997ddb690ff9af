"""What of its inputs an update or a replacement changes: as the engine says, or from the inputs themselves."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.model.plan import Action, Diff
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.operations.ports import Registered
from tests.operations.test_actions import INSTANCE, action, step

#: What the engine says where a provider's replacement, and where a trigger's or dependency's, is the cause.
BY_PROVIDER: dict[str, Any] = {"changed": {"provider": "update"}, "replace_keys": ("provider",)}
BY_OTHERS: dict[str, Any] = {"changed": {}, "replace_keys": ()}


def replaced(old: Any, new: Any, registered: Registered | None = None, **engine: Any) -> list[Diff]:
    known = {"changed": {}, "replace_keys": (), **engine}
    return list(action(step(Action.REPLACE, old=old, new=new, **known), registered).diff)


@pytest.mark.parametrize("engine", [BY_PROVIDER, BY_OTHERS])
def test_a_replacement_shows_what_changes_whatever_its_cause(engine: dict[str, Any]) -> None:
    old = {"image": "a:1", "env": [{"name": "HOST", "value": "x"}], "gone": True, "same": {"a": [1]}}
    new = {"image": "a:2", "env": [{"name": "HOST", "value": UNKNOWN}], "more": {"b": 1}, "same": {"a": [1]}}
    assert replaced(old, new, **engine) == [
        Diff("env[0].value", "x", unknown=True),
        Diff("gone", old=True),
        Diff("image", "a:1", "a:2"),
        Diff("more", new={"b": 1}),
    ]


def test_one_that_changes_nothing_of_its_own_shows_nothing() -> None:
    assert replaced({"name": "a"}, {"name": "a"}, **BY_PROVIDER) == []


def test_what_the_engine_calls_the_cause_of_a_replacement_is_marked() -> None:
    changed = {"cidr": "update-replace", "tags.a": "update", "rules[0]": "update-replace"}
    old = {"cidr": "10.0/16", "tags": {"a": "1", "b": "1"}, "rules": [{"port": 1}]}
    new = {"cidr": "10.1/16", "tags": {"a": "2", "b": "2"}, "rules": [{"port": 2}]}
    found = {d.path: d.replaces for d in replaced(old, new, changed=changed, replace_keys=("cidr", "rules"))}
    assert found == {"cidr": True, "rules[0].port": True, "tags.a": False, "tags.b": False}


def test_without_details_the_engines_keys_say_what_forces_it() -> None:
    found = replaced({"a": 1, "b": 1}, {"a": 2, "b": 2}, changed=dict.fromkeys("ab", "update"), replace_keys=("a",))
    assert [(d.path, d.replaces) for d in found] == [("a", True), ("b", False)]


def test_what_only_the_engine_sees_changed_stays_in_the_diff_of_a_replacement() -> None:
    """Reality differs from what is recorded, and the declaration is what it was."""
    old = new = {"size": 10, "name": "a"}
    found = replaced(old, new, changed={"size": "update-replace"}, replace_keys=("size",), observed={"size": 12})
    assert found == [Diff("size", 12, 10, replaces=True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"size": 1}, {"size": 1.0}),
        ({"a": {"__defaults": ["x"], "b": 1}}, {"a": {"__defaults": [], "b": 1}}),
        ({"__defaults": ["x"]}, {}),
        ({"a": None}, {}),
    ],
)
def test_another_form_of_a_value_and_bookkeeping_are_no_change(old: Any, new: Any) -> None:
    assert replaced(old, new) == []


@pytest.mark.parametrize(("old", "new"), [(1, True), ("1", 1), ([], None), ({}, None), ([1, 2], [2, 1])])
def test_another_value_is_a_change_however_alike(old: Any, new: Any) -> None:
    (found,) = {d.path.partition("[")[0] for d in replaced({"a": old}, {"a": new})}
    assert found == "a"


def test_lists_of_another_length_are_shown_whole() -> None:
    assert replaced({"ids": ["a"]}, {"ids": ["b", "a"]}) == [Diff("ids", ["a"], ["b", "a"])]


SECRET = {"data": "[secret]", "env": [{"name": "A", "value": "[secret]"}], "host": "x"}
HIDDEN = Registered(INSTANCE, secret=frozenset({"data", "env[0].value"}))


def test_a_secret_that_nobody_has_compared_may_change() -> None:
    for engine in (BY_PROVIDER, BY_OTHERS):
        for registered in (HIDDEN, None):
            assert replaced(SECRET, dict(SECRET), registered, **engine) == [
                Diff("data", unknown=True, secret=True),
                Diff("env[0].value", unknown=True, secret=True),
            ]


def test_a_secret_that_the_provider_has_compared_changes_where_it_says_so() -> None:
    engine = {"changed": {"host": "update-replace", "data.TOKEN": "update"}, "replace_keys": ("host",)}
    assert replaced(SECRET, {**SECRET, "host": "y"}, HIDDEN, **engine) == [
        Diff("data.TOKEN", secret=True),
        Diff("host", "x", "y", replaces=True),
    ]


def test_a_secret_that_comes_or_goes_shows_nothing_else() -> None:
    assert replaced({"a": "canary"}, {"a": "[secret]"}) == [Diff("a", secret=True)]
    assert replaced({"a": "[secret]"}, {}) == [Diff("a", secret=True)]
    hidden = Registered(INSTANCE, secret=frozenset({"env[1]"}))
    assert replaced({"env": ["x"]}, {"env": ["x", "[secret]"]}, hidden) == [Diff("env", secret=True)]


def test_a_secret_with_something_unknown_in_it_may_change() -> None:
    registered = Registered(INSTANCE, secret=frozenset({"data"}), unknown=frozenset({"data.PASSWORD"}))
    made = step(old={"data": "[secret]"}, new={"data": "[secret]"}, changed={"data": "update"})
    assert action(made, registered).diff == (Diff("data", unknown=True, secret=True),)


def test_an_update_shows_what_the_provider_says_and_nothing_else() -> None:
    """What it does not name it does not change: another form of the same, or a change that is ignored."""
    made = step(old={"size": 1, "policy": '{"a": 1}'}, new={"size": 2, "policy": '{"a":1}'}, changed={"size": "update"})
    assert action(made).diff == (Diff("size", 1, 2),)


def test_an_update_of_which_the_provider_says_nothing_is_compared() -> None:
    assert action(step(old={"size": 1}, new={"size": 2}, changed={})).diff == (Diff("size", 1, 2),)


def test_bookkeeping_is_no_change_even_where_the_engine_names_it() -> None:
    made = step(old={"a": 1}, new={"a": 2}, changed={"a": "update", "__defaults": "update", "b.__x": "add"})
    assert [d.path for d in action(made).diff] == ["a"]
