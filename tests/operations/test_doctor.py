from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from platform_pulumi.engine.backend import Backend
from platform_pulumi.errors import InputError, PlatformError
from platform_pulumi.operations import doctor
from platform_pulumi.operations.doctor import Check, Status
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings, read


@dataclass(frozen=True)
class Cli:
    path: Path = Path("/opt/pulumi")
    version: str = "3.259.0"
    source: str = "PATH"
    supported: bool = True


def provider(name: str, *, always_simulated: bool = False, **packages: str) -> ProviderDefinition:
    return ProviderDefinition(
        name=name, packages=packages, bindings={}, providers="", reveal="", always_simulated=always_simulated
    )


AWS = provider("aws", aws="pulumi_aws", platform="")


@dataclass(frozen=True)
class FakeMachine:
    """A machine on which all is well; a test replaces what it is about."""

    state: Backend | PlatformError
    clis: Sequence[Cli] = (Cli(),)
    go_version: str | None = "1.26.0"
    plugin_versions: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"aws": ["7.51.1"]})
    distributions: Mapping[str, str] = field(default_factory=lambda: {"pulumi": "3.272.0", "pulumi-aws": "7.51.1"})
    owned_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    found: Mapping[str, ProviderDefinition] | PlatformError = field(
        default_factory=lambda: {
            "aws": AWS,
            "mock": provider("mock", always_simulated=True, mock="pulumi_mock"),
        }
    )

    def python(self) -> str:
        return "3.11.7 in /venv"

    def command_lines(self) -> Sequence[Cli]:
        return self.clis

    def supported(self) -> str:
        return "3.259.0 to 3.274.1"

    def backend(self) -> Backend:
        if isinstance(self.state, PlatformError):
            raise self.state
        return self.state

    def go(self) -> str | None:
        return self.go_version

    def plugins(self) -> Mapping[str, Sequence[str]]:
        return self.plugin_versions

    def installed(self, distribution: str) -> str | None:
        assert distribution, "Python refuses to look for a distribution without a name"
        return self.distributions.get(distribution)

    def owners(self, package: str) -> Sequence[str]:
        return self.owned_by.get(package, ())

    def providers(self) -> Mapping[str, ProviderDefinition]:
        if isinstance(self.found, PlatformError):
            raise self.found
        return self.found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"HOME": str(tmp_path)}, tmp_path)


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    root = tmp_path / "state"
    return FakeMachine(Backend(f"file://{root}", "default", root))


def check(machine: FakeMachine, settings: Settings, name: str) -> Check:
    found = [one for one in doctor.diagnose(settings, machine).checks if one.name == name]
    assert len(found) == 1, found
    return found[0]


def test_where_all_is_well_nothing_is_advised(machine: FakeMachine, settings: Settings) -> None:
    diagnosis = doctor.diagnose(settings, machine)
    assert diagnosis.status is Status.OK
    assert [one.advice for one in diagnosis.checks] == [""] * len(diagnosis.checks)
    assert [one.name for one in diagnosis.checks] == [
        "pulumi cli", "python", "pulumi sdk", "plugin aws", "providers", "backend", "passphrase", "database",
    ]  # fmt: skip


def test_the_cli_in_use_is_named_with_its_source(machine: FakeMachine, settings: Settings) -> None:
    assert (
        check(machine, settings, "pulumi cli").found == "3.259.0 from PATH: /opt/pulumi; supported: 3.259.0 to 3.274.1"
    )


def test_a_cli_passed_over_is_a_warning_beside_the_one_in_use(machine: FakeMachine, settings: Settings) -> None:
    old = Cli(Path("/usr/bin/pulumi"), "3.9.0", supported=False)
    diagnosis = doctor.diagnose(settings, replace(machine, clis=[old, Cli(), old]))
    assert diagnosis.status is Status.WARNING
    assert [(one.status, one.found) for one in diagnosis.checks if one.name == "pulumi cli"] == [
        (Status.WARNING, "/usr/bin/pulumi: 3.9.0 (PATH), not used"),
        (Status.OK, "3.259.0 from PATH: /opt/pulumi; supported: 3.259.0 to 3.274.1"),
    ]
    assert "runs with 3.259.0 to 3.274.1" in diagnosis.checks[0].advice


@pytest.mark.parametrize(("go", "status"), [("1.26.0", Status.OK), (None, Status.WARNING)])
def test_without_a_cli_go_matters(machine: FakeMachine, settings: Settings, go: str | None, status: Status) -> None:
    bare = replace(machine, clis=[], go_version=go)
    cli = check(bare, settings, "pulumi cli")
    assert (cli.status, cli.found) == (Status.ERROR, "none that is supported: 3.259.0 to 3.274.1")
    assert cli.advice.startswith("platform doctor --install")
    assert check(bare, settings, "go").status is status


