"""Every refusal, word by word: what a person reads when something may not happen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from platform_pulumi.errors import EngineError, LockedError, PlatformError, Position, RefusedError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, ProviderRecord, TierContract
from platform_pulumi.model.plan import Action, Plan, PlanAction, TierPlan
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import guard
from platform_pulumi.operations.ports import Lock, StackSnapshot, StateOutput
from tests.operations.fakes import FakeEngine, Watcher

STACK = StackName("acme-shared-primitives", "prod")
URN = "urn:pulumi:prod::acme-shared-primitives::"
COMPONENT = f"{URN}platform:aws:Database::shared-postgres"
INSTANCE = f"{URN}platform:aws:Database$aws:rds/instance:Instance::shared-postgres"
SUBNETS = f"{URN}platform:aws:Database$aws:rds/subnetGroup:SubnetGroup::shared-postgres-subnets"
AWS = ProviderRecord("aws", "7.51.1", "official")
PARENTS = {INSTANCE: COMPONENT, SUBNETS: COMPONENT}


def snapshot(**fields: Any) -> StackSnapshot:
    known = {"name": STACK, "outputs": {}, "resources": {INSTANCE: "aws:rds/instance:Instance"}, "parents": PARENTS}
    return StackSnapshot(**{**known, **fields})


def contract(*providers: ProviderRecord) -> StackSnapshot:
    made = TierContract(Tier.SHARED_PRIMITIVES, None, "acme/prod", providers, (), (), (), Mode.AUTO_APPLY)
    return snapshot(outputs={CONTRACT_OUTPUT: StateOutput(json.dumps(made.to_json()))})


def refused(error: PlatformError) -> tuple[str, str, list[tuple[str, str, str, Position | None]]]:
    return error.summary, error.detail, [(p.code, p.summary, p.detail, p.position) for p in error.problems]


def test_a_contract_is_read_back() -> None:
    assert guard.contract_of(contract(AWS)).providers == (AWS,)


def test_a_stack_without_contract_is_not_one_without_constraints() -> None:
    with pytest.raises(EngineError) as error:
        guard.contract_of(snapshot())
    assert refused(error.value) == (
        "An upper stack has no contract",
        "acme-shared-primitives/prod has no output `platform:contract`, so its constraints are not known. It was not "
        "applied to its end by `platform up`, or not by it at all: apply that tier first.",
        [],
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            '{"version": "platform-contract/v9"}',
            "the contract's version is 'platform-contract/v9', not 'platform-contract/v1'",
        ),
        ('{"version": "platform-contract/v1"}', "the document: 'tier' is missing"),
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "the document: an object is expected"),
        (
            '{"version": "platform-contract/v1", "tier": null}',
            "the document: 'tier' is missing",
        ),
        ('"x"', "the document: an object is expected"),
        (None, "it is no JSON (the JSON object must be str, bytes or bytearray, not NoneType)"),
        (7, "it is no JSON (the JSON object must be str, bytes or bytearray, not int)"),
    ],
)
def test_a_contract_that_cannot_be_read_stops_the_run(value: Any, why: str) -> None:
    with pytest.raises(EngineError) as error:
        guard.contract_of(snapshot(outputs={CONTRACT_OUTPUT: StateOutput(value)}))
    assert refused(error.value) == (
        "A stack's contract cannot be read",
        f"The contract of acme-shared-primitives/prod cannot be read: {why}. So its limits are not known. Use the "
        "version that wrote it, or put an earlier state of the stack back.",
        [],
    )


@pytest.mark.parametrize("changes", [{"tier": Tier.INFRASTRUCTURE}, {"context": "acme/dev"}, {"application": "api"}])
def test_the_contract_of_another_stack_binds_nobody_here(changes: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"tier": Tier.SHARED_PRIMITIVES, "application": None, "context": "acme/prod", **changes}
    made = TierContract(**fields, providers=(), capabilities=(), constraints=(), outputs=(), mode=Mode.AUTO_APPLY)
    with pytest.raises(EngineError) as error:
        guard.contract_of(snapshot(outputs={CONTRACT_OUTPUT: StateOutput(json.dumps(made.to_json()))}))
    assert f"cannot be read: it is the contract of {made.tier.label} of {made.context}." in error.value.detail


def test_the_same_providers_pass_whatever_their_version() -> None:
    guard.check_providers(contract(AWS), [ProviderRecord("aws", "8.0.0", "official")], "acme/prod")


OFFICIAL, EMBEDDED, SIMULATED = (
    ProviderRecord("docker", "5.2.0", plugin) for plugin in ("official", "embedded", "simulated")
)


@pytest.mark.parametrize(("recorded", "wanted"), [(OFFICIAL, EMBEDDED), (EMBEDDED, OFFICIAL), (EMBEDDED, EMBEDDED)])
def test_our_plugin_and_the_published_one_are_the_same_provider(
    recorded: ProviderRecord, wanted: ProviderRecord
) -> None:
    guard.check_providers(contract(AWS, recorded), [wanted, AWS], "acme/prod")


@pytest.mark.parametrize(
    ("recorded", "wanted", "words"),
    [
        (EMBEDDED, SIMULATED, "runs on docker (embedded); this run would use docker (simulated) and delete"),
        (SIMULATED, EMBEDDED, "runs on docker (simulated); this run would use docker (embedded) and delete"),
        (SIMULATED, OFFICIAL, "runs on docker (simulated); this run would use docker (official) and delete"),
    ],
)
def test_a_real_stack_is_never_planned_in_simulation_nor_the_other_way_round(
    recorded: ProviderRecord, wanted: ProviderRecord, words: str
) -> None:
    with pytest.raises(RefusedError) as error:
        guard.check_providers(contract(recorded), [wanted], "acme/prod")
    assert words in error.value.detail


def test_a_half_made_stack_without_a_contract_is_known_by_its_resources() -> None:
    guard.check_providers(snapshot(), [AWS], "acme/prod", frozenset({"aws", "eks"}))
    with pytest.raises(RefusedError) as error:
        guard.check_providers(
            snapshot(), [ProviderRecord("mock", "0.1.0", "simulated")], "acme/prod", frozenset({"mock"})
        )
    assert "acme-shared-primitives/prod runs on aws; this run would use mock (simulated)" in error.value.detail


def test_a_tier_may_come_to_use_fewer_of_the_platforms_providers_and_any_after_none() -> None:
    docker = ProviderRecord("docker", "5.2.0", "official")
    guard.check_providers(contract(AWS, docker), [AWS], "acme/prod", left=[docker])
    guard.check_providers(contract(AWS), [], "acme/prod", left=[AWS])
    guard.check_providers(contract(), [AWS], "acme/prod")
    simulated = replace(docker, plugin="simulated")
    with pytest.raises(RefusedError):
        guard.check_providers(contract(AWS, docker), [AWS], "acme/prod", left=[simulated])


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([ProviderRecord("docker", "5.2.0", "official")], "docker (official)"),
        ([ProviderRecord("aws", "7.51.1", "simulated")], "aws (simulated)"),
        ([AWS, ProviderRecord("docker", "5.2.0", "official")], "aws (official) and docker (official)"),
        ([], "no provider"),
    ],
)
def test_another_provider_or_plugin_mode_is_refused(wanted: list[ProviderRecord], words: str) -> None:
    with pytest.raises(RefusedError) as error:
        guard.check_providers(contract(AWS), wanted, "acme/prod")
    assert refused(error.value) == (
        "The stack runs on another provider",
        f"acme-shared-primitives/prod runs on aws (official); this run would use {words} and delete what is there. Use "
        "`--provider NAME` to run acme/prod on another provider beside it, in a context of its own; to move it, "
        "destroy it first.",
        [],
    )


def losing(action: Action, capability: str, name: str, *, loses: bool = True) -> PlanAction:
    place = Position("platform.yaml", 40, 9) if capability else None
    kind = "aws:rds/instance:Instance"
    return PlanAction(action, capability, name, kind, "aws", f"urn:{name}", declared_at=place, loses_data=loses)


def plan(*actions: PlanAction) -> Plan:
    tier = TierPlan(Tier.SHARED_PRIMITIVES, None, "s", "", Mode.AUTO_APPLY, actions, {})
    return Plan("1", "acme/prod", "", False, (), (tier,))


def test_every_loss_of_data_is_named_with_its_line_and_its_flag() -> None:
    planned = plan(
        losing(Action.REPLACE, "shared-postgres", "shared-postgres"),
        losing(Action.DELETE, "", "orphan"),
        losing(Action.DELETE, "cache", "cache", loses=False),
    )
    with pytest.raises(RefusedError) as error:
        guard.check_data_loss(allowing(planned, "cache"))
    assert refused(error.value) == (
        "Data would be lost",
        "Nothing of this plan was begun.",
        [
            (
                "P4010",
                "Data would be lost",
                "shared-postgres would be replaced (aws:rds/instance:Instance) and loses its data. If that is meant: "
                "--allow-data-loss shared-postgres",
                Position("platform.yaml", 40, 9),
            ),
            (
                "P4010",
                "Data would be lost",
                "orphan would be deleted (aws:rds/instance:Instance) and loses its data. If that is meant: "
                "--allow-data-loss orphan",
                None,
            ),
        ],
    )


def allowing(planned: Plan, *names: str) -> list[TierPlan]:
    """The sections of a plan that was made with these losses allowed."""
    return [replace(tier, allowed_data_loss=frozenset(names)) for tier in planned.tiers]


def test_the_flag_that_a_refusal_names_is_the_one_that_allows_it() -> None:
    planned = plan(losing(Action.REPLACE, "shared-postgres", "x"), losing(Action.DELETE, "", "orphan"))
    guard.check_data_loss(allowing(planned, "shared-postgres", "orphan"))
    with pytest.raises(RefusedError):
        guard.check_data_loss(allowing(planned, "shared-postgres"))


HELD = Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=False)
LEFT = Lock("ann@laptop (process 7)", "2026-11-22T10:00:00Z", dead=True)


def unlock(found: StackSnapshot | None, *forget: str) -> tuple[FakeEngine, list[str]]:
    engine, watcher = FakeEngine({STACK: found} if found else {}), Watcher()
    guard.check_lock(engine, found, frozenset(forget), watcher)
    return engine, watcher.messages


def test_a_stack_that_is_free_or_not_there_is_left_alone() -> None:
    for found in (None, snapshot()):
        engine, messages = unlock(found)
        assert (engine.done, messages) == ([], [])


def test_a_living_lock_is_never_removed() -> None:
    found = snapshot(lock=HELD, pending=(("creating", SUBNETS),))
    with pytest.raises(LockedError) as error:
        unlock(found, "shared-postgres")
    assert refused(error.value) == (
        "The stack is locked",
        "acme-shared-primitives/prod is locked by ann@laptop (process 7) since 2026-11-22T10:00:00Z. Wait for it to "
        "finish. If it runs on another machine and is surely dead, remove the lock with `pulumi cancel`.",
        [],
    )


def test_the_lock_of_a_dead_run_is_removed_and_said() -> None:
    engine, messages = unlock(snapshot(lock=LEFT, pending=(("updating", INSTANCE),)))
    assert engine.done == [("unlock", STACK)]
    assert messages == [
        "acme-shared-primitives/prod: ann@laptop (process 7) was killed while it held the lock since "
        "2026-11-22T10:00:00Z; 1 resources are recorded, going on from there",
        "acme-shared-primitives/prod: shared-postgres was left updating; it is planned again",
    ]


def test_a_create_nobody_has_looked_up_stops_the_run_before_the_lock_is_removed() -> None:
    found = snapshot(lock=LEFT, pending=(("creating", SUBNETS), ("deleting", INSTANCE)))
    engine = FakeEngine({STACK: found})
    with pytest.raises(LockedError) as error:
        guard.check_lock(engine, found, frozenset({"shared"}), Watcher())
    assert engine.done == []
    assert refused(error.value) == (
        "A run was killed before it was finished",
        "A run on acme-shared-primitives/prod was killed (it was ann@laptop (process 7), since 2026-11-22T10:00:00Z). "
        "Its state holds 1 finished resources; what follows was under way. Look each one up at the provider, then run "
        "the command again with --forget-pending NAME for it.",
        [
            (
                "P5010",
                "A create was under way",
                f"shared-postgres-subnets ({SUBNETS}) may exist without being recorded; it carries the tag "
                "platform:urn or its name where the provider has them. If it does not exist, or after deleting it: "
                "--forget-pending shared-postgres",
                None,
            )
        ],
    )


def test_a_create_somebody_has_looked_up_is_planned_again() -> None:
    engine, messages = unlock(snapshot(pending=(("creating", SUBNETS),)), "shared-postgres")
    assert engine.done == []
    assert messages == ["acme-shared-primitives/prod: shared-postgres-subnets was left creating; it is planned again"]


def test_what_belongs_to_no_capability_is_forgotten_by_its_own_name() -> None:
    alone = f"{URN}aws:s3/bucket:Bucket::bucket"
    unlock(snapshot(pending=(("creating", alone),)), "bucket")
    with pytest.raises(LockedError):
        unlock(snapshot(pending=(("creating", alone),)), "buck")


def test_a_create_that_the_plugin_takes_over_stops_nothing() -> None:
    found = snapshot(lock=LEFT, pending=(("creating", SUBNETS),))
    engine, watcher = FakeEngine({STACK: found}), Watcher()
    guard.check_lock(engine, found, frozenset(), watcher, frozenset({"docker", "aws"}))
    assert engine.done == [("unlock", STACK)]
    assert watcher.messages[-1] == (
        "acme-shared-primitives/prod: shared-postgres-subnets was left creating; it is planned again"
    )


def test_a_create_of_another_package_stops_it_all_the_same() -> None:
    container = f"{URN}platform:docker:Database$docker:index/container:Container::shared-postgres"
    found = snapshot(pending=(("creating", SUBNETS), ("creating", container)))
    for adopting, named in (({"docker"}, [SUBNETS]), ({"platform"}, [SUBNETS, container]), (set[str](), None)):
        with pytest.raises(LockedError) as error:
            guard.check_lock(FakeEngine({STACK: found}), found, frozenset(), Watcher(), frozenset(adopting))
        assert [urn for urn in (SUBNETS, container) if f"({urn})" in str(error.value.problems)] == (
            named or [SUBNETS, container]
        )


def test_a_living_lock_stops_a_plugin_that_takes_over_too() -> None:
    found = snapshot(lock=HELD, pending=(("creating", SUBNETS),))
    with pytest.raises(LockedError, match="The stack is locked"):
        guard.check_lock(FakeEngine({STACK: found}), found, frozenset(), Watcher(), frozenset({"aws"}))


@pytest.mark.parametrize(("ids", "stops"), [((), False), (("s-1",), False), (("s-1", "s-2"), True)])
def test_a_create_that_was_looked_up_stops_where_nobody_knows_which_of_it_was_meant(
    ids: tuple[str, ...], stops: bool
) -> None:
    found = snapshot(lock=LEFT, pending=(("creating", SUBNETS), ("deleting", INSTANCE)))
    engine, watcher = FakeEngine({STACK: found}), Watcher()
    if stops:
        with pytest.raises(LockedError, match="A run was killed") as error:
            guard.check_lock(engine, found, frozenset(), watcher, found={SUBNETS: ids})
        assert "is there 2 times and recorded nowhere: s-1, s-2." in error.value.problems[0].detail
        assert (engine.done, watcher.messages) == ([], [])
    else:
        guard.check_lock(engine, found, frozenset(), watcher, found={SUBNETS: ids})
        assert engine.done == [("unlock", STACK)]
        assert [words.rpartition(": ")[2] for words in watcher.messages[1:]] == [
            "shared-postgres was left deleting; it is planned again"
        ]
