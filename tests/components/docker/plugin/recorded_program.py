"""The program that was recorded, run in a process of its own, whose environment says where Docker is."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
from pulumi import automation as auto

from components.docker import DEFINITION
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost

_IMAGE = "local/busybox:1"


def program(change: dict[str, Any]) -> None:
    """A network, a volume and a container, with a case's change."""
    prefix = change.get("prefix", "fx")
    network = docker.Network(
        "net",
        name=f"{prefix}-net",
        driver="bridge",
        internal=change.get("internal", False),
        labels=[docker.NetworkLabelArgs(label="org", value="acme")],
    )
    volume = docker.Volume("vol", name=f"{prefix}-vol", labels=[docker.VolumeLabelArgs(label="org", value="acme")])
    optional: dict[str, Any] = {}
    if "cpu_shares" in change:
        optional["cpu_shares"] = change["cpu_shares"]
    if "hosts" in change:
        optional["hosts"] = [docker.ContainerHostArgs(host="db", ip="10.0.0.9")]
    if "log_opts" in change:
        optional["log_opts"] = change["log_opts"]
    docker.Container(
        "web",
        name=change.get("name", "fx-web"),
        image=change.get("image", _IMAGE),
        command=change.get("command", ["/bin/httpd", "-f", "-p", "8080", "-h", "/data"]),
        envs=change.get("envs", ["A=1", "B=2"]),
        restart=change.get("restart", "unless-stopped"),
        memory=change.get("memory", 64),
        labels=[docker.ContainerLabelArgs(label="app", value=change.get("label", "t"))],
        networks_advanced=[
            docker.ContainerNetworksAdvancedArgs(name=network.name, aliases=change.get("aliases", ["web"]))
        ],
        volumes=[docker.ContainerVolumeArgs(volume_name=volume.name, container_path=change.get("cpath", "/data"))],
        ports=[docker.ContainerPortArgs(internal=8080, external=change.get("port", 18981) or None, ip="127.0.0.1")],
        healthcheck=docker.ContainerHealthcheckArgs(
            tests=["CMD", "/bin/busybox", "true"], interval=change.get("interval", "2s"), retries=3
        ),
        must_run=True,
        wait=False,
        destroy_grace_seconds=1,
        **optional,
    )
    if change.get("two"):
        docker.Container("web2", image=_IMAGE, command=["/bin/sleep", "600"])
    if change.get("img"):
        docker.RemoteImage("img", name=_IMAGE)


def built(change: dict[str, Any]) -> None:
    """An image of a folder, and nothing else."""
    build = docker.DockerBuildArgs(context=change["build"], args={"WHO": pulumi.Output.secret("nobody-knows")})
    image = docker.Image("img", image_name=change["image"], skip_push=True, build=build)
    pulumi.export("digest", image.repo_digest)


def main(folder: Path, jobs: list[tuple[str, dict[str, Any]]]) -> None:
    """Run each verb with its change, our plugin serving; the last line printed has the events of each."""
    options = auto.LocalWorkspaceOptions(
        work_dir=str(folder),
        pulumi_home=str(folder / "home"),
        pulumi_command=auto.PulumiCommand(root=str(folder / "cli")),
        env_vars={
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        },
    )
    simulated = bool(os.environ.get("SIMULATED"))
    served = serving.simulated if simulated else serving.embedded
    with PluginHost(served(DEFINITION), folder / "world", simulated=simulated) as host:
        stack = auto.create_or_select_stack("dev", project_name="fx", program=lambda: None, opts=options)
        stack.workspace.env_vars["PULUMI_DEBUG_PROVIDERS"] = host.debug_providers
        seen = [run(stack, folder, verb, change) for verb, change in jobs]
    print(json.dumps(seen))


def run(stack: auto.Stack, folder: Path, verb: str, change: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one verb; what the engine told of each step."""
    stack.workspace.program = partial(built if "build" in change else program, change)
    events: list[dict[str, Any]] = []

    def note(event: auto.EngineEvent) -> None:
        # A refresh tells what it found once it has found it.
        told = event.res_outputs_event if verb == "refresh-preview" else event.resource_pre_event
        if told is not None:
            about = told.metadata
            events.append(
                {
                    "name": about.urn.rpartition("::")[2],
                    "type": about.type,
                    "op": about.op.value,
                    "diffs": about.diffs or [],
                    "keys": about.keys or [],
                    "detailed": {path: one.diff_kind.value for path, one in (about.detailed_diff or {}).items()},
                }
            )

    if verb == "import":
        deployment = stack.export_stack()
        assert deployment.deployment is not None
        deployment.deployment["resources"] = json.loads((folder / "import.json").read_text())
        stack.import_stack(deployment)
    elif verb == "refresh-preview":
        stack.preview_refresh(on_event=note)
    else:
        getattr(stack, verb)(on_event=note)
    return events


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
