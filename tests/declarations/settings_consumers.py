"""What becomes of a document: the products of code outside `declarations`, in which a consumed setting must be seen.

The tiers are planned as `preview` does it, over a fake engine; the programs' components then run on Pulumi's mocks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from platform_pulumi import settings as settings_module
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine import backend as backends
from platform_pulumi.engine.plugins import wanted_plugins
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations import preview, waiting
from platform_pulumi.plugins.faults import faults_from_config
from platform_pulumi.sdk.run import TierRun
from tests.components.harness import build
from tests.operations.fakes import FakeEngine, Watcher, services
from tests.reading import load_files, task

#: A view of a platform and of the runs of its tiers.
Product = Callable[[Platform, list[TierRun]], Any]


def _stacks(platform: Platform, runs: list[TierRun]) -> Any:
    """The names of the stacks."""
    del platform
    return [str(run.stack) for run in runs]


def _contracts(platform: Platform, runs: list[TierRun]) -> Any:
    """What every stack exports for those below, without the places of the file."""
    del platform
    return [_placeless(run.contract.to_json()) for run in runs]


def _resources(platform: Platform, runs: list[TierRun]) -> Any:
    """What the components register: inputs, options, and what each waits for."""
    del platform
    return [_registered(run)[0] for run in runs]


def _provider_resources(platform: Platform, runs: list[TierRun]) -> Any:
    """The inputs of the explicit Pulumi providers."""
    del platform
    return [_registered(run)[1] for run in runs]


def _providers(platform: Platform, runs: list[TierRun]) -> Any:
    """Which providers each tier uses."""
    del platform
    return [sorted(record.name for record in run.contract.providers) for run in runs]


def _backend(platform: Platform, runs: list[TierRun]) -> Any:
    """Where the state lies."""
    del runs
    return backends.choose(
        settings_module.read({"HOME": "/nowhere"}, Path("/nowhere")), None, platform.state, False
    ).url


def _organization(platform: Platform, runs: list[TierRun]) -> Any:
    """The organization of Pulumi Cloud that has the stacks."""
    del runs
    cloud = backends.Backend("https://api.example", "--backend", None)
    return backends.organization(cloud, platform.state, platform.context)


def _patience(platform: Platform, runs: list[TierRun]) -> Any:
    """How long a run waits for another one."""
    del runs
    return waiting.lock_timeout(platform)


def _encryption(platform: Platform, runs: list[TierRun]) -> Any:
    """Whether a backend that encrypts by itself will do."""
    del runs
    try:
        backends.check_encryption(backends.Backend("https://api.example", "--backend", None), platform.state)
    except InputError as error:
        return error.summary
    return "as the backend does"


def _plugins(platform: Platform, runs: list[TierRun]) -> Any:
    """Which plugins are wanted."""
    del runs
    return wanted_plugins(platform.providers)


def _faults(platform: Platform, runs: list[TierRun]) -> Any:
    """What the simulator is told to let fail, drift and take time."""
    del runs
    return [faults_from_config(provider.config).to_json() for provider in platform.providers]


PRODUCTS: Mapping[str, Product] = {
    "stacks": _stacks,
    "contracts": _contracts,
    "resources": _resources,
    "provider resources": _provider_resources,
    "providers": _providers,
    "backend": _backend,
    "organization": _organization,
    "patience": _patience,
    "encryption": _encryption,
    "plugins": _plugins,
    "faults": _faults,
}


def written(document: Mapping[str, Any]) -> str:
    """A document as a file: every key on a line of its own."""
    return yaml.safe_dump(dict(document), sort_keys=False, default_flow_style=False)


def loaded(path: Path, document: Mapping[str, Any]) -> Platform:
    """Read a document from disk as a simulated run does."""
    path.write_text(written(document), encoding="utf-8")
    return load_files([path], definitions=provider_definitions(), simulated=True)


def planned(path: Path) -> list[TierRun]:
    """The runs of all tiers of a file, as `preview` gives them to the engine."""
    engine = FakeEngine()
    preview.preview(services(engine, definitions=provider_definitions()), task([path], simulate=True), Watcher())
    return engine.previews


def _registered(run: TierRun) -> tuple[list[str], list[str]]:
    """What a run's components register, and its providers."""
    (name,) = {capability.provider for capability in run.capabilities}
    built = build(provider_definitions()[name], run, preview=True)
    lines = [
        [
            json.dumps([r.type, r.name, r.inputs, r.options, sorted(r.depends)], sort_keys=True, default=str)
            for r in resources
        ]
        for resources in (built.resources, built.providers)
    ]
    return lines[0], lines[1]


def _placeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _placeless(item) for key, item in value.items() if key != "at"}
    return [_placeless(item) for item in value] if isinstance(value, list) else value
