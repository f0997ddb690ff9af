"""Property types that several capabilities share."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable, Hashable, Sequence
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationError, ValidationInfo, WithJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from platform_pulumi.model.capabilities.texts import refused
from platform_pulumi.model.characters import control_character, shown
from platform_pulumi.model.quantity import Quantity
from platform_pulumi.model.strict import StrictModel
from platform_pulumi.model.value import Secret, as_secret, is_text

_CIDR = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}")
#: The largest of the ranges for private networks, RFC 1918.
_LARGEST_PREFIX = 8
#: Ranges that no network of machines has: https://www.iana.org/assignments/iana-ipv4-special-registry.
_TAKEN = {
    "0.0.0.0/8": "machines that have no address yet",
    "127.0.0.0/8": "a machine's talk with itself",
    "169.254.0.0/16": "link-local addresses",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "nobody: it is reserved",
}
_PRIVATE = "Take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
_DURATION = re.compile(r"([0-9]{1,9})(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}

EntryT = TypeVar("EntryT")
#: The last step of an error's place where it is about a key and not its value: pydantic's own.
KEY: Final = "[key]"
#: The type of the error of an entry that says what one before it says.
DUPLICATE: Final = "duplicate_entry"


class Block(StrictModel):
    """Nested group of properties."""


def _cidr(value: str) -> str:
    if not _CIDR.fullmatch(value):
        message = f"should be an IPv4 range such as 10.0.0.0/16; it is {shown(value)}"
        raise ValueError(message)
    network = ipaddress.IPv4Network(value, strict=False)
    message = ""
    if str(network) != value:
        message = f"{value} is no range: it begins at {network.network_address}. Write {network}"
    elif within := next((name for name in _TAKEN if network.subnet_of(ipaddress.IPv4Network(name))), None):
        message = f"{value} is for {_TAKEN[within]}. {_PRIVATE}"
    elif network.prefixlen < _LARGEST_PREFIX:
        message = f"{value} is too large: a network is at most a /{_LARGEST_PREFIX}. {_PRIVATE}"
    elif held := next((name for name in _TAKEN if network.overlaps(ipaddress.IPv4Network(name))), None):
        message = f"{value} holds {held}, which is for {_TAKEN[held]}. {_PRIVATE}"
    if message:
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


def misplaced(message: str, *place: str | int) -> ValidationError:
    """Build the error of a rule between fields, at the one to be changed; `KEY` last is that one's name."""
    error = InitErrorDetails(
        type=PydanticCustomError("value_error", "{reason}", {"reason": message}), loc=place, input=None
    )
    return ValidationError.from_exception_data("model", [error])


def _secret(value: Any) -> Any:
    if not is_text(value):
        reason = "should be text"
        raise refused(reason)
    text = value.reveal() if isinstance(value, Secret) else value
    if value == "":
        reason = "cannot be empty. Leave it out: then one is made"
        raise refused(reason)
    if isinstance(text, str) and (found := control_character(text)):
        reason = f"holds the control character {found}, which cannot be typed"
        raise refused(reason)
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
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": r"^[0-9]{1,18}(\.[0-9]{1,9})?(n|u|m|k|[MGTPE]|[KMGTPE]i)?$"}
    ),
]
#: What a container or an environment may take. The least are what Docker and Kubernetes can tell from nothing.
CpuText = Annotated[QuantityText, amount_between("1m", "1M")]
MemoryText = Annotated[
    QuantityText, amount_between("1Mi", "1Ei", "Is a suffix missing? Mi is mebibytes, m thousandths")
]
#: A duration: `10s`, `5m`, `1h`.
Duration = Annotated[str, DURATION, WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,9}[smh]$"})]
#: Text that is secret whatever way it was written.
SecretText = Annotated[Any, BeforeValidator(_secret)]
