"""Values the views are shown: plans, results and mistakes as the operations would give them, made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from platform_pulumi.errors import Position, Problem
from platform_pulumi.model.applied import (
    Applied,
    ApplyError,
    Outcome,
    OutputsReport,
    Retained,
    TierOutcome,
    TierOutputs,
)
from platform_pulumi.model.capabilities.infrastructure.network import Network
from platform_pulumi.model.capabilities.shared_primitives.database import Database
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import Context
from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.fidelity import Fidelity, FidelityGap, FidelityReport, FidelityTable, FieldLevel
from platform_pulumi.model.plan import (
    Action,
    Affected,
    Approval,
    BoundCapability,
    Declarations,
    Diff,
    Impact,
    Obstacle,
    Operation,
    Plan,
    PlanAction,
    PlannedOutput,
    TierPlan,
    document,
)
from platform_pulumi.model.plan.limits import LimitChange
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.platform import Mode, Platform, ProviderDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue, Secret
from platform_pulumi.operations.doctor import Check, Diagnosis, Status

CANARY = "canary-4711"
FILE = "platform.yaml"
ONE, TWO, THREE = Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES, Tier.APPLICATION
UNKNOWN = {"unknown": True, "type": "string"}

EKS = "urn:pulumi:production::acme-corp::platform:aws:KubernetesCluster$eks:index:Cluster::primary-cluster"
VPC = "infrastructure.primary-vpc"


AWS = ProviderRecord("aws", "7.51.1", "simulated")


def at(line: int, column: int = 9) -> Position:
    return Position(FILE, line, column)


def action(kind: Action, capability: str, name: str, type_: str, **fields: object) -> PlanAction:
    """A resource's part, its URN and provider made from its type."""
    urn = f"urn:pulumi:production::acme-corp::{type_}::{name}"
    return PlanAction(kind, capability, name, type_, type_.partition(":")[0], urn, **fields)


def tier_plan(tier: Tier, actions: tuple[PlanAction, ...], **fields: object) -> TierPlan:
    """A tier's section with what most of them share."""
    values: dict[str, object] = {
        "application": "api" if tier is THREE else None,
        "stack": f"organization/acme-corp-{tier.label.replace('_', '-')}/production{'.api' if tier is THREE else ''}",
        "digest": f"sha256:{tier.value}f9a77c10b42{'0' * 52}",
        "mode": Mode.AUTO_APPLY if tier is THREE else Mode.PLAN_AND_APPROVE,
        "providers": (AWS,),
        "outputs": {},
    }
    return TierPlan(tier=tier, actions=actions, **{**values, **fields})


def plan(*tiers: TierPlan, **fields: object) -> Plan:
    """A plan of these tiers."""
    values: dict[str, object] = {
        "id": "01KAP3M9",
        "context": "acme-corp/production/api",
        "created_at": "2026-11-22T10:00:00.000Z",
        "simulated": True,
        "providers": (AWS,),
        "seconds": 4.1,
    }
    return Plan(tiers=tiers, **{**values, **fields})


FIDELITY = (
    FidelityReport("primary-vpc", "network", "aws", Fidelity.FULL),
    FidelityReport(
        "event-queue",
        "message_queue",
        "aws",
        Fidelity.PARTIAL,
        (
            FidelityGap(
                "version",
                Fidelity.PARTIAL,
                "Amazon MQ offers 3.13, not 3.12; 3.13 is used",
                "write 3.13, so that every provider runs the same version",
            ),
        ),
    ),
)

WAITS = ("shared_primitives.shared-postgres.endpoint", "shared_primitives.event-queue.endpoint")
SERVICE = BoundCapability("api-service", "container_runtime", "aws", at(94), (), WAITS)


