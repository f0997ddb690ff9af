"""Schema of a container: types, defaults, and what each change means, as in the published plugin.

The facts are those of pulumi-docker 5.2 and of the provider it bridges. An input that it knows and we do not serve is
listed too, so that it is refused by name and never passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.docker.plugin.bridged_schema import BridgedSchema, Field
from platform_pulumi.plugins.schema import ObjectSchema, Shape

_STRINGS: Shape = {"list": "string"}
_STRING_MAP: Shape = {"map": "string"}


def _objects(name: str) -> Shape:
    return {"list": {"object": name}}


_FIELDS: Mapping[str, Field] = {
    "attach": Field("boolean", replaces=False),
    "capabilities": Field({"object": "ContainerCapabilities"}, is_set=True),
    "cgroupParent": Field("string"),
    "cgroupnsMode": Field("string"),
    "command": Field(_STRINGS, computed=True),
    "containerReadRefreshTimeoutMilliseconds": Field("number", replaces=False, default=15000),
    "cpuPeriod": Field("number", replaces=False, sticks=True),
    "cpuQuota": Field("number", replaces=False, sticks=True),
    "cpuSet": Field("string", replaces=False, sticks=True),
    "cpuShares": Field("number", replaces=False, sticks=True),
    "cpus": Field("string"),
    "destroyGraceSeconds": Field("number", replaces=False),
    "devices": Field(_objects("ContainerDevice"), is_set=True),
    "dns": Field(_STRINGS, is_set=True),
    "dnsOpts": Field(_STRINGS, is_set=True),
    "dnsSearches": Field(_STRINGS, is_set=True),
    "domainname": Field("string"),
    "entrypoints": Field(_STRINGS, computed=True),
    "envs": Field(_STRINGS, computed=True, is_set=True),
    "groupAdds": Field(_STRINGS, is_set=True),
    "healthcheck": Field({"object": "ContainerHealthcheck"}, replaces=False, computed=True),
    "hostname": Field("string", computed=True),
    "hosts": Field(_objects("ContainerHost"), is_set=True),
    "image": Field("string"),
    "init": Field("boolean", replaces=False, computed=True),
    "ipcMode": Field("string", computed=True),
    "labels": Field(_objects("ContainerLabel"), computed=True, is_set=True),
    "logDriver": Field("string", computed=True),
    "logOpts": Field(_STRING_MAP),
    "logs": Field("boolean", replaces=False),
    "maxRetryCount": Field("number", replaces=False),
    "memory": Field("number", replaces=False, sticks=True),
    "memoryReservation": Field("number", replaces=False, sticks=True),
    "memorySwap": Field("number", replaces=False),
    "mounts": Field(_objects("ContainerMount"), is_set=True),
    "mustRun": Field("boolean", replaces=False, default=True),
    "name": Field("string"),
    "networkMode": Field("string", default="bridge"),
    "networksAdvanced": Field(_objects("ContainerNetworksAdvanced"), is_set=True),
    "pidMode": Field("string"),
    "ports": Field(_objects("ContainerPort")),
    "privileged": Field("boolean"),
    "publishAllPorts": Field("boolean"),
    "readOnly": Field("boolean"),
    "removeVolumes": Field("boolean", replaces=False, default=True),
    "restart": Field({"enum": ["no", "on-failure", "always", "unless-stopped"]}, replaces=False, default="no"),
    "rm": Field("boolean", replaces=False),
    "runtime": Field("string", computed=True),
    "securityOpts": Field(_STRINGS, computed=True, is_set=True),
    "shmSize": Field("number", computed=True),
    "start": Field("boolean", replaces=False, default=True),
    "stdinOpen": Field("boolean"),
    "stopSignal": Field("string", computed=True),
    "stopTimeout": Field("number", computed=True),
    "storageOpts": Field(_STRING_MAP),
    "sysctls": Field(_STRING_MAP),
    "tmpfs": Field(_STRING_MAP, replaces=False),
    "tty": Field("boolean"),
    "ulimits": Field(_objects("ContainerUlimit"), is_set=True),
    "uploads": Field(_objects("ContainerUpload"), is_set=True),
    "user": Field("string", computed=True),
    "usernsMode": Field("string"),
    "volumes": Field(_objects("ContainerVolume"), is_set=True),
    "wait": Field("boolean", replaces=False),
    "waitTimeout": Field("number", replaces=False, default=60),
    "workingDir": Field("string", computed=True),
}

#: What objects within are made of.
_OBJECTS: Mapping[str, ObjectSchema] = {
    "ContainerCapabilities": ObjectSchema({"adds": _STRINGS, "drops": _STRINGS}),
    "ContainerDevice": ObjectSchema(
        {"hostPath": "string", "containerPath": "string", "permissions": "string"}, ("hostPath",)
    ),
    "ContainerHealthcheck": ObjectSchema(
        {
            "interval": "string",
            "retries": "number",
            "startInterval": "string",
            "startPeriod": "string",
            "tests": _STRINGS,
            "timeout": "string",
        }
    ),
    "ContainerHost": ObjectSchema({"host": "string", "ip": "string"}, ("host", "ip")),
    "ContainerLabel": ObjectSchema({"label": "string", "value": "string"}, ("label", "value")),
    "ContainerMount": ObjectSchema(
        {
            "bindOptions": {"object": "ContainerMountBindOptions"},
            "readOnly": "boolean",
            "source": "string",
            "target": "string",
            "tmpfsOptions": {"object": "ContainerMountTmpfsOptions"},
            "type": {"enum": ["bind", "volume", "tmpfs"]},
            "volumeOptions": {"object": "ContainerMountVolumeOptions"},
        },
        ("target", "type"),
    ),
    "ContainerMountBindOptions": ObjectSchema({"propagation": "string"}),
    "ContainerMountTmpfsOptions": ObjectSchema({"mode": "number", "sizeBytes": "number"}),
    "ContainerMountVolumeOptions": ObjectSchema(
        {
            "driverName": "string",
            "driverOptions": _STRING_MAP,
            "labels": _objects("ContainerLabel"),
            "noCopy": "boolean",
            "subpath": "string",
        }
    ),
    "ContainerNetworksAdvanced": ObjectSchema(
        {
            "aliases": _STRINGS,
            "driverOpts": _STRINGS,
            "gwPriority": "number",
            "ipv4Address": "string",
            "ipv6Address": "string",
            "linkLocalIps": _STRINGS,
            "macAddress": "string",
            "name": "string",
        },
        ("name",),
    ),
    "ContainerPort": ObjectSchema(
        {"external": "number", "internal": "number", "ip": "string", "protocol": "string"}, ("internal",)
    ),
    "ContainerUlimit": ObjectSchema({"hard": "number", "name": "string", "soft": "number"}, ("hard", "name", "soft")),
    "ContainerUpload": ObjectSchema(
        {
            "content": "string",
            "contentBase64": "string",
            "executable": "boolean",
            "file": "string",
            "group": "string",
            "owner": "string",
            "permissions": "string",
            "source": "string",
            "sourceHash": "string",
        },
        ("file",),
    ),
    "ContainerVolume": ObjectSchema(
        {
            "containerPath": "string",
            "fromContainer": "string",
            "hostPath": "string",
            "readOnly": "boolean",
            "selinuxRelabel": "string",
            "volumeName": "string",
        }
    ),
}

#: Defaults of members. Those that are empty anyway (`0`, `false`) the published plugin does not write down.
_MEMBER_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ContainerHealthcheck": {"interval": "0s", "startInterval": "0s", "startPeriod": "0s", "timeout": "0s"},
    "ContainerPort": {"ip": "0.0.0.0", "protocol": "tcp"},
}

#: Known to the published plugin, not served here.
_UNSERVED = (
    "deviceCgroupRules",
    "deviceReadBps",
    "deviceReadIops",
    "deviceRequests",
    "deviceWriteBps",
    "deviceWriteIops",
    "gpus",
    "platform",
)
#: Served only where they say nothing.
UNSERVED_UNLESS_EMPTY = ("attach", "logs", "rm")
UNSERVED_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "networksAdvanced": ("gwPriority", "macAddress"),
    "uploads": ("group", "owner", "source", "sourceHash"),
}

SCHEMA = BridgedSchema("docker:index/container:Container", _FIELDS, _OBJECTS, ("image",), _MEMBER_DEFAULTS, _UNSERVED)
