"""Names, aliases, routing and settings of providers; what can be declared and not yet run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from platform_pulumi import declarations
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.platform import ProviderDeclaration
from tests.declarations.conftest import Load, described
from tests.declarations.platforms import INFRASTRUCTURE, SHARED, container, platform
from tests.declarations.providers import DEFINITIONS


@pytest.mark.parametrize(
    ("written", "own"),
    [("aws", "aws"), ("amazon", "aws"), ("docker-compose", "docker"), ("kind", "kubernetes"), ("docker", "docker")],
)
def test_names_and_aliases(load: Load, written: str, own: str) -> None:
    loaded = load(platform(container()).replace("name: mock", f"name: {written}"))
    assert loaded.providers[0].name == own
    assert loaded.tiers[0].capabilities[0].provider == own


def test_a_reserved_provider_is_declared_but_not_run(load: Load) -> None:
    loaded = load(platform(container()).replace("name: mock", "name: kind"))
    with pytest.raises(InputError) as caught:
        declarations.require_available(loaded, DEFINITIONS)
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.position).endswith("file.yaml:4:13")) == ("P2080", True)
    declarations.require_available(load(platform(container())), DEFINITIONS)


def test_routing_by_type(load: Load) -> None:
    text = platform(INFRASTRUCTURE, SHARED).replace(
        "provider: {name: mock}", "provider: [{name: aws, capabilities: [network, database]}, {name: mock}]"
    )
    served = {c.name: c.provider for tier in load(text).tiers for c in tier.capabilities}
    assert served == {"vpc": "aws", "cluster": "mock", "ns": "mock", "db": "aws"}


def test_a_type_that_nobody_serves(refused: Any) -> None:
    text = platform(SHARED).replace("provider: {name: mock}", "provider: [{name: mock, capabilities: [namespace]}]")
    assert "No provider serves `database`" in described(refused(text).problems)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("dns_zone", "domain: acme.com"),
        ("load_balancer", ""),
        ("cache", 'engine: redis, version: "7"'),
        ("object_storage", ""),
        ("persistent_volume", ""),
        ("ingress", ""),
        ("service_mesh", ""),
        ("observability", ""),
    ],
)
def test_a_type_that_aws_does_not_serve(load: Load, refused: Any, kind: str, properties: str) -> None:
    entry = f"        - {{name: thing, type: {kind}, properties: {{{properties}}}}}\n"
    text = platform(f"\n    {CAPABILITY_TYPES[kind].TIER.label}:\n      capabilities:\n{entry}")
    (problem,) = refused(text.replace("name: mock", "name: aws"), definitions=provider_definitions()).problems
    assert problem.code == "P2029"
    assert problem.detail.startswith(f"Provider aws has nothing for `{kind}`; it serves iam_role, kubernetes_cluster, ")
    assert (problem.position.line, problem.length) == (8, len(kind))
    assert load(text, definitions=provider_definitions()).tiers[0].capabilities[0].provider == "mock"


def test_another_provider_has_a_context_of_its_own(load: Load) -> None:
    text = platform(container()).replace("{name: mock}", "{name: aws, config: {region: eu}}")
    other = load(text, provider="mock")
    assert (other.context.provider, other.providers[0].config) == ("mock", {})
    assert other.tiers[0].capabilities[0].provider == "mock"
    same = load(text, provider="amazon")
    assert (same.context.provider, same.providers[0].config) == (None, {"region": "eu"})
    assert load(platform(container()), provider="kind").context.provider == "kubernetes"


def test_another_provider_that_is_always_simulated_needs_no_vault(load: Load, refused: Any) -> None:
    text = platform(container('image: a, env: {A: "${vault:a/b}"}')).replace("name: mock", "name: docker")
    definitions = provider_definitions()
    assert [problem.code for problem in refused(text, definitions=definitions).problems] == ["P2039"]
    assert load(text, definitions=definitions, provider="mock").context.provider == "mock"


def test_an_unknown_provider_on_the_command_line(refused: Any) -> None:
    error = refused(platform(container()), provider="mok")
    assert isinstance(error, InputError)
    assert "Did you mean `mock`?" in error.detail


def test_settings_are_checked_but_not_read(load: Load, refused: Any) -> None:
    config = "{region: '${env:NOT_SET}', credentials: '${vault:a/b}'}"
    loaded = load(platform(container()).replace("{name: mock}", f"{{name: aws, config: {config}}}"))
    assert loaded.providers[0].config["region"] == "${env:NOT_SET}"
    wrong = "{regoin: eu, account_id: '${env', credentials: '${tier1.x}'}"
    error = refused(platform(container()).replace("{name: mock}", f"{{name: aws, config: {wrong}}}"))
    assert [problem.code for problem in error.problems] == ["P2015", "P2030", "P2040"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [("${Bad.x} ${Bad.x}", [0, 9]), ("${db.host}/${db.host}", [0, 11]), ("${env:A} ${env:A", [9])],
)
def test_each_wrong_reference_in_a_setting_is_pointed_at(refused: Any, text: str, columns: list[int]) -> None:
    lines = platform(container()).replace("{name: mock}", f"{{name: mock, config: {{k: '{text}'}}}}")
    start = next(line.index(text) for line in lines.splitlines() if text in line)
    wrong = [problem for problem in refused(lines).problems if problem.code in {"P2030", "P2040"}]
    assert [problem.position.column - 1 - start for problem in wrong] == columns


def test_settings_are_read_when_a_run_needs_them(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-file\n", encoding="utf-8")
    config = "{region: '${app.region}', account_id: '1${env:ID}', credentials: {keys: ['${file:key}', 5]}}"
    text = platform(container()).replace("{name: mock}", f"{{name: aws, config: {config}}}")
    (aws,) = load(text.replace("  tiers:", "  app: {region: eu-west-1}\n  tiers:")).providers
    resolved = declarations.resolve_config(aws, secrets=LocalSecrets({"ID": "23"}))
    assert resolved == {"region": "eu-west-1", "account_id": "123", "credentials": {"keys": ["from-file", 5]}}


def test_settings_without_a_value_stop_only_a_run_that_needs_them(load: Load) -> None:
    text = platform(container()).replace("{name: mock}", "{name: aws, config: {region: '${app.region}'}}")
    (aws,) = load(text, simulated=True).providers
    with pytest.raises(InputError) as caught:
        declarations.resolve_config(aws, secrets=LocalSecrets({}))
    assert [problem.code for problem in caught.value.problems] == ["P2037"]
    (aws,) = load(text, simulated=True, variables={"region": "eu"}).providers
    assert declarations.resolve_config(aws, secrets=LocalSecrets({})) == {"region": "eu"}


def test_settings_that_cannot_be_read_say_what_to_do(load: Load) -> None:
    config = "{region: '${env:NOT_SET}', credentials: '${vault:a/b}'}"
    (aws,) = load(platform(container()).replace("{name: mock}", f"{{name: aws, config: {config}}}")).providers
    with pytest.raises(InputError) as caught:
        declarations.resolve_config(aws, secrets=LocalSecrets({}))
    assert [problem.code for problem in caught.value.problems] == ["P2036", "P2039"]
    assert "Use ${env:NAME}" in described(caught.value.problems)


def test_a_simulated_run_goes_by_the_settings_without_references() -> None:
    config = {
        "region": "eu",
        "account_id": 12,
        "role": "${env:ROLE}",
        "zones": ["a", "b"],
        "others": ["a", "${env:ZONE}"],
        "publish": {"db": 5432, "queue": "${env:PORT}"},
    }
    literal = {"region": "eu", "account_id": 12, "zones": ["a", "b"], "publish": {"db": 5432}}
    assert declarations.literal_config(ProviderDeclaration("aws", config)) == literal


def test_a_simulated_run_reads_literal_text_as_a_real_one_does() -> None:
    config = {
        "text": "a$${b}",
        "several": ["$5", "$${c}"],
        "nested": {"deep": [{"$${key}": "$${d}", "port": 80}], "none": None, "half": 1.5, "yes": True},
        "empty": [],
    }
    declared = ProviderDeclaration("aws", config)
    literal = declarations.literal_config(declared)
    assert literal["text"] == "a${b}"
    assert literal == declarations.resolve_config(declared, secrets=LocalSecrets({}))


@pytest.mark.parametrize("value", ["${env:HOME}", "$${b}", "a ${b", "$$"])
def test_what_a_value_of_the_application_says_is_not_read_for_references(load: Load, value: str) -> None:
    text = platform(container()).replace("{name: mock}", "{name: aws, config: {region: '${app.region}'}}")
    (aws,) = load(text, simulated=True, variables={"region": value}).providers
    assert declarations.resolve_config(aws, secrets=LocalSecrets({"HOME": "canary"})) == {"region": value}
    assert declarations.literal_config(aws) == {"region": value}


def test_settings_are_shown_as_written_without_their_secrets() -> None:
    config = {
        "region": "eu",
        "account_id": "${env:ID}",
        "credentials": "${vault:a/b}",
        "token": "canary",
        "tokens": ["canary", {"a": "canary"}],
        "host": "ssh://me:canary@host",
        "publish": {"api": 80, "password": 5},
        "profile": None,
    }
    assert "canary" not in repr(ProviderDeclaration("aws", config))
    assert declarations.shown_config(ProviderDeclaration("aws", config)) == {
        "region": "eu",
        "account_id": "${env:ID}",
        "credentials": "${vault:a/b}",
        "token": "[secret]",
        "tokens": ["[secret]", {"a": "[secret]"}],
        "host": "ssh://me:******@host",
        "publish": {"api": 80, "password": "[secret]"},
        "profile": None,
    }