@pytest.mark.parametrize(("versions", "found"), [((), "none"), (("6.0.0",), "6.0.0; the SDK is 7.51.1")])
def test_a_missing_plugin_stops_only_real_runs(
    machine: FakeMachine, settings: Settings, versions: Sequence[str], found: str
) -> None:
    without = replace(machine, plugin_versions={"aws": versions})
    plugin = check(without, settings, "plugin aws")
    assert (plugin.status, plugin.found) == (Status.WARNING, found)
    assert "Simulated runs need none" in plugin.advice
    assert doctor.missing_plugins(without) == {"aws": "7.51.1"}
    assert doctor.missing_plugins(machine) == {}


def test_a_plugin_that_ours_stands_in_for_is_not_missing(machine: FakeMachine, settings: Settings) -> None:
    without = replace(machine, plugin_versions={}, found={"aws": replace(AWS, embedded={"aws": "ours:Backend"})})
    found = check(without, settings, "plugin aws")
    assert (found.status, found.advice) == (Status.OK, "")
    assert found.found == "the published one is not installed: ours, embedded, plans the same"
    assert check(replace(without, plugin_versions={"aws": ["7.51.1"]}), settings, "plugin aws").found == "7.51.1"


def test_a_package_that_nobody_publishes_has_no_sdk_and_no_published_plugin(
    machine: FakeMachine, settings: Settings
) -> None:
    own = replace(machine, found={"own": provider("own", own="")})
    assert "own" not in check(own, settings, "pulumi sdk").found
    assert "own" in check(own, settings, "providers").found
    assert "plugin own" not in {one.name for one in doctor.diagnose(settings, own).checks}


def test_a_provider_that_cannot_be_loaded_is_an_error_and_the_rest_is_told(
    machine: FakeMachine, settings: Settings
) -> None:
    broken = replace(machine, found=InputError("A provider cannot be loaded", "ImportError: nothing"))
    found = check(broken, settings, "providers")
    assert (found.status, found.found, found.advice) == (
        Status.ERROR, "A provider cannot be loaded", "ImportError: nothing",
    )  # fmt: skip
    assert check(broken, settings, "backend").status is Status.OK


def test_no_provider_and_no_sdk_are_errors(machine: FakeMachine, settings: Settings) -> None:
    bare = replace(machine, found={}, distributions={})
    assert check(bare, settings, "providers").status is Status.ERROR
    assert check(bare, settings, "pulumi sdk").status is Status.ERROR


def test_another_owner_of_our_package_names_is_an_error(machine: FakeMachine, settings: Settings) -> None:
    owners = {"components": ["platform-pulumi", "other-thing"], "stacks": ["platform-pulumi"]}
    found = check(replace(machine, owned_by=owners), settings, "package names")
    assert (found.status, found.found) == (Status.ERROR, "`components` is not only ours")
    assert "other-thing" in found.advice


def test_a_backend_says_where_it_is_and_whether_it_can_be_written(
    machine: FakeMachine, settings: Settings, tmp_path: Path
) -> None:
    root = tmp_path / "state"
    assert check(machine, settings, "backend").found == f"file://{root} (default); made on first use"
    root.mkdir()
    assert check(machine, settings, "backend").found == f"file://{root} (default)"
    root.rmdir()
    root.write_text("")
    assert check(machine, settings, "backend").status is Status.ERROR


def test_a_shared_backend_is_shown_without_its_credentials_and_needs_a_passphrase(
    machine: FakeMachine, settings: Settings, canary: str
) -> None:
    shared = replace(machine, state=Backend(f"postgres://u:{canary}@db/state", "PLATFORM_BACKEND_URL", None))
    found = check(shared, settings, "backend")
    assert found.found.startswith("postgres://…@db/state (PLATFORM_BACKEND_URL)")
    assert canary not in repr(doctor.diagnose(settings, shared))
    assert check(shared, settings, "passphrase").status is Status.ERROR
    assert check(shared, replace(settings, passphrase=canary), "passphrase").status is Status.OK


def test_pulumi_cloud_needs_no_passphrase(machine: FakeMachine, settings: Settings) -> None:
    cloud = replace(machine, state=Backend("https://pulumi.example", "PULUMI_BACKEND_URL", None))
    assert check(cloud, settings, "passphrase") == Check(
        "passphrase", Status.OK, "none needed: the backend encrypts secrets itself"
    )


def test_a_wrong_backend_url_is_a_finding(machine: FakeMachine, settings: Settings) -> None:
    wrong = replace(machine, state=InputError("Not a state backend", "PLATFORM_BACKEND_URL is 'x'"))
    assert check(wrong, settings, "backend") == Check(
        "backend", Status.ERROR, "Not a state backend", "PLATFORM_BACKEND_URL is 'x'"
    )


def test_a_passphrase_others_can_read_is_a_warning(machine: FakeMachine, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "state" / "passphrase"
    file.parent.mkdir()
    file.write_text("secret")
    file.chmod(0o644)
    found = check(machine, settings, "passphrase")
    assert (found.status, found.advice) == (Status.WARNING, f"Others can read it: chmod 600 {file}")
    file.chmod(0o600)
    assert check(machine, settings, "passphrase") == Check("passphrase", Status.OK, f"{file} (made on first use)")
    elsewhere = replace(settings, passphrase_file=tmp_path / "lost")
    assert check(machine, elsewhere, "passphrase").status is Status.ERROR
