"""Fidelity entries that bindings of Docker share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from components.docker.units import LEAST_MEMORY, mebibytes
from platform_pulumi.model.quantity import Quantity
from platform_pulumi.sdk.fidelity import IS_TRUE, Condition, none, partial, stub


def _rounded(memory: Any, _: Any) -> bool:
    return Quantity.parse(memory).amount != Decimal(mebibytes(memory)) * (1 << 20)


SELF_SIGNED = stub("using self-signed cert (production uses ACM)", "trust it for this machine alone", when=IS_TRUE)
MEMORY = partial(
    f"whole MiB, rounded up, and at least {LEAST_MEMORY}",
    when=Condition(f"it is not in whole MiB, or less than {LEAST_MEMORY}Mi", _rounded),
    describe=lambda memory, _: f"whole MiB, and at least {LEAST_MEMORY}: {mebibytes(memory)}Mi are used",
)
#: Docker cannot change the labels of what has no copy: networks, and volumes with their data.
KEPT_LABELS = partial(
    "Docker changes the labels of containers only: networks and volumes keep those they are made with"
)
#: Of stubs.
UNLABELLED = none("nothing is made that could have labels")
UNANNOTATED = none("nothing is made that could have annotations")
