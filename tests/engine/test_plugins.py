"""Which plugin serves: what was recorded is kept to, what is asked for by name is had or refused, `auto` finds its way.

What would ask the machine or the internet is given as functions; only the memory of failures is a real file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from platform_pulumi.engine.plugins import PluginSelection
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.plugins.serving import ServedPackage
from platform_pulumi.sdk.provider import ProviderDefinition

DAY = 24 * 3600
Say = Callable[[str], None]


def definition(name: str, *packages: str) -> ProviderDefinition:
    return ProviderDefinition(
        name,
        {package: f"pulumi_{package}" for package in packages},
        {},
        "",
        "",
        simulated={package: f"{name}.simulated:{package}" for package in packages},
        embedded={package: f"{name}.plugin:{package}" for package in packages if package in EMBEDDED},
    )


EMBEDDED = {"docker", "own"}
AWS = definition("aws", "aws", "eks", "kubernetes")
DOCKER = definition("docker", "docker")
#: A provider whose package nobody publishes.
OWN = replace(definition("own", "own"), packages={"own": ""})
#: A provider of which our own server serves one package and nobody but the published plugins the other.
HALF = definition("half", "docker", "random")


@dataclass
class Registry:
    """Where published plugins come from; remembers what it was asked for."""

    there: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, package: str, version: str, say: Say) -> None:
        self.asked.append((package, version))
        say(f"downloading {package} {version}")
        if not self.there:
            summary = "A plugin cannot be downloaded"
            raise EngineError(summary, f"{package} {version}: no route to get.pulumi.com.")


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "plugins.json"


def plugins(
    memory: Path,
    registry: Registry,
    *definitions: ProviderDefinition,
    wanted: Mapping[str, str] | None = None,
    installed: Mapping[str, Sequence[str]] | None = None,
    simulated: bool = False,
    used: Collection[str] | None = None,
) -> PluginSelection:
    known = definitions or (DOCKER,)
    return PluginSelection(
        definitions={one.name: one for one in known},
        used=frozenset((one.name for one in known) if used is None else used),
        wanted=wanted or {},
        simulated=simulated,
        installed=lambda: installed or {},
        version=lambda package: {"docker": "5.2.1"}.get(package, "7.0.0"),
        obtain=registry,
        memory=memory,
    )


def mode(chosen: PluginSelection, recorded: str | None = None) -> str:
    """The plugin of Docker."""
    return chosen.modes({"docker": recorded} if recorded else {}, lambda _: None)["docker"]


def test_a_provider_that_nothing_uses_any_more_is_served_where_something_is_recorded(
    memory: Path, registry: Registry
) -> None:
    chosen = plugins(memory, registry, DOCKER, AWS, used=["aws"], simulated=True)
    assert chosen.modes({}, lambda _: None) == {"aws": "simulated"}
    both = chosen.modes({"docker": "simulated"}, lambda _: None)
    assert both == {"docker": "simulated", "aws": "simulated"}
    assert {"aws", "docker"} <= chosen.packages(both).keys()
    assert "docker" not in chosen.packages({"aws": "simulated"})


def test_a_simulated_run_is_simulated_whatever_the_file_and_the_stacks_say(memory: Path, registry: Registry) -> None:
    for wanted in ("official", "embedded", "auto", "anything"):
        chosen = plugins(memory, registry, DOCKER, AWS, wanted={"docker": wanted}, simulated=True)
        assert chosen.modes({"docker": "embedded", "aws": "official"}, lambda _: None) == {
            "docker": "simulated",
            "aws": "simulated",
        }
    assert registry.asked == []


@pytest.mark.parametrize("recorded", [None, "official", "embedded"])
def test_ours_serves_where_the_file_says_so(memory: Path, registry: Registry, recorded: str | None) -> None:
    chosen = plugins(memory, registry, wanted={"docker": "embedded"}, installed={"docker": ["5.2.1"]})
    assert mode(chosen, recorded) == "embedded"
    assert registry.asked == []


@pytest.mark.parametrize("wanted", ["auto", "official"])
@pytest.mark.parametrize("recorded", [None, "official"])
def test_the_published_one_serves_where_it_is_installed(
    memory: Path, registry: Registry, wanted: str, recorded: str | None
) -> None:
    chosen = plugins(memory, registry, wanted={"docker": wanted}, installed={"docker": ["5.2.1"]})
    assert mode(chosen, recorded) == "official"
    assert registry.asked == []


def test_what_a_stack_was_applied_with_stays_though_somebody_installs_the_other(
    memory: Path, registry: Registry
) -> None:
    there = {"docker": ["5.2.1"]}
    assert mode(plugins(memory, registry, installed=there), "embedded") == "embedded"
    by_name = plugins(memory, registry, wanted={"docker": "official"}, installed=there)
    assert mode(by_name, "embedded") == "official"


@pytest.mark.parametrize(
    ("installed", "had"),
    [
        (["5.2.1"], True),
        (["5.2.2"], True),
        (["5.10.0"], True),
        (["5.3.0-alpha.1"], True),
        (["4.9.9", "5.2.1"], True),
        (["5.2.0"], False),
        (["5.1.9"], False),
        (["4.11.0"], False),
        (["6.0.0"], False),
        (["50.0.0"], False),
        ([], False),
        (["unknown"], False),
    ],
)
def test_an_installed_one_serves_from_the_sdks_version_on_within_its_major(
    memory: Path, registry: Registry, installed: list[str], had: bool
) -> None:
    assert mode(plugins(memory, registry, installed={"docker": installed})) == "official"
    assert registry.asked == ([] if had else [("docker", "5.2.1")])


def test_only_its_own_package_counts_as_installed(memory: Path, registry: Registry) -> None:
    assert mode(plugins(memory, registry, installed={"docker-build": ["5.2.1"]})) == "official"
    assert registry.asked == [("docker", "5.2.1")]


def test_a_download_is_said(memory: Path, registry: Registry) -> None:
    said: list[str] = []
    assert plugins(memory, registry).modes({}, said.append) == {"docker": "official"}
    assert said == ["downloading docker 5.2.1"]
    assert not memory.exists()


def test_what_cannot_be_had_is_served_by_ours_and_asked_for_once_a_day(memory: Path, registry: Registry) -> None:
    registry.there = False
    for _ in range(3):
        assert mode(plugins(memory, registry)) == "embedded"
    assert registry.asked == [("docker", "5.2.1")]
    known = json.loads(memory.read_text(encoding="utf-8"))
    assert list(known) == ["docker 5.2.1"]
    assert 0 <= time.time() - known["docker 5.2.1"] < 60

    registry.there = True
    memory.write_text(json.dumps({"docker 5.2.1": time.time() - DAY + 60}), encoding="utf-8")
    assert mode(plugins(memory, registry)) == "embedded"
    memory.write_text(json.dumps({"docker 5.2.1": time.time() - DAY - 1}), encoding="utf-8")
    assert mode(plugins(memory, registry)) == "official"
    assert registry.asked == [("docker", "5.2.1")] * 2


def test_another_version_is_asked_for_at_once_and_others_stay_remembered(memory: Path, registry: Registry) -> None:
    registry.there = False
    other = {"docker 5.1.0": time.time()}
    memory.parent.mkdir()
    memory.write_text(json.dumps(other), encoding="utf-8")
    assert mode(plugins(memory, registry)) == "embedded"
    assert registry.asked == [("docker", "5.2.1")]
    assert json.loads(memory.read_text(encoding="utf-8")).items() >= other.items()


def test_a_clock_that_was_turned_back_forgets(memory: Path, registry: Registry) -> None:
    memory.parent.mkdir()
    memory.write_text(json.dumps({"docker 5.2.1": time.time() + DAY}), encoding="utf-8")
    assert mode(plugins(memory, registry)) == "official"
    assert registry.asked == [("docker", "5.2.1")]


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'"x"', b"7", b'{"docker 5.2.1": null}', b"\xff\xfe", b"\x00"])
def test_a_memory_that_cannot_be_read_is_none(memory: Path, registry: Registry, spoilt: bytes) -> None:
    memory.parent.mkdir()
    memory.write_bytes(spoilt)
    registry.there = False
    assert [mode(plugins(memory, registry)) for _ in range(2)] == ["embedded"] * 2
    assert registry.asked == [("docker", "5.2.1")], "it was made anew, and remembers"


def test_a_memory_that_cannot_be_written_does_not_matter(memory: Path, registry: Registry) -> None:
    memory.parent.write_text("a file where the folder should be", encoding="utf-8")
    registry.there = False
    assert [mode(plugins(memory, registry)) for _ in range(2)] == ["embedded"] * 2
    assert registry.asked == [("docker", "5.2.1")] * 2


@pytest.mark.parametrize(("wanted", "recorded"), [("official", None), ("official", "embedded"), ("auto", "official")])
def test_where_only_the_published_one_will_do_it_is_had_or_refused(
    memory: Path, registry: Registry, wanted: str, recorded: str | None
) -> None:
    registry.there = False
    chosen = plugins(memory, registry, wanted={"docker": wanted})
    for _ in range(2):
        with pytest.raises(EngineError) as error:
            mode(chosen, recorded)
        assert (error.value.summary, error.value.detail) == (
            "The published plugin is not installed",
            "docker 5.2.1: no route to get.pulumi.com. Install it, or set provider.config.plugin to embedded: both "
            "plan the same.",
        )
    assert registry.asked == [("docker", "5.2.1")] * 2, "whoever asks for it by name is not told of yesterday"
    registry.there = True
    assert mode(chosen, recorded) == "official"


def test_a_word_that_is_no_plugin_is_refused(memory: Path, registry: Registry) -> None:
    with pytest.raises(InputError) as error:
        mode(plugins(memory, registry, wanted={"docker": "offical"}))
    assert (error.value.summary, error.value.detail) == (
        "There is no such plugin",
        "provider.config.plugin of docker is 'offical'; it is one of auto, official, embedded.",
    )


def test_where_there_is_none_of_ours_the_published_ones_serve(memory: Path, registry: Registry) -> None:
    for wanted in ("auto", "official"):
        chosen = plugins(memory, registry, AWS, wanted={"aws": wanted})
        assert chosen.modes({"aws": "official"}, lambda _: None) == {"aws": "official"}
    assert registry.asked == [], "Pulumi gets its plugins itself"
    with pytest.raises(InputError) as error:
        plugins(memory, registry, AWS, wanted={"aws": "embedded"}).modes({}, lambda _: None)
    assert error.value.detail == "provider.config.plugin of aws is 'embedded'; it is one of auto, official."


@pytest.mark.parametrize(
    ("modes", "packages"),
    [
        ({"aws": "official", "docker": "official"}, {}),
        ({"aws": "official", "docker": "embedded"}, {"docker": ServedPackage(embedded="docker.plugin:docker")}),
        (
            {"aws": "simulated", "docker": "simulated"},
            {
                package: ServedPackage(simulated=f"{provider}.simulated:{package}", module=f"pulumi_{package}")
                for provider, package in (("aws", "aws"), ("aws", "eks"), ("aws", "kubernetes"), ("docker", "docker"))
            },
        ),
    ],
)
def test_our_servers_serve_what_is_not_left_to_the_published_ones(
    memory: Path, registry: Registry, modes: dict[str, str], packages: dict[str, ServedPackage]
) -> None:
    assert plugins(memory, registry, AWS, DOCKER).packages(modes) == {"platform": ServedPackage(), **packages}


def test_of_a_provider_only_what_we_have_is_served_by_ours(memory: Path, registry: Registry) -> None:
    chosen = plugins(memory, registry, HALF)
    assert chosen.packages({"half": "embedded"}) == {
        "platform": ServedPackage(),
        "docker": ServedPackage(embedded="half.plugin:docker"),
    }
    registry.there = False
    assert chosen.modes({}, lambda _: None) == {"half": "embedded"}
    assert registry.asked == [("docker", "5.2.1")]


def test_a_package_that_nobody_publishes_is_not_looked_for(memory: Path, registry: Registry) -> None:
    assert plugins(memory, registry, OWN).modes({}, lambda _: None) == {"own": "embedded"}
    assert plugins(memory, registry, OWN).modes({"own": "official"}, lambda _: None) == {"own": "embedded"}
    assert registry.asked == []
    with pytest.raises(InputError, match="There is no such plugin") as error:
        plugins(memory, registry, OWN, wanted={"own": "official"}).modes({}, lambda _: None)
    assert error.value.detail == "provider.config.plugin of own is 'official'; it is one of auto, embedded."


def test_a_provider_without_a_part_in_the_simulator_is_not_simulated(memory: Path, registry: Registry) -> None:
    chosen = plugins(memory, registry, replace(AWS, simulated={"aws": "aws.simulated:aws"}), simulated=True)
    with pytest.raises(InputError, match="A provider cannot be simulated") as error:
        chosen.packages(chosen.modes({}, lambda _: None))
    assert "`aws` says nothing of eks, kubernetes" in error.value.detail
