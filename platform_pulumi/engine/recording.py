"""Recorder of resource registrations: values, unknowns, secrets and upstream outputs, read in the program.

Events redact secrets and show unknowns as sentinels without a cause, so they are never the source of a value. The
recorder stands between the SDK and the engine's resource monitor: it sees every registration as it goes out, keeps
what the plan needs (secrets only as keyed hashes), and takes out the markers of unknown upstream values
(platform_pulumi.sdk.unknowns) before the engine sees them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2

from platform_pulumi.engine.property_values import contains_unknown, is_unknown, leaves, plain
from platform_pulumi.model.property_path import member, root
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.operations.ports import Registered
from platform_pulumi.sdk.unknowns import marker_source


class RecordingMonitor:
    """Proxy of the resource monitor that records registrations. Everything else goes through untouched.

    Args:
        monitor: the SDK's own stub.
        key: keys the hashes of secrets; it belongs to the context, not to the machine.
    """

    def __init__(self, monitor: Any, key: bytes) -> None:
        self._monitor = monitor
        self._key = key
        self._lock = threading.Lock()
        self.registered: dict[str, Registered] = {}
        self.outputs: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._monitor, name)

    def RegisterResource(self, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (gRPC's name)
        """Record a registration and pass it on without markers."""
        inputs = dict(json_format.MessageToDict(request.object)) if request.HasField("object") else {}
        waits_for, unknown = self._waiting(request, inputs)
        made_from = {name: _named(found.urns) for name, found in request.propertyDependencies.items() if found.urns}
        _strip(request)
        # Where in our code a resource is made is nobody's business, would put this machine's paths into shared state,
        # and makes up most of a state, which is written anew after every step.
        request.ClearField("stackTrace")
        request.ClearField("sourcePosition")
        response = self._monitor.RegisterResource(request, *args, **kwargs)
        secrets = dict(_secrets(inputs))
        with self._lock:
            self.registered[response.urn] = Registered(
                urn=response.urn,
                waits_for=waits_for,
                unknown=unknown,
                secret=frozenset(secrets),
                secret_hashes=dict(self._hashes(secrets)),
                parent=request.parent,
                inputs=_without_secrets(inputs),
                made_from=made_from,
                depends_on=frozenset((*request.dependencies, *request.replace_with, request.deletedWith)) - {""},
                ignored=tuple(request.ignoreChanges),
                unknown_trigger=_trigger_is_unknown(request),
            )
        return response

    def RegisterResourceOutputs(self, request: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N802  (gRPC's name)
        """Record the stack's outputs as the program gave them."""
        if ":pulumi:Stack::" in request.urn:
            self.outputs = dict(json_format.MessageToDict(request.outputs))
        return self._monitor.RegisterResourceOutputs(request, *args, **kwargs)

    def _waiting(self, request: Any, inputs: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
        """The upstream outputs a registration waits for, and the paths of its unknown inputs."""
        unknown = frozenset(path for path, value in leaves(inputs) if is_unknown(value))
        sources: set[str] = set()
        waiting_properties = {root(path) for path in unknown}
        for name in waiting_properties:
            if name in request.propertyDependencies:
                sources |= self._sources(request.propertyDependencies[name].urns)
        providers = [request.provider, *(request.providers.values() if request.remote else ())]
        sources |= self._sources([request.parent, *(reference.rpartition("::")[0] for reference in providers)])
        return frozenset(sources), unknown

    def _sources(self, urns: Any) -> set[str]:
        found: set[str] = set()
        with self._lock:
            for urn in urns:
                source = marker_source(urn)
                if source is not None:
                    found.add(source)
                elif urn in self.registered:
                    found |= self.registered[urn].waits_for
        return found

    def _hashes(self, secrets: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The hash of each known leaf of the secrets: what is unknown yet may become anything, the rest stays equal."""
        for path, value in secrets.items():
            for leaf, item in list(leaves(value, path)) or [(path, value)]:
                if not is_unknown(item):
                    yield leaf, self._hash(leaf, item)

    def _hash(self, path: str, value: Any) -> str:
        canonical = json.dumps([path, value], sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, canonical.encode(), hashlib.sha256).hexdigest()


def _named(urns: Iterable[str]) -> frozenset[str]:
    """Upstream outputs by their names, resources by their URNs."""
    return frozenset(marker_source(urn) or urn for urn in urns)


def _trigger_is_unknown(request: Any) -> bool:
    if not request.HasField("replacement_trigger"):
        return False
    return contains_unknown(json_format.MessageToDict(request.replacement_trigger))


def _strip(request: Any) -> None:
    """Take every marker out of a registration's dependencies."""
    _keep_real(request.dependencies)
    for dependencies in request.propertyDependencies.values():
        _keep_real(dependencies.urns)
    if request.remote and request.HasField("object"):
        _strip_struct(request.object)


def _keep_real(urns: Any) -> None:
    real = [urn for urn in urns if marker_source(urn) is None]
    if len(real) != len(urns):
        del urns[:]
        urns.extend(real)


def _strip_struct(struct: struct_pb2.Struct) -> None:
    """Output values of remote components name their dependencies within the value itself."""
    fields = struct.fields
    if SIGNATURE_KEY in fields and fields[SIGNATURE_KEY].string_value == OUTPUT_SIGNATURE and "dependencies" in fields:
        values = fields["dependencies"].list_value.values
        real = [value.string_value for value in values if marker_source(value.string_value) is None]
        del values[:]
        for urn in real:
            values.add().string_value = urn
    for value in fields.values():
        _strip_value(value)


def _strip_value(value: struct_pb2.Value) -> None:
    if value.HasField("struct_value"):
        _strip_struct(value.struct_value)
    elif value.HasField("list_value"):
        for item in value.list_value.values:
            _strip_value(item)


def _secrets(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every secret of an input, with its path."""
    if isinstance(value, dict):
        signature = value.get(SIGNATURE_KEY)
        if signature == SECRET_SIGNATURE or (signature == OUTPUT_SIGNATURE and value.get("secret")):
            yield path, value.get("value")
            return
        for name, item in value.items():
            yield from _secrets(item, member(path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, f"{path}[{index}]")


def _without_secrets(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in inputs.items()}
