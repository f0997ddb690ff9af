"""Ports of a `container_runtime` on a cluster: their names, and those of the Service."""

from __future__ import annotations

from platform_pulumi.model.capabilities.application.container_runtime import Port


def port_name(port: Port) -> str:
    """Return the port's name: its own, or `tcp-8080`."""
    return port.name or f"{port.protocol.lower()}-{port.container_port}"


def service_port(port: Port) -> int:
    """Return the port of the Service: its own, or the container's."""
    return port.container_port if port.service_port is None else port.service_port
