"""The specification's five examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi import declarations
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(*names: str) -> Platform:
    paths = [EXAMPLES / f"platform-{name}.yaml" for name in names]
    return load_files(paths, definitions=DEFINITIONS, environment={})


def test_production() -> None:
    platform = load("production")
    assert [[c.name for c in tier.capabilities] for tier in platform.tiers] == [
        ["primary-vpc", "primary-cluster"],
        ["app-namespace", "shared-postgres", "event-queue"],
        ["api-service"],
    ]
    assert declarations.constraints_checked(platform) == 4
    assert [(warning.code, warning.position.line) for warning in platform.warnings if warning.position] == [
        ("P2080", 22),  # credentials
        ("P2080", 133),  # reconciliation_interval
    ]
    declarations.require_available(platform, DEFINITIONS, simulated=True)


def test_production_is_not_run_with_other_rights_than_it_says() -> None:
    with pytest.raises(InputError) as caught:
        declarations.require_available(load("production"), DEFINITIONS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.warning) == ("P2080", False)
    assert problem.position is not None
    assert problem.position.line == 22


def test_local_development() -> None:
    platform = load("local-dev")
    assert [provider.name for provider in platform.providers] == ["docker"]
    declarations.require_available(platform, DEFINITIONS)


@pytest.mark.parametrize("name", ["drift-detection", "microservice-template", "deploy-from-template"])
def test_the_others_are_read_and_not_run_yet(name: str) -> None:
    platform = load(name)
    with pytest.raises(InputError) as caught:
        declarations.require_available(platform, DEFINITIONS)
    assert {problem.code for problem in caught.value.problems} == {"P2080"}
    assert all(problem.position is not None for problem in caught.value.problems)


def test_triggers_and_templates_are_known() -> None:
    assert load("drift-detection").triggers == {
        "reconciliation": {"interval": "5m", "tiers": [1, 2, 3], "on_drift": "alert", "alert_channel": "slack"}
    }
    both = load("microservice-template", "deploy-from-template")
    assert [(t.name, t.version) for t in both.templates] == [("microservice", "1.0.0")]
    assert [(t.name, t.parameters["image"]) for t in both.template_uses] == [
        ("microservice", "registry.acme.com/orders:2.0.1")
    ]


@pytest.mark.parametrize(
    ("old", "new", "said", "declared"),
    [
        ("replicas: 2", 'replicas: "two"', "`replicas` should be a whole number.", [19]),
        ('memory: "1Gi"', 'memroy: "1Gi"', "Did you mean `memory`?", [8]),
        ('service_name: "orders-service"', "", "needs the parameter `service_name`", [13]),
        ('version: "1.0.0"', 'version: "2.0.0"', "declared in version 1.0.0", [8]),
        ('template: "microservice"', 'template: "microservise"', "Did you mean `microservice`?", []),
        ('version: "1.0.0"', 'type: "database"', "`type` comes from the template", []),
    ],
)
def test_uses_are_checked_against_their_template(
    tmp_path: Path, old: str, new: str, said: str, declared: list[int]
) -> None:
    text = (EXAMPLES / "platform-deploy-from-template.yaml").read_text(encoding="utf-8")
    assert old in text
    use = tmp_path / "use.yaml"
    use.write_text(text.replace(old, new), encoding="utf-8")
    template = EXAMPLES / "platform-microservice-template.yaml"
    with pytest.raises(InputError) as caught:
        load_files([template, use], definitions=DEFINITIONS, environment={})
    problem = caught.value.problems[0]
    assert said in problem.detail
    assert [(place.file, place.line) for place in problem.also] == [(str(template), line) for line in declared]


def test_a_duration_of_a_template_is_one_of_a_capability(tmp_path: Path) -> None:
    text = "template:\n  name: a\n  version: 1.0.0\n  parameters: [{name: wait, type: duration, default: 10s}]\n"
    file = tmp_path / "template.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_files([file], definitions=DEFINITIONS).templates[0].name == "a"
    file.write_text(text.replace("10s", "\N{FULLWIDTH DIGIT ONE}0s"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_files([file], definitions=DEFINITIONS)
    (problem,) = caught.value.problems
    assert problem.detail == "The default of `wait` should be a duration such as 10s, 5m or 1h."


def test_a_template_has_a_file_of_its_own(tmp_path: Path) -> None:
    text = (EXAMPLES / "platform-microservice-template.yaml").read_text(encoding="utf-8")
    file = tmp_path / "both.yaml"
    file.write_text(f"{text}platform: {{org: a, environment: b}}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_files([file], definitions=DEFINITIONS, environment={})
    assert [problem.code for problem in caught.value.problems] == ["P2070"]
