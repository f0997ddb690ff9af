"""Outputs of a container, in the published plugin's form: its inputs, and Docker's description.

What cannot change in a container's life is repeated from the inputs, secrets as secrets; what can is read from Docker.
Labels and environment are never read back: the image's own would come with them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.docker.plugin.bridged_schema import DEFAULTS
from components.docker.plugin.container_config import UPDATED
from components.docker.plugin.container_observed import joined_networks, observed
from components.docker.plugin.container_schema import SCHEMA
from platform_pulumi.plugins.schema import Shape
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, open_value

#: What the published plugin keeps for itself: its timeouts and its schema's version.
META = json.dumps(
    {
        "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0": dict.fromkeys(("create", "delete", "update"), 1_200_000_000_000),
        "schema_version": "2",
    },
    separators=(",", ":"),
)
#: Outputs that only a made container has. Those of the inputs that Docker or the image completes come from the schema.
COMPUTED = ("bridge", "exitCode", "id", "networkDatas", "platform")
#: What can change in a container's life, and so is read: by `docker update`, by a rename, by a stop.
READ = (*UPDATED, "mustRun", "name", "ports")
_LISTS = [
    "command",
    "deviceReadBps",
    "deviceReadIops",
    "deviceRequests",
    "deviceWriteBps",
    "deviceWriteIops",
    "devices",
    "entrypoints",
    "envs",
    "hosts",
    "labels",
    "mounts",
    "networkDatas",
    "networksAdvanced",
    "ports",
    "securityOpts",
    "ulimits",
    "uploads",
    "volumes",
]
_NULLS = [
    "capabilities",
    "cgroupParent",
    "cgroupnsMode",
    "cpuPeriod",
    "cpuQuota",
    "cpus",
    "destroyGraceSeconds",
    "dns",
    "dnsOpts",
    "dnsSearches",
    "exitCode",
    "gpus",
    "groupAdds",
    "healthcheck",
    "logOpts",
    "pidMode",
    "storageOpts",
    "sysctls",
    "tmpfs",
]
_FALSE = ["attach", "init", "logs", "privileged", "publishAllPorts", "readOnly", "rm", "stdinOpen", "tty", "wait"]
#: Members that the published plugin writes even where they are empty.
_FILLED: Mapping[str, Mapping[str, Any]] = {
    "ContainerHealthcheck": {"retries": 0},
    "ContainerMount": {"readOnly": False, "source": ""},
    "ContainerNetworksAdvanced": {
        "aliases": [],
        "driverOpts": [],
        "gwPriority": 0,
        "ipv4Address": "",
        "ipv6Address": "",
        "linkLocalIps": [],
        "macAddress": "",
    },
    "ContainerUpload": dict.fromkeys(
        ("content", "contentBase64", "group", "owner", "permissions", "source", "sourceHash"), ""
    )
    | {"executable": False},
    "ContainerVolume": {
        "containerPath": "",
        "fromContainer": "",
        "hostPath": "",
        "readOnly": False,
        "selinuxRelabel": "",
        "volumeName": "",
    },
}


def outputs(inputs: Mapping[str, Any], found: Mapping[str, Any]) -> Properties:
    """Build all outputs. `found` is Docker's description of the container (`docker inspect`)."""
    asked = echo_inputs(inputs)
    seen = observed(found, asked)
    # An empty text leaves the matter to Docker or the image.
    kept = {name: value for name, value in asked.items() if name not in READ and not _says_nothing(value)}
    if "networksAdvanced" in kept:
        kept["networksAdvanced"] = joined_networks(found, kept["networksAdvanced"])
    return {"__meta": META, **_blank(), **seen, **kept}


def planned(old: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> Properties:
    """Build the outputs as far as they are known before anything is done."""
    if old is not None:
        gone = {
            name: None
            for name in SCHEMA.fields
            if name not in inputs and not SCHEMA.fields[name].computed and old.get(name)
        }
        return {**old, **gone, **echo_inputs(inputs)}
    given = echo_inputs(inputs)
    unknown = {name for name, field in SCHEMA.fields.items() if field.computed and not open_value(given.get(name))}
    return {**given, **dict.fromkeys([*COMPUTED, *sorted(unknown)], UNKNOWN)}


def echo_inputs(inputs: Mapping[str, Any]) -> Properties:
    """Convert the inputs to outputs: without the marks of defaults, members filled up."""
    return {name: _as_output(name, value) for name, value in inputs.items() if not name.startswith("__")}


def _blank() -> Properties:
    return {**{name: [] for name in _LISTS}, **dict.fromkeys(_NULLS), **dict.fromkeys(_FALSE, False)}


def _as_output(name: str, value: Any) -> Any:
    field = SCHEMA.fields.get(name)
    made = _filled(value, field.shape if field else "any")
    # As published: a set has no places, so one secret in it makes a secret of all of it.
    hidden = field is not None and field.is_set and not isinstance(made, Sealed) and open_value(made) != made
    return Sealed(open_value(made)) if hidden else made


def _says_nothing(value: Any) -> bool:
    plain = open_value(value)
    return plain is None or plain in ("", [], {})


def _filled(value: Any, shape: Shape) -> Any:
    if isinstance(value, Sealed):
        return Sealed(_filled(value.value, shape))
    if isinstance(value, list):
        inner = shape["list"] if isinstance(shape, dict) and "list" in shape else "any"
        return [_filled(item, inner) for item in value]
    if isinstance(value, dict):
        name = shape.get("object") if isinstance(shape, dict) else None
        shapes = SCHEMA.objects[name].fields if name else {}
        made = {key: _filled(item, shapes.get(key, "any")) for key, item in value.items() if key != DEFAULTS}
        return {**_FILLED.get(name or "", {}), **made}
    return value
