"""What AWS cannot have, told at its line before anything is planned: settings, ranges, one host twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.aws import DEFINITION
from platform_pulumi.errors import InputError
from tests.reading import load_files

PLATFORM = """\
platform:
  org: acme
  environment: dev
  application: NAME
  provider: {name: aws, config: {region: us-east-1}}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
        - name: main
          type: kubernetes_cluster
          properties: {version: "1.29", node_groups: [{name: spot, instance_type: m5.large}]}
    shared_primitives: {capabilities: [{name: space, type: namespace}]}
"""
APPLICATION = """\
    application:
      capabilities:
        - name: one
          type: container_runtime
          properties: {image: a, ports: [{container_port: 80}], ingress: {host: a.acme.com}}
        - name: two
          type: container_runtime
          properties: {image: a, ports: [{container_port: 80}], ingress: {host: b.acme.com, port: 8443, path: /b}}
"""


def told(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """The places and details of what is refused; nothing where the files are taken."""
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.yaml")
        files[-1].write_text(text.replace("NAME", f"app{number}"), encoding="utf-8")
    try:
        load_files(files, definitions={"aws": DEFINITION}, environment={})
    except InputError as error:
        return [(str(problem.position).removeprefix(f"{folder}/"), problem.detail) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "settings",
    [
        "region: eu-central-1, account_id: '012345678901', availability_zones: [eu-central-1b, eu-central-1a]",
        "region: us-gov-west-1, account_id: 123456789012, profile: team a",
        "region: us-west-2, availability_zones: [us-west-2a, us-west-2-lax-1a]",
        "region: eusc-de-east-1, assume_role: 'arn:aws-cn:iam::123456789012:role/path/deploy'",
        "region: '${env:REGION}', account_id: '${env:ACCOUNT}'",
    ],
)
def test_settings_of_aws(settings: str, tmp_path: Path) -> None:
    assert told(tmp_path, PLATFORM.replace("region: us-east-1", settings)) == []


@pytest.mark.parametrize(
    ("settings", "place", "words"),
    [
        ("region: ''", "0.yaml:5:42", "`region` should be a region such as us-east-1. Nothing is given."),
        ("region: us east", "0.yaml:5:42", "It is us east."),
        ("region: us-east-\u0661", "0.yaml:5:42", "It is us-east-\u0661."),
        ("region: us-east-1a", "0.yaml:5:42", "It is us-east-1a."),
        ("account_id: 12", "0.yaml:5:46", "12 digits in quotes. It is 12."),
        ("account_id: true", "0.yaml:5:46", "12 digits in quotes."),
        ("assume_role: admin", "0.yaml:5:47", "the ARN of a role"),
        ("profile: ' '", "0.yaml:5:43", "the name of a profile"),
        ("availability_zones: us-east-1a", "0.yaml:5:54", "should be a list of zones"),
        ("availability_zones: [us-east-1a, us-east-1a]", "0.yaml:5:67", "`us-east-1a` is listed already"),
        ("region: us-east-1, availability_zones: [eu-west-1a]", "0.yaml:5:74", "`eu-west-1a` is no zone of us-east-1"),
        ("availability_zones: [a]", "0.yaml:5:55", "A zone is called like us-east-1a. It is a."),
        ("availability_zones: [[]]", "0.yaml:5:55", "A zone is called like us-east-1a. Nothing is given."),
    ],
)
def test_settings_that_aws_cannot_have(settings: str, place: str, words: str, tmp_path: Path) -> None:
    ((at, detail),) = told(tmp_path, PLATFORM.replace("region: us-east-1", settings))
    assert at == place
    assert words in detail


def test_a_network_larger_than_any_vpc(tmp_path: Path) -> None:
    assert told(tmp_path, PLATFORM.replace("/16", "/15")) == [
        ("0.yaml:9:57", "A network on AWS is at most a /16, 65,536 addresses. It is 10.0.0.0/15.")
    ]


@pytest.mark.parametrize("host", ["a.acme.com", "A.Acme.com"])
def test_one_host_of_two_services(host: str, tmp_path: Path) -> None:
    """Each has a load balancer of its own, whatever its port and path."""
    assert told(tmp_path, PLATFORM + APPLICATION) == []
    ((at, detail),) = told(tmp_path, PLATFORM + APPLICATION.replace("b.acme.com", host))
    assert at == "0.yaml:21:81"
    assert detail.startswith("`two` needs host a.acme.com, and `one` has it already, at ")


def test_one_host_of_two_applications(tmp_path: Path) -> None:
    head = PLATFORM.partition("    infrastructure:")[0]
    other = APPLICATION.replace("a.acme.com", "c.acme.com")
    ((at, detail),) = told(tmp_path, PLATFORM + APPLICATION, head + other)
    assert at == "1.yaml:14:81"
    assert detail.startswith("`two` needs host b.acme.com, and `two` has it already, at ")


ROLE = "arn:aws:iam::123456789012:role/path/deploy"


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        ({"assume_role": ROLE}, "123456789012"),
        ({"assume_role": ROLE.replace("aws:iam", "aws-us-gov:iam"), "region": "us-gov-west-1"}, "123456789012"),
        ({"assume_role": "deploy"}, None),
        ({"profile": "team"}, None),
    ],
)
def test_a_role_says_in_whose_account_it_works(settings: dict[str, str], account: str | None) -> None:
    """Another account is refused of a stack that was applied (`realm`), also where only the role says it."""
    assert DEFINITION.implied(settings).get("account_id") == account
    assert set(DEFINITION.realm) == {"account_id"}


def test_a_role_of_another_account_than_the_one_that_may_be_touched(tmp_path: Path) -> None:
    given = "region: us-east-1"
    text = PLATFORM.replace(given, f'{given}, account_id: "210987654321", assume_role: "{ROLE}"')
    column = text.splitlines()[4].index(f'"{ROLE}"') + 1
    assert told(tmp_path, text) == [
        (f"0.yaml:5:{column}", "The role is of account 123456789012, and `account_id` is 210987654321."),
    ]
