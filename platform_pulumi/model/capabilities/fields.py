"""Property types that several capabilities share."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from platform_pulumi.model.quantity import Quantity
from platform_pulumi.model.value import Secret

_DURATION = re.compile(r"(\d+)(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Block(BaseModel):
    """A nested group of properties: strict about names, frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def _cidr(value: str) -> str:
    network = ipaddress.ip_network(value)  # raises ValueError with a sentence a person can read
    if network.version != 4:  # noqa: PLR2004
        message = f"{value} is not an IPv4 range"
        raise ValueError(message)
    return value


def _quantity(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        message = "should be a quantity such as 512Mi, 500m or 2"
        raise ValueError(message)
    Quantity.parse(str(value))
    return str(value)


def _duration(value: str) -> str:
    if not _DURATION.fullmatch(value):
        message = f"{value!r} is not a duration such as 10s, 5m or 1h"
        raise ValueError(message)
    return value


def seconds(duration: str) -> int:
    """A duration (`10s`, `5m`, `1h`) in seconds."""
    number, unit = _DURATION.fullmatch(duration).groups()  # type: ignore[union-attr]  # validated by Duration
    return int(number) * _SECONDS[unit]


def _secret(value: Any) -> Any:
    return Secret(value) if isinstance(value, str) else value


#: An IPv4 range, `10.0.0.0/16`; host bits must be zero.
Cidr = Annotated[str, AfterValidator(_cidr)]
#: A Kubernetes quantity: `512Mi`, `500m`, `2` (platform_pulumi.model.quantity).
QuantityText = Annotated[str, BeforeValidator(_quantity)]
#: A duration: `10s`, `5m`, `1h`.
Duration = Annotated[str, AfterValidator(_duration)]
#: Text that is secret whatever way it was written.
SecretText = Annotated[Any, BeforeValidator(_secret)]
