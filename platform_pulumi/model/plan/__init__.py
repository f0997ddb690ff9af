"""Plan of a context as a value: its types, its JSON form both ways, its digest, refinement and queries.

`values` holds the types; `document` (with `findings`) writes and reads `platform-plan/v1`; `effects` computes the
digest that an approval signs; `refinement` compares two plans of a section; `ranges` counts; `order` lists the steps of
its apply; `causes` tells what only follows other changes; `queries` answers what views and pages ask.
"""

from __future__ import annotations

from platform_pulumi.model.plan.values import (
    Action,
    Affected,
    Approval,
    BoundCapability,
    Declarations,
    Diff,
    Impact,
    Obstacle,
    Operation,
    Plan,
    PlanAction,
    PlannedOutput,
    Status,
    TierPlan,
)

__all__ = [
    "Action",
    "Affected",
    "Approval",
    "BoundCapability",
    "Declarations",
    "Diff",
    "Impact",
    "Obstacle",
    "Operation",
    "Plan",
    "PlanAction",
    "PlannedOutput",
    "Status",
    "TierPlan",
]
