"""Conversion of Docker's description of a container (`docker inspect`) to the published plugin's outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.docker.plugin.container_config import MB
from components.docker.plugin.container_diff import docker_swap
from components.docker.plugin.durations import format_duration
from platform_pulumi.plugins.values import Properties, open_value


def observed(found: Mapping[str, Any], asked: Mapping[str, Any]) -> Properties:
    """Convert Docker's description of a container; `asked` decides the few things that Docker cannot say."""
    config, host, state = found["Config"], found["HostConfig"], found["State"]
    network = found.get("NetworkSettings") or {}
    running = bool(state.get("Running"))
    memory = _megabytes(host.get("Memory"))
    swap = _megabytes(host.get("MemorySwap"))
    if running and not open_value(asked.get("memorySwap")) and swap in docker_swap(memory):
        swap = 0  # Docker's own; the published plugin tells of it only when the container has stopped.
    wanted = bool(open_value(asked.get("mustRun", True)))
    unstarted = state.get("Status") == "created"  # Nothing is published yet; that is not what was asked for.
    return {
        "bridge": network.get("Bridge") or "",
        "command": config.get("Cmd") or [],
        "cpuPeriod": host.get("CpuPeriod") or None,
        "cpuQuota": host.get("CpuQuota") or None,
        "cpuSet": host.get("CpusetCpus") or "",
        "cpuShares": host.get("CpuShares") or 0,
        "domainname": config.get("Domainname") or "",
        "entrypoints": config.get("Entrypoint") or [],
        "exitCode": None if running else state.get("ExitCode", 0),
        "healthcheck": _healthcheck(config.get("Healthcheck")),
        "hostname": config.get("Hostname") or "",
        "id": found["Id"],
        "image": config.get("Image") or "",
        "init": bool(host.get("Init")),
        "ipcMode": host.get("IpcMode") or "",
        "logDriver": (host.get("LogConfig") or {}).get("Type") or "",
        "maxRetryCount": (host.get("RestartPolicy") or {}).get("MaximumRetryCount") or 0,
        "memory": memory,
        "memoryReservation": _megabytes(host.get("MemoryReservation")),
        "memorySwap": swap,
        "mustRun": wanted and (running or unstarted),
        "name": found["Name"].lstrip("/"),
        "networkDatas": [_network(name, data) for name, data in sorted((network.get("Networks") or {}).items())],
        "networkMode": host.get("NetworkMode") or "",
        "platform": found.get("Platform") or "",
        "ports": asked.get("ports", []) if unstarted else _ports(network.get("Ports") or {}),
        "privileged": bool(host.get("Privileged")),
        "publishAllPorts": bool(host.get("PublishAllPorts")),
        "readOnly": bool(host.get("ReadonlyRootfs")),
        "restart": (host.get("RestartPolicy") or {}).get("Name") or "no",
        "rm": bool(host.get("AutoRemove")),
        "runtime": host.get("Runtime") or "",
        "securityOpts": host.get("SecurityOpt") or [],
        "shmSize": _megabytes(host.get("ShmSize")),
        "stdinOpen": bool(config.get("OpenStdin")),
        "stopSignal": config.get("StopSignal") or "",
        "stopTimeout": config.get("StopTimeout") or 0,
        "tty": bool(config.get("Tty")),
        "user": config.get("User") or "",
        "usernsMode": host.get("UsernsMode") or "",
        "workingDir": config.get("WorkingDir") or "",
    }


def joined_networks(found: Mapping[str, Any], networks: Any) -> Any:
    """Select the networks of the program that the container is in: somebody may have disconnected it from one."""
    there = (found.get("NetworkSettings") or {}).get("Networks") or {}
    known = {*there, *(data.get("NetworkID") for data in there.values())}
    if not isinstance(networks, list):  # a secret as a whole
        return networks
    return [network for network in networks if open_value(network).get("name") in known]


def _megabytes(size: Any) -> int:
    number = int(size or 0)
    return number // MB if number > 0 else number


def _ports(bindings: Mapping[str, Any]) -> list[Properties]:
    made = []
    for port, hosts in bindings.items():
        internal, _, protocol = port.partition("/")
        made += [
            {
                "external": int(host.get("HostPort") or 0),
                "internal": int(internal),
                "ip": host.get("HostIp") or "",
                "protocol": protocol,
            }
            for host in hosts or ()
        ]
    return sorted(made, key=lambda item: item["internal"])


def _network(name: str, data: Mapping[str, Any]) -> Properties:
    return {
        "gateway": data.get("Gateway") or "",
        "globalIpv6Address": data.get("GlobalIPv6Address") or "",
        "globalIpv6PrefixLength": data.get("GlobalIPv6PrefixLen") or 0,
        "ipAddress": data.get("IPAddress") or "",
        "ipPrefixLength": data.get("IPPrefixLen") or 0,
        "ipv6Gateway": data.get("IPv6Gateway") or "",
        "macAddress": data.get("MacAddress") or "",
        "networkName": name,
    }


def _healthcheck(config: Mapping[str, Any] | None) -> Properties | None:
    if not config or not config.get("Test"):
        return None
    return {
        "interval": format_duration(config.get("Interval") or 0),
        "retries": config.get("Retries") or 0,
        "startInterval": format_duration(config.get("StartInterval") or 0),
        "startPeriod": format_duration(config.get("StartPeriod") or 0),
        "tests": config["Test"],
        "timeout": format_duration(config.get("Timeout") or 0),
    }
