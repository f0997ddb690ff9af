"""The protocol in front of a backend."""

from __future__ import annotations

from collections.abc import Sequence

from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.platform_package import PlatformPackage
from platform_pulumi.plugins.protocol import provider_pb2
from platform_pulumi.plugins.servicer import Servicer
from platform_pulumi.plugins.values import Properties, decode, encode
from tests.plugins.support import diff_config, done

OLD = {"host": "a", "version": "1", "pluginChecksums": {"linux-amd64": "00"}}
NEW = {"version": "2", "pluginDownloadURL": "https://x.example", "pluginChecksums": {"linux-amd64": "ff"}}


class Housed(PlatformPackage):
    """A backend whose resources belong to a host."""

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        return compare(old, new, ("host",))


def test_what_the_engine_notes_among_a_providers_settings_is_no_change() -> None:
    assert diff_config(PlatformPackage(), OLD, {**NEW, "host": "a"}).changes == provider_pb2.DiffResponse.DIFF_NONE
    found = diff_config(PlatformPackage(), OLD, {**NEW, "host": "b"})
    assert (list(found.detailedDiff), list(found.replaces)) == (["host"], [])
    found = diff_config(Housed(), OLD, {**NEW, "host": "b"})
    assert (list(found.detailedDiff), list(found.replaces)) == (["host"], ["host"])


class Connection:
    """What a method is told of the engine's connection."""

    def __init__(self, port: int) -> None:
        self._port = port

    def peer(self) -> str:
        return f"ipv4:127.0.0.1:{self._port}"


class Placed(PlatformPackage):
    """A backend that answers with the region that it was configured with."""

    def __init__(self) -> None:
        self._region = "none"

    def configure(self, config: Properties) -> None:
        self._region = config["region"]

    def invoke(self, _token: str, _arguments: Properties) -> Properties:
        return {"region": self._region}


def test_two_provider_resources_of_a_package_keep_their_own_settings() -> None:
    """The old and the new region of a replacement, or two clusters: the engine connects once for each."""
    servicer = Servicer(Placed(), another=Placed)
    one, two = Connection(1), Connection(2)
    for connection, region in ((one, "us-east-1"), (two, "eu-west-1")):
        done(servicer.Configure(provider_pb2.ConfigureRequest(args=encode({"region": region})), connection))
    asked = provider_pb2.InvokeRequest(tok="test:index/region:region")
    found = [getattr(done(servicer.Invoke(asked, connection)), "return") for connection in (one, two, Connection(3))]
    assert [decode(answer)["region"] for answer in found] == ["us-east-1", "eu-west-1", "none"]


def test_a_backend_that_is_alone_is_shared_by_all_connections() -> None:
    servicer = Servicer(Placed())
    done(servicer.Configure(provider_pb2.ConfigureRequest(args=encode({"region": "eu-west-1"})), Connection(1)))
    answer = done(servicer.Invoke(provider_pb2.InvokeRequest(tok="test:index/region:region"), Connection(2)))
    assert decode(getattr(answer, "return"))["region"] == "eu-west-1"
