"""Whom a change reaches: across tiers, softly or not, each once, and never another application of the same names."""

from __future__ import annotations

from collections.abc import Iterable

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef, Dependency
from platform_pulumi.model.plan import Action, PlanAction, TierPlan
from platform_pulumi.model.platform import Mode, OutputDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Template, TierOutput
from platform_pulumi.operations.graph import declared_graph
from platform_pulumi.operations.impact import impact

HERE = Position("platform.yaml", 1, 1)
ONE, TWO, THREE = Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES, Tier.APPLICATION
VPC = CapabilityRef(ONE, "vpc", "network")


def service(
    name: str, *uses: str, bound: CapabilityRef | None = None, env: dict[str, object] | None = None
) -> Capability:
    """A service; `uses` are dependencies, an optional one with a question mark."""
    model = CAPABILITY_TYPES["container_runtime"]
    return Capability(
        name=name,
        type="container_runtime",
        tier=THREE,
        properties=model.model_validate({"image": "api:1", "env": env or {}}),
        provider="acme",
        declared_at=HERE,
        depends_on=tuple(Dependency(use.rstrip("?"), optional=use.endswith("?")) for use in uses),
        bindings={bound.type: bound} if bound else {},
    )


def network() -> TierDeclaration:
    properties = CAPABILITY_TYPES["network"].model_validate({"cidr": "10.0.0.0/16"})
    return TierDeclaration(ONE, None, (Capability("vpc", "network", ONE, properties, "acme", HERE),))


def database(bound: CapabilityRef | None = VPC) -> TierDeclaration:
    properties = CAPABILITY_TYPES["database"].model_validate({"engine": "mysql", "version": "8"})
    capability = Capability(
        "db", "database", TWO, properties, "acme", HERE, bindings={"network": bound} if bound else {}
    )
    return TierDeclaration(TWO, None, (capability,), outputs=(OutputDeclaration("host", "db", "host", "string", HERE),))


def application(*services: Capability, name: str = "shop") -> TierDeclaration:
    return TierDeclaration(THREE, name, services)


def plan(tier: Tier, changes: dict[str, Action | list[Action]], application: str | None = None) -> TierPlan:
    actions = [
        PlanAction(action, name, f"{name}-{index}", "acme:index:thing", "acme", f"urn:{name}-{index}")
        for name, found in changes.items()
        for index, action in enumerate(found if isinstance(found, list) else [found])
    ]
    return TierPlan(tier, application, "stack", "", Mode.AUTO_APPLY, tuple(actions), {})


def reached(tiers: Iterable[TierDeclaration], *plans: TierPlan) -> dict[str, list[tuple[str, str, str]]]:
    """Changed capability to (who, kind, severity)."""
    return {
        found.changed: [(f"{a.application or a.tier.label}.{a.capability}", a.kind, a.severity) for a in found.affected]
        for found in impact(declared_graph(tiers, {}), plans)
    }


def test_a_change_reaches_direct_consumers_first_then_theirs() -> None:
    tiers = [network(), database(), application(service("api", "db"))]
    assert reached(tiers, plan(ONE, {"vpc": Action.REPLACE})) == {
        "infrastructure.vpc": [("shared_primitives.db", "hard", "high"), ("shop.api", "hard", "low")]
    }


def test_an_update_is_of_medium_severity_and_a_delete_of_high() -> None:
    tiers = [database(None), application(service("api", "db"))]
    assert reached(tiers, plan(TWO, {"db": Action.UPDATE}))["shared_primitives.db"] == [("shop.api", "hard", "medium")]
    assert reached(tiers, plan(TWO, {"db": Action.DELETE}))["shared_primitives.db"] == [("shop.api", "hard", "high")]


def test_the_strongest_action_of_a_capability_counts() -> None:
    tiers = [database(None), application(service("api", "db"))]
    (found,) = impact(
        declared_graph(tiers, {}), [plan(TWO, {"db": [Action.UPDATE, Action.REPLACE, Action.CREATE, Action.NO_OP]})]
    )
    assert found.action is Action.REPLACE
    assert found.affected[0].severity == "high"


def test_what_is_created_or_unchanged_reaches_nobody() -> None:
    tiers = [database(None), application(service("api", "db"))]
    assert reached(tiers, plan(TWO, {"db": [Action.CREATE, Action.NO_OP]})) == {}


def test_a_change_nobody_uses_is_no_impact() -> None:
    assert reached([database(None)], plan(TWO, {"db": Action.REPLACE})) == {}


def test_wiring_references_and_dependencies_all_count_and_each_consumer_once() -> None:
    host = TierOutput(TWO, "host")
    api = service("api", "db", env={"HOST": host, "URL": Template(("mysql://", host))})
    worker = service("worker", env={"API": CapabilityOutput("api", "endpoint")})
    wired = service("wired", bound=CapabilityRef(TWO, "db", "database"))
    found = reached([database(None), application(api, worker, wired)], plan(TWO, {"db": Action.UPDATE}))
    assert found == {
        "shared_primitives.db": [
            ("shop.api", "hard", "medium"),
            ("shop.wired", "hard", "medium"),
            ("shop.worker", "hard", "low"),
        ]
    }


def test_whom_only_optional_dependencies_reach_is_softly_affected() -> None:
    soft, behind = service("soft", "db?"), service("behind", "soft")
    found = reached([database(None), application(soft, behind)], plan(TWO, {"db": Action.REPLACE}))
    assert found["shared_primitives.db"] == [("shop.soft", "soft", "high"), ("shop.behind", "soft", "low")]


def test_a_hard_way_counts_before_a_soft_one_even_if_it_is_longer() -> None:
    both, middle = service("both", "db?", "middle"), service("middle", "db")
    found = reached([database(None), application(both, middle)], plan(TWO, {"db": Action.REPLACE}))
    assert found["shared_primitives.db"] == [("shop.both", "hard", "high"), ("shop.middle", "hard", "high")]


def test_applications_of_the_same_names_do_not_reach_each_other() -> None:
    shop = application(service("api", "db"), service("web", "api"))
    blog = application(service("api", "db"), service("feed", "api"), name="blog")
    tiers = [database(None), shop, blog]
    assert reached(tiers, plan(THREE, {"api": Action.UPDATE}, "blog")) == {
        "application.api": [("blog.feed", "hard", "medium")]
    }
    assert sorted(reached(tiers, plan(TWO, {"db": Action.UPDATE}))["shared_primitives.db"]) == [
        ("blog.api", "hard", "medium"),
        ("blog.feed", "hard", "low"),
        ("shop.api", "hard", "medium"),
        ("shop.web", "hard", "low"),
    ]


def test_a_dependency_means_the_nearest_of_that_name() -> None:
    tiers = [database(None), application(service("db"), service("api", "db"))]
    assert reached(tiers, plan(TWO, {"db": Action.REPLACE})) == {}
    assert reached(tiers, plan(THREE, {"db": Action.REPLACE}, "shop")) == {
        "application.db": [("shop.api", "hard", "high")]
    }
