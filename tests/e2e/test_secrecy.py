"""Whatever looks like a secret is one: in the plan in every form, in the state, in exports, and in what is told.

One document holds every name of `tests.secrecy`, every form of credentials, and a password that is a plain output.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.cli.views.human import plan as human
from platform_pulumi.cli.views.markdown import plan as markdown
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.model.plan import document
from tests.e2e.conftest import Project
from tests.secrecy import CREDENTIALS, SECRET_NAMES

pytestmark = [
    pytest.mark.engine,
    pytest.mark.slow("three tiers are applied on two providers, and every stack exported"),
]
NAMED = {name: f"canary{index:03}name" for index, name in enumerate(SECRET_NAMES)}
URLS = {f"SETTING_{index}": form.replace("{}", f"canary{index:03}url") for index, form in enumerate(CREDENTIALS)}
#: A plain output, and what becomes a password with it.
USER, PASSWORD = "platformuser", "canary-platformuser"
CLUSTER: Mapping[str, Any] = {"version": "1.30", "node_groups": [{"name": "a", "instance_type": "t3.large"}]}
TIERS: Mapping[str, Any] = {
    "infrastructure": {
        "capabilities": [
            {"name": "net", "type": "network", "properties": {"cidr": "10.0.0.0/16"}},
            {"name": "cluster", "type": "kubernetes_cluster", "properties": CLUSTER},
        ]
    },
    "shared_primitives": {
        "capabilities": [
            {"name": "space", "type": "namespace"},
            {
                "name": "queue",
                "type": "message_queue",
                "properties": {"engine": "rabbitmq", "version": "3.13", "username": USER},
            },
            {
                "name": "db",
                "type": "database",
                "properties": {"engine": "postgresql", "version": "15", "password": "canary-${queue.username}"},
            },
        ],
        "outputs": [{"name": "user", "source": "queue.username"}],
    },
    "application": {
        "capabilities": [
            {
                "name": "api",
                "type": "container_runtime",
                "properties": {
                    "image": "api:1",
                    "env": {
                        **NAMED,
                        **URLS,
                        "DATABASE_URL": "postgres://canary-in-template:${tier2.user}@db/app",
                        "ADMIN_PASSWORD": "canary-${tier2.user}",
                        "SET_PASSWORD": "${app.value}",
                        "SHOWN": "seen-by-all",
                    },
                },
            }
        ]
    },
}


def _project(folder: Path, provider: str) -> Project:
    head = {"org": "acme", "environment": "dev", "app": {"value": "canary-app"}, "provider": {"name": provider}}
    document = {"platform": {**head, "tiers": TIERS}}
    (folder / "platform.yaml").write_text(json.dumps(document), encoding="utf-8")
    return Project(folder)


@pytest.mark.parametrize("provider", ["aws", "docker"])
def test_nothing_is_in_clear_in_state(provider: str, tmp_path: Path, pulumi_cli: Toolchain) -> None:
    project = _project(tmp_path, provider)
    done = project.run("up", "--simulate", "--yes", "--set", "value=canary-set")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "canary" not in done.stdout + done.stderr
    for path in project.home.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes(), path
    shown, revealed = (_state(project, pulumi_cli, *how) for how in ((), ("--show-secrets",)))
    assert "canary" not in shown
    assert "seen-by-all" in shown
    values = {*NAMED.values(), *(f"canary{index:03}url" for index in range(len(CREDENTIALS))), PASSWORD}
    assert not [value for value in values if value not in revealed], "the test has nothing to find"
    assert f"postgres://canary-in-template:{USER}@db/app" in revealed
    for verb in ("outputs", "preview"):
        done = project.run(verb, "--simulate", "--format", "json")
        assert "canary" not in done.stdout + done.stderr


def test_nothing_is_in_clear_in_any_view_of_a_plan(tmp_path: Path) -> None:
    project = _project(tmp_path, "mock")
    done = project.run("preview", "--simulate", "--format", "json", "--set", "value=canary-set")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "canary" not in done.stdout + done.stderr
    assert "seen-by-all" in done.stdout
    plan = document.read(json.loads(done.stdout))
    options = ViewOptions(full=True)
    for shown in (human.plan(plan, options).text(colour=False), markdown.plan(plan, options)):
        assert "api" in shown
        assert "canary" not in shown


def test_nothing_is_in_clear_in_an_export(tmp_path: Path) -> None:
    project = _project(tmp_path, "docker")
    for out in ([], ["--out", "compose.yaml"]):
        done = project.run("export", "compose", "--set", "value=canary-set", *out)
        assert done.returncode == 0, done.stderr[-3000:]
        assert "canary" not in done.stdout + done.stderr
    assert "canary" not in (tmp_path / "compose.yaml").read_text(encoding="utf-8")
    assert "seen-by-all" in (tmp_path / "compose.yaml").read_text(encoding="utf-8")
    secret = [path for path in (tmp_path / "secrets").rglob("*") if path.is_file() and "canary" in path.read_text()]
    assert {path.name for path in secret} == {"api.env", "db-password.txt"}
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}


def _state(project: Project, cli: Toolchain, *how: str) -> str:
    """Export every stack with Pulumi's own command."""
    root = next(path.parent for path in project.home.rglob(".pulumi") if path.is_dir())
    environment = {
        "PULUMI_BACKEND_URL": f"file://{root}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(root / "passphrase"),
        "PULUMI_HOME": str(project.folder / "pulumi-home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    stacks = project.execute(str(cli.path), "stack", "ls", "--all", "--json", env=environment)
    assert stacks.returncode == 0, stacks.stderr
    found = []
    for stack in json.loads(stacks.stdout):
        done = project.execute(str(cli.path), "stack", "export", "--stack", stack["name"], *how, env=environment)
        assert done.returncode == 0, done.stderr
        found.append(done.stdout)
    assert len(found) == 3
    return "".join(found)
