"""`observability`: collection of metrics, logs and traces of an environment."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from platform_pulumi.model.capability import CapabilityProperties, OutputSpec
from platform_pulumi.model.tier import Tier


class Observability(CapabilityProperties):
    """Observability stack: metrics, logs and traces (specification, section 1.1)."""

    TYPE: ClassVar[str] = "observability"
    TIER: ClassVar[Tier] = Tier.SHARED_PRIMITIVES
    OUTPUTS: ClassVar = {
        "endpoint": OutputSpec(
            "string", "URL that data is sent to; empty where the provider collects by itself.", identifies=True
        )
    }

    metrics: bool = Field(default=True, description="Whether metrics are kept.")
    logs: bool = Field(default=True, description="Whether logs are kept.")
    traces: bool = Field(default=False, description="Whether traces are kept.")
    retention_days: int = Field(default=7, ge=1, le=3650, description="Days that data is kept.")
