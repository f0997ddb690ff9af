"""Conversion of a container's inputs to Docker's API: the body of a create, endpoints of networks, an archive.

Pure. Sizes are MB in the inputs and bytes in the API, durations texts and nanoseconds. The network mode goes to Docker
as it stands and the networks are joined after the create, as the published plugin does it: joined at once, Docker would
keep the first network as the mode, and a later refresh by the published plugin would replace the container for that.
"""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from components.docker.plugin.durations import parse
from components.docker.plugin.labels import to_map
from platform_pulumi.plugins.values import open_value

MB = 1 << 20
_NANO = 10**9
#: Input to member of HostConfig, as it stands.
_PLAIN_HOST = {
    "cgroupParent": "CgroupParent",
    "cgroupnsMode": "CgroupnsMode",
    "cpuPeriod": "CpuPeriod",
    "cpuQuota": "CpuQuota",
    "cpuSet": "CpusetCpus",
    "cpuShares": "CpuShares",
    "dns": "Dns",
    "dnsOpts": "DnsOptions",
    "dnsSearches": "DnsSearch",
    "groupAdds": "GroupAdd",
    "ipcMode": "IpcMode",
    "networkMode": "NetworkMode",
    "pidMode": "PidMode",
    "privileged": "Privileged",
    "publishAllPorts": "PublishAllPorts",
    "readOnly": "ReadonlyRootfs",
    "runtime": "Runtime",
    "securityOpts": "SecurityOpt",
    "storageOpts": "StorageOpt",
    "sysctls": "Sysctls",
    "tmpfs": "Tmpfs",
    "usernsMode": "UsernsMode",
}
#: Input in MB to member of HostConfig in bytes.
_SIZES = {
    "memory": "Memory",
    "memoryReservation": "MemoryReservation",
    "memorySwap": "MemorySwap",
    "shmSize": "ShmSize",
}
#: Input to argument of the SDK's `update_container`, as it stands and in MB.
_UPDATED = {
    "cpuPeriod": "cpu_period",
    "cpuQuota": "cpu_quota",
    "cpuSet": "cpuset_cpus",
    "cpuShares": "cpu_shares",
}
_UPDATED_SIZES = {"memory": "mem_limit", "memoryReservation": "mem_reservation"}
#: What `docker update` can change.
UPDATED = (*_UPDATED, *_UPDATED_SIZES, "maxRetryCount", "memorySwap", "restart")
#: Input to member of Config, as it stands.
_PLAIN = {
    "command": "Cmd",
    "domainname": "Domainname",
    "entrypoints": "Entrypoint",
    "envs": "Env",
    "hostname": "Hostname",
    "image": "Image",
    "stdinOpen": "OpenStdin",
    "stopSignal": "StopSignal",
    "stopTimeout": "StopTimeout",
    "tty": "Tty",
    "user": "User",
    "workingDir": "WorkingDir",
}


