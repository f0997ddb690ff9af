"""Explicit provider resource of a mock stack, and the reader of its passwords."""

from __future__ import annotations

import hashlib

import pulumi

from platform_pulumi.sdk.scope import Scope


def providers(_scope: Scope) -> dict[str, pulumi.ProviderResource]:
    """Create the one provider resource. It has no inputs: faults are the provider servers' business."""
    return {"mock": pulumi.ProviderResource("mock", "mock", {})}


def reveal(_scope: Scope, ref: pulumi.Output[str]) -> pulumi.Output[str]:
    """Derive a password from a reference: another reference, another password."""
    return pulumi.Output.secret(ref.apply(lambda known: hashlib.sha256(f"mock {known}".encode()).hexdigest()[:32]))
