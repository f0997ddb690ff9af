"""Which actions are certain, and what of their own tier and of those above the others wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.model.plan import Action, PlanAction
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.operations import actions
from platform_pulumi.operations.ports import Registered, RunResult, StackSnapshot, Step
from tests.operations.fakes import CONTEXT
from tests.operations.test_actions import TIER, URN, capability, run

KIND = "test:index:Thing"
PROVIDER = f"{URN}pulumi:providers:test::test"
ABOVE = "infrastructure.vpc.id"


def urn(name: str, kind: str = KIND) -> str:
    return f"{URN}platform:mock:Any${kind}::{name}"


def component(name: str) -> str:
    return f"{URN}platform:mock:Any::{name}"


class Platform:
    """Steps and registrations of one tier, each resource below a component of its capability (`two`, unless said)."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.registered: dict[str, Registered] = {}
        self.ids: dict[str, str] = {}
        self.triggers: dict[str, Any] = {}

    def add(
        self,
        name: str,
        action: Action,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
        *,
        made_from: Mapping[str, str] | None = None,
        above: str = "",
        forces: tuple[str, ...] = (),
        capability: str = "two",
        place: str = "",
        registered: Mapping[str, Any] | None = None,
        **step: Any,
    ) -> None:
        place = place or urn(name)
        parent = component(capability)
        self.steps[parent] = Step(parent, "platform:mock:Any", capability, Action.NO_OP, custom=False)
        changed = {
            path: "update-replace" if path in forces else "update"
            for path in {**(old or {}), **(new or {})}
            if (old or {}).get(path) != (new or {}).get(path)
        }
        known = {"changed": changed, "replace_keys": forces, "parent": parent, "old": old, "new": new, **step}
        self.steps[place] = Step(place, known.pop("type", KIND), name, action, **known)
        self.ids[place] = f"id-{name}"
        uses = {path: frozenset({urn(source) if ":" not in source and "." not in source else source})
                for path, source in (made_from or {}).items()}  # fmt: skip
        unknown = frozenset(path for path, value in (new or {}).items() if value == UNKNOWN)
        given: dict[str, Any] = {
            "made_from": uses, "inputs": dict(new or {}), "unknown": unknown,
            "waits_for": frozenset({above} if above else ()), **(registered or {}),
        }  # fmt: skip
        self.registered[place] = Registered(place, **given)

    def planned(self) -> dict[str, PlanAction]:
        snapshot = StackSnapshot(CONTEXT.stack(TIER), {}, {}, ids=self.ids, triggers=self.triggers)
        found = actions.plan_actions(run(), RunResult(self.steps, self.registered, {}), snapshot)
        return {made.resource_name: made for made in found}

    def waits(self, name: str = "two") -> tuple[str, ...]:
        return self.planned()[name].waits_for


@pytest.fixture
def platform() -> Platform:
    """A tier in which `one` gets another port, so that what it says of itself is unknown until then."""
    made = Platform()
    made.add("one", Action.UPDATE, {"port": 1}, {"port": 2}, capability="one")
    return made


def test_an_update_of_unknown_values_of_its_own_tier_waits_for_the_resource_they_come_from(platform: Platform) -> None:
    platform.add("two", Action.UPDATE, {"host": "a:1"}, {"host": UNKNOWN}, made_from={"host": "one"})
    found = platform.planned()
    assert found["two"].waits_for == (f"{TIER.label}.one.one",)
    assert found["two"].conditional
    assert not found["one"].conditional


def test_a_known_change_makes_it_certain(platform: Platform) -> None:
    old, new = {"host": "a:1", "size": 1}, {"host": UNKNOWN, "size": 2}
    platform.add("two", Action.UPDATE, old, new, made_from={"host": "one"})
    assert platform.waits() == ()


@pytest.mark.parametrize(("old", "waiting"), [(["x", "a"], True), (["y", "a"], False), (["x"], False)])
def test_what_is_known_beside_an_unknown_value_counts(platform: Platform, old: list[str], waiting: bool) -> None:
    platform.add("two", Action.UPDATE, {"env": old}, {"env": ["x", UNKNOWN]}, made_from={"env": "one"})
    assert bool(platform.waits()) is waiting


def test_what_was_changed_behind_its_back_is_certainly_put_right(platform: Platform) -> None:
    platform.add("two", Action.UPDATE, {"size": 1}, {"size": 1}, changed={"size": "update"}, observed={"size": 9})
    assert platform.waits() == ()


