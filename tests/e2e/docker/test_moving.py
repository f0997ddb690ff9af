"""A stack moves between the published plugin and ours with an empty plan, and is taken apart by either.

Where the published one cannot be had, our own stands in its place as an installed plugin: the engine starts it, finds
its version and speaks to it as to any other. What the published one itself plans
is recorded in tests/components/docker/plugin.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.e2e.conftest import changes
from tests.e2e.docker.conftest import Maker, Platform
from tests.e2e.docker.light import LIGHT, parts

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("a stack is applied by each of two plugins, and everything is looked at after each move"),
]


def plan(platform: Platform, plugin: str, published: Mapping[str, str]) -> tuple[list[str], list[object]]:
    """With the plugin of that kind: who serves, and what would change; the engine looks at how everything is."""
    platform.write(LIGHT.replace("{name: docker}", f"{{name: docker, config: {{plugin: {plugin}}}}}"))
    document = platform.json("preview", "--refresh", "--detailed-exitcode", env=published)
    return [provider["plugin"] for provider in document["providers"]], list(changes(document))


@pytest.mark.parametrize(("first", "then"), [("official", "embedded"), ("embedded", "official")])
def test_a_stack_moves_with_an_empty_plan(make: Maker, published: Mapping[str, str], first: str, then: str) -> None:
    platform = make(LIGHT.replace("{name: docker}", f"{{name: docker, config: {{plugin: {first}}}}}"))
    platform.up(env=published)
    assert platform.answers(cache={"reached": True})
    assert plan(platform, first, published) == ([first], [])
    assert plan(platform, then, published) == ([then], [])
    assert plan(platform, "auto", published) == ([first], []), "what it was applied with is kept to"

    platform.write(
        LIGHT.replace("{name: docker}", f"{{name: docker, config: {{plugin: {then}}}}}").replace("64Mi", "96Mi")
    )
    platform.up(env=published)
    assert platform.parts() == parts()
    assert platform.one("api").attrs["HostConfig"]["Memory"] == 96 << 20
    done = platform.run("destroy", "--yes", env=published)
    assert done.returncode == 0, done.stderr[-3000:]
    assert (platform.containers(), platform.networks(), platform.volumes()) == ([], [], [])


def test_an_installed_plugin_is_taken_by_itself(make: Maker, published: Mapping[str, str]) -> None:
    platform = make(LIGHT)
    found = platform.run("preview", "--format", "json", env=published)
    assert '"plugin": "official"' in found.stdout
    without = platform.run("preview", "--format", "json", env={"PULUMI_HOME": str(platform.folder / "empty")})
    assert '"plugin": "embedded"' in without.stdout


def test_a_published_plugin_that_is_not_to_be_had_is_an_error_with_a_way_out(make: Maker) -> None:
    platform = make(LIGHT.replace("{name: docker}", "{name: docker, config: {plugin: official}}"))
    done = platform.run("up", "--yes", env={"PULUMI_HOME": str(platform.folder / "empty")})
    assert done.returncode == 6
    assert "The published plugin is not installed" in done.stderr
    assert "set provider.config.plugin to embedded" in " ".join(done.stderr.split())
    assert not platform.containers()
