"""Services of a Compose file (https://github.com/compose-spec/compose-spec/blob/main/spec.md)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from components.docker.compose.secrets import SecretFiles
from components.docker.compose.text import Block
from components.docker.compose.text_values import PlacedCapabilities, PlacedCapability, TextValues
from components.docker.deployment import Build, Health, PublishedPort, Service, Volume
from platform_pulumi.errors import InputError
from platform_pulumi.model.value import Secret


@dataclass
class Sections:
    """Top-level sections that services refer to, by key."""

    networks: dict[str, Block] = field(default_factory=dict)
    volumes: dict[str, Block] = field(default_factory=dict)
    configs: dict[str, Block] = field(default_factory=dict)
    secrets: dict[str, Block] = field(default_factory=dict)


@dataclass(frozen=True)
class Writer:
    """Writer of services; what they refer to goes to `sections`.

    Args:
        folder: where the file will stand: paths are relative to it.
    """

    everything: PlacedCapabilities
    values: TextValues
    files: SecretFiles
    sections: Sections
    folder: Path

    def service(self, placed: PlacedCapability, service: Service) -> dict[str, Any]:
        """Build the mapping of a service."""
        key = placed.services[service.suffix]
        plain, hidden = self._environment(placed, service)
        secrets = self._secret_files(key, hidden) if service.secret_files else {}
        plain |= {f"{name}_FILE": f"/run/secrets/{secret}" for name, secret in secrets.items()}
        variables = {name: value for name, value in hidden.items() if name not in secrets}
        return _present(
            image=self._image(placed, service),
            build=_build(service.build, self.folder) if service.build else None,
            entrypoint=list(service.entrypoint),
            command=list(service.command),
            depends_on=self._depends_on(placed, service),
            environment=dict(sorted(plain.items())),
            env_file=[self.files.variables(key, variables)] if variables else None,
            secrets=sorted(secrets.values()),
            configs=self._configs(key, service),
            volumes=self._volumes(placed, service),
            networks=self._networks(placed, service),
            ports=[_port(published) for published in service.published],
            healthcheck=_healthcheck(service.health, secrets) if service.health else None,
            deploy=_deploy(placed, service),
            # As the docker provider does: else a container may swap as much again as it may have memory.
            memswap_limit=f"{service.memory}M" if service.memory else None,
            labels=dict(sorted(placed.capability.labels.items())) | _files_label(service),
            restart="unless-stopped",
        )

    def _image(self, placed: PlacedCapability, service: Service) -> str:
        image = self.values.of(service.image, placed)
        if isinstance(image, Secret):
            detail = (
                f"{placed.capability.declared_at}: the image of `{placed.capability.name}` comes from a secret, and a "
                "Compose file shows images. Write ${app.image}, and give the name with --set image=NAME."
            )
            summary = "An image cannot be a secret"
            raise InputError(summary, detail)
        return image

    def _environment(self, placed: PlacedCapability, service: Service) -> tuple[dict[str, str], dict[str, Secret]]:
        values = {name: self.values.of(value, placed) for name, value in service.env.items()}
        plain = {name: value for name, value in values.items() if isinstance(value, str)}
        return plain, {name: value for name, value in values.items() if isinstance(value, Secret)}

    def _secret_files(self, key: str, hidden: Mapping[str, Secret]) -> dict[str, str]:
        """Each secret variable with the name of the file it becomes."""
        found: dict[str, str] = {}
        for name, value in sorted(hidden.items()):
            secret = f"{key}-{name.rpartition('_')[2].lower()}"
            if secret in found.values():
                secret = f"{key}-{name.lower().replace('_', '-')}"
            self.sections.secrets[secret] = Block({"file": self.files.file(secret, value)})
            found[name] = secret
        return found

    def _depends_on(self, placed: PlacedCapability, service: Service) -> dict[str, Any]:
        before = placed.deployment.services[: placed.deployment.services.index(service)]
        wanted = [(placed, earlier) for earlier in before]
        # A network that a proxy keeps has no use before the proxy runs.
        found = [self.everything.network(placed, need) for need in service.networks]
        found += [] if before else self.everything.needed(placed)
        wanted += [(p, s) for p in dict.fromkeys(found) if p is not placed for s in p.deployment.services]
        return {
            other.services[s.suffix]: {"condition": "service_healthy" if s.health else "service_started"}
            for other, s in wanted
        }

    def _configs(self, key: str, service: Service) -> list[dict[str, str]]:
        used = []
        for file in service.files:
            name = f"{key}-{PurePosixPath(file.path).name.lower()}"
            if name in self.sections.configs:
                name = f"{key}{file.path.lower().replace('/', '-')}"
            self.sections.configs[name] = Block({"content": file.content})
            used.append({"source": name, "target": file.path})
        return used

    def _volumes(self, placed: PlacedCapability, service: Service) -> list[str]:
        found = []
        for mounted in service.volumes:
            if isinstance(mounted.source, Volume):
                key = placed.volumes[mounted.source.name]
            else:
                name = self.values.of(mounted.source, placed)
                key = self._known_volume(name.reveal() if isinstance(name, Secret) else name)
            found.append(f"{key}:{mounted.path}{':ro' if mounted.read_only else ''}")
        return found

    def _known_volume(self, name: str) -> str:
        """The key of a volume by Docker's name of it; one that is not ours has to be there already."""
        for key in self.sections.volumes:
            if name in {self.values.named(key), self.sections.volumes[key].body.get("name")}:
                return key
        self.sections.volumes[name] = Block({"name": name, "external": True})
        return name

    def _networks(self, placed: PlacedCapability, service: Service) -> dict[str, Any]:
        return {
            self.everything.network(placed, need).key: _present(
                aliases=[*service.aliases, *service.extra_aliases.get(need, ())]
            )
            for need in service.networks
        }


