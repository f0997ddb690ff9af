"""Inputs for a container that is imported by its id or name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from components.docker.plugin.bridged_schema import DEFAULTS
from components.docker.plugin.container_outputs import outputs
from components.docker.plugin.container_schema import SCHEMA
from components.docker.plugin.lists import is_empty
from platform_pulumi.plugins.values import Properties

if TYPE_CHECKING:
    from docker import DockerClient

_PLAIN = ("image", "maxRetryCount", "memory", "memoryReservation", "name", "networkMode", "restart")
#: Input to member of Config, for what an image can give as well.
_SHARED = {"command": "Cmd", "entrypoints": "Entrypoint", "user": "User", "workingDir": "WorkingDir"}


def inputs_of(client: DockerClient, found: Mapping[str, Any]) -> Properties:
    """Build the inputs a program needs to have this container."""
    image: dict[str, Any] = client.api.inspect_image(found["Image"]).get("Config") or {}
    config, seen = found["Config"], outputs({}, found)
    made = {**SCHEMA.defaults} | {name: seen[name] for name in _PLAIN if not is_empty(seen[name])}
    for ours, theirs in _SHARED.items():
        if seen[ours] and seen[ours] != image.get(theirs):
            made[ours] = seen[ours]
    if envs := [item for item in config.get("Env") or () if item not in (image.get("Env") or ())]:
        made["envs"] = envs
    given = image.get("Labels") or {}
    labels = {name: value for name, value in (config.get("Labels") or {}).items() if given.get(name) != value}
    if labels:
        made["labels"] = [{DEFAULTS: [], "label": name, "value": labels[name]} for name in sorted(labels)]
    if seen["ports"]:
        made["ports"] = [{DEFAULTS: [], **port} for port in seen["ports"]]
    return {**made, DEFAULTS: []}
