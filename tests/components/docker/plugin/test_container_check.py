"""What a container's inputs may be, and what is added to them."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from components.docker.plugin.container import Container
from components.docker.plugin.durations import format_duration, parse
from platform_pulumi.plugins.values import UNKNOWN, Sealed
from tests.components.docker.plugin.containers import URN


def check(**inputs: Any) -> Any:
    return Container().check(URN, inputs, "web-1a2b3c4")


def test_the_least() -> None:
    made, failures = check(image="app:1")
    assert not failures
    assert made == {
        "__defaults": [
            "containerReadRefreshTimeoutMilliseconds",
            "mustRun",
            "name",
            "networkMode",
            "removeVolumes",
            "restart",
            "start",
            "waitTimeout",
        ],
        "containerReadRefreshTimeoutMilliseconds": 15000,
        "image": "app:1",
        "mustRun": True,
        "name": "web-1a2b3c4",
        "networkMode": "bridge",
        "removeVolumes": True,
        "restart": "no",
        "start": True,
        "waitTimeout": 60,
    }


def test_members_have_defaults_of_their_own_also_within_secrets() -> None:
    made, _ = check(
        image="app:1",
        name="web",
        labels=Sealed([{"label": "a", "value": "b"}]),
        ports=[{"internal": 80}],
        mounts=[{"target": "/x", "type": "tmpfs", "tmpfsOptions": {"mode": 7}}],
        volumes=UNKNOWN,
    )
    assert made["labels"] == Sealed([{"__defaults": [], "label": "a", "value": "b"}])
    assert made["ports"] == [{"__defaults": ["ip", "protocol"], "internal": 80, "ip": "0.0.0.0", "protocol": "tcp"}]
    assert made["mounts"][0]["tmpfsOptions"] == {"__defaults": [], "mode": 7}
    assert made["volumes"] is UNKNOWN
    assert "name" not in made["__defaults"]


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({}, "image", "missing required property 'image'"),
        ({"comand": ["x"]}, "comand", "did you mean 'command'?"),
        ({"command": "x"}, "command", "should be a list, not a string"),
        ({"restart": "maybe"}, "restart", "should be one of 'no'"),
        ({"gpus": "all"}, "gpus", "does not serve this"),
        ({"attach": True}, "attach", "does not serve this"),
        (
            {"networksAdvanced": [{"name": "n", "macAddress": "02::"}]},
            "networksAdvanced[0].macAddress",
            "does not serve",
        ),
        ({"uploads": [{"file": "/x", "source": "y"}]}, "uploads[0].source", "does not serve"),
        ({"uploads": [{"file": "/x"}]}, "uploads[0]", "either content or contentBase64"),
        ({"uploads": [{"file": "/x", "contentBase64": "!"}]}, "uploads[0].contentBase64", "should be base64"),
        ({"uploads": [{"file": "/x", "content": "a", "permissions": "rw"}]}, "uploads[0].permissions", "octal"),
        ({"healthcheck": {"tests": ["CMD"], "interval": "2 s"}}, "healthcheck.interval", "should be a duration"),
        ({"cpus": "many"}, "cpus", "should be a number of CPUs"),
        ({"memory": -1}, "memory", "should not be below 0"),
        ({"ports": [{"internal": 70000}]}, "ports[0].internal", "should be a port"),
        ({"volumes": [{"volumeName": "v"}]}, "volumes[0]", "should have containerPath"),
    ],
)
def test_what_is_wrong(inputs: dict[str, Any], path: str, reason: str) -> None:
    _, failures = check(**({"image": "app:1"} if inputs else {}), **inputs)
    assert [(failure.path, reason in failure.reason) for failure in failures] == [(path, True)]


def test_what_is_off_by_default_may_be_said() -> None:
    assert not check(image="app:1", attach=False, logs=False, rm=False)[1]


def test_a_failure_shows_no_secret(canary: str) -> None:
    _, failures = check(image="app:1", restart=Sealed(canary), cpus=Sealed(canary))
    assert len(failures) == 2
    assert canary not in repr(failures)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0s", 0),
        ("500ms", 5 * 10**8),
        ("2s", 2 * 10**9),
        ("1m30s", 90 * 10**9),
        ("1h0m0.5s", 36005 * 10**8),
        ("3µs", 3000),
    ],
)
def test_durations(text: str, nanoseconds: int) -> None:
    assert parse(text) == nanoseconds
    assert format_duration(nanoseconds) == text


@pytest.mark.parametrize("text", ["-1s", "5", "1 s", "s", "1d"])
def test_what_is_no_duration(text: str) -> None:
    assert parse(text) is None


def test_automatic_names_can_be_forbidden() -> None:
    _, failures = Container().check(URN, {"image": "app:1"}, "")
    assert [failure.path for failure in failures] == ["name"]


def test_a_plan_does_without_dockers_sdk() -> None:
    code = "import sys, components.docker.plugin.container; sys.exit('docker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
