"""Pulumi's generated protocol modules, loaded without the rest of the SDK.

Provider servers start with every command, and importing `pulumi` as a whole takes them as long again as all the rest.
The protocol needs nothing of it. Whoever needs the SDK later calls `join_sdk`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any


def _load(name: str) -> Any:
    """`pulumi.runtime.proto.<name>`, with empty packages standing in for its parents while it loads."""
    if "pulumi" in sys.modules:
        return importlib.import_module(f"pulumi.runtime.proto.{name}")
    found = importlib.util.find_spec("pulumi")
    if found is None or not found.submodule_search_locations:
        message = "the Python package pulumi is not installed"
        raise ModuleNotFoundError(message)
    root = Path(next(iter(found.submodule_search_locations)))
    places = {"pulumi": root, "pulumi.runtime": root / "runtime"}
    for parent, place in places.items():
        stand_in = types.ModuleType(parent)
        stand_in.__path__ = [str(place)]
        sys.modules[parent] = stand_in
    try:
        return importlib.import_module(f"pulumi.runtime.proto.{name}")
    finally:
        for parent in places:
            del sys.modules[parent]


def join_sdk() -> None:
    """Import `pulumi` as a whole and put these modules where it would have them, had it loaded them itself."""
    runtime = importlib.import_module("pulumi.runtime")
    vars(runtime).setdefault("proto", sys.modules["pulumi.runtime.proto"])


provider_pb2 = _load("provider_pb2")
plugin_pb2 = _load("plugin_pb2")
provider_pb2_grpc = _load("provider_pb2_grpc")
