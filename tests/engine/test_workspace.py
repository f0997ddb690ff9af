"""A run's private place, and what its children may see of the caller's environment."""

from __future__ import annotations

import json
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName

STACK = StackName("acme-infrastructure", "prod")
CALLER: Mapping[str, str] = {
    "PATH": "/usr/bin",
    "HOME": "/home/ann",
    "LANG": "C.UTF-8",
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_PROFILE": "prod",
    "DOCKER_HOST": "unix:///run/docker.sock",
    "KUBECONFIG": "/home/ann/.kube/config",
    "GOOGLE_APPLICATION_CREDENTIALS": "/key.json",
    "ARM_CLIENT_SECRET": "s",
    "PULUMI_ACCESS_TOKEN": "pul-token",
    "PULUMI_CONFIG_PASSPHRASE": "the caller's",
    "PULUMI_BACKEND_URL": "s3://callers",
    "PULUMI_HOME": "/home/ann/.pulumi",
    "PULUMI_DEBUG_PROVIDERS": "aws:1",
}


@contextmanager
def workspace(simulated: bool, plugins: Path | None = None) -> Iterator[Workspace]:
    made = Workspace.create(
        toolchain=Path("/opt/pulumi/bin/pulumi"),
        backend_url="file:///state",
        secrets={"PULUMI_CONFIG_PASSPHRASE_FILE": "/state/passphrase"},
        simulated=simulated,
        plugins=plugins,
        environment=CALLER,
    )
    try:
        yield made
    finally:
        made.remove()


def test_a_simulated_run_sees_nothing_that_leads_to_a_cloud_a_daemon_or_another_backend() -> None:
    with workspace(simulated=True) as place:
        seen = place.environment("aws:4711")
    foreign = {name: value for name, value in seen.items() if value == CALLER.get(name)}
    assert foreign == {"HOME": "/home/ann", "LANG": "C.UTF-8"}
    assert not [name for name in seen if name.startswith(("AWS_", "DOCKER_", "KUBE", "GOOGLE_", "ARM_"))]


@pytest.mark.parametrize("simulated", [True, False])
def test_what_pulumi_reads_is_ours(simulated: bool) -> None:
    with workspace(simulated) as place:
        seen = place.environment("aws:4711")
        assert seen["PULUMI_HOME"] == str(place.root / "home")
    assert seen["PULUMI_BACKEND_URL"] == "file:///state"
    assert seen["PULUMI_DEBUG_PROVIDERS"] == "aws:4711"
    assert seen["PULUMI_CONFIG_PASSPHRASE_FILE"] == "/state/passphrase"
    assert "PULUMI_CONFIG_PASSPHRASE" not in seen
    assert seen["PATH"].split(":")[0] == "/opt/pulumi/bin"


def test_a_real_run_sees_the_callers_environment_and_its_token() -> None:
    with workspace(simulated=False) as place:
        seen = place.environment("")
    assert seen["AWS_PROFILE"] == "prod"
    assert seen["KUBECONFIG"] == "/home/ann/.kube/config"
    assert seen["PULUMI_ACCESS_TOKEN"] == "pul-token"


def test_the_home_is_private_and_gone_afterwards() -> None:
    with workspace(simulated=True) as place:
        assert stat.S_IMODE(place.root.stat().st_mode) == 0o700
        assert (place.root / "home").is_dir()
    assert not place.root.exists()


def test_what_a_killed_run_left_is_removed_and_what_another_command_removes_meanwhile_is_no_failure() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = Path(tempfile.mkdtemp(prefix=f"platform-run-{ended.pid}-"))
    (left / "home").mkdir()
    # As a folder is that somebody else removes between two looks at it.
    going = left.with_name(f"{left.name}-gone")
    going.symlink_to(left / "nowhere")
    try:
        with workspace(simulated=True):
            assert not left.exists()
    finally:
        going.unlink()


def test_plugins_are_shared_with_real_runs_only_and_survive_them(tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    (plugins / "resource-aws-v7").mkdir(parents=True)
    with workspace(simulated=False, plugins=plugins) as real, workspace(simulated=True, plugins=plugins) as simulated:
        assert (real.root / "home/plugins/resource-aws-v7").is_dir()
        assert not (simulated.root / "home/plugins").exists()
    assert (plugins / "resource-aws-v7").is_dir()


def test_a_project_has_one_folder_a_stack() -> None:
    with workspace(simulated=True) as place:
        folder = place.project(STACK)
        assert place.project(STACK) == folder
        assert place.project(StackName(STACK.project, "dev")) != folder
        project = json.loads((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert (project["name"], project["runtime"]) == ("acme-infrastructure", "python")


@pytest.mark.parametrize("written", ["encryptionsalt: v1:a+/=:v1:b:c\n", '{"encryptionsalt": "v1:a+/=:v1:b:c"}'])
def test_the_salt_that_a_cli_made_for_a_stack_can_be_used_for_another(written: str) -> None:
    with workspace(simulated=True) as place:
        assert place.salt() == ""
        (place.project(STACK) / "Pulumi.prod.yaml").write_text(written, encoding="utf-8")
        assert place.salt() == "v1:a+/=:v1:b:c"
        other = StackName("acme-application", "prod.shop")
        place.use_salt(other, place.salt())
        settings = json.loads((place.project(other) / "Pulumi.prod.shop.yaml").read_text(encoding="utf-8"))
    assert settings == {"encryptionsalt": "v1:a+/=:v1:b:c"}


def test_a_scratch_backend_holds_an_empty_stack_and_is_not_the_real_one() -> None:
    with workspace(simulated=True) as place:
        url = place.scratch(STACK)
        assert url.startswith(f"file://{place.root}")
        assert place.environment("", url)["PULUMI_BACKEND_URL"] == url
        stacks = Path(url.removeprefix("file://")) / ".pulumi/stacks/acme-infrastructure"
        state = json.loads((stacks / "prod.json").read_text(encoding="utf-8"))
    assert state["checkpoint"] == {"stack": "organization/acme-infrastructure/prod", "latest": None}


def test_nothing_secret_is_printed() -> None:
    with workspace(simulated=False) as place:
        assert "pul-token" not in repr(place)
        assert "the caller's" not in repr(place)


def test_a_folder_for_temporary_files_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "full").touch()
    place = Workspace(tmp_path / "full", Path("/pulumi"), "file:///state", {}, simulated=True, caller=CALLER)
    for write in (place.project, place.scratch, lambda stack: place.use_salt(stack, "v1:x")):
        with pytest.raises(EngineError) as failed:
            write(STACK)
        assert failed.value.summary == "A temporary file cannot be written"
        assert str(tmp_path / "full") in failed.value.detail
        assert "set TMPDIR to another folder" in failed.value.detail
