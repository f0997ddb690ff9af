"""Bound network of a capability on AWS: its address range and its subnets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi

from platform_pulumi.errors import InputError
from platform_pulumi.model.capabilities.infrastructure.network import Network
from platform_pulumi.sdk.scope import CapabilityScope

NETWORK = "network"


def network_key(scope: CapabilityScope) -> Mapping[str, str]:
    """Return what tells the bound network from another, as a replace key: its name and its address range.

    What AWS keeps in one VPC for life is named after it, and so can be created in another one beside the old.

    Raises:
        InputError: as `network_range`.
    """
    return {NETWORK: f"{scope.capability.bindings[NETWORK]} {network_range(scope)}"}


def network_range(scope: CapabilityScope) -> str:
    """Return the address range of the bound network, known while planning: it is declared, not given by AWS.

    Raises:
        InputError: the tier above does not say it.
    """
    source = scope.capability.bindings[NETWORK]
    run = scope.shared.run
    if source.tier is run.tier:
        network = next(capability for capability in run.capabilities if capability.name == source.name)
        return cast("Network", network.properties).cidr
    value = scope.shared.upstream_value(source, "cidr")
    if not value.known:
        summary = "The network's address range is not known"
        detail = f"{source} gives no `cidr` yet. Apply {source.tier.label} first."
        raise InputError(summary, detail)
    return str(value.value)


def subnets(scope: CapabilityScope, kind: str, count: int | None = None) -> pulumi.Output[Any]:
    """Return the ids of the bound network's `private` or `public` subnets: all, or the first `count`."""
    return scope.bound_output(NETWORK, f"{kind}_subnet_ids").apply(
        lambda ids: take(ids, count, kind, scope.capability.name)
    )


def take(ids: Sequence[str], count: int | None, kind: str, capability: str) -> list[str]:
    """Take the first `count` of the ids, or all.

    Raises:
        InputError: there are fewer.
    """
    if count is not None and count > len(ids):
        summary = "The network has too few subnets"
        detail = f"{capability} asks for {count} {kind} subnets; its network has {len(ids)}. Add some or ask for fewer."
        raise InputError(summary, detail)
    return list(ids if count is None else ids[:count])
