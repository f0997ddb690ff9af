"""Every `module:attribute` in the installed providers' definitions: it is there, fits, and lies where it may.

import-linter sees imports, not such strings: this test holds the same directions for them.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any, NamedTuple

import pytest

from platform_pulumi.catalog import PROVIDERS, provider_definitions
from platform_pulumi.plugins.provider import Backend
from platform_pulumi.plugins.table import RemoteComponents, SimulatedPackage
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.provider import ProviderDefinition, load
from platform_pulumi.sdk.runtime import Runtime

_REFERENCE = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
#: What of ours a definition may name: the library that plugins and simulated packages are made with.
LIBRARY = "platform_pulumi.plugins."
HOMES = {entry.name: entry.module for entry in entry_points(group=PROVIDERS)}


class Named(NamedTuple):
    """A reference: whose it is, in which field (`bindings.cache.component`), and what it says."""

    provider: str
    field: str
    reference: str


def references(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every string within a definition that has the form of a reference, by field."""
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from references(getattr(value, item.name), f"{field}.{item.name}".lstrip("."))
    elif isinstance(value, Mapping):
        for name in value:
            yield from references(value[name], f"{field}.{name}")
    elif isinstance(value, str) and _REFERENCE.fullmatch(value):
        yield field, value
        found = load(value)
        if isinstance(found, SimulatedPackage):
            yield from references(found, field)


ALL = [
    Named(name, field, reference)
    for name, definition in provider_definitions().items()
    for field, reference in references(definition)
]


def takes(function: Any, *arguments: object) -> bool:
    """Whether it can be called with these."""
    inspect.signature(function).bind(*arguments)
    return True


def implements(kind: Any, protocol: type) -> bool:
    """Whether a class has the methods of a protocol, with as many parameters and the same keywords."""
    for name, wanted in vars(protocol).items():
        if name.startswith("_") or not callable(wanted):
            continue
        there = inspect.signature(getattr(kind, name)).parameters.values()
        asked = inspect.signature(wanted).parameters.values()
        keywords = {p.name for p in asked if p.kind is p.KEYWORD_ONLY}
        assert {p.name for p in there if p.kind is p.KEYWORD_ONLY} == keywords, f"{kind.__name__}.{name}"
        assert len(there) == len(asked), f"{kind.__name__}.{name}"
        assert inspect.iscoroutinefunction(getattr(kind, name)) == inspect.iscoroutinefunction(wanted), name
    return inspect.isclass(kind)


#: A field's name (the parts that are names of its own are `*`) to what its target must be.
FITS: Mapping[str, Callable[[Any], bool]] = {
    "bindings.*.component": lambda found: issubclass(found, CapabilityComponent) and takes(found, "scope"),
    "providers": lambda found: takes(found, "scope"),
    "reveal": lambda found: takes(found, "scope", "ref"),
    "runtime": lambda found: implements(found, Runtime) and takes(found, {}, {}),
    "simulated.*": lambda found: isinstance(found, SimulatedPackage),
    "simulated.*.components": lambda found: implements(found, RemoteComponents) and takes(found, "types"),
    "faults": lambda found: takes(found, {}),
    "embedded.*": lambda found: implements(found, Backend) and takes(found, {}),
    "standalone": lambda found: takes(found, "folder"),
    "exports.*": lambda found: takes(found, "request"),
}


def fits(field: str) -> Callable[[Any], bool]:
    """What the target of a field must be."""
    return next(test for pattern, test in FITS.items() if re.fullmatch(pattern.replace("*", "[^.]+"), field))


@pytest.mark.parametrize("named", ALL, ids=lambda named: f"{named.provider}-{named.field}")
def test_it_is_there_and_fits(named: Named) -> None:
    assert fits(named.field)(load(named.reference)), named.reference


@pytest.mark.parametrize("pattern", FITS)
def test_each_kind_of_reference_is_among_them(pattern: str) -> None:
    assert [named for named in ALL if fits(named.field) is FITS[pattern]]


@pytest.mark.parametrize("named", ALL, ids=lambda named: f"{named.provider}-{named.field}")
def test_it_lies_with_its_provider_or_in_a_library(named: Named) -> None:
    module = named.reference.partition(":")[0]
    assert allowed(module, HOMES[named.provider]), f"{module} is neither {HOMES[named.provider]}'s nor a library"


def allowed(module: str, home: str) -> bool:
    """Whether a provider that lives in `home` may name a module."""
    if _within(module, "platform_pulumi"):
        return module.startswith(LIBRARY)
    others = {other for other in HOMES.values() if other != home}
    beside = home.rpartition(".")[0]
    return _within(module, home) or (
        # A library that providers of one distribution share.
        bool(beside) and module.startswith(f"{beside}.") and not any(_within(module, other) for other in others)
    )


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("components.aws.network", True),
        ("components.aws", True),
        ("components.workload.simulated", True),
        ("components.docker.plugin.backend", False),
        ("components.awsome", True),
        ("platform_pulumi.plugins.faults", True),
        ("platform_pulumi.engine.plugins", False),
        ("platform_pulumi.operations.up", False),
        ("platform_pulumi", False),
        ("stacks.application", False),
        ("os", False),
    ],
)
def test_where_a_reference_of_aws_may_lead(module: str, expected: bool) -> None:
    assert allowed(module, "components.aws") is expected


@pytest.mark.parametrize("name", HOMES)
def test_packages_that_are_named_are_packages_that_are_used(name: str) -> None:
    definition: ProviderDefinition = provider_definitions()[name]
    assert set(definition.simulated) == set(definition.packages), "every package has its part in the simulator"
    assert set(definition.embedded) <= set(definition.packages)
    assert {p: load(reference).name for p, reference in definition.simulated.items()} == {
        package: package for package in definition.simulated
    }


@pytest.mark.parametrize("name", HOMES)
def test_what_the_plugin_host_loads_is_light(name: str) -> None:
    """It starts with every command."""
    definition = provider_definitions()[name]
    modules = {
        reference.partition(":")[0] for reference in (*definition.simulated.values(), *definition.embedded.values())
    }
    program = (
        f"import sys, importlib\nfor name in {sorted(modules)}: importlib.import_module(name)\n"
        "heavy = {'click', 'docker', 'pulumi', 'pydantic', 'yaml'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=60)
