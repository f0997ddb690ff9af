"""Kubernetes quantities in Docker's units."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from platform_pulumi.model.quantity import Quantity

_MEBIBYTE = Decimal(1 << 20)
#: The least memory Docker gives a container, in MiB.
_LEAST_MEMORY = 6


def mebibytes(memory: str) -> int:
    """Memory in whole MiB, rounded up to what Docker gives at least."""
    exact = Quantity.parse(memory).amount / _MEBIBYTE
    return max(int(exact.to_integral_value(ROUND_CEILING)), _LEAST_MEMORY)


def cpus(cpu: str) -> str:
    """CPUs as Docker writes them: `0.5` of `500m`."""
    return f"{Quantity.parse(cpu).amount.normalize():f}"
