"""Opens the engine for one command: toolchain, backend, passphrase, provider servers, in that order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from platform_pulumi.engine import backend as backends
from platform_pulumi.engine import toolchain
from platform_pulumi.engine.pulumi import PulumiEngine
from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.errors import EngineError
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.request import Request
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults, faults_from_config, read_faults
from platform_pulumi.settings import Settings


@contextmanager
def open_engine(
    settings: Settings,
    platform: Platform,
    request: Request,
    simulated: bool,
    packages: Mapping[str, str],
    configs: Mapping[str, Mapping[str, Any]],
) -> Iterator[PulumiEngine]:
    """The engine of one command; everything it starts ends with the context.

    Args:
        packages: the Pulumi packages our own servers serve, with the Python module of each.
        configs: the config of each provider in use, for the faults that `mock` takes.

    Raises:
        EngineError: the CLI or the passphrase is missing.
        InputError: the backend's URL or the faults are wrong.
    """
    faults = _faults(request, simulated, configs)
    tool = toolchain.find(settings)
    backend = backends.choose(settings, request.backend, platform.state, simulated)
    secret = backends.passphrase(settings, backend)
    if backend.root is not None:
        _make(backend.root)
    workspace = Workspace.create(
        toolchain=tool.path,
        backend_url=backend.url,
        secrets=secret.environment if secret else {},
        simulated=simulated,
        plugins=settings.pulumi_home / "plugins",
        environment=settings.environment,
    )
    context = platform.context.path()
    key = secret.key(context) if secret else hashlib.sha256(f"platform-secrets/{context}".encode()).digest()
    host = PluginHost(
        packages=packages,
        world=backend.world or workspace.root / "world.sqlite",
        faults=faults,
        simulated=simulated,
    )
    organization = str(platform.state.get("organization") or platform.context.org) if backend.cloud else "organization"
    with PulumiEngine(workspace, host, key, organization) as engine:
        yield engine


def _faults(request: Request, simulated: bool, configs: Mapping[str, Mapping[str, Any]]) -> Faults | None:
    if not simulated:
        return None
    if request.simulate_config is not None:
        return read_faults(request.simulate_config)
    mock = configs.get("mock")
    return faults_from_config(mock) if mock else None


def _make(root: Any) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        detail = (
            f"{root} cannot be made: {error.strerror}. Choose another backend with --backend or PLATFORM_BACKEND_URL."
        )
        raise EngineError("The state backend cannot be written", detail) from error
