from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine.machine import LocalMachine, install_missing
from platform_pulumi.errors import InputError
from platform_pulumi.operations import doctor
from platform_pulumi.operations.doctor import Status
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings, read


def aws() -> Mapping[str, ProviderDefinition]:
    return {"aws": ProviderDefinition("aws", {"aws": "pulumi_aws"}, {}, "", "")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"HOME": str(tmp_path / "home"), "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.defpath}"}, tmp_path)


def make_cli(tmp_path: Path, script: str) -> None:
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\n[ "$1" = version ] && {{ echo v3.259.0; exit; }}\n{script}\n')
    path.chmod(0o755)


def test_plugins_are_read_from_the_pulumi_home(settings: Settings) -> None:
    plugins = settings.pulumi_home / "plugins"
    for name in ("resource-aws-v7.51.1", "resource-aws-v7.9.0", "resource-aws-native-v1.2.3", "analyzer-x-v1.0.0"):
        (plugins / name).mkdir(parents=True)
    (plugins / "resource-aws-v7.51.1.lock").touch()
    assert LocalMachine(settings, aws).plugins() == {"aws": ["7.51.1", "7.9.0"], "aws-native": ["1.2.3"]}


class Broken(dict[str, ProviderDefinition]):
    """Providers that are loaded when they are looked up, and cannot be."""

    def __missing__(self, name: str) -> ProviderDefinition:
        message = "no module named nothing"
        raise ImportError(message)

    def __iter__(self) -> Iterator[str]:
        return iter(["other"])


def test_what_a_provider_raises_at_import_is_a_finding(settings: Settings) -> None:
    with pytest.raises(InputError) as raised:
        LocalMachine(settings, Broken).providers()
    assert raised.value.detail == "other: ImportError: no module named nothing"


def test_distributions_are_known_by_name(settings: Settings) -> None:
    machine = LocalMachine(settings, aws)
    assert machine.installed("pulumi-aws") == machine.installed("pulumi_aws")
    assert machine.installed("no-such-distribution") is None
    assert "pulumi-aws" in [name.replace("_", "-") for name in machine.owners("pulumi_aws")]


def test_missing_plugins_are_installed_into_the_users_pulumi_home(settings: Settings, tmp_path: Path) -> None:
    make_cli(tmp_path, 'mkdir -p "$PULUMI_HOME/plugins/$3-$4-$5"')
    machine = LocalMachine(settings, aws)
    told: list[str] = []
    install_missing(machine, told.append)
    version = machine.installed("pulumi-aws")
    assert machine.plugins() == {"aws": [version]}
    assert told == [f"Downloading the aws plugin {version} ..."]
    install_missing(machine, told.append)
    assert len(told) == 1


def test_a_plugin_that_cannot_be_had_is_told_of_with_the_reason(settings: Settings, tmp_path: Path) -> None:
    make_cli(tmp_path, "echo 'error: no route to host' >&2; exit 255")
    told: list[str] = []
    cli = install_missing(LocalMachine(settings, aws), told.append)
    assert cli.version == "3.259.0"
    assert told[-1].startswith("A plugin cannot be downloaded: aws ")
    assert told[-1].endswith("error: no route to host")


def test_the_diagnosis_of_this_machine_finds_our_own_providers(settings: Settings, tmp_path: Path) -> None:
    make_cli(tmp_path, "")
    machine = LocalMachine(settings, provider_definitions)
    checks = {check.name: check for check in doctor.diagnose(settings, machine).checks}
    assert checks["providers"].found == "aws, docker, mock"
    assert checks["pulumi cli"].status is Status.OK
    assert "package names" not in checks
    assert str(settings.home) in checks["backend"].found
