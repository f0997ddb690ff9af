"""What replacements have left is put where the engine sees who depends on it."""

from __future__ import annotations

from typing import Any

from platform_pulumi.engine.deletion_order import order_deletes


def resource(name: str, *dependencies: str, left: bool = False, **members: Any) -> dict[str, Any]:
    urns = [f"urn:pulumi:dev::acme::t::{one}" for one in (name, *dependencies)]
    made = {"urn": urns[0], "dependencies": urns[1:]}
    return {**made, **({"delete": True} if left else {}), **members}


def ordered(*resources: dict[str, Any]) -> list[str] | None:
    """The names in their new order, the left ones with a minus; None where it stays."""
    deployment = {"resources": list(resources)}
    if not order_deletes(deployment):
        assert deployment["resources"] == list(resources)
        return None
    assert sorted(map(id, deployment["resources"])) == sorted(map(id, resources))
    return [("-" if one.get("delete") else "") + one["urn"].rpartition("::")[2] for one in deployment["resources"]]


def test_what_is_left_stands_before_all_that_depends_on_it() -> None:
    """A network that is replaced, a gateway of the old one that is no longer declared, and a table that was."""
    assert ordered(
        resource("vpc"),
        resource("private", "vpc"),
        resource("gateway", "vpc"),
        resource("vpc", left=True),
        resource("table", "gateway", "vpc", left=True),
    ) == ["vpc", "-vpc", "private", "gateway", "-table"]


def test_dependencies_are_those_of_every_kind() -> None:
    urn = "urn:pulumi:dev::acme::t::a"
    for members in (
        {"parent": urn},
        {"deletedWith": urn},
        {"propertyDependencies": {"x": [urn]}},
        {"provider": f"{urn}::id-1"},
        {"replaceWith": [urn]},
    ):
        assert ordered(resource("b", **members), resource("a", left=True)) == ["-a", "b"]


def test_where_nothing_is_left_or_all_stands_right_nothing_moves() -> None:
    assert ordered(resource("a"), resource("b", "a")) is None
    assert ordered(resource("a", left=True), resource("a"), resource("b", "a")) is None
    assert ordered() is None


def test_what_would_stand_before_its_dependency_stays() -> None:
    """The old `a` depends on `b`, the new `b` on the new `a`."""
    assert ordered(resource("a"), resource("b", "a"), resource("a", "b", left=True)) is None
