"""The container of a `container_runtime`: environment, ports, probes, resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    ExecActionArgs,
    HTTPGetActionArgs,
    ProbeArgs,
    ResourceRequirementsArgs,
    SecretKeySelectorArgs,
)

from platform_pulumi.model.capabilities.application.container_runtime import (
    CONNECTIONS_VARIABLE,
    HealthCheck,
    Port,
    health_port,
    port_name,
)
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.sdk.scope import CapabilityScope


def container(scope: CapabilityScope, properties: Properties, secret_name: str) -> ContainerArgs:
    """Build the one container of a pod; secret environment values are read from the Kubernetes Secret of that name."""
    probe = None if properties.health_check is None else _probe(properties.health_check, properties.ports)
    return ContainerArgs(
        name="main",
        image=scope.text(properties.image),
        command=properties.command or None,
        env=_environment(scope, properties, secret_name),
        ports=[
            ContainerPortArgs(name=port_name(port), container_port=port.container_port, protocol=port.protocol)
            for port in properties.ports
        ],
        resources=_resources(properties),
        liveness_probe=probe,
        readiness_probe=probe,
        startup_probe=_startup_probe(properties),
    )


def secret_env(scope: CapabilityScope, env: Mapping[str, Any]) -> dict[str, Any]:
    """Select the environment variables whose values are secret."""
    return {name: value for name, value in env.items() if scope.is_secret(value)}


def _environment(scope: CapabilityScope, properties: Properties, secret_name: str) -> list[EnvVarArgs]:
    def variable(name: str, value: Any) -> EnvVarArgs:
        if scope.is_secret(value):
            reference = SecretKeySelectorArgs(name=secret_name, key=name)
            return EnvVarArgs(name=name, value_from=EnvVarSourceArgs(secret_key_ref=reference))
        return EnvVarArgs(name=name, value=scope.text(value))

    connections = EnvVarArgs(name=CONNECTIONS_VARIABLE, value=str(properties.database_connections))
    return [*(variable(name, value) for name, value in properties.env.items()), connections]


def _resources(properties: Properties) -> ResourceRequirementsArgs | None:
    limits = {"cpu": properties.cpu, "memory": properties.memory}
    asked = properties.resources.requests
    requests = {"cpu": asked.cpu or properties.cpu, "memory": asked.memory or properties.memory}
    given = [{name: value for name, value in amounts.items() if value} for amounts in (limits, requests)]
    return ResourceRequirementsArgs(limits=given[0] or None, requests=given[1] or None) if any(given) else None


def _probe(check: HealthCheck, ports: Sequence[Port]) -> ProbeArgs:
    return ProbeArgs(
        **_question(check, ports),
        period_seconds=seconds(check.interval),
        timeout_seconds=seconds(check.timeout),
        failure_threshold=check.retries,
    )


def _startup_probe(properties: Properties) -> ProbeArgs | None:
    check = properties.health_check
    if check is None or seconds(check.start_period) == 0:
        return None
    period = seconds(check.interval)
    return ProbeArgs(
        **_question(check, properties.ports),
        period_seconds=period,
        timeout_seconds=seconds(check.timeout),
        failure_threshold=-(-seconds(check.start_period) // period),
    )


def _question(check: HealthCheck, ports: Sequence[Port]) -> dict[str, Any]:
    if check.path is None:
        return {"exec_": ExecActionArgs(command=check.command)}
    return {"http_get": HTTPGetActionArgs(path=check.path, port=health_port(check, ports))}