def _present(**entries: Any) -> dict[str, Any]:
    """Drop the empty entries."""
    return {name: value for name, value in entries.items() if value not in (None, "", [], {})}


def _files_label(service: Service) -> dict[str, str]:
    """Compose makes a container anew where its labels change, and does not where only its files do."""
    if not service.files:
        return {}
    known = "".join(f"{file.path}\0{file.content}\0" for file in service.files)
    return {"platform:files": hashlib.sha256(known.encode()).hexdigest()[:12]}


def _build(build: Build, folder: Path) -> dict[str, str]:
    """Relative, so that the file says the same on every machine."""
    context = Path(os.path.relpath(build.context, folder.resolve())).as_posix()
    return {"context": context if context.startswith(".") else f"./{context}", "dockerfile": build.dockerfile}


def _port(published: PublishedPort) -> str:
    address = f"[{published.address}]" if ":" in published.address else published.address
    protocol = "" if published.protocol == "tcp" else f"/{published.protocol}"
    return f"{address}:{published.port}:{published.container_port}{protocol}"


def _healthcheck(health: Health, secrets: Mapping[str, str]) -> dict[str, Any]:
    test = list(health.test)
    if test[0] == "CMD-SHELL":
        # What the image reads from a file is a variable to its own processes only, not to a check.
        used = [name for name in secrets if f"${name}" in test[1] or f"${{{name}}}" in test[1]]
        test[1] = "".join(f'{name}="$(cat "${name}_FILE")"; ' for name in used) + test[1]
    return _present(
        test=test,
        interval=f"{health.interval}s",
        timeout=f"{health.timeout}s",
        retries=health.retries,
        start_period=f"{health.start_period}s" if health.start_period else None,
    )


def _deploy(placed: PlacedCapability, service: Service) -> dict[str, Any]:
    limits = _present(memory=f"{service.memory}M" if service.memory else None, cpus=service.cpus)
    says = hasattr(placed.capability.properties, "replicas") and not service.suffix
    found: dict[str, Any] = {"replicas": service.replicas} if says or service.replicas != 1 else {}
    if limits:
        found["resources"] = {"limits": limits}
    return found
