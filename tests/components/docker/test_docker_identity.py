"""What holds for everything Docker components register: names, labels, protection, order, and no secret in clear."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.docker import DEFINITION
from platform_pulumi.errors import InputError, Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.unknown import UNKNOWN as SENTINEL
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput
from platform_pulumi.plugins.checks import check
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.sdk.tagging import URN_TAG
from tests.secrecy import CREDENTIALS, SECRET_NAMES

from ..harness import GIVEN, UNKNOWN, Built, Registered, build, declare, run_of
from ..variants import BASES
from ..wire import in_clear, revealed

CONTAINER, NETWORK = "docker:index/container:Container", "docker:index/network:Network"
VOLUME, PASSWORD = "docker:index/volume:Volume", "platform:index:Password"
IMAGE, BUILT, REVISION = "docker:index/remoteImage:RemoteImage", "docker:index/image:Image", "platform:index:Revision"
#: What of these Docker labels.
LABELLED = {CONTAINER, NETWORK, VOLUME}
#: Docker's own rule for names, and DNS's limit on what is asked for by name.
NAME, LIMIT = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+"), 63
LONG = "a-capability-with-a-name-as-long-as-anybody-would-ever-give-one"
#: A shared ingress and a volume above, beside what all providers are given.
ABOVE = {
    **GIVEN,
    Tier.SHARED_PRIMITIVES: {
        **GIVEN[Tier.SHARED_PRIMITIVES],
        "entry": ("ingress", {"name": "entry-net", "endpoint": "https://127.0.0.1"}),
        "files": ("persistent_volume", {"name": "files-volume"}),
    },
}
ENTRY = CapabilityRef(Tier.SHARED_PRIMITIVES, "entry", "ingress")
VPC = CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")
FILES = TierOutput(Tier.SHARED_PRIMITIVES, "files_name")
#: More than one declaration of a type where it becomes different things.
OTHERS: Mapping[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "mysql": ("database", {"engine": "mysql", "version": "8.4"}, {}),
    "sqs": ("message_queue", {"engine": "sqs"}, {}),
    "plain container": ("container_runtime", {"image": "api:1"}, {"bindings": {}}),
    "mounted container": (
        "container_runtime",
        {"image": "api:1", "replicas": 2, "volumes": [{"source": FILES, "path": "/data"}]},
        {},
    ),
    "container behind an ingress": (
        "container_runtime",
        BASES["container_runtime"],
        {"bindings": {"ingress": ENTRY, "network": VPC}},
    ),
    "built container": ("container_runtime", {"image": "api:1", "build": {"context": "."}}, {}),
}
CASES = {**{kind: (kind, dict(BASES[kind]), {}) for kind in DEFINITION.bindings}, **OTHERS}


def made(kind: str, properties: Mapping[str, Any] | None = None, **declared: Any) -> Built:
    options = {name: declared.pop(name) for name in ("config", "unknown", "application") if name in declared}
    preview = declared.pop("preview", False)
    capability = declare(kind, BASES[kind] if properties is None else properties, provider="docker", **declared)
    return build(DEFINITION, run_of(capability, given=ABOVE, **options), preview=preview)


def case(which: str, **declared: Any) -> Built:
    kind, properties, others = CASES[which]
    return made(kind, properties, **{**others, **declared})


def runtime(properties: Mapping[str, Any] | None = None, **declared: Any) -> Built:
    return made("container_runtime", {"image": "api:1", **(properties or {})}, **declared)


def of(built: Built, *kinds: str) -> list[Registered]:
    return [resource for resource in built.resources if resource.type in kinds]


def labels(resource: Registered) -> dict[str, str]:
    return {entry["label"]: entry["value"] for entry in resource.inputs["labels"]}


def short(urns: frozenset[str]) -> set[str]:
    return {urn.rpartition("::")[2] for urn in urns}


@pytest.mark.parametrize("name", CASES)
def test_the_same_declaration_gives_the_same_plan(name: str) -> None:
    assert case(name).fingerprint() == case(name).fingerprint()


@pytest.mark.parametrize("name", CASES)
def test_every_promised_output_is_given_and_no_other(name: str) -> None:
    built, promised = case(name), CAPABILITY_TYPES[CASES[name][0]].OUTPUTS
    assert set(built.outputs) == set(promised)
    for output, value in built.outputs.items():
        expected = {"integer": int, "list": list}.get(promised[output].type, str)
        assert isinstance(value, expected), output


@pytest.mark.parametrize("name", CASES)
def test_everything_that_docker_labels_says_where_it_belongs(name: str) -> None:
    for resource in of(case(name, labels={"team": "payments"}), *LABELLED):
        found = labels(resource)
        tier = CAPABILITY_TYPES[CASES[name][0]].TIER
        assert found["team"] == "payments"
        assert found["platform:capability"] == "thing"
        assert found["platform:tier"] == tier.label
        assert found[URN_TAG].endswith(f"::thing::{resource.name}"), resource
        assert found["platform:context"].startswith("acme-corp/production")
        assert [entry["label"] for entry in resource.inputs["labels"]] == sorted(found), "an order that stays"


@pytest.mark.parametrize("name", CASES)
def test_logical_names_start_with_the_capability_and_are_unique(name: str) -> None:
    resources = case(name).resources
    assert all(r.name == "thing" or r.name.startswith("thing-") for r in resources)
    assert len({(r.type, r.name) for r in resources}) == len(resources)


@pytest.mark.parametrize("application", ["default", "an-application-of-as-many-signs-as-are-allowed-it-is"])
@pytest.mark.parametrize("name", CASES)
def test_names_are_explicit_unique_and_within_limits(name: str, application: str) -> None:
    for declared in ({"name": LONG}, {}):
        resources = of(case(name, application=application, **declared), *LABELLED)
        names = [resource.inputs["name"] for resource in resources]
        assert len(set(names)) == len(names)
        for found in names:
            assert len(found) <= LIMIT, found
            assert NAME.fullmatch(found), found


def test_what_is_scaled_keeps_the_containers_it_has() -> None:
    mount = {"volumes": [{"source": FILES, "path": "/data"}]}
    for properties, numbers in ((mount, ["thing", "thing-2"]), ({}, ["thing-1", "thing-2"])):
        one, two = (of(runtime({**properties, "replicas": count}), CONTAINER) for count in (1, 2))
        assert [resource.name for resource in two] == numbers
        assert two[0] == one[0]


def test_contexts_and_applications_never_share_a_name() -> None:
    names = [
        resource.inputs["name"]
        for application in ("default", "shop")
        for capability in ("api", "api-1")
        for resource in of(runtime({"replicas": 2}, application=application, name=capability), CONTAINER)
    ]
    assert len(set(names)) == len(names) == 8


@pytest.fixture(scope="module")
def sdk() -> SdkTypes:
    return SdkTypes("docker", "pulumi_docker")


@pytest.mark.parametrize("name", CASES)
def test_inputs_are_what_the_sdk_knows(name: str, sdk: SdkTypes) -> None:
    for resource in case(name).resources:
        if resource.type.startswith("docker:"):
            failures = check(sdk.resource(resource.type), sdk.objects, dict(revealed(resource.inputs)))
            assert not failures, f"{resource.type} {resource.name}: {failures}"


@pytest.mark.parametrize("name", CASES)
def test_what_holds_data_or_opens_it_is_protected_and_nothing_else_is(name: str) -> None:
    built = case(name)
    data = {VOLUME, PASSWORD} if of(built, VOLUME) else set[str]()
    for resource in built.resources:
        assert resource.options["protect"] is (resource.type in data), resource


def test_what_is_protected_can_be_lost_only_by_name_and_what_is_data_is_protected() -> None:
    protecting = {CASES[name][0] for name in CASES if any(r.options["protect"] for r in case(name).resources)}
    assert protecting == {kind for kind in DEFINITION.bindings if CAPABILITY_TYPES[kind].DATA_BEARING}


@pytest.mark.parametrize(
    ("kind", "properties", "volumes", "passwords"),
    [
        ("database", BASES["database"], ["thing-data"], ["thing-password"]),
        ("database", {**BASES["database"], "password": "canary"}, ["thing-data"], []),
        ("message_queue", BASES["message_queue"], ["thing-data"], ["thing-password"]),
        ("message_queue", {"engine": "sqs"}, [], []),
        ("cache", BASES["cache"], [], ["thing-password"]),
        ("object_storage", BASES["object_storage"], ["thing-data"], ["thing-secret-key"]),
        ("persistent_volume", BASES["persistent_volume"], ["thing"], []),
    ],
)
def test_each_type_has_the_volumes_and_passwords_that_it_needs(
    kind: str, properties: dict[str, Any], volumes: list[str], passwords: list[str]
) -> None:
    built = made(kind, properties)
    assert [resource.name for resource in of(built, VOLUME)] == volumes
    assert [resource.name for resource in of(built, PASSWORD)] == passwords
    assert all(resource.inputs["special"] is False for resource in of(built, PASSWORD)), "it stands in URLs"


def test_another_label_makes_no_new_network_or_volume() -> None:
    for name in CASES:
        for resource in of(case(name), NETWORK, VOLUME):
            assert resource.options["ignoreChanges"] == ["labels"], resource


def test_networks_go_before_they_are_made_anew() -> None:
    found = [resource for name in CASES for resource in of(case(name), NETWORK)]
    assert {resource.options["deleteBeforeReplace"] for resource in found} == {True}


@pytest.mark.parametrize(
    ("kind", "properties", "declared", "order"),
    [
        ("database", None, {}, "first"),
        ("message_queue", None, {}, "first"),
        ("object_storage", None, {}, "first"),
        ("cache", None, {}, "plugin"),
        ("database", None, {"config": {"publish": {"thing": 5432}}}, "first"),
        ("container_runtime", {"image": "api:1"}, {}, "beside"),
        ("container_runtime", {"image": "api:1", "volumes": [{"source": FILES, "path": "/d"}]}, {}, "first"),
        (
            "container_runtime",
            {"image": "api:1", "volumes": [{"source": FILES, "path": "/d", "read_only": True}]},
            {},
            "beside",
        ),
        (
            "container_runtime",
            {"image": "api:1", "ports": [{"container_port": 80}]},
            {"config": {"publish": {"thing": 8080}}},
            "plugin",
        ),
    ],
)
def test_what_writes_a_volume_goes_first_and_what_can_starts_beside(
    kind: str, properties: dict[str, Any] | None, declared: dict[str, Any], order: str
) -> None:
    for resource in of(made(kind, properties, **declared), CONTAINER):
        options = resource.options
        found = "first" if options["deleteBeforeReplace"] else "beside" if "mayStandBeside" in options else "plugin"
        assert found == order


PORT = [{"container_port": 80}]


@pytest.mark.parametrize(
    ("before", "after", "renamed"),
    [
        ({"config": {"publish": {"thing": 8080}}}, {"config": {"publish": {"thing": 8081}}}, True),
        ({"config": {"publish": {"thing": 8080}}}, {"config": {"publish": {"thing": "0.0.0.0:8080"}}}, False),
        ({}, {"config": {"publish": {"thing": 8080}}}, True),
    ],
)
def test_at_another_port_a_container_can_be_started_beside_the_old_one(
    before: dict[str, Any], after: dict[str, Any], renamed: bool
) -> None:
    names = [runtime({"ports": PORT}, **side).one(CONTAINER).inputs["name"] for side in (before, after)]
    assert (names[0] != names[1]) is renamed


def test_a_database_keeps_its_name_at_another_port() -> None:
    names = {made("database", config={"publish": {"thing": port}}).one(CONTAINER).inputs["name"] for port in (1, 2)}
    assert len(names) == 1


KEEPERS = {
    "replicas": 2,
    "command": ["serve"],
    "memory": "512Mi",
    "cpu": "500m",
    "env": {"MODE": "fast", "TOKEN": Secret("canary-one")},
    "volumes": [{"source": FILES, "path": "/data", "read_only": True}],
    "health_check": {"command": ["true"]},
}


@pytest.mark.parametrize(
    ("change", "another"),
    [
        ({"image": "api:2"}, False),  # only its id counts, which the mocks give by the logical name
        ({"replicas": 3}, False),
        ({"memory": "1Gi"}, False),
        ({"memory": None}, True),
        ({"cpu": "1"}, True),
        ({"command": ["work"]}, True),
        ({"env": {"MODE": "slow", "TOKEN": Secret("canary-one")}}, True),
        ({"env": {"MODE": "fast", "TOKEN": Secret("canary-two")}}, True),
        ({"env": {"MODE": "fast"}}, True),
        ({"database_connections": 3}, True),
        ({"volumes": []}, True),
        ({"volumes": [{"source": FILES, "path": "/srv", "read_only": True}]}, True),
        ({"health_check": {"command": ["false"]}}, True),
        ({"health_check": {"command": ["true"], "retries": 9}}, True),
        ({"health_check": None}, True),
    ],
)
def test_a_revision_changes_with_all_that_a_container_cannot_change_in_place(
    change: dict[str, Any], another: bool
) -> None:
    before, after = runtime(KEEPERS).one(REVISION), runtime({**KEEPERS, **change}).one(REVISION)
    assert (before.inputs != after.inputs) is another


def test_a_label_more_makes_new_containers_beside_the_old_ones() -> None:
    assert runtime(KEEPERS).one(REVISION).inputs != runtime(KEEPERS, labels={"a": "b"}).one(REVISION).inputs


def test_the_revision_stands_in_the_names_of_its_containers_and_in_no_other() -> None:
    built = case("container_runtime")
    names = {resource.name: resource.inputs["name"] for resource in of(built, CONTAINER)}
    assert {name for name, physical in names.items() if physical.endswith("-4f2a9c1")} == {
        "thing-1",
        "thing-2",
        "thing-3",
    }


def test_a_container_runs_the_image_that_was_found_by_its_id() -> None:
    built = runtime({"image": "api:1"})
    image = built.one(IMAGE)
    assert image.inputs == {"name": "api:1", "keepLocally": True}
    assert built.one(CONTAINER).inputs["image"] == "sha256:thing-image"
    assert built.one(REVISION).inputs["keepers"]["image"] == "sha256:thing-image"


def test_a_container_runs_the_image_that_was_built_by_its_digest() -> None:
    declared = declare(
        "container_runtime", {"image": "api:1", "build": {"context": "service"}}, provider="docker", bindings={}
    )
    declared = replace(declared, declared_at=Position("/srv/team/platform.yaml", 1, 1))
    built = build(DEFINITION, run_of(declared))
    assert of(built, IMAGE) == []
    assert built.one(BUILT).inputs == {
        "imageName": "api:1",
        "buildOnPreview": False,
        "skipPush": True,
        "build": {"context": "/srv/team/service", "dockerfile": "/srv/team/service/Dockerfile"},
    }
    assert built.one(CONTAINER).inputs["image"] == "sha256:thing-image"


def test_an_unbound_container_has_a_network_of_its_own() -> None:
    built = runtime({"ports": PORT, "ingress": {"host": "h"}}, bindings={})
    network = built.one(NETWORK)
    assert network.name == "thing-network"
    assert network.inputs["driver"] == "bridge"
    attached = [[n["name"] for n in resource.inputs["networksAdvanced"]] for resource in of(built, CONTAINER)]
    assert attached == [[network.inputs["name"]]] * 2
    assert of(runtime({}), NETWORK) == []


def test_a_gateway_joins_the_shared_ingress_under_its_host() -> None:
    built = case("container behind an ingress")
    gateway = built.one(CONTAINER, "thing-gateway").inputs
    assert gateway["networksAdvanced"] == [
        {"name": "vpc-1"},
        {"name": "entry-net", "aliases": ["api.acme.com.ingress.internal"]},
    ]
    assert "ports" not in gateway
    main = built.one(CONTAINER, "thing-1").inputs
    assert main["networksAdvanced"] == [{"name": "vpc-1", "aliases": ["thing"]}]


def test_a_shared_ingress_tells_others_what_its_network_is_called() -> None:
    built = case("ingress")
    assert built.outputs["name"] == built.one(NETWORK).inputs["name"]
    assert built.one(CONTAINER).inputs["networksAdvanced"] == [{"name": built.outputs["name"], "aliases": ["thing"]}]


def test_a_network_gives_its_name_and_the_range_that_docker_chose() -> None:
    built = case("network")
    name = built.one(NETWORK).inputs["name"]
    assert built.outputs == {
        "id": name,
        "cidr": "172.20.0.0/16",
        "private_subnet_ids": [name],
        "public_subnet_ids": [name],
    }


def test_volumes_are_mounted_where_they_were_declared() -> None:
    mounts = [{"source": FILES, "path": "/data"}, {"source": FILES, "path": "/old", "read_only": True}]
    assert runtime({"volumes": mounts}).one(CONTAINER).inputs["volumes"] == [
        {"volumeName": "files-volume", "containerPath": "/data"},
        {"volumeName": "files-volume", "containerPath": "/old", "readOnly": True},
    ]
    database = case("database")
    assert database.one(CONTAINER).inputs["volumes"] == [
        {"volumeName": database.one(VOLUME).inputs["name"], "containerPath": "/var/lib/postgresql/data"}
    ]


def test_each_service_starts_once_the_one_before_it_is_up() -> None:
    built = case("container_runtime")
    assert short(built.one(CONTAINER, "thing-gateway").depends) >= {"thing-1", "thing-2", "thing-3"}
    for number in (1, 2, 3):
        waits = short(built.one(CONTAINER, f"thing-{number}").depends)
        assert not waits & {"thing-1", "thing-2", "thing-3", "thing-gateway"}, "equal ones start together"


@pytest.mark.parametrize("depends_on", [("first",), ("first", "elsewhere")])
def test_what_depends_on_another_of_its_tier_waits_for_all_of_it(depends_on: tuple[str, ...]) -> None:
    gated = {"image": "a:1", "replicas": 2, "ports": PORT, "ingress": {"host": "h"}}
    first = declare("container_runtime", gated, name="first", provider="docker")
    second = declare("container_runtime", {"image": "b:1"}, name="second", provider="docker", depends_on=depends_on)
    third = declare("container_runtime", {"image": "c:1"}, name="third", provider="docker")
    built = build(DEFINITION, run_of(first, second, third))
    everything = {"first-1", "first-2", "first-gateway"}
    assert short(built.one(CONTAINER, "second-1").depends) >= everything
    assert not short(built.one(CONTAINER, "third-1").depends) & everything
    assert not short(built.one(IMAGE, "second-image").depends) & everything, "its image can be got meanwhile"


def test_a_container_waits_for_a_database_of_its_tier_that_it_depends_on() -> None:
    queue = declare("message_queue", {"engine": "sqs"}, name="queue", provider="docker")
    database = declare("database", BASES["database"], name="db", provider="docker", depends_on=("queue",))
    built = build(DEFINITION, run_of(queue, database))
    assert "queue" in short(built.one(CONTAINER, "db").depends)


BY_REFERENCE = Template(("canary-", TierOutput(Tier.INFRASTRUCTURE, "cluster_name")))
CANARIES: Mapping[str, Mapping[str, Any]] = {
    "database": {**BASES["database"], "password": "canary-given"},
    "database with a password by reference": {**BASES["database"], "password": BY_REFERENCE},
    "message_queue with a password by reference": {**BASES["message_queue"], "password": BY_REFERENCE},
    "cache with a password by reference": {**BASES["cache"], "password": BY_REFERENCE},
    "object_storage with a key by reference": {**BASES["object_storage"], "secret_key": BY_REFERENCE},
    "database with a made password": BASES["database"],
    "mysql": {"engine": "mysql", "version": "8.4", "password": "canary-given"},
    "message_queue": {**BASES["message_queue"], "password": "canary-given"},
    "message_queue with a made password": BASES["message_queue"],
    "cache": {**BASES["cache"], "password": "canary-given"},
    "cache with a made password": BASES["cache"],
    "object_storage": {**BASES["object_storage"], "secret_key": "canary-given"},
    "object_storage with a made key": BASES["object_storage"],
    "container_runtime": {
        **BASES["container_runtime"],
        "image": Template(("registry/", Secret("canary-image"), ":1")),
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
#: A password above, and a URL with it, as Docker's own databases give them.
HIDDEN = {
    **ABOVE,
    Tier.SHARED_PRIMITIVES: {
        **ABOVE[Tier.SHARED_PRIMITIVES],
        "postgres": (
            "database",
            {
                **GIVEN[Tier.SHARED_PRIMITIVES]["postgres"][1],
                "credential_ref": "canary-above",
                "connection_string": "postgresql://u:canary-above@h/app",
            },
        ),
    },
}


def hidden(name: str) -> Built:
    kind = next(kind for kind in ("database", "message_queue", "cache", "object_storage", "container_runtime")
                if kind in name or (name == "mysql" and kind == "database"))  # fmt: skip
    declared = declare(kind, CANARIES[name], provider="docker")
    return build(DEFINITION, run_of(declared, given=HIDDEN, config={"publish": {"thing": 15432}}))


@pytest.mark.parametrize("name", CANARIES)
def test_no_secret_stands_in_an_input_in_clear(name: str) -> None:
    built = hidden(name)
    assert "canary" in json.dumps([r.inputs for r in built.resources]), "the test has nothing to find"
    for resource in (*built.resources, *built.providers):
        shown = json.dumps([list(in_clear(resource.inputs)), list(in_clear(resource.options)), resource.name])
        assert "canary" not in shown, f"{resource.type} {resource.name}"


@pytest.mark.parametrize("name", [name for name in CANARIES if "container" not in name])
def test_what_is_made_of_a_password_is_secret(name: str) -> None:
    built = hidden(name)
    secret = {output for output, value in built.outputs.items() if "canary" in str(value)}
    assert secret == {"credential_ref", "connection_string", "published_connection_string"} & set(built.outputs)
    assert secret <= built.secret_outputs


def test_secret_variables_reach_the_container_and_its_revision_whole() -> None:
    built = hidden("container_runtime")
    envs = revealed(built.one(CONTAINER, "thing-1").inputs["envs"])
    assert envs == [
        "API_TOKEN=canary-by-name",
        "DATABASE_CONNECTIONS=10",
        "EMBEDDED=x:canary-embedded",
        "FROM_ABOVE=canary-above",
        "PLAIN=canary-plain",
        "URL=postgresql://u:canary-above@h/app",
    ]
    keepers = revealed(built.one(REVISION).inputs["keepers"])
    assert keepers.items() >= {f"env.{name}": value for name, _, value in (e.partition("=") for e in envs)}.items()


def test_a_password_is_quoted_where_it_stands_in_a_url() -> None:
    built = made("database", {**BASES["database"], "password": "canary p/w@:"})
    assert built.outputs["connection_string"] == "postgresql://platform:canary%20p%2Fw%40%3A@thing:5432/app"
    assert built.outputs["credential_ref"] == "canary p/w@:"


def test_an_output_of_the_same_tier_is_taken_from_its_component() -> None:
    first = declare("container_runtime", {"image": "a:1", "ports": PORT}, name="first", provider="docker")
    env = {"FIRST": CapabilityOutput("first", "service")}
    second = declare("container_runtime", {"image": "b:1", "env": env}, name="second", provider="docker")
    built = build(DEFINITION, run_of(first, second))
    assert "FIRST=first:80" in built.one(CONTAINER, "second-1").inputs["envs"]


def test_what_is_not_known_above_stays_unknown_and_takes_its_container_with_it() -> None:
    env = {"HOST": TierOutput(Tier.SHARED_PRIMITIVES, "postgres_endpoint"), "MODE": "fast"}
    built = runtime({"env": env}, unknown=frozenset({"postgres:endpoint"}), preview=True)
    text = json.dumps(built.one(CONTAINER).inputs["envs"])
    assert "db.example" not in text
    assert "MODE=fast" in text
    assert text.count(SENTINEL) == 1
    keepers = built.one(REVISION).inputs["keepers"]
    assert keepers["env.HOST"] == SENTINEL
    assert keepers["env.MODE"] == "fast"


def test_a_network_that_is_not_known_yet_stays_unknown() -> None:
    built = made("database", unknown=frozenset({"vpc:id"}), preview=True)
    assert built.one(CONTAINER).inputs["networksAdvanced"] == [{"aliases": ["thing"], "name": SENTINEL}]
    assert UNKNOWN not in built.outputs.values(), "its own address is known before it is made"


@pytest.mark.parametrize(("config", "inputs"), [({}, {}), ({"host": "ssh://ann@box"}, {"host": "ssh://ann@box"})])
def test_the_provider_is_told_where_the_daemon_is_only_by_the_file(
    config: dict[str, Any], inputs: dict[str, Any]
) -> None:
    (provider,) = made("namespace", config=config).providers
    assert (provider.type, provider.name, provider.inputs) == ("pulumi:providers:docker", "docker", inputs)


def test_a_wrong_setting_stops_the_program() -> None:
    with pytest.raises(InputError, match="A setting of the docker provider is wrong"):
        made("namespace", config={"publish": {"thing": 0}})


STUBS = {
    "kubernetes_cluster": {"name": "thing", "endpoint": "", "ca_certificate": "", "version": "1.29"},
    "iam_role": {"arn": "docker:stub:thing", "name": "thing"},
    "dns_zone": {"id": "", "domain": "acme.com", "name_servers": []},
    "load_balancer": {"id": "", "endpoint": ""},
    "service_mesh": {"name": "thing"},
    "observability": {"endpoint": ""},
}


@pytest.mark.parametrize("kind", STUBS)
def test_a_stub_gives_its_outputs_and_makes_nothing(kind: str) -> None:
    built = case(kind)
    assert [resource.type.partition(":")[0] for resource in built.resources] == ["platform"]
    assert built.outputs == STUBS[kind]
    assert "stub" in DEFINITION.bindings[kind].summary


def test_what_a_destroy_keeps_is_what_is_protected() -> None:
    protected = {r.type for name in CASES for r in case(name).resources if r.options["protect"]}
    assert protected == DEFINITION.retained_types


@pytest.mark.parametrize(("build_", "reads"), [(None, False), ({"context": "."}, True)])
def test_what_is_built_depends_on_files_of_this_machine(build_: Any, reads: bool) -> None:
    declared = declare("container_runtime", {"image": "api:1", "build": build_}, provider="docker")
    assert DEFINITION.bindings["container_runtime"].reads_files(declared.properties) is reads


def test_the_types_that_serve_others_need_a_network() -> None:
    needy = {
        kind
        for kind, binding in DEFINITION.bindings.items()
        if binding.requires(CAPABILITY_TYPES[kind].model_validate(BASES[kind]))
    }
    assert needy == {"database", "message_queue", "cache", "object_storage"}
