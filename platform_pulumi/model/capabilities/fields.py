"""Property types that several capabilities share."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable, Hashable, Sequence
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from platform_pulumi.model.quantity import Quantity
from platform_pulumi.model.strict import StrictModel
from platform_pulumi.model.value import as_secret, is_text

_DURATION = re.compile(r"([0-9]{1,9})(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}

EntryT = TypeVar("EntryT")
#: The type of the error of an entry that says what one before it says.
DUPLICATE: Final = "duplicate_entry"


class Block(StrictModel):
    """Nested group of properties."""


def _cidr(value: str) -> str:
    network = ipaddress.ip_network(value)  # raises ValueError with a sentence a person can read
    if network.version != 4:
        message = f"{value} is not an IPv4 range"
        raise ValueError(message)
    return value


def _quantity(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        message = "should be a quantity such as 512Mi, 500m or 2"
        raise ValueError(message)
    text = str(value)
    _parsed(text)
    return text


#: Declarations repeat few amounts many times.
_parsed = functools.lru_cache(maxsize=4096)(Quantity.parse)


def _duration(value: str) -> str:
    if not _DURATION.fullmatch(value):
        message = f"{value!r} is not a duration such as 10s, 5m or 1h"
        raise ValueError(message)
    return value


def empty_list() -> list[Any]:
    """Return the default of a list.

    Pydantic reads a factory's signature, which for `list` it has to parse from text.
    """
    return []


def empty_mapping() -> dict[str, Any]:
    """Return the default of a mapping; see `empty_list`."""
    return {}


def seconds(duration: str) -> int:
    """Convert a duration (`10s`, `5m`, `1h`) to seconds.

    Raises:
        ValueError: it is none.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        message = f"{duration!r} is not a duration such as 10s, 5m or 1h"
        raise ValueError(message)
    return int(match[1]) * _SECONDS[match[2]]


def between(least: str, most: str) -> AfterValidator:
    """Build the check that a duration is in a range, ends included."""

    def check(value: str, info: ValidationInfo) -> str:
        if not seconds(least) <= seconds(value) <= seconds(most):
            message = f"`{info.field_name}` {value} is not between {least} and {most}"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def amount_between(least: str, most: str, hint: str = "") -> AfterValidator:
    """Build the check that a quantity is in a range, ends included; the hint is for what is less."""
    low, high = Quantity.parse(least), Quantity.parse(most)

    def check(value: str, info: ValidationInfo) -> str:
        amount = _parsed(value)
        if not low <= amount <= high:
            advice = f". {hint}" if hint and amount < low else ""
            message = f"`{info.field_name}` {value} is not between {least} and {most}{advice}"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def distinct(
    entries: Sequence[EntryT], key: Callable[[EntryT], Hashable], says: Callable[[EntryT], str], at: str = ""
) -> None:
    """Refuse entries of a list that have the key of one before them, each at its place in the file.

    Args:
        entries: the validated list; the caller is a validator of its field.
        key: what no two entries may share.
        says: the entry in words that end with what the first one is: "port 8080/TCP is declared".
        at: the field of an entry that is to be changed.

    Raises:
        ValidationError: two entries share a key.
    """
    first: dict[Hashable, int] = {}
    errors = [
        InitErrorDetails(
            type=PydanticCustomError(DUPLICATE, "{says} already", {"says": says(entry), "first": known}),
            loc=(index, at) if at else (index,),
            input=entry,
        )
        for index, entry in enumerate(entries)
        if (known := first.setdefault(key(entry), index)) != index
    ]
    if errors:
        raise ValidationError.from_exception_data("list", errors)


def _secret(value: Any) -> Any:
    if not is_text(value):
        message = "should be text"
        raise ValueError(message)
    return as_secret(value)


#: What makes a field a quantity or a duration: constraints compare such fields as amounts.
QUANTITY = BeforeValidator(_quantity)
DURATION = AfterValidator(_duration)

#: An IPv4 range, `10.0.0.0/16`; host bits must be zero.
Cidr = Annotated[str, AfterValidator(_cidr)]
#: A Kubernetes quantity: `512Mi`, `500m`, `2` (platform_pulumi.model.quantity).
QuantityText = Annotated[
    str,
    QUANTITY,
    WithJsonSchema({"type": ["string", "number"], "pattern": r"^\d{1,18}(\.\d{1,9})?(n|u|m|k|[MGTPE]|[KMGTPE]i)?$"}),
]
#: What a container or an environment may take. The least are what Docker and Kubernetes can tell from nothing.
CpuText = Annotated[QuantityText, amount_between("1m", "1M")]
MemoryText = Annotated[
    QuantityText, amount_between("1Mi", "1Ei", "Is a suffix missing? Mi is mebibytes, m thousandths")
]
#: A duration: `10s`, `5m`, `1h`.
Duration = Annotated[str, DURATION, WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}[smh]$"})]
#: Text that is secret whatever way it was written.
SecretText = Annotated[Any, BeforeValidator(_secret)]
