"""The effects digest of a plan's section: what an approval signs (DESIGN section 9).

It covers, canonically, for every URN the operation, the changed inputs (secrets as keyed hashes), the replace keys and
the allowed losses, the providers with version and plugin mode, and the resolved declarations. Not the bytes of files,
not the serial of the state, not what providers fill in by themselves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from platform_pulumi.model.plan import Action, PlanAction
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput
from platform_pulumi.operations.ports import RunResult
from platform_pulumi.sdk.run import TierRun


def effects_digest(run: TierRun, result: RunResult, actions: Iterable[PlanAction]) -> str:
    """`sha256:<hex>` over a section's effects."""
    effects = {
        "stack": str(run.stack),
        "allowedDataLoss": sorted(run.unprotected),
        "providers": [[p.name, p.version, p.plugin] for p in run.contract.providers],
        "actions": [_effect(action, result) for action in actions if action.action is not Action.NO_OP],
        "constraints": [[c.field, c.operator, c.value] for c in run.contract.constraints],
        "outputs": [[o.name, o.capability, o.field, o.type] for o in run.contract.outputs],
        "declarations": [_declaration(capability) for capability in run.capabilities],
    }
    canonical = json.dumps(effects, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"


def _effect(action: PlanAction, result: RunResult) -> list[Any]:
    step, registered = result.steps[action.urn], result.registered.get(action.urn)
    changed: Mapping[str, Any] = (
        (action.after or {}) if action.action is Action.CREATE else {d.path: [d.new, d.unknown] for d in action.diff}
    )
    hashes = dict(registered.secret_hashes) if registered and action.action is not Action.DELETE else {}
    return [action.urn, action.action.value, changed, hashes, sorted(step.replace_keys)]


def _declaration(capability: Any) -> list[Any]:
    # Secrets are covered by the hashes of the inputs they become.
    properties = {name: _plain(value) for name, value in dict(capability.properties).items()}
    bindings = {need: str(ref) for need, ref in capability.bindings.items()}
    return [capability.name, capability.type, capability.provider, properties, bindings]


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return {"secret": True}
    if isinstance(value, (TierOutput, CapabilityOutput)):
        return {"reference": str(value)}
    if isinstance(value, Template):
        return {"template": [_plain(part) for part in value.parts]}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, BaseModel):
        return {name: _plain(item) for name, item in dict(value).items()}
    return value
