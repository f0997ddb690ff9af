"""A simulated package's life: create, read, update, delete, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.aws.simulated import AWS
from components.workload.simulated import PACKAGE as KUBERNETES
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.provider import Naming, ProviderError, State
from platform_pulumi.plugins.simulator import CRASHED, Simulator
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from platform_pulumi.plugins.world import World
from tests.plugins.support import INSTANCE, TEMPLATE, VPC, Clock, HandWritten, diff_config, done, urn

NETWORK = urn(VPC, "primary-vpc")
DATABASE = urn(INSTANCE, "shared-postgres")
CIDR = {"cidrBlock": "10.0.0.0/16", "tags": {"platform:urn": "x"}}
POSTGRES: dict[str, Any] = {
    "identifier": "pg",
    "engine": "postgres",
    "allocatedStorage": 20,
    "username": "owner",
    "manageMasterUserPassword": True,
    "skipFinalSnapshot": True,
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    opened = World(tmp_path / "world.sqlite", clock)
    yield opened
    opened.close()


@pytest.fixture
def simulator(world: World) -> Simulator:
    return Simulator(AWS, HandWritten(), world)


def with_faults(world: World, crash: Any = None, **faults: Any) -> Simulator:
    return Simulator(AWS, HandWritten(), world, Faults(**faults), crash or (lambda _: None))


def test_a_previewed_create_knows_what_it_was_given_and_nothing_else(simulator: Simulator, world: World) -> None:
    planned = done(simulator.create(NETWORK, CIDR, True))
    assert planned.id == ""
    assert planned.outputs == {**CIDR, "arn": UNKNOWN, "tagsAll": CIDR["tags"], "region": "us-east-1"}
    assert world.live() == ()


def test_a_created_resource_has_an_opaque_id_and_deterministic_outputs(simulator: Simulator, world: World) -> None:
    made = done(simulator.create(NETWORK, CIDR, False))
    assert made.id.startswith("vpc-")
    assert len(made.id) == len("vpc-") + 17
    assert made.outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:vpc/{made.id}"
    assert "ipv6CidrBlock" not in made.outputs
    [thing] = world.live()
    assert (thing.id, thing.urn, thing.incarnation) == (made.id, NETWORK.text, 1)
    again = done(Simulator(AWS, HandWritten(), world).create(urn(VPC, "other"), CIDR, False))
    assert again.id != made.id


def test_the_provider_s_region_is_where_things_are(simulator: Simulator) -> None:
    simulator.configure({"region": "eu-west-1"})
    assert done(simulator.create(NETWORK, CIDR, False)).outputs["arn"].startswith("arn:aws:ec2:eu-west-1:")


def test_a_database_tells_where_it_is(simulator: Simulator) -> None:
    made = done(simulator.create(DATABASE, POSTGRES, False))
    assert made.id.startswith("db-")
    assert made.outputs["endpoint"] == f"{made.outputs['address']}:5432"
    assert made.outputs["masterUserSecrets"][0]["secretArn"].startswith("arn:aws:secretsmanager:us-east-1:")
    given = {**POSTGRES, "identifier": "own", "manageMasterUserPassword": False}
    own = done(simulator.create(urn(INSTANCE, "own"), given, False))
    assert "masterUserSecrets" not in own.outputs


def test_a_replacement_is_another_resource(simulator: Simulator, world: World) -> None:
    first = done(simulator.create(NETWORK, CIDR, False))
    second = done(simulator.create(NETWORK, {"cidrBlock": "10.1.0.0/16"}, False))
    done(simulator.delete(NETWORK, first))
    assert first.id != second.id
    assert [thing.id for thing in world.live()] == [second.id]


@pytest.mark.parametrize(
    ("change", "replaces", "first"),
    [
        ({"allocatedStorage": 40}, [], True),
        ({"engine": "mysql"}, ["engine"], True),
        ({"engine": "mysql", "identifier": "pg-2"}, ["engine"], False),
        ({"username": UNKNOWN}, ["username"], True),
    ],
)
def test_what_replaces_and_in_which_order(
    simulator: Simulator, change: dict[str, Any], replaces: list[str], first: bool
) -> None:
    found = simulator.diff(DATABASE, State("db-1", POSTGRES, POSTGRES), {**POSTGRES, **change})
    assert [c.path for c in found.changes if c.replaces] == replaces
    assert {c.path for c in found.changes} == set(change)
    assert found.delete_before_replace is first


def test_an_update_keeps_what_it_does_not_touch(simulator: Simulator, world: World) -> None:
    made = done(simulator.create(DATABASE, POSTGRES, False))
    bigger = {**POSTGRES, "allocatedStorage": 40}
    planned = done(simulator.update(DATABASE, made, bigger, True))
    updated = done(simulator.update(DATABASE, made, bigger, False))
    assert planned == updated == {**made.outputs, "allocatedStorage": 40}
    [thing] = world.live()
    assert (thing.version, thing.inputs["allocatedStorage"]) == (2, 40)


def test_an_update_makes_unknown_what_the_table_says(simulator: Simulator) -> None:
    template = urn(TEMPLATE, "nodes")
    made = done(simulator.create(template, {"name": "n", "instanceType": "m5.large"}, False))
    assert made.outputs["latestVersion"] == 1
    changed = {"name": "n", "instanceType": "m5.xlarge"}
    assert done(simulator.update(template, made, changed, True))["latestVersion"] is UNKNOWN
    assert done(simulator.update(template, made, changed, False))["latestVersion"] == 2


def test_a_renamed_database_moves_its_address(simulator: Simulator) -> None:
    made = done(simulator.create(DATABASE, POSTGRES, False))
    renamed = {**POSTGRES, "identifier": "new"}
    assert done(simulator.update(DATABASE, made, renamed, True))["endpoint"] is UNKNOWN
    assert done(simulator.update(DATABASE, made, renamed, False))["endpoint"].startswith("new.")


def test_protection_holds_until_it_is_taken_off(simulator: Simulator, world: World) -> None:
    protected = {**POSTGRES, "deletionProtection": True}
    made = done(simulator.create(DATABASE, protected, False))
    with pytest.raises(ProviderError, match="cannot be deleted while deletionProtection is true"):
        done(simulator.delete(DATABASE, made))
    done(simulator.update(DATABASE, made, {**protected, "deletionProtection": False}, False))
    done(simulator.delete(DATABASE, made))
    done(simulator.delete(DATABASE, made))
    assert world.live() == ()


def test_a_name_can_be_taken_once(simulator: Simulator) -> None:
    launch = {"name": "shared", "instanceType": "m5.large"}
    role = urn("aws:iam/role:Role", "one")
    types = HandWritten({**HandWritten().schemas, role.type: HandWritten().schemas[TEMPLATE]})
    roles = Simulator(AWS, types, simulator._world)
    assert done(roles.create(role, launch, False)).id == "shared"
    with pytest.raises(ProviderError, match="shared already exists, made as one"):
        done(roles.create(urn(role.type, "two"), launch, False))


def test_the_same_create_again_finds_its_name_taken(world: World) -> None:
    role = urn("aws:iam/role:Role", "one")
    schemas = HandWritten({role.type: HandWritten().schemas[TEMPLATE]})
    losing = Simulator(AWS, schemas, world, Faults(lost_reply=("one",)))
    with pytest.raises(ProviderError, match=r"the reply to the create of one was lost"):
        done(losing.create(role, {"name": "shared"}, False))
    assert [thing.id for thing in world.live()] == ["shared"]
    with pytest.raises(ProviderError, match="shared already exists, made as one"):
        done(Simulator(AWS, schemas, world).create(role, {"name": "shared"}, False))


def test_reading_gives_what_is_there_with_the_secrets_that_state_knows(simulator: Simulator) -> None:
    inputs = {**POSTGRES, "manageMasterUserPassword": False, "password": Sealed("hunter2")}
    made = done(simulator.create(DATABASE, inputs, False))
    found = done(simulator.read(DATABASE, made))
    assert found == made
    done(simulator.delete(DATABASE, made))
    assert done(simulator.read(DATABASE, made)) == State()


def test_a_resource_that_somebody_deleted_cannot_be_updated(simulator: Simulator) -> None:
    made = done(simulator.create(DATABASE, POSTGRES, False))
    done(simulator.delete(DATABASE, made))
    with pytest.raises(ProviderError, match="is not there any more"):
        done(simulator.update(DATABASE, made, POSTGRES, False))


def test_drift_begins_when_its_time_has_come_and_ends_with_an_update(world: World, clock: Clock) -> None:
    simulator = with_faults(world, drift_after={"shared-postgres": 300.0})
    made = done(simulator.create(DATABASE, POSTGRES, False))
    other = done(simulator.create(NETWORK, CIDR, False))
    clock.now += 299
    assert done(simulator.read(DATABASE, made)) == made
    clock.now += 1
    found = done(simulator.read(DATABASE, made))
    assert found.inputs["allocatedStorage"] == found.outputs["allocatedStorage"] == 21
    assert done(simulator.read(NETWORK, other)) == other
    done(simulator.update(DATABASE, made, POSTGRES, False))
    assert done(simulator.read(DATABASE, made)).inputs == POSTGRES


def test_drift_is_in_the_world_and_comes_once_after_each_change(world: World) -> None:
    simulator = with_faults(world, drift_after={"*": 0.0})
    made = done(simulator.create(DATABASE, POSTGRES, False))
    drifted = done(simulator.read(DATABASE, made))
    assert drifted.inputs["allocatedStorage"] == 21
    assert done(simulator.read(DATABASE, drifted)) == drifted  # nobody changes it a second time
    assert done(with_faults(world).read(DATABASE, made)) == drifted  # nor does it pass with the fault
    done(simulator.update(DATABASE, drifted, POSTGRES, False))
    assert done(with_faults(world).read(DATABASE, made)).inputs == POSTGRES
    assert done(simulator.read(DATABASE, made)).inputs["allocatedStorage"] == 21


def test_drift_leaves_secrets_and_deletion_protection_alone(world: World) -> None:
    simulator = with_faults(world, drift_after={"*": 0.0})
    given = {"deletionProtection": True, "password": Sealed("canary"), "parameterGroupName": "default.postgres16"}
    made = done(simulator.create(DATABASE, given, False))
    found = done(simulator.read(DATABASE, made)).inputs
    assert found == {**given, "parameterGroupName": "default.postgres16 (changed by somebody)"}


def test_faults_say_whose_fault_they_are(world: World) -> None:
    simulator = with_faults(world, fail_on_create=("shared-postgres",), fail_on_update=("primary-vpc",))
    with pytest.raises(ProviderError, match=r"simulated fault: create of shared-postgres refused \(fail_on_create\)"):
        done(simulator.create(DATABASE, POSTGRES, False))
    assert done(simulator.create(DATABASE, POSTGRES, True)).id == ""
    made = done(simulator.create(NETWORK, CIDR, False))
    with pytest.raises(ProviderError, match="fail_on_update"):
        done(simulator.update(NETWORK, made, CIDR, False))
    assert [thing.urn for thing in world.live()] == [NETWORK.text]


def test_a_crash_comes_once_the_resource_exists(world: World) -> None:
    codes: list[int] = []
    done(with_faults(world, codes.append, crash_at=("primary-vpc",)).create(NETWORK, CIDR, False))
    assert codes == [CRASHED]
    assert len(world.live()) == 1


def test_wrong_inputs_are_told_by_property(simulator: Simulator) -> None:
    _, failures = simulator.check(NETWORK, {"cidrblock": "10.0.0.0/16"}, Naming())
    assert [(f.path, f.reason) for f in failures] == [
        ("cidrblock", "aws:ec2/vpc:Vpc has no property 'cidrblock'; did you mean 'cidrBlock'?")
    ]


def test_a_type_that_is_not_in_the_table_names_the_table(simulator: Simulator) -> None:
    with pytest.raises(ProviderError, match=r"aws:s3/bucket:Bucket is not simulated yet.*SimulatedPackage"):
        simulator.check(urn("aws:s3/bucket:Bucket"), {}, Naming())


def test_a_type_that_the_sdk_does_not_have(world: World) -> None:
    nothing = Simulator(AWS, HandWritten({}), world)
    with pytest.raises(ProviderError, match="the package aws has no resource type aws:ec2/vpc:Vpc"):
        nothing.check(NETWORK, CIDR, Naming())


def test_a_kubernetes_provider_for_another_cluster_replaces(world: World) -> None:
    kubernetes = Simulator(KUBERNETES, HandWritten(), world)
    old = {"kubeconfig": "a", "clusterIdentifier": "one", "version": "4"}
    assert [(c.path, c.replaces) for c in kubernetes.diff_config(old, {**old, "kubeconfig": "b"})] == [
        ("kubeconfig", False)
    ]
    assert any(c.replaces for c in kubernetes.diff_config(old, {**old, "clusterIdentifier": "two"}))
    assert list(diff_config(kubernetes, old, {**old, "version": "5"}).diffs) == []


class TestInvokes:
    """Functions."""

    def test_the_password_of_a_managed_database(self, simulator: Simulator) -> None:
        made = done(simulator.create(DATABASE, POSTGRES, False))
        arn = made.outputs["masterUserSecrets"][0]["secretArn"]
        found = simulator.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", {"secretId": arn})
        assert isinstance(found["secretString"], Sealed)
        assert '"username": "owner"' in found["secretString"].value
        again = simulator.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", {"secretId": arn})
        assert again == found

    def test_a_secret_that_nobody_made(self, simulator: Simulator) -> None:
        with pytest.raises(ProviderError, match="ResourceNotFoundException: there is no secret arn:x"):
            simulator.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", {"secretId": "arn:x"})

    def test_a_function_that_is_not_simulated(self, simulator: Simulator) -> None:
        with pytest.raises(ProviderError, match=r"aws:ec2/getAmi:getAmi is not simulated.*SimulatedPackage"):
            simulator.invoke("aws:ec2/getAmi:getAmi", {})

    @pytest.mark.parametrize(
        ("token", "arguments", "name", "value"),
        [
            ("aws:index/getAvailabilityZones:getAvailabilityZones", {}, "names", ["us-east-1a", "us-east-1b"]),
            ("aws:index/getCallerIdentity:getCallerIdentity", {}, "accountId", "123456789012"),
            ("aws:index/getRegion:getRegion", {}, "region", "us-east-1"),
            ("aws:index/getPartition:getPartition", {}, "partition", "aws"),
            (
                "aws:iam/getPolicyDocument:getPolicyDocument",
                {"statements": [{"actions": ["s3:*"], "resources": ["*"]}]},
                "minifiedJson",
                '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}',
            ),
            (
                "aws:eks/getAddonVersion:getAddonVersion",
                {"addonName": "kube-proxy", "kubernetesVersion": "1.29"},
                "version",
                "v1.29.0-eksbuild.1",
            ),
        ],
    )
    def test_functions(self, simulator: Simulator, token: str, arguments: Any, name: str, value: Any) -> None:
        found = simulator.invoke(token, arguments)[name]
        assert (found[:2] if isinstance(value, list) else found) == value
