"""Fidelity entries that bindings of Docker share."""

from __future__ import annotations

from platform_pulumi.sdk.provider import is_true, stub

SELF_SIGNED = stub("using self-signed cert (production uses ACM)", "trust it for this machine alone", when=is_true)
