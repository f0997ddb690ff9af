"""Effects digest of a plan's section: what an approval signs (DESIGN section 9).

It covers, canonically, for every URN the operation, the planned inputs of what is made (created, replaced, imported),
the changed ones of what is updated (secrets as keyed hashes, unknowns as markers), the replace keys, and whether it may
come as less; the allowed losses, the providers with version, plugin mode and settings, the resolved declarations, and
the limits that it changes for the tiers below. Not the bytes of files, not the version of the state. It is a function
of the section alone: whoever reads a stored plan computes the same one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from platform_pulumi.model.json_form import plain
from platform_pulumi.model.plan.values import Action, Operation, PlanAction, TierPlan, is_unknown

#: Actions after which nothing is there that has inputs, or that leave them as they are.
_GONE = frozenset({Action.DELETE, Action.NO_OP, Action.READ})


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
    if section.limits:  # old and new: who approved that a limit goes has not approved that any other one does
        effects["limits"] = [[limit.limit, limit.old, limit.new, limit.kind] for limit in section.limits]
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
    # Whether it may come as less is an effect, too; what it waits for is only the reason.
    certainty = ["conditional"] if action.conditional else []
    effect = [
        action.urn,
        action.action.value,
        _changed(action),
        dict(action.secret_hashes),
        sorted(action.replace_keys),
    ]
    return effect + certainty


def _changed(action: PlanAction) -> Any:
    """All inputs of what is made anew, of an update what it changes: equal updates may start from unequal inputs."""
    if action.action is Action.UPDATE:
        return {d.path: [None if d.secret else _marked(plain(d.new)), d.unknown] for d in action.diff}
    return None if action.action in _GONE else _marked(plain(action.after or {}))


def _marked(value: Any) -> Any:
    """A value with a bare marker for each unknown: its type is the SDK's, and no effect."""
    if is_unknown(value):
        return {"unknown": True}
    if isinstance(value, dict):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value
