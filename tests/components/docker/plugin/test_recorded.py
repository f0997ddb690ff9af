"""A stack of the published plugin taken over by ours, on the real Pulumi CLI: the same plans, none where none was.

The recorded state is imported into a stack, and the recorded program previewed with each recorded change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from platform_pulumi.engine.toolchain import Toolchain
from tests.components.docker.plugin.containers import RECORDED

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = pytest.mark.engine
CASES = {case["case"]: case for case in RECORDED["previews"]}
NOWHERE = "unix:///nowhere/docker.sock"
Events = list[dict[str, Any]]


def run(
    folder: Path, cli: Toolchain, docker: str, *jobs: tuple[str, Mapping[str, Any]], **environment: str
) -> list[Events]:
    """Run verbs on the stack, each with a change of the program; what the engine told of each."""
    link = folder / "cli" / "bin" / "pulumi"
    if not link.exists():
        link.parent.mkdir(parents=True)
        link.symlink_to(cli.path)
        (folder / "state").mkdir()
        project = f"name: fx\nruntime: python\nbackend: {{url: 'file://{folder}/state'}}\n"
        (folder / "Pulumi.yaml").write_text(project)
    done = subprocess.run(
        [sys.executable, "-m", "tests.components.docker.plugin.recorded_program", str(folder), json.dumps(jobs)],
        env={**os.environ, "DOCKER_HOST": docker, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    seen: list[Events] = json.loads(done.stdout.splitlines()[-1])
    return seen


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory, pulumi_cli: Toolchain) -> Mapping[str, Events]:
    """The recorded state taken over, and every recorded preview; no daemon answers: a plan needs none."""
    folder = tmp_path_factory.mktemp("fx")
    resources = [{**item, "outputs": item.get("outputs", {})} for item in RECORDED["state"]]
    (folder / "import.json").write_text(json.dumps(resources))
    jobs = [("preview", case["change"]) for case in CASES.values()]
    _, *seen = run(folder, pulumi_cli, NOWHERE, ("import", {}), *jobs)
    return dict(zip(CASES, seen, strict=True))


def steps(events: Events) -> dict[str, list[dict[str, Any]]]:
    """The steps by resource, as they were recorded."""
    found: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event["type"] not in {"pulumi:pulumi:Stack", "pulumi:providers:docker"}:
            found.setdefault(event["name"], []).append({key: event[key] for key in ("op", "diffs", "keys", "detailed")})
    return found


def expected(case: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {
                "op": step["op"],
                "diffs": step["diffs"] or [],
                "keys": step["keys"] or [],
                "detailed": {path: entry["kind"] for path, entry in step["detailedDiff"].items()},
            }
            for step in listed
        ]
        for name, listed in case["steps"].items()
    }


@pytest.mark.parametrize("name", list(CASES))
def test_every_recorded_plan(previews: Mapping[str, Events], name: str) -> None:
    assert steps(previews[name]) == expected(CASES[name])


@pytest.mark.slow("a whole life in nine runs of the CLI")
@pytest.mark.docker
def test_recorded_drift_and_a_life_on_a_real_daemon(
    tmp_path: Path, pulumi_cli: Toolchain, docker_client: DockerClient, docker_daemon: str, prefix: str, busybox: str
) -> None:
    real = {"name": f"{prefix}-web", "image": busybox, "prefix": prefix, "port": 0}
    drifts = {case["case"]: case for case in RECORDED["drift"]}

    def verbs(*names: str) -> list[Events]:
        return run(tmp_path, pulumi_cli, docker_daemon, *((name, real) for name in names))

    made, again, refreshed, after = map(ops, verbs("up", "preview", "refresh", "preview"))
    assert made == {"net": ["create"], "vol": ["create"], "web": ["create"]}
    assert again == after == {"net": ["same"], "vol": ["same"], "web": ["same"]}
    assert {op for listed in refreshed.values() for op in listed} <= {"refresh", "same"}

    docker_client.api.stop(f"{prefix}-web", timeout=1)
    assert drift(*verbs("refresh-preview")) == recorded_drift(drifts["container stopped"])
    docker_client.api.remove_container(f"{prefix}-web", force=True)
    removed, _, remade, gone = verbs("refresh-preview", "refresh", "up", "destroy")
    assert drift(removed) == recorded_drift(drifts["container removed"])
    assert ops(remade)["web"] == ["create"]
    assert ops(gone) == {"net": ["delete"], "vol": ["delete"], "web": ["delete"]}
    assert docker_client.api.networks(names=[prefix]) == []


@pytest.mark.slow("two images are built, in seven runs of the CLI")
@pytest.mark.docker
def test_an_image_is_built_when_its_files_change(
    tmp_path: Path, pulumi_cli: Toolchain, docker_client: DockerClient, docker_daemon: str, prefix: str, busybox: str
) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "Dockerfile").write_text(f"FROM {busybox}\nARG WHO\nCOPY . /app\n")
    real = {"build": str(app), "image": f"{prefix}:1"}

    def verbs(*names: str) -> list[dict[str, list[str]]]:
        return [ops(told) for told in run(tmp_path, pulumi_cli, docker_daemon, *((name, real) for name in names))]

    assert verbs("preview", "up", "preview", "refresh", "preview") == [
        {"img": [op]} for op in ("create", "create", "same", "refresh", "same")
    ]
    first = docker_client.api.inspect_image(f"{prefix}:1")["Id"]
    state = "".join(file.read_text() for file in (tmp_path / "state").rglob("*.json*") if file.is_file())
    assert first in state
    assert "nobody-knows" not in state
    (app / "file").write_text("new")
    assert verbs("up", "destroy") == [{"img": ["update"]}, {"img": ["delete"]}]
    assert docker_client.api.inspect_image(f"{prefix}:1")["Id"] != first


@pytest.mark.slow("a whole life in five runs of the CLI")
def test_a_simulated_life(tmp_path: Path, pulumi_cli: Toolchain) -> None:
    """The same program on the simulator, which knows what replaces from the same tables."""
    everything = {"img": True, "two": True}
    jobs = [("up", everything), ("preview", everything), ("refresh", everything)]
    jobs += [("preview", {**everything, "envs": ["A=9"]}), ("preview", {**everything, "memory": 96}), ("destroy", {})]
    made, again, refreshed, replaced, updated, gone = map(ops, run(tmp_path, pulumi_cli, NOWHERE, *jobs, SIMULATED="1"))
    names = {"net", "vol", "web", "web2", "img"}
    assert made == {key: ["create"] for key in names}
    assert again == {key: ["same"] for key in names}
    assert {op for listed in refreshed.values() for op in listed} <= {"refresh", "same"}
    assert "replace" in replaced.pop("web")
    assert updated.pop("web") == ["update"]
    assert replaced == updated == {key: ["same"] for key in names - {"web"}}
    assert gone == {key: ["delete"] for key in names}


def ops(events: Events) -> dict[str, list[str]]:
    return {name: [step["op"] for step in listed] for name, listed in steps(events).items()}


def drift(events: Events) -> dict[str, dict[str, dict[str, str]]]:
    """What a refresh would change."""
    return {
        name: {step["op"]: step["detailed"] for step in listed if step["op"] not in {"refresh", "same"}}
        for name, listed in steps(events).items()
    }


def recorded_drift(case: Mapping[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {"vol": {}, "net": {}, "web": {}}
    for step in case["steps"]:
        if step["op"] not in {"refresh", "same"}:
            found[step["res"]][step["op"]] = step["detailedDiff"]
    return found
