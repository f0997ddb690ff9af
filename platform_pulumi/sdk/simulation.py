"""Simulated runs: what components and the simulator have to agree on."""

from __future__ import annotations

from typing import Final

#: Where a simulated run takes place that names no region: its config is never resolved (DESIGN section 5).
SIMULATED_REGION: Final = "us-east-1"
