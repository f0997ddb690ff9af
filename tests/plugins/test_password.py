"""The `platform` package: passwords."""

from __future__ import annotations

import pytest

from platform_pulumi.model.own_package import PASSWORD
from platform_pulumi.plugins.password import generate
from platform_pulumi.plugins.platform_package import PlatformPackage
from platform_pulumi.plugins.provider import Naming, ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from platform_pulumi.sdk import password as sdk
from tests.plugins.support import VPC, done, urn

URN = urn(PASSWORD, "queue-password")


def test_a_password_is_random_secret_and_long_enough() -> None:
    one, other = (done(PlatformPackage().create(URN, {"length": 24, "special": True}, False)) for _ in range(2))
    assert isinstance(one.outputs["result"], Sealed)
    assert len(one.outputs["result"].value) == 24
    assert one.outputs["result"] != other.outputs["result"]
    assert one.id != other.id
    assert one.outputs["result"].value not in repr(one)


def test_a_previewed_password_is_not_known_and_secret_all_the_same() -> None:
    planned = done(PlatformPackage().create(URN, {"length": 24}, True))
    assert (planned.id, planned.outputs["result"]) == ("", Sealed(UNKNOWN))


@pytest.mark.parametrize("special", [True, False])
def test_every_kind_of_sign_is_there(special: bool) -> None:
    for _ in range(50):
        made = generate(8, special=special)
        assert any(sign.islower() for sign in made)
        assert any(sign.isupper() for sign in made)
        assert any(sign.isdigit() for sign in made)
        assert made.isalnum() is not special


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({"length": 32, "special": False, "keepers": {"a": "b"}}, []),
        ({"length": UNKNOWN}, []),
        ({}, ["length"]),
        ({"length": 7}, ["length"]),
        ({"length": 129}, ["length"]),
        ({"length": 32, "lenght": 3}, ["lenght"]),
        ({"length": "32"}, ["length"]),
    ],
)
def test_inputs(inputs: dict[str, object], paths: list[str]) -> None:
    _, failures = PlatformPackage().check(URN, inputs, Naming())
    assert [failure.path for failure in failures] == paths


@pytest.mark.parametrize("change", [{"length": 33}, {"special": False}, {"keepers": {"a": "c"}}])
def test_any_change_makes_a_new_one(change: dict[str, object]) -> None:
    old = {"length": 32, "special": True, "keepers": {"a": "b"}}
    found = PlatformPackage().diff(URN, State("1", old, old), {**old, **change})
    assert found.changes
    assert all(c.replaces for c in found.changes)
    assert not PlatformPackage().diff(URN, State("1", old, old), dict(old)).changes


def test_it_reads_as_it_is() -> None:
    state = State("1", {"length": 8}, {"length": 8, "result": Sealed("x")})
    assert done(PlatformPackage().read(URN, state)) is state


def test_it_has_no_other_types_and_no_functions() -> None:
    with pytest.raises(ProviderError):
        PlatformPackage().check(urn(VPC), {}, Naming())
    with pytest.raises(ProviderError):
        PlatformPackage().invoke("platform:index:f", {})


def test_the_sdk_and_the_server_mean_the_same_type() -> None:
    assert PlatformPackage().check(urn(sdk.PASSWORD), {"length": 20}, Naming()) == ({"length": 20}, [])
