"""Mismatches that are known, by kind, each with the work that mends it, and the seeds of every run: the one place."""

from __future__ import annotations

from collections.abc import Mapping

from tests.truth.comparison import Mismatch

#: Kind to why it is still there.
KNOWN: Mapping[str, str] = {}

#: Seeds of every run of the tests, three platforms each: all types, providers and layouts; networks that get another
#: name or range under what is in them, other regions, and finds of old.
SEEDS = (6, 13, 47, 310, 398, 439, 511, 631, 858, 20029)
#: Seeds that found something, and what; `make fuzz` begins with them.
REGRESSIONS: Mapping[int, str] = {
    6: "an empty output that is unknown until an apply, said to change",
    47: "a capability that is gone, and a container whose environment named its endpoint",
    100: "a network that is gone: replaces without differences, consumers that the impact does not name",
    102: "consumers that the impact does not name, on mock",
    105: "a renamed capability: outputs said to change, consumers that the impact does not name",
    631: "a tier that moved to another region without the network it is wired to",
    20029: "another region, and a role that all regions share, deleted after it was made anew",
    20125: "a queue in the place of a broker, which the comparison did not take for a replacement",
    20146: "another region, and a cluster's objects looked for in the cluster there",
    20200: "a security group deleted before the cluster that it belongs to",
    20380: "a network that was replaced, deleted beside the gateway that was no longer declared",
    20422: "a container in one cluster, and its namespace in another",
    50273: "a tier without its last capability, of which the generator's documents said nothing: it stayed",
    60004: "the same where it was applied",
}


def is_known(mismatch: Mismatch) -> bool:
    """Whether somebody is at it."""
    return any(mismatch.kind.startswith(kind) for kind in KNOWN)
