"""What a run does not use is told at its line; what would be harmful to ignore is refused, with a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from platform_pulumi import declarations
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.errors import InputError
from tests.declarations.conftest import Load, described
from tests.declarations.platforms import HEAD, INFRASTRUCTURE, SHARED, container, platform
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

EXAMPLES = Path(__file__).parents[2] / "examples"
AWS = "platform:\n  org: acme\n  environment: prod\n  provider: {name: aws, config: {credentials: '${vault:a/b}'}}\n"
CLOUD = "https://api.example"


def state(settings: str) -> str:
    """A platform whose `state` says this, on line 5."""
    return platform(container(), head=f"{HEAD}  state: {{{settings}}}\n")


@pytest.mark.parametrize("scheme", ["awskms", "azurekeyvault", "gcpkms", "hashivault"])
def test_a_key_that_would_not_encrypt_is_refused(refused: Any, scheme: str) -> None:
    text = state(f"secrets_provider: '{scheme}://alias/key?region=eu'")
    for simulated in (False, True):
        error = refused(text, simulated=simulated)
        assert isinstance(error, InputError)
        assert error.exit_code == 2
        (problem,) = error.problems
        assert (problem.code, problem.position.line, problem.position.column) == ("P2080", 5, 11)
        assert f"a key of {scheme}" in problem.detail
        assert "PULUMI_CONFIG_PASSPHRASE_FILE" in problem.detail


def test_keys_by_tier_are_each_refused_at_their_line(refused: Any) -> None:
    text = platform(
        container(),
        head=f"{HEAD}  state:\n    secrets_provider:\n      infrastructure: 'awskms://k'\n"
        "      shared_primitives: passphrase\n      application: 'gcpkms://k'\n",
    )
    assert [(problem.code, problem.position.line) for problem in refused(text).problems] == [("P2080", 7), ("P2080", 9)]


@pytest.mark.parametrize("known", ["passphrase", "default"])
def test_what_encrypts_as_it_says_is_taken(load: Load, known: str) -> None:
    assert load(state(f"secrets_provider: {known}")).warnings == ()


def test_an_unknown_secrets_provider_is_a_mistake(refused: Any) -> None:
    (problem,) = refused(state("secrets_provider: passphrse")).problems
    assert (problem.code, problem.position.line) == ("P2017", 5)
    assert "Did you mean `passphrase`?" in problem.detail


def test_pulumi_cloud_takes_no_passphrase(load: Load, refused: Any) -> None:
    (problem,) = refused(state(f"backend: '{CLOUD}', secrets_provider: {{application: passphrase}}")).problems
    assert (problem.code, problem.position.line) == ("P2080", 5)
    assert "Write `default`" in problem.detail
    assert load(state(f"backend: '{CLOUD}', secrets_provider: default")).warnings == ()


@pytest.mark.parametrize("backend", ["", "backend: 's3://state', "])
def test_an_organization_needs_a_backend_that_has_some(load: Load, backend: str) -> None:
    (warning,) = load(state(f"{backend}organization: acme-inc")).warnings
    assert (warning.code, warning.position and warning.position.line, warning.warning) == ("P2081", 5, True)
    taken = load(state(f"backend: '{CLOUD}', organization: acme-inc"))
    assert taken.warnings == ()
    assert taken.state["organization"] == "acme-inc"


def test_an_organization_finds_its_backend_in_another_file(load: Load) -> None:
    backend = platform(INFRASTRUCTURE, head=f"{HEAD}  state: {{backend: '{CLOUD}'}}\n")
    assert load(state("organization: acme-inc"), backend).warnings == ()


def test_knobs_that_nothing_acts_on_are_told_where_they_stand(load: Load) -> None:
    text = platform(
        container(),
        head=f"{HEAD}  execution:\n    tier3_mode: auto_apply\n    lock_timeout: 10m\n"
        "    reconciliation_interval: 5m\n",
    )
    assert described(load(text).warnings) == (
        "8:5 ~23 [P2080] Not available in this version\n"
        "    Nothing looks for drift by itself in this version. Schedule `platform preview --refresh`, which looks"
        " once.\n"
    )


def test_a_knob_below_a_key_that_stands_there_twice_is_a_problem_of_that_key(refused: Any) -> None:
    text = platform(container(), head=f"{HEAD}  execution: {{}}\n  execution: {{lock_timeout: 10m}}\n")
    assert [problem.code for problem in refused(text).problems] == ["P2008"]


def test_triggers_beside_tiers_are_told(load: Load) -> None:
    text = f"triggers:\n  reconciliation: {{interval: 5m}}\n{platform(container())}"
    (warning,) = load(text).warnings
    assert (warning.code, warning.position and warning.position.line) == ("P2080", 1)
    assert "nothing starts them" in warning.detail
    assert load(f"triggers: {{}}\n{platform(container())}").warnings == ()


def test_a_template_beside_a_platform_is_told(load: Load) -> None:
    template = "template:\n  name: service\n  version: '1.0.0'\n"
    (warning,) = load(template, platform(container())).warnings
    assert (warning.code, warning.position and warning.position.line) == ("P2080", 1)


def test_credentials_are_told_of_and_a_real_run_is_refused(load: Load) -> None:
    loaded = load(platform(container("image: a"), head=AWS), strict=False)
    (warning,) = loaded.warnings
    assert (warning.code, warning.position and (warning.position.line, warning.position.column)) == ("P2080", (4, 34))
    with pytest.raises(InputError) as caught:
        declarations.require_available(loaded, DEFINITIONS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.position, problem.warning) == ("P2080", warning.position, False)
    assert problem.detail == "Provider `aws` does not use `credentials` in this version. Do without."


def test_credentials_are_no_matter_to_a_run_without_rights(load: Load) -> None:
    text = platform(container("image: a"), head=AWS)
    simulated = load(text, simulated=True)
    assert simulated.warnings == ()
    declarations.require_available(simulated, DEFINITIONS, simulated=True)
    other = load(text, provider="mock", simulated=True)
    declarations.require_available(other, DEFINITIONS)


def test_a_provider_without_settings_takes_none(refused: Any) -> None:
    (problem,) = refused(platform(container()).replace("{name: mock}", "{name: mock, config: {regoin: eu}}")).problems
    assert (problem.code, problem.position.line) == ("P2015", 4)
    assert problem.detail == "Provider `mock` has no setting `regoin`. It has none."


def test_unavailable_settings_are_settings() -> None:
    definitions = provider_definitions().values()
    for definition in definitions:
        assert definition.unavailable.keys() <= definition.config_fields.keys(), definition.name
    ways_out = [way_out for definition in definitions for way_out in definition.unavailable.values()]
    assert ways_out, "the test sees none"
    assert [way_out for way_out in ways_out if not way_out.endswith(".")] == []


def test_an_application_without_its_capabilities_is_told(load: Load) -> None:
    named = f"{HEAD}  application: shop\n"
    several = "\n    application:\n      applications:\n        shop:\n          capabilities:\n"
    entry = "            - {name: api, type: container_runtime, properties: {image: a}}\n"
    for text in (platform(INFRASTRUCTURE, head=named), platform(several + entry, head=named)):
        (warning,) = load(text).warnings
        assert (warning.code, warning.position and warning.position.line) == ("P2081", 5)
    assert load(platform(container(), head=named)).warnings == ()


def test_what_stands_beside_applications_reaches_each_or_is_refused(load: Load, refused: Any) -> None:
    applications = (
        "\n    application:\n      labels: {a: tier, b: tier}\n      annotations: {n: tier}\n      applications:\n"
        "        shop:\n          labels: {b: shop}\n          capabilities:\n"
        "            - {name: api, type: container_runtime, properties: {image: a}}\n"
        "        blog:\n          capabilities:\n"
        "            - {name: web, type: container_runtime, properties: {image: a}}\n"
    )
    shop, blog = (tier.capabilities[0] for tier in load(platform(applications)).tiers)
    assert (shop.labels, blog.labels) == ({"a": "tier", "b": "shop"}, {"a": "tier", "b": "tier"})
    assert (shop.annotations, blog.annotations) == ({"n": "tier"}, {"n": "tier"})

    outputs = "      outputs: [{name: place, source: api.endpoint}]\n"
    (problem,) = refused(
        platform(applications.replace("      applications:", f"{outputs}      applications:"))
    ).problems
    assert (problem.code, problem.position.line) == ("P2017", 9)


def test_labels_of_a_platform_reach_what_other_files_declare(load: Load) -> None:
    about = f"{HEAD}  labels: {{team: a, own: all}}\n  annotations: {{note: a}}\n"
    other = SHARED.replace("      outputs:", "      labels: {own: tier}\n      outputs:")
    tiers = load(platform(INFRASTRUCTURE, head=about), platform(other)).tiers
    found = [capability for tier in tiers for capability in tier.capabilities]
    assert {capability.name: capability.labels["own"] for capability in found} == {
        "cluster": "all", "vpc": "all", "ns": "tier", "db": "tier",
    }  # fmt: skip
    assert all(capability.labels["team"] == "a" for capability in found)
    assert all(capability.annotations == {"note": "a"} for capability in found)


def test_labels_without_capabilities_beside_them_are_told(load: Load) -> None:
    lonely = "\n    shared_primitives:\n      labels: {team: a}\n"
    (warning,) = load(platform(lonely, container("image: a, namespace: ns")), platform(SHARED)).warnings
    assert (warning.code, warning.position and warning.position.line) == ("P2081", 7)


@pytest.mark.parametrize(
    ("provider", "place", "line"),
    [
        ("docker", "  annotations: {note: a}\n", 5),
        ("docker", "own", 11),
        ("aws", "own", None),
        ("aws", "  annotations: {note: a}\n", None),
    ],
)
def test_annotations_that_reach_no_resource_are_told(load: Load, provider: str, place: str, line: int | None) -> None:
    own = "          annotations: {note: a}\n" if place == "own" else ""
    head = HEAD.replace("mock", provider) + ("" if own else place)
    shared = (
        "\n    shared_primitives:\n      capabilities:\n        - name: ns\n          type: namespace\n"
        "          properties: {}\n"
    )
    text = platform(shared + own, INFRASTRUCTURE, head=head)
    warnings = load(text, definitions=provider_definitions()).warnings
    assert [(w.code, w.position and w.position.line) for w in warnings] == ([] if line is None else [("P2081", line)])


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("production", [22, 133]),
        ("local-dev", []),
        ("drift-detection", [14]),
        ("microservice-template", [8]),
        ("deploy-from-template", [27]),
    ],
)
def test_the_examples_are_valid_and_tell_what_waits(name: str, lines: list[int]) -> None:
    path = EXAMPLES / f"platform-{name}.yaml"
    loaded = load_files([path], definitions=provider_definitions(), strict=False)
    assert [warning.position and warning.position.line for warning in loaded.warnings] == lines
    assert {warning.code for warning in loaded.warnings} <= {codes.NOT_AVAILABLE.code}


@pytest.mark.parametrize("key", ["platform:urn", "platform:anything", "platform/urn"])
@pytest.mark.parametrize("name", ["labels", "annotations"])
@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ("platform", [5]),
        ("tier", [9]),
        ("capability", [16]),
        ("application", [26]),
        ("applications", [23]),
    ],
)
def test_keys_of_the_platform_are_refused_at_their_line(
    refused: Any, place: str, lines: list[int], name: str, key: str
) -> None:
    def at(where: str) -> str:
        return f'{{team: a, "{key}": b}}' if where == place else "{team: a}"

    text = f"""apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  {name}: {at("platform")}
  provider: {{name: mock}}
  tiers:
    shared_primitives:
      {name}: {at("tier")}
      capabilities:
        - name: db
          type: database
          properties:
            engine: postgresql
            version: "15"
          {name}: {at("capability")}
        - name: ns
          type: namespace
          properties: {{}}
    application:
      # All of them.
      #
      {name}: {at("applications")}
      applications:
        shop:
          {name}: {at("application")}
          capabilities:
            - name: api
              type: container_runtime
              properties:
                image: a
"""
    problems = refused(text).problems
    assert [(p.code, p.position.line) for p in problems] == [("P2023", line) for line in lines]
    assert key in problems[0].detail