@pytest.mark.parametrize(("unknown", "waiting"), [(set(), False), ({"data.B"}, True)])
def test_a_secret_that_is_known_to_change_makes_it_certain(
    platform: Platform, unknown: set[str], waiting: bool
) -> None:
    given = {"secret": frozenset({"data"}), "unknown": frozenset(unknown)}
    secret, changed = {"data": "[secret]"}, {"data": "update"}
    platform.add("two", Action.UPDATE, secret, secret, made_from={"data": "one"}, registered=given, changed=changed)
    assert bool(platform.waits()) is waiting


def test_what_waits_for_a_waiting_resource_waits_with_it(platform: Platform) -> None:
    platform.add("mid", Action.UPDATE, {"vpc": "v"}, {"vpc": UNKNOWN}, made_from={"vpc": ABOVE}, above=ABOVE)
    platform.add("two", Action.UPDATE, {"mid": "m"}, {"mid": UNKNOWN}, made_from={"mid": "mid"}, above=ABOVE)
    assert platform.waits("mid") == (ABOVE,)
    assert platform.waits() == (ABOVE, f"{TIER.label}.two.mid")


def test_a_replacement_is_certain_only_by_what_forces_it(platform: Platform) -> None:
    old, new = {"host": "a:1", "size": 1}, {"host": UNKNOWN, "size": 2}
    platform.add("two", Action.REPLACE, old, new, made_from={"host": "one"}, forces=("host",))
    assert platform.waits() == (f"{TIER.label}.one.one",)
    platform.add("two", Action.REPLACE, old, new, made_from={"host": "one"}, forces=("host", "size"))
    assert platform.waits() == ()


def test_the_id_of_what_is_certainly_replaced_cannot_stay(platform: Platform) -> None:
    platform.add("vpc", Action.REPLACE, {"cidr": "a"}, {"cidr": "b"}, forces=("cidr",), capability="vpc")
    platform.add("two", Action.REPLACE, {"vpc": "id-vpc"}, {"vpc": UNKNOWN}, made_from={"vpc": "vpc"}, forces=("vpc",))
    platform.add("three", Action.UPDATE, {"ids": ["x", "id-two"]}, {"ids": UNKNOWN}, made_from={"ids": "two"})
    assert platform.waits() == platform.waits("three") == ()
    # Anything else of it may be what it was.
    platform.add("four", Action.UPDATE, {"host": "h"}, {"host": UNKNOWN}, made_from={"host": "vpc"})
    assert platform.waits("four") == (f"{TIER.label}.vpc.vpc",)


def test_an_id_that_is_a_name_may_stay(platform: Platform) -> None:
    old, new = {"cidr": "a", "name": "id-vpc"}, {"cidr": "b", "name": "id-vpc"}
    platform.add("vpc", Action.REPLACE, old, new, forces=("cidr",), capability="vpc")
    platform.add("two", Action.REPLACE, {"vpc": "id-vpc"}, {"vpc": UNKNOWN}, made_from={"vpc": "vpc"}, forces=("vpc",))
    assert platform.waits() == (f"{TIER.label}.vpc.vpc",)


def test_the_id_of_what_may_be_replaced_may_stay(platform: Platform) -> None:
    platform.add("vpc", Action.REPLACE, {"zone": "z"}, {"zone": UNKNOWN}, made_from={"zone": "one"}, forces=("zone",))
    platform.add("two", Action.REPLACE, {"vpc": "id-vpc"}, {"vpc": UNKNOWN}, made_from={"vpc": "vpc"}, forces=("vpc",))
    assert platform.waits() == (f"{TIER.label}.two.vpc",)


def test_a_name_that_comes_with_a_replacement_is_no_reason_for_one(platform: Platform) -> None:
    """The provider fills in another one because it is replaced, and who refers to it is given that one."""
    old, new = {"zone": "z", "name": "vpc-a"}, {"zone": UNKNOWN, "name": "vpc-b"}
    given = {"inputs": {"zone": UNKNOWN}}
    platform.add("vpc", Action.REPLACE, old, new, made_from={"zone": "one"}, forces=("zone", "name"), registered=given)
    platform.add("two", Action.REPLACE, {"vpc": "vpc-a"}, {"vpc": "vpc-b"}, made_from={"vpc": "vpc"}, forces=("vpc",))
    assert platform.waits("vpc") == (f"{TIER.label}.one.one",)
    assert platform.waits() == (f"{TIER.label}.two.vpc",)


