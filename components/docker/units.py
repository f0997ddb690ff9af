"""Conversion of Kubernetes quantities to Docker's units."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from platform_pulumi.model.quantity import Quantity

_MEBIBYTE = Decimal(1 << 20)
#: The least memory Docker gives a container, in MiB.
LEAST_MEMORY = 6


def mebibytes(memory: str) -> int:
    """Convert memory to whole MiB, rounded up, and no less than Docker's minimum."""
    exact = Quantity.parse(memory).amount / _MEBIBYTE
    return max(int(exact.to_integral_value(ROUND_CEILING)), LEAST_MEMORY)


def cpus(cpu: str) -> str:
    """Convert CPUs to Docker's notation: `0.5` of `500m`."""
    return f"{Quantity.parse(cpu).amount.normalize():f}"
