"""A provider of somebody else's works everywhere without a line changed here: it is installed, and that is all."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.catalog import PROVIDERS
from tests.e2e.conftest import Project, changes

CACHE = ("acme:index:Cache", "platform:index:Password")


def caches(service: Path) -> dict[str, Any]:
    """What Acme's service has, by name."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in service.glob("*.json")}


def acts(plan: Any) -> dict[str, str]:
    """The action on each type of resource."""
    return {kind: action for _, action, _, kind in changes(plan)}


def test_it_is_installed_for_these_tests_only(project: Project) -> None:
    assert "acme" not in {entry.name for entry in entry_points(group=PROVIDERS)}
    done = project.run("doctor")
    assert "acme, aws, docker, mock" in done.stdout
    assert f"Acme at {project.env['ACME_HOME']}" in done.stdout


def test_its_declarations_are_checked(project: Project) -> None:
    assert project.run("validate").returncode == 0
    project.replace("{name: acme}", "{name: acme, config: {hom: /srv}}")
    done = project.run("validate")
    assert done.returncode == 2
    assert "Provider `acme` has no setting `hom`. Did you mean `home`?" in done.stderr


def test_its_fidelity_is_told(project: Project) -> None:
    (table,) = project.json("fidelity", "acme")["providers"]
    assert table["provider"] == "acme"
    levels = {field: level["fidelity"] for field, level in table["types"]["cache"].items()}
    assert {"memory": "full", "version": "partial", "high_availability": "none"}.items() <= levels.items()


def status(project: Project) -> Any:
    """How the cache is now."""
    (found,) = [capability for tier in project.json("status")["tiers"] for capability in tier["capabilities"]]
    return found


@pytest.mark.engine
@pytest.mark.slow("whole commands of a provider of somebody else's, one after the other")
def test_it_is_simulated(project: Project, service: Path) -> None:
    plan = project.preview()
    assert acts(plan) == dict.fromkeys(CACHE, "create")
    assert plan["providers"] == [{"name": "acme", "version": "1.0.0", "plugin": "simulated"}]
    assert "Acme offers 7, not 7.2; it chooses the minor version" in json.dumps(plan)
    assert project.run("up", "--simulate", "--yes").returncode == 0
    assert acts(project.preview()) == {}
    project.replace("memory: 512Mi", "memory: 1Gi")
    assert acts(project.preview()) == {CACHE[0]: "update"}
    project.replace("engine: redis", "engine: valkey")
    assert acts(project.preview()) == {CACHE[0]: "replace"}
    told = project.json("status", "--simulate")
    assert "simulated acme answers what its state says" in json.dumps(told)
    assert caches(service) == {}, "no simulated run reaches Acme"


@pytest.mark.engine
@pytest.mark.slow("whole commands of a provider of somebody else's, one after the other")
def test_it_runs_in_earnest(project: Project, service: Path) -> None:
    assert acts(project.json("preview")) == dict.fromkeys(CACHE, "create")
    done = project.run("up", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    ((name, cache),) = caches(service).items()
    assert {key: cache[key] for key in ("engine", "version", "memory")} == {
        "engine": "redis",
        "version": "7",
        "memory": "512Mi",
    }
    assert f"{name}.caches.acme.example:6379" in project.run("outputs").stdout
    assert acts(project.json("preview")) == {}

    sessions = status(project)
    assert (sessions["state"], sessions["health"]) == ("active", "healthy")
    (service / f"{name}.json").unlink()
    sessions = status(project)
    assert sessions["state"] == "deleted"
    assert f"Acme has no cache {name}" in json.dumps(sessions)

    done = project.run("up", "--yes", "--refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(caches(service)) == [name], "what is gone is made again"
    done = project.run("destroy", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert caches(service) == {}


@pytest.mark.engine
def test_a_service_that_is_not_there_stops_a_run(project: Project, service: Path) -> None:
    service.rmdir()
    done = project.run("preview")
    assert done.returncode != 0
    assert f"Acme's service does not answer at {service}" in " ".join(done.stderr.split())
