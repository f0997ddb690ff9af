"""Whom a change reaches: across tiers, softly or not, each once, and never another application of the same names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef, Dependency
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Action, BoundCapability, Declarations, PlanAction, PlannedOutput, TierPlan
from platform_pulumi.model.platform import Mode, OutputDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Template, TierOutput
from platform_pulumi.operations.graph import declared_graph, upper_tiers, uses
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


TYPES = {"vpc": "network", "db": "database", "cluster": "kubernetes_cluster", "space": "namespace"}


def plan(
    tier: Tier,
    changes: dict[str, Action | list[Action]],
    application: str | None = None,
    outputs: dict[str, str] | None = None,
    **fields: Any,
) -> TierPlan:
    """A section with these actions of each capability; `outputs` that change, an unknown one with a question mark."""
    actions = [
        PlanAction(action, name, f"{name}-{index}", "acme:index:thing", "acme", f"urn:{name}-{index}")
        for name, found in changes.items()
        for index, action in enumerate(found if isinstance(found, list) else [found])
    ]
    known: dict[str, Any] = {
        "actions": tuple(actions),
        "capabilities": tuple(
            BoundCapability(name, TYPES.get(name, "container_runtime"), "acme", HERE) for name in changes
        ),
        "outputs": {
            name: PlannedOutput("string", change.rstrip("?"), unknown=change.endswith("?"))
            for name, change in (outputs or {}).items()
        },
        **fields,
    }
    return TierPlan(tier, application, "stack", "", Mode.AUTO_APPLY, **known)


def reached(
    tiers: Iterable[TierDeclaration], *plans: TierPlan, recorded: Iterable[TierContract] = ()
) -> dict[str, list[tuple[str, str, str]]]:
    """What changes to (who, kind, severity)."""
    return {
        found.changed: [(f"{a.application or a.tier.label}.{a.capability}", a.kind, a.severity) for a in found.affected]
        for found in impact(declared_graph(tiers, {}), recorded, plans)
    }


def verbs(
    tiers: Iterable[TierDeclaration], *plans: TierPlan, recorded: Iterable[TierContract] = ()
) -> dict[str, Action]:
    """What changes to how it changes."""
    return {found.changed: found.action for found in impact(declared_graph(tiers, {}), recorded, plans)}


def contract(tier: TierDeclaration, above: Iterable[TierDeclaration] = ()) -> TierContract:
    """What the stack of a tier recorded."""
    return TierContract(
        tier=tier.tier,
        application=tier.application,
        context="acme/prod",
        providers=(),
        capabilities=tuple(capability.ref for capability in tier.capabilities),
        constraints=(),
        outputs=tier.outputs,
        mode=Mode.AUTO_APPLY,
        uses=uses(tier, upper_tiers(above, {})),
    )


def another_network() -> TierPlan:
    return plan(ONE, {"vpc": Action.REPLACE}, outputs={"vpc:id": "changed?", "vpc:cidr": "changed"})


def another_database() -> TierPlan:
    return plan(TWO, {"db": Action.REPLACE}, outputs={"db:endpoint": "changed?", "db:port": "same"})


def test_a_change_reaches_direct_consumers_first_then_theirs() -> None:
    tiers = [network(), database(), application(service("api", "db"))]
    assert reached(tiers, another_network()) == {
        "infrastructure.vpc": [("shared_primitives.db", "hard", "high"), ("shop.api", "hard", "low")]
    }


def test_an_update_is_of_medium_severity_and_a_delete_of_high() -> None:
    tiers = [database(None), application(service("api", "db"))]
    assert reached(tiers, plan(TWO, {"db": Action.UPDATE}))["shared_primitives.db"] == [("shop.api", "hard", "medium")]
    gone = plan(TWO, {"db": Action.DELETE}, capabilities=())
    assert reached(tiers, gone) == {"shared_primitives.db": [("shop.api", "hard", "high")]}
    assert verbs(tiers, gone) == {"shared_primitives.db": Action.DELETE}


def test_what_is_created_or_unchanged_reaches_nobody() -> None:
    tiers = [database(None), application(service("api", "db"))]
    assert reached(tiers, plan(TWO, {"db": [Action.CREATE, Action.READ]}, outputs={"db:endpoint": "new?"})) == {}
    assert reached(tiers, plan(TWO, {"db": [Action.NO_OP, Action.IMPORT]}, outputs={"db:endpoint": "same"})) == {}


def test_a_change_nobody_uses_is_no_impact() -> None:
    assert reached([database(None)], another_database()) == {}


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
    found = reached([database(None), application(soft, behind)], another_database())
    assert found["shared_primitives.db"] == [("shop.soft", "soft", "high"), ("shop.behind", "soft", "low")]


def test_a_hard_way_counts_before_a_soft_one_even_if_it_is_longer() -> None:
    both, middle = service("both", "db?", "middle"), service("middle", "db")
    found = reached([database(None), application(both, middle)], another_database())
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
    assert reached(tiers, another_database()) == {}
    assert reached(tiers, plan(THREE, {"db": Action.UPDATE}, "shop")) == {
        "application.db": [("shop.api", "hard", "medium")]
    }


def test_what_grows_may_be_noticed_by_direct_consumers() -> None:
    tiers = [network(), database(), application(service("api", "db"))]
    more = plan(ONE, {"vpc": [Action.NO_OP, Action.CREATE]}, outputs={"vpc:id": "same"})
    assert reached(tiers, more) == {"infrastructure.vpc": [("shared_primitives.db", "hard", "low")]}
    assert verbs(tiers, more) == {"infrastructure.vpc": Action.UPDATE}


def test_who_reads_a_value_that_a_growth_changes_is_reached_by_that() -> None:
    subnets = OutputDeclaration("subnets", "vpc", "private_subnet_ids", "list", HERE)
    tiers = [replace(network(), outputs=(subnets,)), application(service("api", env={"S": TierOutput(ONE, "subnets")}))]
    more = plan(
        ONE, {"vpc": [Action.NO_OP, Action.CREATE]}, outputs={"vpc:id": "same", "vpc:private_subnet_ids": "changed?"}
    )
    assert reached(tiers, more) == {"infrastructure.vpc.private_subnet_ids": [("shop.api", "hard", "medium")]}


@pytest.mark.parametrize(
    "part",
    [[Action.DELETE, Action.NO_OP], [Action.REPLACE, Action.NO_OP], [Action.DELETE, Action.CREATE, Action.UPDATE]],
)
def test_a_part_that_goes_or_is_replaced_is_an_update_of_what_it_belongs_to(part: list[Action]) -> None:
    tiers = [network(), database()]
    changed = plan(ONE, {"vpc": part}, outputs={"vpc:id": "same", "vpc:private_subnet_ids": "changed"})
    assert verbs(tiers, changed) == {"infrastructure.vpc": Action.UPDATE}
    assert reached(tiers, changed) == {"infrastructure.vpc": [("shared_primitives.db", "hard", "medium")]}


@pytest.mark.parametrize("change", ["changed", "changed?", "may-change"])
def test_another_identity_of_a_replaced_resource_makes_it_another_one(change: str) -> None:
    tiers = [network(), database()]
    assert verbs(tiers, plan(ONE, {"vpc": [Action.REPLACE, Action.UPDATE]}, outputs={"vpc:id": change})) == {
        "infrastructure.vpc": Action.REPLACE
    }
    # All that it consists of goes and comes: the same, in other words.
    assert verbs(tiers, plan(ONE, {"vpc": [Action.CREATE, Action.DELETE]}, outputs={"vpc:id": change})) == {
        "infrastructure.vpc": Action.REPLACE
    }
    # Nothing is replaced: a value that changes in place.
    assert verbs(tiers, plan(ONE, {"vpc": Action.UPDATE}, outputs={"vpc:id": change})) == {
        "infrastructure.vpc": Action.UPDATE
    }


def test_what_loses_its_data_is_another_one_whatever_its_address() -> None:
    tiers = [database(None), application(service("api", "db"))]
    section = plan(TWO, {"db": [Action.REPLACE, Action.NO_OP]}, outputs={"db:endpoint": "same"})
    assert verbs(tiers, section) == {"shared_primitives.db": Action.UPDATE}
    lost = replace(section, actions=tuple(replace(action, loses_data=True) for action in section.actions[:1]))
    assert verbs(tiers, lost) == {"shared_primitives.db": Action.REPLACE}
    assert reached(tiers, lost) == {"shared_primitives.db": [("shop.api", "hard", "high")]}


def test_all_that_lives_in_a_namespace_goes_with_it_whatever_its_name() -> None:
    space = CapabilityRef(TWO, "space", "namespace")
    tiers = [application(service("api", bound=space))]
    section = plan(TWO, {"space": [Action.REPLACE, Action.UPDATE]}, outputs={"space:name": "same"})
    assert verbs(tiers, section) == {"shared_primitives.space": Action.UPDATE}
    itself = replace(section.actions[0], resource_name="space")
    found = reached(tiers, replace(section, actions=(itself, section.actions[1])))
    assert found == {"shared_primitives.space": [("shop.api", "hard", "high")]}


def test_each_output_that_changes_has_its_own_readers() -> None:
    port = OutputDeclaration("port", "db", "port", "integer", HERE)
    shared = replace(database(None), outputs=(*database().outputs, port))
    host, number = TierOutput(TWO, "host"), TierOutput(TWO, "port")
    reader, other = service("reader", env={"HOST": host}), service("other", env={"PORT": number})
    wired = service("wired", "db", env={"HOST": host})
    tiers = [shared, application(reader, other, wired, service("behind", "reader"))]
    moved = plan(TWO, {"db": Action.UPDATE}, outputs={"db:host": "changed", "db:port": "same", "host": "changed"})
    assert reached(tiers, moved) == {
        "shared_primitives.db": [("shop.wired", "hard", "medium"), ("shop.other", "hard", "medium")],
        "shared_primitives.db.host": [
            ("shop.reader", "hard", "medium"),
            ("shop.wired", "hard", "medium"),
            ("shop.behind", "hard", "low"),
        ],
    }
    another = plan(TWO, {"db": Action.REPLACE}, outputs={"db:endpoint": "changed?", "db:host": "changed?"})
    assert reached(tiers, another) == {
        # Its port is the same: what it was told still holds.
        "shared_primitives.db": [("shop.wired", "hard", "high"), ("shop.other", "hard", "medium")],
        "shared_primitives.db.host": [
            ("shop.reader", "hard", "high"),
            ("shop.wired", "hard", "high"),
            ("shop.behind", "hard", "low"),
        ],
    }
    assert set(verbs(tiers, another).values()) == {Action.REPLACE}


def test_an_output_changes_without_a_resource() -> None:
    tiers = [database(None), application(service("api", env={"HOST": TierOutput(TWO, "host")}))]
    assert reached(tiers, plan(TWO, {"db": []}, outputs={"db:host": "changed"})) == {
        "shared_primitives.db.host": [("shop.api", "hard", "medium")]
    }


def test_consumers_of_what_goes_are_those_that_are_recorded() -> None:
    before, api = database(), service("api", env={"HOST": TierOutput(TWO, "host")})
    recorded = [contract(before, [network()]), contract(application(api), [before]), contract(network())]
    # After it, nothing is wired to the network, and nobody reads the database's host.
    after = [TierDeclaration(ONE, None), TierDeclaration(TWO, None), application(service("api"))]
    gone = plan(ONE, {}), plan(TWO, {}, outputs={"db:host": "removed", "host": "removed"}), plan(THREE, {}, "shop")
    assert reached(after, *gone, recorded=recorded) == {
        "infrastructure.vpc": [("shared_primitives.db", "hard", "high"), ("shop.api", "hard", "low")],
        "shared_primitives.db.host": [("shop.api", "hard", "high")],
    }
    assert set(verbs(after, *gone, recorded=recorded).values()) == {Action.DELETE}


def test_consumers_in_nobodys_files_of_this_run_are_reached_by_what_they_recorded() -> None:
    other = contract(application(service("api", "db"), name="blog"), [database(None)])
    assert reached([database(None)], another_database(), recorded=[contract(database(None)), other]) == {
        "shared_primitives.db": [("blog.api", "hard", "high")]
    }


def test_a_use_that_is_recorded_and_declared_counts_once_and_hard_if_one_of_both_is() -> None:
    tiers = [database(None), application(service("api", "db?"))]
    recorded = [contract(application(service("api", "db")), [database(None)])]
    assert reached(tiers, another_database(), recorded=recorded) == {
        "shared_primitives.db": [("shop.api", "hard", "high")]
    }
    assert reached(tiers, another_database()) == {"shared_primitives.db": [("shop.api", "soft", "high")]}


def test_a_capability_of_another_type_under_the_same_name_is_another_one() -> None:
    tiers, before = [database(None), application(service("api", "db"))], contract(database(None))
    recorded = replace(before, capabilities=(CapabilityRef(TWO, "db", "cache"),))
    section = plan(TWO, {"db": Action.UPDATE}, outputs={"db:endpoint": "same", "db:username": "new"})
    assert verbs(tiers, section, recorded=[recorded]) == {"shared_primitives.db": Action.REPLACE}
    assert verbs(tiers, section, recorded=[before]) == {"shared_primitives.db": Action.UPDATE}


@pytest.mark.parametrize(
    ("now", "verb"),
    [
        ((), Action.DELETE),
        (({"name": "host", "capability": "other", "field": "host", "type": "string"},), Action.REPLACE),
    ],
)
def test_a_name_of_the_output_contract_that_is_dropped_or_means_another_reaches_its_readers(
    now: tuple[dict[str, Any], ...], verb: Action
) -> None:
    by_name, wired = service("api", env={"HOST": TierOutput(TWO, "host")}), service("wired", "db")
    recorded = [contract(database(None)), contract(application(by_name, wired), [database(None)])]
    section = plan(TWO, {"db": Action.NO_OP}, outputs={"db:host": "same"}, declarations=Declarations(outputs=now))
    assert reached([], section, recorded=recorded) == {"shared_primitives.db.host": [("shop.api", "hard", "high")]}
    assert verbs([], section, recorded=recorded) == {"shared_primitives.db.host": verb}
