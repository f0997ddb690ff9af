"""Export `compose`: builds the Docker Compose file from the same deployments as the components.

It reads the same deployments as the components do (`deployment.py`), so that `docker compose up` serves what `platform
up` would.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from components.docker.component import DockerComponent
from components.docker.compose.names import Keys, project
from components.docker.compose.secrets import SecretFiles
from components.docker.compose.service import Sections, Writer
from components.docker.compose.text import Block, Document, comment, line
from components.docker.compose.text_values import PlacedCapabilities, PlacedCapability, TextValues
from components.docker.config import Config, read
from components.docker.deployment import Deployment, DeploymentContext, Service
from components.docker.stub import Stub
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.fidelity import FidelityGap, grouped
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.sdk.export import MARK, Export, ExportRequest
from platform_pulumi.sdk.provider import ProviderDefinition, load

#: Types that are a network or a volume in Docker, and nothing else.
_NETWORKS, _VOLUMES = ("network", "namespace"), ("persistent_volume",)
#: The first version that takes files within the file (`configs.content`).
_COMPOSE = "2.23.1"


def export(request: ExportRequest) -> Export:
    """Build the Compose file of a platform, and its secrets.

    Raises:
        InputError: a setting of the provider is wrong, or something has no place in a Compose file.
    """
    name = project(request.platform.context, request.application)
    everything = PlacedCapabilities(list(_placed(request, read(request.config), name)))
    files = SecretFiles(name, request.previous)
    values, sections = TextValues(everything, files, name), Sections()
    services: dict[str, Block] = {}
    for placed in everything.placed:
        _surroundings(placed, request.definition, sections)
    writer = Writer(everything, values, files, sections, request.target.parent)
    for placed in everything.placed:
        for service in placed.deployment.services:
            about = (*_title(placed), *_gaps(_concerning(service, placed, request.definition)))
            services[placed.services[service.suffix]] = Block(writer.service(placed, service), about)
    stubs = [p for p in everything.placed if not p.services and p.capability.type not in (*_NETWORKS, *_VOLUMES)]
    header = (*_header(request, files), *_missing(stubs, request.definition))
    document = Document(
        header=header,
        name=name,
        sections={
            "services": services,
            "networks": sections.networks,
            "volumes": sections.volumes,
            "configs": sections.configs,
            "secrets": sections.secrets,
        },
    )
    return Export(document.text(), files.files())


def _placed(request: ExportRequest, config: Config, name: str) -> Iterator[PlacedCapability]:
    declared = [(tier, capability) for tier in request.tiers for capability in tier.capabilities]
    keys = Keys(declared)
    mains = [keys.of(tier, capability) for tier, capability in declared]
    for (tier, capability), key in zip(declared, mains, strict=True):
        deployment = _deployed(request.definition, tier, capability, config, f"{name}_{key}")
        services = {s.suffix: keys.part(key, s.suffix) if s.suffix else key for s in deployment.services}
        volumes = {volume.name: keys.part(key, volume.name) for volume in deployment.volumes}
        yield PlacedCapability(tier, capability, key, deployment, services, volumes)


def _deployed(
    definition: ProviderDefinition, tier: TierDeclaration, capability: Capability, config: Config, named: str
) -> Deployment:
    """Return the deployment of a capability; `named` is Docker's name of it, where it is one object."""
    if capability.type == "network":
        # Docker chooses the range when the network is made.
        return Deployment(outputs={"id": named, "private_subnet_ids": (named,), "public_subnet_ids": (named,)})
    if capability.type in (*_NETWORKS, *_VOLUMES):
        return Deployment(outputs={"name": named})
    component = load(definition.bindings[capability.type].component)
    if issubclass(component, DockerComponent):
        deployment: Deployment = component.deploy(DeploymentContext(capability, config, tier.application))
        return deployment
    stub: type[Stub] = component
    return Deployment(outputs=stub.stub_outputs(capability))


def _surroundings(placed: PlacedCapability, definition: ProviderDefinition, sections: Sections) -> None:
    """The networks and volumes of a capability."""
    capability, deployment = placed.capability, placed.deployment
    alone = capability.type in (*_NETWORKS, *_VOLUMES)
    about = (*_title(placed), *_gaps(definition.report(capability).gaps)) if alone else ()
    labels: dict[str, Any] = {"labels": dict(sorted(capability.labels.items()))} if capability.labels else {}
    if capability.type in _NETWORKS or deployment.own_network:
        sections.networks[placed.key] = Block({"driver": "bridge", **labels}, about)
    if capability.type in _VOLUMES:
        sections.volumes[placed.key] = Block(labels, about)
    for volume in deployment.volumes:
        sections.volumes[placed.volumes[volume.name]] = Block(labels)


def _concerning(service: Service, placed: PlacedCapability, definition: ProviderDefinition) -> list[FidelityGap]:
    """Select the gaps of a service: those of the ingress belong to the gateway, all else to the main one."""
    gaps = definition.report(placed.capability).gaps
    if "gateway" not in placed.services:
        return list(gaps)
    return [gap for gap in gaps if gap.property.startswith("ingress.") == (service.suffix == "gateway")]


def _title(placed: PlacedCapability) -> tuple[str, ...]:
    application = placed.tier.application
    where = placed.tier.label if application in {None, "default"} else f"{placed.tier.label} {application}"
    return comment(f'{placed.capability.type} "{placed.capability.name}" ({where})')


def _gaps(gaps: Iterable[FidelityGap], indent: str = "") -> tuple[str, ...]:
    """Gaps as comments; fields of which the same is said share one."""
    lines: list[str] = []
    for gap in grouped(gaps):
        instead = f". Workaround: {gap.workaround}" if gap.workaround else ""
        said = comment(f"{gap.fidelity.upper()} {gap.property}: {gap.description}{instead}", "  ")
        lines += [words.replace("# ", f"# {indent}", 1) for words in said]
    return tuple(lines)


def _header(request: ExportRequest, files: SecretFiles) -> tuple[str, ...]:
    context = request.platform.context
    target = shlex.quote(request.target.name)
    sources = ", ".join(Path(file).name for file in request.platform.files)
    path = "/".join(filter(None, (context.org, context.environment, request.application)))
    lines = [
        line(f"{MARK[2:]} compose` from {sources}: {path} as Docker Compose."),
        "#",
        line(f"Run:    docker compose -f {target} up -d --wait"),
        line(f"Stop:   docker compose -f {target} down    (volumes, and what is in them, stay)"),
        line(f"Renew:  {shlex.join(request.command)}"),
        "#",
        *comment(
            f"Needs Docker Compose {_COMPOSE} or later. Changes made here are lost when it is renewed: put your own "
            "into a second file, and name both with -f. Unlike `platform up`, Compose stops the containers of a "
            "service before it starts new ones."
        ),
    ]
    if files.files():
        lines += comment(
            f"Secrets are in {files.folder}/, for you alone; keep that folder with the volumes and out of version "
            "control. Passwords in it are made once, and taken as they are when this file is renewed."
        )
    return tuple(lines)


def _missing(stubs: list[PlacedCapability], definition: ProviderDefinition) -> tuple[str, ...]:
    """Declared capabilities that are nothing here."""
    if not stubs:
        return ()
    lines = ["#", "# Declared, and nothing here stands for it:"]
    for placed in stubs:
        lines += [words.replace("# ", "#   ", 1) for words in _title(placed)]
        lines += _gaps(definition.report(placed.capability).gaps, "    ")
    return tuple(lines)
