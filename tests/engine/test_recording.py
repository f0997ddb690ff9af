"""The recorder between the SDK and the engine: real protobuf requests, a monitor of ours that keeps what it is sent."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import resource_pb2, source_pb2

from platform_pulumi.engine.recording import RecordingMonitor
from platform_pulumi.model.signatures import OUTPUT_SIGNATURE, SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.model.unknown import UNKNOWN
from platform_pulumi.operations.ports import Registered

MARKER = "urn:platform:upstream::"
VPC = f"{MARKER}infrastructure.vpc.id"
CLUSTER = f"{MARKER}infrastructure.primary-cluster.endpoint"
CANARY = "hunter2-never-seen"


@dataclass(frozen=True)
class Response:
    urn: str


class Monitor:
    """Answers with the URN of the name and keeps every request as it arrived."""

    version = "the SDK's own stub"

    def __init__(self) -> None:
        self.requests: dict[str, resource_pb2.RegisterResourceRequest] = {}
        self.outputs: list[resource_pb2.RegisterResourceOutputsRequest] = []

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest, timeout: float = 0) -> Response:  # noqa: N802  (gRPC's name)
        self.requests[request.name] = request
        return Response(urn(request.name, request.type))

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> str:  # noqa: N802
        self.outputs.append(request)
        return "done"


def urn(name: str, kind: str = "test:index:Thing") -> str:
    return f"urn:pulumi:prod::acme::{kind}::{name}"


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def output(*dependencies: str, **parts: Any) -> dict[str, Any]:
    return {SIGNATURE_KEY: OUTPUT_SIGNATURE, "dependencies": list(dependencies), **parts}


class Program:
    """Registers resources as the SDK does."""

    def __init__(self, key: bytes = b"key") -> None:
        self.monitor = Monitor()
        self.recorder = RecordingMonitor(self.monitor, key)

    def register(
        self,
        name: str,
        inputs: Mapping[str, Any] | None = None,
        uses: Mapping[str, Iterable[str]] | None = None,
        **fields: Any,
    ) -> Registered:
        request = resource_pb2.RegisterResourceRequest(name=name, type=fields.pop("type", "test:index:Thing"), **fields)
        if inputs is not None:
            request.object.CopyFrom(json_format.ParseDict(dict(inputs), struct_pb2.Struct()))
        for path, urns in (uses or {}).items():
            request.propertyDependencies[path].urns.extend(urns)
            request.dependencies.extend(urns)
        return self.recorder.registered[self.recorder.RegisterResource(request).urn]

    def sent(self, name: str) -> resource_pb2.RegisterResourceRequest:
        return self.monitor.requests[name]


def test_markers_are_taken_out_of_all_dependencies_and_real_ones_stay() -> None:
    program = Program()
    program.register("a")
    program.register("b", {"vpc": UNKNOWN, "name": "x"}, {"vpc": [VPC, urn("a")], "name": [urn("a")]})
    sent = program.sent("b")
    assert sent.dependencies == [urn("a"), urn("a")]
    assert sent.propertyDependencies["vpc"].urns == [urn("a")]
    assert sent.propertyDependencies["name"].urns == [urn("a")]
    assert MARKER.encode() not in sent.SerializeToString()


def test_where_in_our_code_a_resource_is_made_is_told_nobody() -> None:
    program = Program()
    here = source_pb2.SourcePosition(uri="file:///home/ann/components/aws/network.py", line=7)
    trace = source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=here)])
    program.register("a", {"name": "x"}, sourcePosition=here, stackTrace=trace)
    assert b"/home/ann" not in program.sent("a").SerializeToString()


def test_markers_are_taken_out_of_the_output_values_of_remote_components() -> None:
    program = Program()
    inputs = {
        "vpcId": output(VPC),
        "nested": {"subnets": [output(CLUSTER, urn("a"), value="s"), secret(output(VPC, secret=True))]},
        "provider": output(VPC, value=output(CLUSTER)),
    }
    found = program.register("cluster", inputs, {"vpcId": [VPC], "nested": [CLUSTER]}, remote=True)
    sent = program.sent("cluster")
    assert MARKER.encode() not in sent.SerializeToString()
    subnets = json_format.MessageToDict(sent.object)["nested"]["subnets"]
    assert subnets[0]["dependencies"] == [urn("a")]
    assert found.unknown == {"vpcId", "nested.subnets[1]", "provider"}


def test_a_resource_waits_for_what_its_unknown_inputs_come_from() -> None:
    found = Program().register("a", {"vpc": UNKNOWN, "name": "x"}, {"vpc": [VPC], "name": [CLUSTER]})
    assert found.waits_for == {"infrastructure.vpc.id"}
    assert found.unknown == {"vpc"}


def test_an_unknown_deep_within_a_property_waits_for_that_property() -> None:
    program = Program()
    nested = program.register("a", {"rules": [{"cidr": "x"}, {"cidr": UNKNOWN}]}, {"rules": [VPC]})
    assert nested.unknown == {"rules[1].cidr"}
    assert nested.waits_for == {"infrastructure.vpc.id"}
    hidden = program.register("b", {"url": secret(UNKNOWN)}, {"url": [CLUSTER]})
    assert hidden.waits_for == {"infrastructure.primary-cluster.endpoint"}


def test_what_is_known_waits_for_nothing_whatever_it_was_made_from() -> None:
    assert Program().register("a", {"vpc": "vpc-1"}, {"vpc": [VPC]}).waits_for == frozenset()


def test_waiting_passes_through_resources() -> None:
    program = Program()
    program.register("a", {"vpc": UNKNOWN}, {"vpc": [VPC]})
    program.register("b", {"a": UNKNOWN}, {"a": [urn("a")]})
    program.register("new", {"size": 1.0})
    found = program.register("c", {"b": UNKNOWN, "new": UNKNOWN}, {"b": [urn("b")], "new": [urn("new")]})
    assert found.waits_for == {"infrastructure.vpc.id"}
    assert program.register("d", {"new": UNKNOWN}, {"new": [urn("new")]}).waits_for == frozenset()


def test_waiting_passes_from_a_provider_to_all_it_serves() -> None:
    program = Program()
    kind = "pulumi:providers:kubernetes"
    program.register("kubernetes", {"kubeconfig": UNKNOWN}, {"kubeconfig": [CLUSTER]}, type=kind, custom=True)
    reference = f"{urn('kubernetes', kind)}::{UNKNOWN}"
    waiting = {"infrastructure.primary-cluster.endpoint"}
    assert program.register("namespace", {"name": "x"}, provider=reference).waits_for == waiting
    remote = program.register("cluster", {}, providers={"kubernetes": reference}, remote=True)
    assert remote.waits_for == waiting


def test_waiting_passes_from_a_remote_component_to_its_children() -> None:
    program = Program()
    program.register("cluster", {"vpcId": output(VPC)}, {"vpcId": [VPC]}, type="eks:index:Cluster", remote=True)
    child = program.register("child", {"size": 1.0}, parent=urn("cluster", "eks:index:Cluster"))
    assert child.waits_for == {"infrastructure.vpc.id"}
    assert child.parent == urn("cluster", "eks:index:Cluster")


def test_what_a_property_was_made_from_is_recorded_known_or_not() -> None:
    program = Program()
    program.register("a")
    found = program.register(
        "b", {"vpc": UNKNOWN, "name": "x", "size": 1.0}, {"vpc": [VPC, urn("a")], "name": [urn("a")]}
    )
    assert found.made_from == {"vpc": {"infrastructure.vpc.id", urn("a")}, "name": {urn("a")}}
    assert found.depends_on == {urn("a")}


def test_what_else_a_resource_depends_on_is_recorded() -> None:
    known = Program().register(
        "b", {}, dependencies=[urn("a"), VPC], replace_with=[urn("c")], deletedWith=urn("d"), ignoreChanges=["labels"],
    )  # fmt: skip
    assert known.depends_on == {urn("a"), urn("c"), urn("d")}
    assert known.ignored == ("labels",)


def test_a_trigger_is_recorded_where_it_is_unknown() -> None:
    def triggered(value: Any) -> bool:
        trigger = json_format.ParseDict(value, struct_pb2.Value())
        return Program().register("a", {}, replacement_trigger=trigger).unknown_trigger

    assert triggered(UNKNOWN)
    assert triggered(["x", secret(UNKNOWN)])
    assert not triggered("v1")
    assert not Program().register("a", {}).unknown_trigger


def test_secrets_are_recorded_by_path_and_hash_alone() -> None:
    inputs = {
        "password": secret(CANARY),
        "env": [{"name": "A", "value": secret({"deep": CANARY})}],
        "out": output(value=CANARY, secret=True),
        "size": 3.0,
    }
    found = Program().register("a", inputs)
    assert found.secret == {"password", "env[0].value", "out"}
    assert set(found.secret_hashes) == {"password", "env[0].value.deep", "out"}
    assert found.inputs == {
        "password": "[secret]",
        "env": [{"name": "A", "value": "[secret]"}],
        "out": "[secret]",
        "size": 3,
    }
    assert CANARY not in repr(found)
    assert CANARY.encode() not in pickle.dumps(found)


def test_a_hash_is_equal_for_an_equal_secret_and_no_other() -> None:
    def hashed(value: Any, *, key: bytes = b"key", path: str = "password") -> str:
        return repr(sorted(Program(key).register("a", {path: secret(value)}).secret_hashes.items()))

    assert hashed("a") == hashed("a")
    assert hashed({"b": "1", "a": "2"}) == hashed({"a": "2", "b": "1"})
    others = {hashed("b"), hashed("a", key=b"another"), hashed("a", path="token"), hashed(["a"]), hashed("")}
    assert hashed("a") not in others
    assert len(others) == 5
    assert hashed({}) != hashed([])


def test_what_is_unknown_within_a_secret_has_no_hash_and_the_rest_keeps_its_own() -> None:
    def hashes(password: Any) -> dict[str, str]:
        return dict(Program().register("a", {"data": secret({"TOKEN": CANARY, "PASSWORD": password})}).secret_hashes)

    before, after = hashes(UNKNOWN), hashes("known by now")
    assert set(before) == {"data.TOKEN"}
    assert set(after) == {"data.TOKEN", "data.PASSWORD"}
    assert before["data.TOKEN"] == after["data.TOKEN"]


def test_the_engine_still_gets_the_secret_itself() -> None:
    program = Program()
    program.register("a", {"password": secret(CANARY)})
    assert json_format.MessageToDict(program.sent("a").object)["password"] == secret(CANARY)


def test_the_stacks_outputs_are_kept_as_the_program_gave_them_and_no_components() -> None:
    program = Program()
    for name, kind in (("db", "platform:aws:Database"), ("acme-prod", "pulumi:pulumi:Stack")):
        request = resource_pb2.RegisterResourceOutputsRequest(urn=urn(name, kind))
        request.outputs.CopyFrom(json_format.ParseDict({"of": name, "token": secret("x")}, struct_pb2.Struct()))
        assert program.recorder.RegisterResourceOutputs(request) == "done"
    assert program.recorder.outputs == {"of": "acme-prod", "token": secret("x")}
    assert len(program.monitor.outputs) == 2


def test_a_component_without_inputs_is_recorded_and_the_rest_goes_through() -> None:
    program = Program()
    assert program.register("db", parent=urn("acme-prod")).inputs == {}
    assert program.recorder.version == Monitor.version
