"""Effects digest of a plan's section: what an approval signs (DESIGN section 9).

It covers, canonically, for every URN the operation, the changed inputs (secrets as keyed hashes), the replace keys and
the allowed losses, the providers with version, plugin mode and settings, and the resolved declarations. Not the bytes
of files, not the version of the state, not what providers fill in by themselves. It is a function of the section alone:
whoever reads a stored plan computes the same one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from platform_pulumi.model.json_form import plain
from platform_pulumi.model.plan.values import Action, Operation, PlanAction, TierPlan


def digest(section: TierPlan) -> str:
    """Compute `sha256:<hex>` over a section's effects."""
    effects = {
        "stack": section.stack,
        "operation": section.operation.value,
        "allowedDataLoss": sorted(section.allowed_data_loss),
        "providers": sorted([p.name, p.version, p.plugin] for p in section.providers),
        "actions": sorted(
            (_effect(action) for action in section.actions if _counts(section, action)), key=lambda effect: effect[0]
        ),
        "constraints": [plain(constraint) for constraint in section.declarations.constraints],
        "outputs": [plain(output) for output in section.declarations.outputs],
        "declarations": [plain(capability) for capability in section.declarations.capabilities],
        "settings": [plain(provider) for provider in section.declarations.providers],
    }
    return canonical_digest(effects)


def with_digest(section: TierPlan) -> TierPlan:
    """Return the section with its digest filled in."""
    return replace(section, digest=digest(section))


def canonical_digest(value: Any) -> str:
    """Compute `sha256:<hex>` over a JSON value, whatever the order of its members."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _counts(section: TierPlan, action: PlanAction) -> bool:
    # What a destroy leaves is an effect of it: another run might delete more.
    return action.action is not Action.NO_OP or (section.operation is Operation.DESTROY and action.retained)


def _effect(action: PlanAction) -> list[Any]:
    changed: Any = (
        plain(action.after or {})
        if action.action is Action.CREATE
        else {diff.path: [None if diff.secret else plain(diff.new), diff.unknown] for diff in action.diff}
    )
    return [action.urn, action.action.value, changed, dict(action.secret_hashes), sorted(action.replace_keys)]