def body(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Build the body of `POST /containers/create`; what the inputs leave out is left out."""
    given = {name: value for name, value in open_value(dict(inputs)).items() if value not in (None, "", 0, [], {})}
    made: dict[str, Any] = {theirs: given[ours] for ours, theirs in _PLAIN.items() if ours in given}
    if labels := given.get("labels"):
        made["Labels"] = to_map(labels)
    if ports := given.get("ports"):
        made["ExposedPorts"] = {_port(item): {} for item in ports}
    if paths := [item["containerPath"] for item in given.get("volumes", ()) if item.get("containerPath")]:
        made["Volumes"] = {path: {} for path in paths}
    if healthcheck := given.get("healthcheck"):
        made["Healthcheck"] = _healthcheck(healthcheck)
    made["HostConfig"] = _host(given)
    return made


def resources(inputs: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Build the Docker SDK's arguments that update a container's limits and restart policy."""
    given = open_value(dict(inputs))
    made: dict[str, Any] = {_UPDATED[name]: given.get(name) for name in names if name in _UPDATED}
    made |= {_UPDATED_SIZES[name]: to_bytes(given.get(name)) for name in names if name in _UPDATED_SIZES}
    if {"memory", "memorySwap"} & set(names):
        # Said always: Docker refuses a limit above the old sum, and doubles by itself only when it creates.
        made["memswap_limit"] = to_bytes(given.get("memorySwap")) or 2 * to_bytes(given.get("memory")) or -1
    if {"restart", "maxRetryCount"} & set(names):
        made["restart_policy"] = _restart(given)
    return made


def endpoints(inputs: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each network to join, by name or id, with the Docker SDK's arguments for it."""
    for item in open_value(inputs.get("networksAdvanced")) or ():
        options = {
            "aliases": item.get("aliases"),
            "ipv4_address": item.get("ipv4Address"),
            "ipv6_address": item.get("ipv6Address"),
            "link_local_ips": item.get("linkLocalIps"),
            "driver_opt": dict(text.partition("=")[::2] for text in item.get("driverOpts") or ()),
        }
        yield item["name"], {name: value for name, value in options.items() if value}


def archive(inputs: Mapping[str, Any]) -> bytes:
    """Pack the files to put into the container, as a tar for its root; empty where there are none."""
    uploads = open_value(inputs.get("uploads")) or ()
    if not uploads:
        return b""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for upload in uploads:
            encoded = upload.get("contentBase64")
            content = base64.b64decode(encoded) if encoded else (upload.get("content") or "").encode()
            entry = tarfile.TarInfo(upload["file"].lstrip("/"))
            entry.size = len(content)
            plain = "0744" if upload.get("executable") else "0644"
            entry.mode = int(upload.get("permissions") or plain, 8)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def to_bytes(megabytes: Any) -> int:
    """Convert MB to bytes; 0 and -1 ("no limit") stay what they are."""
    number = int(megabytes or 0)
    return number * MB if number > 0 else number


def _host(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {theirs: given[ours] for ours, theirs in _PLAIN_HOST.items() if ours in given}
    made |= {theirs: to_bytes(given[ours]) for ours, theirs in _SIZES.items() if ours in given}
    made["RestartPolicy"] = _restart(given)
    # Always said, as the published plugin does: else a daemon's `--init` would show as a difference.
    made["Init"] = bool(given.get("init"))
    if cpus := given.get("cpus"):
        made["NanoCpus"] = int(Decimal(cpus) * _NANO)
    if capabilities := given.get("capabilities"):
        made |= {"CapAdd": capabilities.get("adds") or [], "CapDrop": capabilities.get("drops") or []}
    if given.get("logDriver") or given.get("logOpts"):
        made["LogConfig"] = {"Type": given.get("logDriver", ""), "Config": given.get("logOpts", {})}
    if hosts := given.get("hosts"):
        made["ExtraHosts"] = [f"{item['host']}:{item['ip']}" for item in hosts]
    if ulimits := given.get("ulimits"):
        made["Ulimits"] = [{"Name": item["name"], "Soft": item["soft"], "Hard": item["hard"]} for item in ulimits]
    if devices := given.get("devices"):
        made["Devices"] = [_device(item) for item in devices]
    if mounts := given.get("mounts"):
        made["Mounts"] = [_mount(item) for item in mounts]
    volumes = given.get("volumes", ())
    if binds := [_bind(item) for item in volumes if item.get("volumeName") or item.get("hostPath")]:
        made["Binds"] = binds
    if donors := [item["fromContainer"] for item in volumes if item.get("fromContainer")]:
        made["VolumesFrom"] = donors
    bindings: dict[str, list[dict[str, str]]] = {}
    for item in given.get("ports", ()):
        external = str(item["external"]) if item.get("external") else ""
        bindings.setdefault(_port(item), []).append({"HostIp": item.get("ip") or "", "HostPort": external})
    if bindings:
        made["PortBindings"] = bindings
    return made


def _restart(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"Name": given.get("restart") or "no", "MaximumRetryCount": given.get("maxRetryCount") or 0}


def _port(item: Mapping[str, Any]) -> str:
    return f"{item['internal']}/{item.get('protocol') or 'tcp'}"


def _bind(item: Mapping[str, Any]) -> str:
    mode = "ro" if item.get("readOnly") else "rw"
    if relabel := item.get("selinuxRelabel"):
        mode += f",{relabel}"
    return f"{item.get('volumeName') or item['hostPath']}:{item['containerPath']}:{mode}"


def _device(item: Mapping[str, Any]) -> dict[str, str]:
    return {
        "PathOnHost": item["hostPath"],
        "PathInContainer": item.get("containerPath") or item["hostPath"],
        "CgroupPermissions": item.get("permissions") or "rwm",
    }


def _healthcheck(item: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        "Test": item.get("tests") or [],
        "Interval": parse(item.get("interval") or ""),
        "Timeout": parse(item.get("timeout") or ""),
        "StartPeriod": parse(item.get("startPeriod") or ""),
        "StartInterval": parse(item.get("startInterval") or ""),
        "Retries": item.get("retries"),
    }
    return {name: value for name, value in made.items() if value}


def _mount(item: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": item["type"], "Target": item["target"], "ReadOnly": bool(item.get("readOnly"))}
    if item.get("source"):
        made["Source"] = item["source"]
    if bind := item.get("bindOptions"):
        made["BindOptions"] = {"Propagation": bind.get("propagation") or ""}
    if tmpfs := item.get("tmpfsOptions"):
        made["TmpfsOptions"] = {"SizeBytes": tmpfs.get("sizeBytes") or 0, "Mode": tmpfs.get("mode") or 0}
    if volume := item.get("volumeOptions"):
        options: dict[str, Any] = {"NoCopy": bool(volume.get("noCopy"))}
        if labels := volume.get("labels"):
            options["Labels"] = to_map(labels)
        if volume.get("driverName") or volume.get("driverOptions"):
            options["DriverConfig"] = {
                "Name": volume.get("driverName") or "",
                "Options": volume.get("driverOptions") or {},
            }
        if volume.get("subpath"):
            options["Subpath"] = volume["subpath"]
        made["VolumeOptions"] = options
    return made