def from_nothing() -> Plan:
    """The production example on an empty backend."""
    vpc = tuple(
        action(
            Action.CREATE, "primary-vpc", f"primary-vpc-{n}", "aws:ec2/subnet:Subnet",
            declared_at=at(34), after={"cidrBlock": f"10.0.{n}.0/24"},
        )
        for n in range(9)
    )  # fmt: skip
    cluster = tuple(
        action(
            Action.CREATE,
            "primary-cluster",
            f"primary-cluster-{n}",
            "aws:eks/nodeGroup:NodeGroup",
            declared_at=at(18),
            remote_component=EKS,
        )
        for n in range(22)
    )
    waits = ("infrastructure.primary-vpc.subnet_ids", "infrastructure.primary-vpc.vpc_id")
    database = tuple(
        action(
            Action.CREATE, "shared-postgres", name, "aws:rds/instance:Instance",
            declared_at=at(62), waits_for=waits, after={"subnetIds": [UNKNOWN], "allocatedStorage": 100},
        )
        for name in ("shared-postgres", "shared-postgres-subnets")
    )  # fmt: skip
    deployment = {
        "spec": {
            "containers": [
                {
                    "env": [
                        {"name": "DATABASE_URL", "value": UNKNOWN},
                        {"name": "DATABASE_PASSWORD", "value": "[secret]"},
                        {"name": "MODE", "value": "production"},
                    ]
                }
            ]
        }
    }
    container = action(
        Action.CREATE, "api-service", "api-service", "kubernetes:apps/v1:Deployment",
        declared_at=at(94), waits_for=WAITS, after=deployment,
    )  # fmt: skip
    return plan(
        tier_plan(
            ONE,
            (*vpc, *cluster),
            capabilities=(
                BoundCapability("primary-vpc", "network", "aws", at(34)),
                BoundCapability("primary-cluster", "kubernetes_cluster", "aws", at(18), (VPC,)),
            ),
            outputs={
                "cluster_endpoint": PlannedOutput("string", "new", unknown=True),
                "vpc_cidr": PlannedOutput("string", "new", "10.0.0.0/16"),
            },
            declarations=Declarations(
                ({"name": "primary-vpc", "type": "network", "provider": "aws", "properties": {"cidr": "10.0.0.0/16"}},),
                ({"field": "memory", "operator": "<=", "value": "4Gi"},),
                ({"name": "vpc_cidr", "capability": "primary-vpc", "field": "cidr", "type": "string"},),
                ({"name": "aws", "config": {"region": "us-east-1", "account_id": "${env:AWS_ACCOUNT_ID}"}},),
            ),
        ),
        tier_plan(
            TWO,
            database,
            capabilities=(BoundCapability("shared-postgres", "database", "aws", at(62), (VPC,), waits),),
            outputs={"db_password": PlannedOutput("credential_ref", "new", secret=True)},
            base={"stackVersion": None, "upperDigests": {"infrastructure": "sha256:1f9a"}},
        ),
        tier_plan(THREE, (container,), capabilities=(SERVICE,)),
        fidelity=FIDELITY,
        constraints_checked=7,
        warnings=(
            Problem("P2061", "matches nothing", "No type below has `memroy`.", at(48, 18), 6, (at(18),), True),
        ),
    )  # fmt: skip


