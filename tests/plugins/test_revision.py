"""The `platform` package: revisions."""

from __future__ import annotations

import re

from platform_pulumi.model.own_package import REVISION
from platform_pulumi.plugins.platform_package import PlatformPackage
from platform_pulumi.plugins.provider import Naming, State
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from platform_pulumi.sdk import revision as sdk
from tests.plugins.support import done, urn

URN = urn(REVISION, "api-revision")


def test_it_is_short_random_and_no_secret(canary: str) -> None:
    keepers = {"image": "api:1", "env.TOKEN": Sealed(canary)}
    one, other = (done(PlatformPackage().create(URN, {"keepers": keepers}, False)) for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{7}", one.outputs["result"])
    assert one.outputs["result"] != other.outputs["result"]
    assert canary not in repr(one)


def test_a_planned_one_is_not_known() -> None:
    planned = done(PlatformPackage().create(URN, {"keepers": {}}, True))
    assert planned.outputs["result"] is UNKNOWN


def test_a_changed_keeper_makes_a_new_one_be_it_secret() -> None:
    old = {"keepers": {"image": "api:1", "env.TOKEN": Sealed("one")}}
    same = PlatformPackage().diff(URN, State("1", old, old), {"keepers": dict(old["keepers"])})
    assert not same.changes
    for change in ({"image": "api:2"}, {"env.TOKEN": Sealed("two")}, {"env.MORE": "x"}):
        found = PlatformPackage().diff(URN, State("1", old, old), {"keepers": {**old["keepers"], **change}})
        assert found.changes
        assert all(c.replaces for c in found.changes)


def test_keepers_are_needed() -> None:
    _, failures = PlatformPackage().check(URN, {}, Naming())
    assert [failure.path for failure in failures] == ["keepers"]


def test_the_sdk_and_the_server_mean_the_same_type() -> None:
    assert PlatformPackage().check(urn(sdk.REVISION), {"keepers": {}}, Naming()) == ({"keepers": {}}, [])
