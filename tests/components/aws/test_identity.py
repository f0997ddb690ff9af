"""What holds for everything AWS components register: names, tags, protection, types, and no secret in clear."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from components.aws import DEFINITION
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, Template, TierOutput
from platform_pulumi.plugins.checks import check
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.sdk.scope import URN_TAG
from tests.secrecy import CREDENTIALS, SECRET_NAMES

from ..harness import GIVEN, REVEALED, Built, Registered, build, declare, run_of
from ..variants import BASES
from ..wire import in_clear, revealed

#: Types that AWS does not tag.
UNTAGGED = {
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:secretsmanager/secretVersion:SecretVersion",
}
#: The property that names a type, and AWS's limit on it.
NAMES = {
    "aws:iam/role:Role": ("name", 64),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255),
    "aws:ec2/launchTemplate:LaunchTemplate": ("name", 128),
    "aws:eks/nodeGroup:NodeGroup": ("nodeGroupName", 63),
    "eks:index:Cluster": ("name", 100),
    "aws:rds/instance:Instance": ("identifier", 63),
    "aws:rds/subnetGroup:SubnetGroup": ("name", 255),
    "aws:mq/broker:Broker": ("brokerName", 50),
    "aws:sqs/queue:Queue": ("name", 80),
}
LONG = "a-capability-with-a-name-as-long-as-anybody-would-ever-give-one"


def _build(kind: str, properties: Mapping[str, Any] | None = None, **declared: Any) -> Built:
    return build(DEFINITION, run_of(declare(kind, BASES[kind] if properties is None else properties, **declared)))


def _of(built: Built, *packages: str) -> list[Registered]:
    return [r for r in built.resources if r.type.startswith(packages)]


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_the_same_declaration_gives_the_same_plan(kind: str) -> None:
    assert _build(kind).fingerprint() == _build(kind).fingerprint()


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_every_promised_output_is_given_and_no_other(kind: str) -> None:
    built = _build(kind)
    assert set(built.outputs) == set(CAPABILITY_TYPES[kind].OUTPUTS)
    for name, value in built.outputs.items():
        expected = {"integer": int, "list": list}.get(CAPABILITY_TYPES[kind].OUTPUTS[name].type, str)
        assert isinstance(value, expected), name


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_every_taggable_resource_says_where_it_belongs(kind: str) -> None:
    for resource in _of(_build(kind, labels={"team": "payments"}), "aws:", "eks:"):
        if resource.type in UNTAGGED:
            continue
        tags = resource.inputs["tags"]
        assert tags[URN_TAG].endswith(f"::thing::{resource.name}"), resource
        assert tags["team"] == "payments"
        assert tags["platform:capability"] == "thing"


def test_what_the_user_says_of_an_object_in_a_cluster_is_not_overwritten() -> None:
    labels = {"app.kubernetes.io/part-of": "shop"}
    scheme = "alb.ingress.kubernetes.io/scheme"
    built = _build("container_runtime", labels=labels, annotations={scheme: "internal"})
    for resource in _of(built, "kubernetes:"):
        assert resource.inputs["metadata"]["labels"]["app.kubernetes.io/part-of"] == "shop"
        assert resource.inputs["metadata"]["annotations"][scheme] == "internal"


def test_a_users_tag_of_a_subnet_is_not_overwritten() -> None:
    role = "kubernetes.io/role/internal-elb"
    built = _build("network", labels={role: "0"})
    assert {resource.inputs["tags"][role] for resource in _of(built, "aws:ec2/subnet:")} == {"0"}


@pytest.mark.parametrize("kind", ["namespace", "container_runtime"])
def test_objects_in_a_cluster_carry_labels_and_annotations(kind: str) -> None:
    built = _build(kind, labels={"team": "payments", "contact": "a person & b"}, annotations={"runbook": "https://x/y"})
    for resource in _of(built, "kubernetes:"):
        metadata = resource.inputs["metadata"]
        assert metadata["labels"]["team"] == "payments"
        assert metadata["annotations"]["contact"] == "a person & b", "Kubernetes refuses it as a label"
        assert metadata["annotations"]["runbook"] == "https://x/y"
        assert metadata["annotations"]["platform/urn"].endswith(f"::thing::{resource.name}")
        assert metadata["name"], "explicit, so that nothing is named automatically"


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_logical_names_start_with_the_capability_and_are_unique(kind: str) -> None:
    resources = _build(kind).resources
    assert all(r.name == "thing" or r.name.startswith("thing-") for r in resources)
    assert len({(r.type, r.name) for r in resources}) == len(resources)


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_names_stay_within_the_providers_limits(kind: str) -> None:
    for resource in _build(kind, name=LONG).resources:
        if resource.type in NAMES:
            field, limit = NAMES[resource.type]
            assert len(resource.inputs[field]) <= limit
            assert re.fullmatch(r"[a-z][a-z0-9-]*(\.fifo)?", resource.inputs[field])
        if resource.type.startswith("kubernetes:"):
            assert len(resource.inputs["metadata"]["name"]) <= 63


@pytest.mark.parametrize(
    ("kind", "change", "token", "renamed"),
    [
        ("database", {"engine": "mysql", "version": "8.0"}, "aws:rds/instance:Instance", True),
        ("database", {"storage_gb": 200}, "aws:rds/instance:Instance", False),
        ("database", {"multi_az": False}, "aws:rds/instance:Instance", False),
        ("database", {"version": "16"}, "aws:rds/instance:Instance", False),
        ("message_queue", {"high_availability": True}, "aws:mq/broker:Broker", True),
        ("message_queue", {"version": "4.2"}, "aws:mq/broker:Broker", True),
        ("message_queue", {"instance_class": "mq.m7g.xlarge"}, "aws:mq/broker:Broker", False),
        ("kubernetes_cluster", {"version": "1.30"}, "eks:index:Cluster", False),
        ("iam_role", {"max_session": 7200}, "aws:iam/role:Role", False),
    ],
)
def test_a_name_changes_with_what_replaces_and_with_nothing_else(
    kind: str, change: dict[str, Any], token: str, renamed: bool
) -> None:
    field, _ = NAMES[token]
    before = _build(kind).one(token).inputs[field]
    after = _build(kind, {**BASES[kind], **change}).one(token).inputs[field]
    assert (before != after) is renamed


#: Names of what AWS keeps in one VPC for life, by the type that stands in it.
_PLACED = [
    ("database", "aws:rds/subnetGroup:SubnetGroup"),
    ("database", "aws:rds/instance:Instance"),
    ("database", "aws:ec2/securityGroup:SecurityGroup"),
    ("message_queue", "aws:mq/broker:Broker"),
    ("message_queue", "aws:ec2/securityGroup:SecurityGroup"),
    ("kubernetes_cluster", "eks:index:Cluster"),
    ("kubernetes_cluster", "aws:eks/nodeGroup:NodeGroup"),
    ("kubernetes_cluster", "aws:ec2/securityGroup:SecurityGroup"),
]


@pytest.mark.parametrize(("kind", "token"), _PLACED)
@pytest.mark.parametrize("other", [("office", "10.9.0.0/16"), ("lab", "10.1.0.0/16")], ids=["range", "name"])
def test_another_network_renames_what_cannot_move_to_it(kind: str, token: str, other: tuple[str, str]) -> None:
    field, _ = NAMES[token]
    names = [_placed(kind, *network).one(token).inputs[field] for network in (("office", "10.1.0.0/16"), other)]
    assert len(set(names)) == len(names)


def _placed(kind: str, network: str, cidr: str) -> Built:
    """Build a capability in a network: one of its own tier, or of the tier above."""
    wired = {"network": CapabilityRef(Tier.INFRASTRUCTURE, network, "network")}
    thing = declare(kind, BASES[kind], bindings=wired)
    if thing.tier is Tier.INFRASTRUCTURE:
        return build(
            DEFINITION, run_of(declare("network", {"cidr": cidr, "availability_zones": 3}, name=network), thing)
        )
    given = {network: ("network", {**GIVEN[Tier.INFRASTRUCTURE]["vpc"][1], "cidr": cidr})}
    return build(DEFINITION, run_of(thing, given={Tier.INFRASTRUCTURE: given}))


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("iam_role", "aws:iam/role:Role"),
        ("kubernetes_cluster", "aws:iam/role:Role"),
        ("kubernetes_cluster", "eks:index:Cluster"),
    ],
)
def test_another_region_renames_what_is_known_by_its_name_beyond_it(kind: str, token: str) -> None:
    """Another region replaces the provider, and with it all resources.

    Two roles of an account share no name, and a cluster's objects are told by its name.
    """
    names = [
        {one.name: one.inputs["name"] for one in _of(built, token)}
        for region in ("us-east-1", "eu-west-1")
        for built in [build(DEFINITION, run_of(declare(kind, BASES[kind]), config={"region": region}))]
    ]
    assert names[0].keys() == names[1].keys()
    assert not set(names[0].values()) & set(names[1].values())


def test_an_instance_of_another_subnet_group_is_another_instance() -> None:
    instance = _build("database").one("aws:rds/instance:Instance")
    assert instance.options["replaceOnChanges"] == ["dbSubnetGroupName"]


@pytest.mark.parametrize(
    ("kind", "properties", "token"),
    [
        ("database", BASES["database"], "aws:rds/instance:Instance"),
        ("message_queue", BASES["message_queue"], "aws:mq/broker:Broker"),
        ("message_queue", {"engine": "sqs"}, "aws:sqs/queue:Queue"),
    ],
)
def test_what_holds_data_is_protected_also_where_its_loss_is_allowed_once(
    kind: str, properties: dict[str, Any], token: str
) -> None:
    declared = declare(kind, properties)
    assert build(DEFINITION, run_of(declared)).one(token).options["protect"] is True
    allowed = build(DEFINITION, run_of(declared, unprotected=frozenset({"thing"})))
    assert allowed.one(token).options["protect"] is True


@pytest.fixture(scope="module")
def sdks() -> dict[str, SdkTypes]:
    return {package: SdkTypes(package, module) for package, module in DEFINITION.packages.items()}


@pytest.mark.parametrize("kind", DEFINITION.bindings)
def test_inputs_are_what_the_sdks_know(kind: str, sdks: dict[str, SdkTypes]) -> None:
    checked = 0
    for resource in _of(_build(kind), "aws:", "kubernetes:", "eks:"):
        sdk = sdks[resource.type.partition(":")[0]]
        failures = check(sdk.resource(resource.type), sdk.objects, dict(revealed(resource.inputs)))
        assert not failures, f"{resource.type} {resource.name}: {failures}"
        checked += 1
    assert checked


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("database", BASES["database"]),
        ("message_queue", {"engine": "rabbitmq", "version": "3.13"}),
        ("message_queue", {"engine": "sqs"}),
    ],
)
def test_nothing_is_published_outside_the_network(kind: str, properties: dict[str, Any]) -> None:
    outputs = build(DEFINITION, run_of(declare(kind, properties))).outputs
    assert (outputs["published_endpoint"], outputs["published_connection_string"]) == ("", "")


BY_REFERENCE = Template(("canary-", TierOutput(Tier.INFRASTRUCTURE, "cluster_name")))
CANARIES: Mapping[str, Mapping[str, Any]] = {
    "database": {**BASES["database"], "password": "canary-given"},
    "message_queue": {**BASES["message_queue"], "password": "canary-given"},
    "database with a password by reference": {**BASES["database"], "password": BY_REFERENCE},
    "message_queue with a password by reference": {**BASES["message_queue"], "password": BY_REFERENCE},
    "container_runtime": {
        **BASES["container_runtime"],
        "env": {
            "PLAIN": Secret("canary-plain"),
            "API_TOKEN": "canary-by-name",
            "EMBEDDED": Template(("x:", Secret("canary-embedded"))),
            "FROM_ABOVE": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_credential_ref"),
            "URL": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_connection_string"),
        },
    },
    "container_runtime with what looks like secrets": {
        **BASES["container_runtime"],
        "env": {
            **dict.fromkeys(SECRET_NAMES, "canary-by-name"),
            **{f"URL_{number}": form.replace("{}", "canary-form") for number, form in enumerate(CREDENTIALS)},
            "URL_BY_REFERENCE": Template(("postgres://u:canary@", TierOutput(Tier.SHARED_PRIMITIVES, "postgres_host"))),
        },
    },
}


@pytest.mark.parametrize("kind", CANARIES)
def test_no_secret_stands_in_an_input_in_clear(kind: str) -> None:
    built = _build(kind.partition(" ")[0], CANARIES[kind])
    hidden = json.dumps([r.inputs for r in built.resources])
    assert "canary" in hidden, "the test has nothing to find"
    for resource in built.resources:
        assert "canary" not in json.dumps([list(in_clear(resource.inputs)), list(in_clear(resource.options))])
        assert "canary" not in resource.name


@pytest.mark.parametrize("kind", [kind for kind in CANARIES if "container" not in kind])
def test_a_connection_string_with_a_password_is_secret(kind: str) -> None:
    built = _build(kind.partition(" ")[0], CANARIES[kind])
    assert "connection_string" in built.secret_outputs
    assert "canary-" in built.outputs["connection_string"]
    assert not [
        name for name, value in built.outputs.items() if "canary" in str(value) and name not in built.secret_outputs
    ]


def test_a_revealed_password_reaches_the_container_through_a_secret() -> None:
    built = _build("container_runtime", CANARIES["container_runtime"])
    values = revealed(built.one("kubernetes:core/v1:Secret").inputs)["stringData"]
    assert values["FROM_ABOVE"] == REVEALED
    env = built.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {e["name"] for e in env if "valueFrom" in e} == set(CANARIES["container_runtime"]["env"])