def changed() -> Plan:
    """One property of the database, and a secret of the service; the cluster stays as it is."""
    update = action(
        Action.UPDATE, "shared-postgres", "shared-postgres", "aws:rds/instance:Instance", declared_at=at(62),
        before={"allocatedStorage": 100}, after={"allocatedStorage": 200},
        diff=(Diff("allocatedStorage", 100, 200),),
    )  # fmt: skip
    service = action(
        Action.UPDATE, "api-service", "api-service", "kubernetes:apps/v1:Deployment", declared_at=at(94),
        waits_for=WAITS, after={"spec": {"containers": [{"env": [{"name": "DATABASE_URL", "value": UNKNOWN}]}]}},
        secret_hashes={"spec.containers[0].env[1].value": f"{'5e' * 32}"},
        diff=(
            Diff("spec.containers[0].env[0].value", "postgres://old", unknown=True),
            Diff("spec.containers[0].env[1].value", secret=True),
            Diff("spec.replicas", None, 3),
        ),
    )  # fmt: skip
    same = action(Action.NO_OP, "event-queue", "event-queue", "aws:mq/broker:Broker", declared_at=at(70))
    return plan(
        tier_plan(ONE, (action(Action.NO_OP, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc"),), skipped=True),
        tier_plan(
            TWO,
            (update, same),
            capabilities=(
                BoundCapability("shared-postgres", "database", "aws", at(62)),
                BoundCapability("event-queue", "message_queue", "aws", at(70)),
            ),
            outputs={
                "db_url": PlannedOutput("string", "changed", "postgres://db:5432/app"),
                "orders": PlannedOutput("string", "removed"),
                "shared-postgres:endpoint": PlannedOutput("string", "may-change", unknown=True),
            },
        ),
        tier_plan(THREE, (service,), capabilities=(SERVICE,)),
        impact=(
            Impact(
                "shared_primitives.shared-postgres",
                Action.UPDATE,
                (
                    Affected(THREE, "api-service", "api", "hard", "medium"),
                    Affected(THREE, "worker", "jobs", "soft", "medium"),
                ),
            ),
        ),
        simulated=False,
        providers=(ProviderRecord("aws", "7.51.1", "official"),),
        constraints_checked=7,
    )  # fmt: skip


def loosened() -> Plan:
    """Limits that change for the tiers below, though no resource does; and a stack that holds on to its approval."""
    change = (
        LimitChange("memory <=", "1Gi", "100Gi", "loosened", at(20)),
        LimitChange("cpu <=", "2", None, "dropped", at(23)),
        LimitChange("image in", "[a, b]", "[a]", "tightened", at(26)),
        LimitChange("replicas <=", None, "5", "added", at(29)),
        LimitChange("mode", "plan_and_approve", "auto_apply", "loosened"),
    )
    quota = LimitChange("pods of app-namespace", "8", "20", "loosened", at(40))
    because = "its stack was applied with `plan_and_approve`, which no file loosens by itself"
    still = action(Action.NO_OP, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc")
    return plan(
        tier_plan(ONE, (still,), contract_changes=True, limits=change, mode_because=because),
        tier_plan(TWO, (), contract_changes=True, limits=(quota,)),
    )


def losing() -> Plan:
    """A replaced database, a removed queue's delete, a step of a kind nobody knows, and a replace without data."""
    kinds = (
        action(
            Action.REPLACE, "shared-postgres", "shared-postgres", "aws:rds/instance:Instance", declared_at=at(62),
            diff=(
                Diff("engine", "postgres", "mysql", replaces=True),
                Diff("port", 5432, 3306),
                Diff("name", "a" * 60, "b" * 60, replaces=True),
            ),
            loses_data=True,
        ),
        action(Action.NO_OP, "shared-postgres", "shared-postgres-subnets", "aws:rds/subnetGroup:SubnetGroup"),
        action(Action.DELETE, "old-queue", "old-queue", "aws:mq/broker:Broker", loses_data=True),
        action(Action.OTHER, "", "stray", "aws:s3/bucket:Bucket"),
        action(
            Action.REPLACE, "app-namespace", "app-namespace", "kubernetes:core/v1:Namespace", declared_at=at(55),
            diff=(Diff("metadata.name", "a b", "c", replaces=True),), replace_keys=("metadata.name",),
        ),
    )  # fmt: skip
    return plan(
        tier_plan(
            TWO,
            kinds,
            capabilities=(
                BoundCapability("app-namespace", "namespace", "aws", at(55)),
                BoundCapability("shared-postgres", "database", "aws", at(62)),
            ),
        ),
        impact=(
            Impact(
                "shared_primitives.shared-postgres",
                Action.REPLACE,
                (Affected(THREE, "api-service", "api", "hard", "high"),),
            ),
        ),
        constraints_checked=7,
    )


def cascade() -> Plan:
    """The network's range changes: its subnets, the cluster and the database follow; the database loses its data."""

    def replaced(capability: str, name: str, type_: str, line: int, *diffs: Diff, **fields: object) -> PlanAction:
        keys = tuple(diff.path for diff in diffs)
        return action(
            Action.REPLACE, capability, name, type_, declared_at=at(line), diff=diffs, replace_keys=keys, **fields
        )  # fmt: skip

    def unknown(path: str) -> Diff:
        return Diff(path, "vpc-1", unknown=True, replaces=True)

    vpc_id = ("infrastructure.primary-vpc.id",)
    vpc = replaced(
        "primary-vpc",
        "primary-vpc",
        "aws:ec2/vpc:Vpc",
        34,
        Diff("cidrBlock", "10.0.0.0/16", "10.1.0.0/16", replaces=True),
    )
    subnets = [
        replaced("primary-vpc", f"primary-vpc-{n}", "aws:ec2/subnet:Subnet", 34, unknown("vpcId")) for n in range(6)
    ]
    nodes = [
        replaced("primary-cluster", f"primary-cluster-{n}", "aws:eks/nodeGroup:NodeGroup", 18, unknown("subnetIds"))
        for n in range(3)
    ]
    database = replaced(
        "shared-postgres", "shared-postgres", "aws:rds/instance:Instance", 62, unknown("dbSubnetGroupName"),
        loses_data=True, waits_for=vpc_id,
    )  # fmt: skip
    space = action(
        Action.UPDATE, "app-namespace", "app-namespace", "kubernetes:core/v1:Namespace", declared_at=at(55),
        diff=(Diff("metadata.annotations", "vpc-1", unknown=True),), waits_for=("infrastructure.primary-cluster.name",),
    )  # fmt: skip
    return plan(
        tier_plan(
            ONE,
            (vpc, *subnets, *nodes),
            capabilities=(
                BoundCapability("primary-vpc", "network", "aws", at(34)),
                BoundCapability("primary-cluster", "kubernetes_cluster", "aws", at(18), (VPC,)),
            ),
            deletes_last=True,
        ),
        tier_plan(
            TWO,
            (database, space),
            capabilities=(
                BoundCapability("shared-postgres", "database", "aws", at(62), (VPC,), vpc_id),
                BoundCapability(
                    "app-namespace", "namespace", "aws", at(55), (), ("infrastructure.primary-cluster.name",)
                ),
            ),
        ),
        constraints_checked=7,
    )


def obstructed() -> Plan:
    """A namespace that cannot stand beside its successor, and a database that its provider would not delete."""
    space = action(
        Action.REPLACE, "app-namespace", "app-namespace", "kubernetes:core/v1:Namespace", declared_at=at(55),
        diff=(Diff("metadata.name", "apps", "teams", replaces=True),), replace_keys=("metadata.name",),
        deletes_first=True,
    )  # fmt: skip
    database = action(
        Action.DELETE, "old-postgres", "old-postgres", "aws:rds/instance:Instance", loses_data=True
    )  # fmt: skip
    section = tier_plan(
        TWO, (space, database), capabilities=(BoundCapability("app-namespace", "namespace", "aws", at(55), ()),)
    )
    return replace(
        plan(section, constraints_checked=7),
        obstacles=(
            Obstacle.at(
                section, space, "It cannot stand beside its successor",
                "app-namespace would be deleted before its successor is made, while api of the tiers below live in it.",
                ("Declare a second namespace beside it, and run `platform up`.", "Remove app-namespace."),
            ),
            Obstacle.at(
                section, database, "Deletion protection is on",
                "old-postgres would be deleted, and was applied with `deletion_protection: true`.",
                ("Declare it again with `deletion_protection: false`.", "Remove it, and run `platform up`."),
            ),
        ),
    )  # fmt: skip


def destroying() -> Plan:
    """A destroy: no capabilities are listed, the actions say where they are declared."""
    deletes = (
        action(
            Action.DELETE, "shared-postgres", "shared-postgres", "aws:rds/instance:Instance", declared_at=at(62),
            loses_data=True,
        ),
        action(Action.DELETE, "shared-postgres", "shared-postgres-subnets", "aws:rds/subnetGroup:SubnetGroup"),
        action(Action.DELETE, "old-queue", "old-queue", "aws:mq/broker:Broker"),
        action(Action.DELETE, "orders", "orders", "docker:index/container:Container", declared_at=at(70)),
        action(Action.NO_OP, "orders", "orders-data", "docker:index/volume:Volume", declared_at=at(70), retained=True),
        action(Action.NO_OP, "orders", "orders-image", "docker:index/remoteImage:RemoteImage", declared_at=at(70)),
        action(Action.NO_OP, "uploads", "uploads", "docker:index/volume:Volume", declared_at=at(80), retained=True),
    )  # fmt: skip
    section = tier_plan(TWO, deletes, operation=Operation.DESTROY)
    return plan(section, operation=Operation.DESTROY)


def retained() -> Applied:
    """What such a destroy did, and a tier that held nothing but what is kept."""
    volume, password = "docker:index/volume:Volume", "platform:index:Password"
    return Applied(
        destroying(),
        (
            TierOutcome(
                THREE, "api", "organization/acme-corp-application/production.api", Outcome.UNCHANGED,
                retained=(Retained("cache", volume, "acme-corp-production-cache-3c1e0a2"),),
            ),
            TierOutcome(
                TWO, None, "organization/acme-corp-shared-primitives/production", Outcome.DESTROYED,
                {"delete": 4}, 4, Range.exactly(4), 3.2,
                (
                    Retained("orders", volume, "acme-corp-production-orders-data-9f3b2c1"),
                    Retained("orders", password, "5f1d2c3b4a596877"),
                    Retained("uploads", volume, "acme-corp-production-uploads-0a1b2c3"),
                ),
            ),
        ),
        (),
        3.5,
    )  # fmt: skip


def nothing() -> Plan:
    """What is declared is what is there."""
    return plan(
        tier_plan(ONE, (action(Action.NO_OP, "primary-vpc", "primary-vpc", "aws:ec2/vpc:Vpc"),)), constraints_checked=7
    )


def hostile() -> Plan:
    """Names and values that try to move the cursor, end a cell, or open a tag."""
    name = "x\x1b[2Ky\r|`<b>@all\u202e"
    update = action(
        Action.UPDATE, name, name, "aws:s3/bucket:Bucket", declared_at=at(1),
        diff=(Diff("a|b`c", "x\x1b[31m\n- create", "<script>`|" + "y" * 200),),
    )  # fmt: skip
    capability = BoundCapability(name, "object_storage", "aws", Position("a|`<i>\x1b[2J.yaml", 1, 1))
    return plan(tier_plan(ONE, (update,), capabilities=(capability,)))


def many(count: int = 80) -> Plan:
    """Many capabilities: creates fold, deletes do not."""
    creates = tuple(action(Action.CREATE, f"new-{n:03}", f"new-{n:03}", "aws:s3/bucket:Bucket") for n in range(count))
    deletes = tuple(action(Action.DELETE, f"old-{n:03}", f"old-{n:03}", "aws:s3/bucket:Bucket") for n in range(count))
    same = tuple(action(Action.NO_OP, f"same-{n:03}", f"same-{n:03}", "aws:s3/bucket:Bucket") for n in range(count))
    names = [a.capability for a in (*creates, *same)]
    capabilities = tuple(BoundCapability(name, "object_storage", "aws", at(1)) for name in names)
    return plan(tier_plan(TWO, (*creates, *deletes, *same), capabilities=capabilities))


def through_json(made: Plan) -> Plan:
    """A plan as another process reads it."""
    return document.read(json.loads(json.dumps(document.write(made))))


def approval(section: TierPlan, by: str = "ann") -> Approval:
    """Somebody's approval of a section as it is."""
    return Approval(by, "2026-11-22T10:00:00Z", section.digest)


#: Every kind of plan, by name.
PLANS: Mapping[str, Callable[[], Plan]] = {
    make.__name__: make
    for make in (from_nothing, changed, loosened, losing, cascade, obstructed, destroying, nothing, hostile, many)
}


OUTPUTS = (
    TierOutputs(ONE, None, {"vpc_cidr": OutputValue("string", "10.0.0.0/16")}),
    TierOutputs(
        TWO,
        None,
        {
            "db_password": OutputValue("credential_ref", CANARY, secret=True),
            "db_port": OutputValue("integer", 5432),
            "zones": OutputValue("list", ["a", "b", Secret(CANARY)]),
        },
    ),
    TierOutputs(THREE, "api", {"url": OutputValue("string", known=False)}),
)


def outputs() -> OutputsReport:
    return OutputsReport("acme-corp/production", OUTPUTS)


def applied() -> Applied:
    """Three tiers, the first of which had nothing to do."""
    return Applied(
        from_nothing(),
        (
            TierOutcome(ONE, None, "organization/acme-corp-infrastructure/production", Outcome.UNCHANGED),
            TierOutcome(
                TWO, None, "organization/acme-corp-shared-primitives/production", Outcome.APPLIED,
                {"create": 2, "update": 1}, 3, Range.exactly(3), 61.2,
            ),
            TierOutcome(
                THREE, "api", "organization/acme-corp-application/production.api", Outcome.APPLIED,
                {"create": 1}, 1, Range.exactly(1), 2.0,
            ),
        ),
        OUTPUTS,
        70.0,
    )  # fmt: skip


def apply_error() -> ApplyError:
    """Tier 2 failed after tier 1 was applied."""
    problem = Problem(
        "P6010",
        "The engine failed",
        "shared-postgres: aws:rds/instance:Instance: DBSubnetGroupDoesNotCoverEnoughAZs",
        at(3),
    )
    return ApplyError(
        "shared_primitives failed",
        "",
        (problem,),
        (
            TierOutcome(ONE, None, "s1", Outcome.APPLIED, {"create": 31}, 31, Range.exactly(31), 60.0),
            TierOutcome(TWO, None, "s2", Outcome.FAILED, {"create": 4}, 4, Range.exactly(9), 10.0),
            TierOutcome(THREE, "api", "s3", Outcome.UNTOUCHED),
        ),
        from_nothing(),
    )


def platform() -> Platform:
    """Two tiers, two capabilities, a warning."""
    network = Capability("primary-vpc", "network", ONE, Network.model_construct(), "aws", at(34))
    database = Capability("shared-postgres", "database", TWO, Database.model_construct(), "aws", at(62))
    return Platform(
        Context("acme-corp", "production"),
        (ProviderDeclaration("aws"),),
        (TierDeclaration(ONE, None, (network,)), TierDeclaration(TWO, None, (database,))),
        files=(FILE,),
        warnings=(
            Problem("P2061", "Constraint matches nothing", "No type below has `memroy`.", at(2, 8), 6, warning=True),
        ),
    )


def tables() -> tuple[FidelityTable, FidelityTable]:
    """Two providers, one of which does not serve a type."""
    full = (FieldLevel(Fidelity.FULL),)
    aws = FidelityTable(
        "aws",
        {
            "network": {"cidr": full, "availability_zones": full},
            "message_queue": {
                "engine": full,
                "version": (
                    FieldLevel(Fidelity.NONE, "the service has no versions", when="engine is sqs"),
                    FieldLevel(
                        Fidelity.PARTIAL, "fewer versions; the nearest is used", "write 3.13", "it is not offered"
                    ),
                ),
                "retention": (FieldLevel(Fidelity.NONE, "kept until consumed", when="it is given"),),
                "annotations": (FieldLevel(Fidelity.NONE, "there are none", "use labels"),),
            },
        },
    )
    mock = FidelityTable(
        "mock",
        {"network": {"cidr": full, "availability_zones": (FieldLevel(Fidelity.STUB, "recorded, without effect"),)}},
    )
    return aws, mock


def diagnosis(worst: Status = Status.ERROR) -> Diagnosis:
    """Something of every kind, up to `worst`."""
    checks = (
        Check("pulumi cli", Status.OK, "v3.259.0 from PATH"),
        Check(
            "plugin aws", Status.WARNING, "none", "Simulated runs need none; a real one does: platform doctor --install"
        ),
        Check("backend", Status.ERROR, "/nowhere", "/nowhere cannot be written to."),
    )
    ranks = list(Status)
    return Diagnosis(tuple(check for check in checks if ranks.index(check.status) <= ranks.index(worst)))
