"""The `platform` package as a backend: what it does with resources that are in state and nowhere else."""

from __future__ import annotations

import pytest

from platform_pulumi.model.own_package import PASSWORD, REVISION
from platform_pulumi.plugins.diffs import Change
from platform_pulumi.plugins.platform_package import TYPES, PlatformPackage
from platform_pulumi.plugins.provider import Naming, ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from tests.plugins.support import VPC, done, urn

KEEPERS = {"keepers": {"image": "api:1", "env.TOKEN": Sealed("canary-token")}}


def test_it_needs_no_configuration_and_changes_it_in_place() -> None:
    package = PlatformPackage()
    package.configure({"anything": 1})
    assert package.diff_config({"version": "1"}, {"version": "1"}) == []
    (change,) = package.diff_config({"version": "1"}, {"version": "2"})
    assert isinstance(change, Change)
    assert (change.path, change.replaces) == ("version", False)


def test_nothing_is_changed_in_place() -> None:
    for token in TYPES:
        with pytest.raises(ProviderError) as error:
            done(PlatformPackage().update(urn(token), State("1", {}, {}), {}, False))
        assert str(error.value) == "thing cannot be changed in place"


def test_a_delete_asks_nobody() -> None:
    for token in TYPES:
        assert done(PlatformPackage().delete(urn(token), State("1", {}, {}))) is None


def test_what_it_does_not_have_is_named() -> None:
    package, other = PlatformPackage(), urn(VPC)
    calls = (
        lambda: package.check(other, {}, Naming()),
        lambda: package.diff(other, State("1", {}, {}), {}),
        lambda: done(package.create(other, {}, False)),
    )
    for call in calls:
        with pytest.raises(ProviderError) as error:
            call()
        assert str(error.value) == f"the package platform has no resource type {VPC}"
    with pytest.raises(ProviderError) as error:
        package.invoke("platform:index:f", {})
    assert str(error.value) == "the package platform has no function platform:index:f"


def test_the_result_is_a_secret_where_the_type_says_so_and_known_once_it_is_made() -> None:
    package = PlatformPackage()
    for token, inputs in ((PASSWORD, {"length": Sealed(24)}), (REVISION, KEEPERS)):
        secret = TYPES[token].SECRET
        planned = done(package.create(urn(token), inputs, True))
        made = done(package.create(urn(token), inputs, False))
        assert planned.outputs == {**inputs, "result": Sealed(UNKNOWN) if secret else UNKNOWN}
        assert planned.id == ""
        assert isinstance(made.outputs["result"], Sealed) is secret
        assert made.outputs.items() >= inputs.items(), "secret inputs stay so"
        assert len(made.id) == 16
    assert "canary-token" not in repr(done(package.create(urn(REVISION), KEEPERS, False)))


def test_keepers_that_are_not_known_yet_make_a_new_revision() -> None:
    package, old = PlatformPackage(), State("1", KEEPERS, {**KEEPERS, "result": "4f2a9c1"})
    unknown = {"keepers": {"image": UNKNOWN, "env.TOKEN": Sealed("canary-token")}}
    _, failures = package.check(urn(REVISION), unknown, Naming())
    assert list(failures) == []
    found = package.diff(urn(REVISION), old, unknown)
    assert [(c.path, c.replaces) for c in found.changes] == [("keepers.image", True)]
    assert not package.diff(urn(REVISION), old, dict(KEEPERS)).changes


def test_a_keeper_that_became_a_secret_or_left_makes_a_new_one() -> None:
    package = PlatformPackage()
    for before, after in (({"a": "x", "b": "y"}, {"a": "x"}), ({"a": "x"}, {"a": "y"}), ({}, {"a": ""})):
        found = package.diff(urn(REVISION), State("1", {"keepers": before}, {}), {"keepers": after})
        assert found.changes
        assert all(change.replaces for change in found.changes)
