"""Base of Docker components: creates the resources of a deployment, in the order they start."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
import pulumi_docker as docker

from components.docker.config import PROVIDER, settings
from components.docker.container import Container, container
from components.docker.deployment import (
    OWN_NETWORK,
    Deployment,
    DeploymentContext,
    GeneratedPassword,
    NetworkName,
    Service,
    Volume,
    VolumeMount,
)
from components.docker.input_values import InputValues
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.password import Password
from platform_pulumi.sdk.revision import Revision
from platform_pulumi.sdk.scope import CapabilityScope

#: Docker takes longer names; what reads them (DNS, logs, people) does not.
_NAME_LIMIT = 55


class DockerComponent(CapabilityComponent):
    """Component of a capability that is made of containers. A subclass implements `deploy`.

    What it depends on is waited for by its first containers, and so by all: volumes and networks need not.
    """

    CHILDREN_WAIT = False

    @staticmethod
    @abstractmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        run = scope.shared.run
        deployment = self.deploy(DeploymentContext(scope.capability, settings(run), run.application))
        values = InputValues(scope, partial(self._password, holds_data=bool(deployment.volumes)))
        volumes = {volume: self._volume(volume) for volume in deployment.volumes}
        networks = {need: scope.bound_output(need, _NETWORK_OUTPUT[need]) for need in _needs(deployment)}
        if deployment.own_network:
            networks[OWN_NETWORK] = bridge_network(self, scope.name("network"), self.logical("network")).name
        started: list[pulumi.Resource] = list(scope.dependencies)
        for service in deployment.services:
            started = self._start(service, values, volumes, networks, started)
        return {
            name: networks[value.need] if isinstance(value, NetworkName) else _output(values, value)
            for name, value in deployment.outputs.items()
        }

    def _start(
        self,
        service: Service,
        values: InputValues,
        volumes: Mapping[Volume, pulumi.Output[str]],
        networks: Mapping[str, pulumi.Input[str]],
        after: list[pulumi.Resource],
    ) -> list[pulumi.Resource]:
        image = self._image(service, values)
        env = {name: values.input(value) for name, value in sorted(service.env.items())}
        mounts = [(mounted, _source(mounted, values, volumes)) for mounted in service.volumes]
        revision = self._revision(service, image, env, mounts) if service.beside else None
        made: list[pulumi.Resource] = []
        for number in range(1, service.replicas + 1):
            # One that is alone has no number; with more of them it stays the first.
            numbered = service.beside or number > 1
            part = "-".join(filter(None, (service.suffix, str(number) if numbered else "")))
            name: pulumi.Input[str] = self.scope.name(part, replace_keys=_held(service), limit=_NAME_LIMIT)
            if revision is not None:
                name = pulumi.Output.concat(name, "-", revision.result)
            logical = self.logical(part)
            about = Container(name, image, env, mounts, networks, self.scope.tags(logical))
            options = self.child(PROVIDER, depends_on=after, delete_before_replace=_first(service))
            made.append(docker.Container(logical, **container(service, about), opts=options))
        return made

    def _revision(
        self,
        service: Service,
        image: pulumi.Input[str],
        env: Mapping[str, pulumi.Input[str]],
        mounts: list[tuple[VolumeMount, pulumi.Input[str]]],
    ) -> Revision:
        """Create the revision of a service: another one changes the name, so that the replacement can start first.

        Everything is part of it but what is changed in place (the limit of memory) and the number of replicas.
        """
        fixed = [
            service.command, service.entrypoint, service.networks, service.aliases, dict(service.extra_aliases),
            [(file.path, file.content) for file in service.files],
            [(mounted.path, mounted.read_only) for mounted, _ in mounts],
            service.health and [service.health.test, service.health.interval, service.health.timeout,
                                service.health.retries, service.health.start_period],
            sorted(self.scope.tags("").items()),
            # Of the limits, Docker's plugin does not change that of CPUs in place, nor take away that of memory.
            service.cpus, service.memory is None,
        ]  # fmt: skip
        keepers = {"image": image, "definition": json.dumps(fixed, sort_keys=True)}
        keepers |= {f"env.{name}": value for name, value in env.items()}
        keepers |= {f"volume.{mounted.path}": source for mounted, source in mounts}
        logical = self.logical("-".join(filter(None, (service.suffix, "revision"))))
        return Revision(logical, keepers=keepers, opts=pulumi.ResourceOptions(parent=self))

    def _image(self, service: Service, values: InputValues) -> pulumi.Output[str]:
        logical = self.logical("-".join(filter(None, (service.suffix, "image"))))
        name = values.input(service.image)
        if service.build is None:
            # Never removed with the stack: whoever had it before, has it after.
            found = docker.RemoteImage(logical, name=name, keep_locally=True, opts=self.child(PROVIDER))
            return output(found.image_id)
        built = docker.Image(
            logical,
            image_name=name,
            build=docker.DockerBuildArgs(
                context=service.build.context, dockerfile=f"{service.build.context}/{service.build.dockerfile}"
            ),
            skip_push=True,
            opts=self.child(PROVIDER),
        )
        return output(built.repo_digest)

    def _volume(self, volume: Volume) -> pulumi.Output[str]:
        return output(named_volume(self, self.scope.name(volume.name), self.logical(volume.name)).name)

    def _password(self, made: GeneratedPassword, *, holds_data: bool) -> pulumi.Output[str]:
        # Whoever keeps the data keeps what opens it: an engine takes its first password only with an empty volume.
        options = pulumi.ResourceOptions(parent=self, protect=self.scope.protect if holds_data else None)
        return Password(self.logical(made.name), special=False, opts=options).result


#: The output of a bound capability that names its Docker network.
_NETWORK_OUTPUT: Mapping[str, str] = {"network": "id", "namespace": "name", "ingress": "name"}


def bridge_network(component: CapabilityComponent, name: str, logical: str) -> docker.Network:
    """Create a bridge network of that physical name."""
    tags = component.scope.tags(logical)
    return docker.Network(
        logical,
        name=name,
        driver="bridge",
        labels=[docker.NetworkLabelArgs(label=key, value=value) for key, value in sorted(tags.items())],
        # Docker cannot change a network's labels, and everything that is attached would go with it.
        opts=component.child(PROVIDER, delete_before_replace=True, ignore_changes=["labels"]),
    )


def named_volume(component: CapabilityComponent, name: str, logical: str) -> docker.Volume:
    """Create a volume of that physical name. It holds data: it is protected."""
    tags = component.scope.tags(logical)
    return docker.Volume(
        logical,
        name=name,
        labels=[docker.VolumeLabelArgs(label=key, value=value) for key, value in sorted(tags.items())],
        # Docker cannot change a volume's labels; a new volume for a new label would be an empty one.
        opts=component.child(PROVIDER, protect=component.scope.protect, ignore_changes=["labels"]),
    )


def output(value: Any) -> pulumi.Output[str]:
    """Return an output of the generated SDK, whose types are not read (pyproject.toml)."""
    return pulumi.Output.from_input(value)


def _needs(deployment: Deployment) -> set[str]:
    return {need for service in deployment.services for need in service.networks if need != OWN_NETWORK}


def _held(service: Service) -> Mapping[str, Any] | None:
    """List what must be part of the name so that a replacement can be started first: a new port, never the same one.

    Two at once must not write one volume.
    """
    return {"ports": [port.port for port in service.published]} if service.published and not service.volumes else None


def _first(service: Service) -> bool | None:
    """Whether the old one goes before its replacement is made; None leaves it to the plugin, which compares names."""
    if service.beside:
        return False
    return True if service.volumes else None


def _source(
    mounted: VolumeMount, values: InputValues, volumes: Mapping[Volume, pulumi.Output[str]]
) -> pulumi.Input[str]:
    return volumes[mounted.source] if isinstance(mounted.source, Volume) else values.input(mounted.source)


def _output(values: InputValues, value: Any) -> pulumi.Input[Any]:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, int) else values.input(value)
