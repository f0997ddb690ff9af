"""What the capability types refuse where it is declared, because no provider could do it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from platform_pulumi.model.capabilities import CAPABILITY_TYPES

UDP = [{"container_port": 53, "protocol": "UDP"}]


@pytest.mark.parametrize(
    ("kind", "properties", "message"),
    [
        ("network", {"cidr": "10.0.0.0/25"}, "too small to hold subnets"),
        ("message_queue", {"engine": "sqs", "retention": "337h"}, "not between 1m and 336h"),
        ("message_queue", {"engine": "sqs", "visibility_timeout": "13h"}, "not between 0s and 12h"),
        ("message_queue", {"engine": "rabbitmq"}, "takes a version"),
        ("container_runtime", {"image": "a", "env": {"DATABASE_CONNECTIONS": "9"}}, "declare that instead"),
        ("container_runtime", {"image": "a", "ports": UDP, "ingress": {"host": "h"}}, "needs a TCP port"),
        ("container_runtime", {"image": "a", "ports": UDP, "health_check": {"path": "/"}}, "needs a TCP port"),
        ("container_runtime", {"image": "a", "health_check": {}}, "either a `path` or a `command`"),
        ("container_runtime", {"image": "a", "health_check": {"command": []}}, "either a `path` or a `command`"),
        (
            "container_runtime",
            {"image": "a", "health_check": {"path": "/", "command": ["true"], "port": 80}},
            "either a `path` or a `command`",
        ),
        ("container_runtime", {"image": "a", "health_check": {"command": ["true"], "port": 80}}, "leave `port` out"),
    ],
)
def test_what_cannot_work_is_refused(kind: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CAPABILITY_TYPES[kind].model_validate(properties)


@pytest.mark.parametrize("ports", [[], UDP])
def test_a_command_needs_no_port(ports: list[dict[str, Any]]) -> None:
    declared = {"image": "a", "ports": ports, "health_check": {"command": ["pg_isready", "-q"]}}
    check: Any = CAPABILITY_TYPES["container_runtime"].model_validate(declared)
    assert (check.health_check.path, check.health_check.command) == (None, ["pg_isready", "-q"])
