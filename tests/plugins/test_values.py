"""Property values on the wire and in Python."""

from __future__ import annotations

from google.protobuf import struct_pb2

from platform_pulumi.plugins.values import (
    OUTPUT_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    Sealed,
    decode,
    encode,
    has_unknown,
    open_value,
)


def test_what_is_written_is_read_back() -> None:
    properties = {
        "text": "a",
        "whole": 3,
        "part": 0.5,
        "switch": False,
        "nothing": None,
        "list": [1, {"a": []}],
        "empty": {},
        "secret": Sealed({"password": "hidden"}),
        "unknown": UNKNOWN,
        "unknown secret": Sealed(UNKNOWN),
    }
    assert decode(encode(properties)) == properties


def test_whole_numbers_are_integers() -> None:
    struct = struct_pb2.Struct()
    struct.fields["size"].number_value = 20.0
    assert repr(decode(struct)["size"]) == "20"


def test_an_output_value_is_opened_and_stays_secret() -> None:
    struct = struct_pb2.Struct()
    output = struct.fields["x"].struct_value.fields
    output[SIGNATURE_KEY].string_value = OUTPUT_SIGNATURE
    output["value"].string_value = "v"
    output["secret"].bool_value = True
    struct.fields["y"].struct_value.fields[SIGNATURE_KEY].string_value = OUTPUT_SIGNATURE
    assert decode(struct) == {"x": Sealed("v"), "y": UNKNOWN}


def test_a_secret_is_not_shown() -> None:
    assert "hidden" not in repr({"a": [Sealed("hidden")]})


def test_secrets_open_all_the_way_down() -> None:
    assert open_value({"a": [Sealed({"b": Sealed("c")})]}) == {"a": [{"b": "c"}]}


def test_an_unknown_is_found_within_a_secret() -> None:
    assert has_unknown({"a": [Sealed({"b": UNKNOWN})]})
    assert not has_unknown({"a": ["b", None]})
