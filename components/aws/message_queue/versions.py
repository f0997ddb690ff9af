"""RabbitMQ versions that Amazon MQ offers. No pulumi here: the binding reads it, too."""

from __future__ import annotations

from typing import Final

#: RabbitMQ on Amazon MQ: https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
BROKER_VERSIONS: Final = ("3.13", "4.2")


def broker_version(version: str) -> str:
    """Choose the offered RabbitMQ version for the requested one.

    Itself; else the next one of the same major version; else the last one of that major; else the next or last of all.
    """
    asked = _numbers(version)
    same = [offered for offered in BROKER_VERSIONS if _numbers(offered)[:1] == asked[:1]] or list(BROKER_VERSIONS)
    later = [offered for offered in same if _numbers(offered) >= asked[:2]]
    return later[0] if later else same[-1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)