def test_a_replacement_by_its_provider_is_as_certain_as_the_providers(platform: Platform) -> None:
    by_provider: dict[str, Any] = {"changed": {"provider": "update"}, "replace_keys": ("provider",)}
    kind = "pulumi:providers:test"
    platform.add("two", Action.REPLACE, {"name": "a"}, {"name": "a"}, above=ABOVE, **by_provider)
    known = {"cluster": UNKNOWN}
    platform.add(
        "test", Action.REPLACE, {"cluster": "a"}, known, place=PROVIDER, type=kind,
        made_from={"cluster": ABOVE}, above=ABOVE, forces=("cluster",),
    )  # fmt: skip
    assert platform.waits() == (ABOVE,)
    platform.add(
        "test", Action.REPLACE, {"cluster": "a"}, {"cluster": "b", "token": UNKNOWN}, place=PROVIDER, type=kind,
        made_from={"token": ABOVE}, above=ABOVE, forces=("cluster",),
    )  # fmt: skip
    assert platform.waits() == ()


def test_a_replacement_by_a_dependency_is_as_certain_as_its(platform: Platform) -> None:
    depends = {"depends_on": frozenset({urn("vpc")})}
    platform.add("two", Action.REPLACE, {"name": "a"}, {"name": "a"}, registered=depends)
    platform.add("vpc", Action.REPLACE, {"zone": "z"}, {"zone": UNKNOWN}, made_from={"zone": "one"}, forces=("zone",))
    assert platform.waits() == (f"{TIER.label}.two.vpc",)
    platform.add("vpc", Action.REPLACE, {"zone": "z"}, {"zone": "y"}, forces=("zone",))
    assert platform.waits() == ()


def test_a_replacement_by_a_trigger_is_certain_where_that_is_known_to_change(platform: Platform) -> None:
    unknown = {"unknown_trigger": True}
    platform.add("vpc", Action.REPLACE, {"zone": "z"}, {"zone": "y"}, forces=("zone",))
    platform.add("two", Action.REPLACE, {"name": "a"}, {"name": "a"})
    assert platform.waits() == ()
    platform.add("two", Action.REPLACE, {"name": "a"}, {"name": "a"}, registered=unknown)
    assert platform.waits() == (f"{TIER.label}.two.vpc",)
    platform.triggers[urn("two")] = "id-vpc"
    assert platform.waits() == ()


def test_what_a_plugin_makes_below_its_component_waits_for_its_siblings(platform: Platform) -> None:
    cluster = f"{URN}platform:mock:Any$eks:index:Cluster::cluster"
    platform.registered[cluster] = Registered(cluster, parent=component("two"))
    platform.steps[cluster] = Step(cluster, "eks:index:Cluster", "cluster", Action.UPDATE, custom=False,
                                   parent=component("two"))  # fmt: skip
    platform.add("beside", Action.CREATE, None, {"a": 1})
    for name, old, new in (("control", {"name": "a"}, {"name": "b"}), ("oidc", {"url": "u"}, {"url": UNKNOWN})):
        place = f"{cluster}-{name}"
        platform.add(name, Action.REPLACE, old, new, forces=tuple(old), place=place, parent=cluster)
        del platform.registered[place]
    assert platform.waits("control") == ()
    assert platform.waits("oidc") == (f"{TIER.label}.two.cluster-control",)


def test_what_is_created_or_deleted_is_so_in_any_case(platform: Platform) -> None:
    platform.add("two", Action.CREATE, None, {"host": UNKNOWN}, made_from={"host": "one"})
    assert platform.waits() == ()
    platform.add("two", Action.CREATE, None, {"host": UNKNOWN}, made_from={"host": ABOVE}, above=ABOVE)
    assert platform.waits() == (ABOVE,)
    platform.add("two", Action.DELETE, {"host": "a"}, None, made_from={"host": "one"}, above=ABOVE)
    assert platform.waits() == ()


def test_two_that_follow_each_other_are_never_certain_by_each_other(platform: Platform) -> None:
    for name, other in (("two", "three"), ("three", "two")):
        platform.add(name, Action.REPLACE, {"x": f"id-{other}"}, {"x": UNKNOWN}, made_from={"x": other}, forces=("x",))
    assert platform.waits() == (f"{TIER.label}.two.three",)
    assert platform.waits("three") == (f"{TIER.label}.two.two",)


def test_a_capability_waits_for_the_values_its_certain_actions_need_and_not_for_itself(platform: Platform) -> None:
    platform.add("two", Action.UPDATE, {"v": "a", "n": 1}, {"v": UNKNOWN, "n": 2}, made_from={"v": ABOVE}, above=ABOVE)
    platform.add("more", Action.UPDATE, {"h": "a"}, {"h": UNKNOWN}, made_from={"h": "two"}, above=ABOVE)
    found = platform.planned()
    assert (found["two"].waits_for, found["more"].waits_for) == ((), (ABOVE, f"{TIER.label}.two.two"))
    named = replace(run(), capabilities=(capability("two"),))
    (bound,) = actions.bound_capabilities(named, found.values(), platform.registered)
    assert bound.waits_for == (ABOVE,)
