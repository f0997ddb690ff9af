"""Property values in the provider servers: plain Python, with secrets and unknowns marked.

On the wire they are protobuf structs in which a signature key marks the special ones (pulumi/sdk `resource.proto` and
`go/common/resource/properties.go`). Whole numbers become int, so that values print and compare as they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2

from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.unknown import UNKNOWN as UNKNOWN_SENTINEL
from platform_pulumi.model.unknown import UNKNOWN_TYPES

Properties = dict[str, Any]


class Unknown:
    """Type of `UNKNOWN`: a value that is known only after an apply."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unknown>"

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """Secret value of any type; its repr does not show it."""

    value: Any

    def __repr__(self) -> str:
        return REDACTED


def decode(struct: struct_pb2.Struct) -> Properties:
    """Decode property values from a protobuf struct."""
    return {name: _decode(value) for name, value in struct.fields.items()}


def encode(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Encode property values as a protobuf struct."""
    struct = struct_pb2.Struct()
    for name, value in properties.items():
        _encode(value, struct.fields[name])
    return struct


def open_value(value: Any) -> Any:
    """Unwrap the secrets in a value, all the way down."""
    return seal_with(value, lambda inner: inner)


def seal_with(value: Any, mark: Callable[[Any], Any]) -> Any:
    """Replace each secret in a value by `mark(secret)`; `secret` has no marks within."""
    if isinstance(value, Sealed):
        return mark(open_value(value.value))
    if isinstance(value, dict):
        return {name: seal_with(item, mark) for name, item in value.items()}
    if isinstance(value, list):
        return [seal_with(item, mark) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether anything within is unknown."""
    return any(leaf is UNKNOWN for leaf in leaves(value))


def leaves(value: Any) -> Iterator[Any]:
    """Iterate over the leaves, secrets unwrapped."""
    if isinstance(value, Sealed):
        yield from leaves(value.value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _decode(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWN_TYPES else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_struct(value.struct_value)
    return None


def _decode_struct(struct: struct_pb2.Struct) -> Any:
    fields = struct.fields
    signature = fields[SIGNATURE_KEY].string_value if SIGNATURE_KEY in fields else ""
    if signature == SECRET_SIGNATURE:
        return Sealed(_decode(fields["value"]))
    if signature == OUTPUT_SIGNATURE:
        inner = _decode(fields["value"]) if "value" in fields else UNKNOWN
        return Sealed(inner) if "secret" in fields and fields["secret"].bool_value else inner
    # Assets, archives and resource references pass through as they came: their signature is one of the members.
    return decode(struct)


def _encode(value: Any, target: struct_pb2.Value) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_SENTINEL
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, Sealed):
        target.struct_value.fields[SIGNATURE_KEY].string_value = SECRET_SIGNATURE
        _encode(value.value, target.struct_value.fields["value"])
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for name, item in value.items():
            _encode(item, target.struct_value.fields[name])
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for item in value:
            _encode(item, target.list_value.values.add())
    else:
        message = f"a value of type {type(value).__name__} cannot go on the wire"
        raise TypeError(message)
