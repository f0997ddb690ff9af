"""The protocol in front of a backend."""

from __future__ import annotations

from collections.abc import Sequence

from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.platform_package import PlatformPackage
from platform_pulumi.plugins.protocol import provider_pb2
from platform_pulumi.plugins.values import Properties
from tests.plugins.support import diff_config

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
