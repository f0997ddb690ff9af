"""Ports of a `container_runtime`: their names, and the one that health checks use."""

from __future__ import annotations

from collections.abc import Sequence

from platform_pulumi.model.capabilities.application.container_runtime import HealthCheck, Port


def port_name(port: Port) -> str:
    """Return the port's name: its own, or `tcp-8080`."""
    return port.name or f"{port.protocol.lower()}-{port.container_port}"


def service_port(port: Port) -> int:
    """Return the port of the Service: its own, or the container's."""
    return port.container_port if port.service_port is None else port.service_port


def first_tcp(ports: Sequence[Port]) -> Port:
    """Return the first TCP port; the type's model has made sure of one where it is needed."""
    return next(port for port in ports if port.protocol == "TCP")


def health_port(check: HealthCheck, ports: Sequence[Port]) -> int:
    """Return the port of a health check: its own, or the first TCP port."""
    return check.port if check.port is not None else first_tcp(ports).container_port
