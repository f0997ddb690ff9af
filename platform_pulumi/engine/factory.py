"""Factory of the engine for one command: toolchain, backend, passphrase, provider servers, in that order."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from platform_pulumi.engine import backend as backends
from platform_pulumi.engine import published, toolchain
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.noops import NoopCache
from platform_pulumi.engine.passphrase import user_key
from platform_pulumi.engine.plugins import PluginSelection, wanted_plugins
from platform_pulumi.engine.pulumi import PulumiEngine
from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.errors import EngineError
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.cancellation import Cancellation
from platform_pulumi.operations.task import EngineOptions
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.plugins.faults import Faults, read_faults
from platform_pulumi.sdk.provider import ProviderDefinition, load
from platform_pulumi.settings import Settings


@contextmanager
def open_engine(
    settings: Settings,
    platform: Platform,
    options: EngineOptions,
    simulated: bool,
    definitions: Mapping[str, ProviderDefinition],
    programs: LanguageHost,
    cancellation: Cancellation,
) -> Iterator[PulumiEngine]:
    """Open the engine of one command; everything it starts ends with the context.

    Args:
        definitions: those of the platform's providers, by name.
        programs: whose process runs the programs.
        cancellation: cancels what the engine does.

    Raises:
        EngineError: the CLI or the passphrase is missing.
        InputError: the backend's URL or the faults are wrong, or it cannot encrypt as declared.
    """
    faults = _faults(platform, options, definitions) if simulated else None
    tool = toolchain.find_cli(settings)
    backend = backends.choose(settings, options.backend, platform.state, simulated)
    backends.check_encryption(backend, platform.state)
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
    key = secret.key(context) if secret else user_key(settings.cache_dir, context)
    host = PluginHost(
        packages=serving.OWN,
        world=backend.world or workspace.root / "world.sqlite",
        faults=faults,
        simulated=simulated,
        cache=settings.cache_dir,
    )
    modules = _modules(platform, definitions)
    plugins = _plugins(settings, platform, definitions, simulated, tool)
    packages = {module.partition(".")[0] for module in modules}
    noops = NoopCache(
        settings.cache_dir / "noops.json", backend.url, key, packages | {"stacks"}, (tool.version, str(tool.path))
    )
    with PulumiEngine(
        workspace,
        host,
        programs,
        key,
        cancellation=cancellation,
        modules=modules,
        refresh=options.refresh,
        plugins=plugins,
        noops=noops,
        organization=backends.organization(backend, platform.state, platform.context),
    ) as engine:
        yield engine


def _plugins(
    settings: Settings,
    platform: Platform,
    definitions: Mapping[str, ProviderDefinition],
    simulated: bool,
    tool: toolchain.Toolchain,
) -> PluginSelection:
    return PluginSelection(
        definitions=definitions,
        used=_used(platform),
        wanted=wanted_plugins(platform.providers),
        simulated=simulated,
        installed=functools.partial(published.installed_plugins, settings),
        version=lambda package: published.sdk_version(definitions, package),
        obtain=functools.partial(published.install_plugin, tool, settings),
        memory=settings.cache_dir / "not-obtained.json",
    )


def _used(platform: Platform) -> frozenset[str]:
    """The providers whose resources the programs register; those of a tier that declares nothing register all."""
    all_of_them = frozenset(provider.name for provider in platform.providers)
    used = [frozenset(c.provider for c in tier.capabilities) or all_of_them for tier in platform.tiers]
    return frozenset[str]().union(*used)


def _modules(platform: Platform, definitions: Mapping[str, ProviderDefinition]) -> set[str]:
    """The modules that the programs will import: those of the components in use."""
    references: set[str] = set()
    for tier in platform.tiers:
        for capability in tier.capabilities:
            definition = definitions[capability.provider]
            binding = definition.bindings.get(capability.type)
            references |= {definition.providers, binding.component} if binding else {definition.providers}
    return {reference.partition(":")[0] for reference in references}


def _faults(platform: Platform, options: EngineOptions, definitions: Mapping[str, ProviderDefinition]) -> Faults:
    """Read the faults of a simulated run: of a file, else of the providers' settings."""
    declared = {capability.name for tier in platform.tiers for capability in tier.capabilities}
    if options.faults is not None:
        return read_faults(options.faults, declared)
    faults = Faults()
    for provider in platform.providers:
        definition = definitions.get(provider.name)
        if definition is not None and definition.faults:
            faults = faults.merged(load(definition.faults)(provider.config))
    return faults.within(declared)


def _make(root: Any) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        detail = (
            f"{root} cannot be made: {error.strerror}. Choose another backend with --backend or PLATFORM_BACKEND_URL."
        )
        raise EngineError("The state backend cannot be written", detail) from error
