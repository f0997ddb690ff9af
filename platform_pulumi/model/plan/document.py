"""JSON form of a plan, `platform-plan/v1`, written and read (docs/plan.md, docs/plan-v1.schema.json).

Secrets are words, unknowns are marked. What is read back equals what was written: nothing of a plan lives only in the
process that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from platform_pulumi.errors import InputError
from platform_pulumi.model import json_form
from platform_pulumi.model.contract import ProviderRecord
from platform_pulumi.model.json_form import JsonError, Node, plain, position, problem
from platform_pulumi.model.plan import effects, findings, order
from platform_pulumi.model.plan.ranges import ranges
from platform_pulumi.model.plan.values import (
    Action,
    Approval,
    BoundCapability,
    Declarations,
    Diff,
    Operation,
    Plan,
    PlanAction,
    PlannedOutput,
    Status,
    TierPlan,
)
from platform_pulumi.model.platform import Mode
from platform_pulumi.model.tier import Tier

SCHEMA = "platform-plan/v1"


def write(plan: Plan) -> dict[str, Any]:
    """Encode a plan as a document, its envelope (status, approvals) included."""
    return {
        "schema": SCHEMA,
        "id": plan.id,
        "context": plan.context,
        "createdAt": plan.created_at,
        "operation": plan.operation.value,
        "status": plan.status.value,
        "simulated": plan.simulated,
        "providers": [_write_provider(provider) for provider in plan.providers],
        "tiers": [_write_tier(tier) for tier in plan.tiers],
        "fidelity": [findings.write_fidelity(report) for report in plan.fidelity],
        "violations": [],  # a plan is made of declarations that violate nothing; readers of v1 expect the field
        "constraintsChecked": plan.constraints_checked,
        "impact": [findings.write_impact(impact) for impact in plan.impact],
        "order": [findings.write_step(step) for step in order.steps(plan)],
        "obstacles": [findings.write_obstacle(obstacle) for obstacle in plan.obstacles],
        "warnings": [problem(warning) for warning in plan.warnings],
        "seconds": round(plan.seconds, 3),
    }


def read(document: Any) -> Plan:
    """Decode the plan of a document.

    Raises:
        InputError: it is no plan of this version, or a section is not what its digest says.
    """
    try:
        return _read(Node(document))
    except JsonError as error:
        detail = f"It is no {SCHEMA} document: {error}."
        raise InputError("The plan cannot be read", detail) from error


def _read(node: Node) -> Plan:
    if node["schema"].text() != SCHEMA:
        what = f"{node['schema'].text()!r} is another version"
        raise node["schema"].fail(what)
    operation = node["operation"].choice(Operation)
    tiers = tuple(_read_tier(tier, operation) for tier in node["tiers"].items())
    return Plan(
        id=node["id"].text(),
        context=node["context"].text(),
        created_at=node["createdAt"].text(),
        simulated=node.flag("simulated"),
        providers=tuple(_read_provider(provider) for provider in node["providers"].items()),
        tiers=tiers,
        operation=operation,
        fidelity=tuple(findings.read_fidelity(report) for report in node.list("fidelity")),
        impact=tuple(findings.read_impact(impact) for impact in node.list("impact")),
        obstacles=tuple(findings.read_obstacle(obstacle) for obstacle in node.list("obstacles")),
        constraints_checked=node["constraintsChecked"].integer(),
        warnings=tuple(warning.problem() for warning in node.list("warnings")),
        seconds=node["seconds"].number(),
    )


def _write_tier(tier: TierPlan) -> dict[str, Any]:
    return {
        **json_form.tier(tier.key),
        "stack": tier.stack,
        "digest": tier.digest,
        "mode": tier.mode.value,
        **({"modeBecause": tier.mode_because} if tier.mode_because else {}),
        "status": tier.status.value,
        "approvals": [_write_approval(approval) for approval in tier.approvals],
        "base": plain(tier.base),
        "skipped": tier.skipped,
        "contractChanges": tier.contract_changes,
        "limits": [findings.write_limit(limit) for limit in tier.limits],
        "deletesLast": tier.deletes_last,
        "replacedProviders": list(tier.replaced_providers),
        "summary": tier.summary,
        "ranges": findings.write_ranges(ranges(tier.actions)),
        "dataLoss": list(tier.data_loss),
        "allowedDataLoss": sorted(tier.allowed_data_loss),
        "providers": [_write_provider(provider) for provider in tier.providers],
        "declarations": {
            "capabilities": [plain(capability) for capability in tier.declarations.capabilities],
            "constraints": [plain(constraint) for constraint in tier.declarations.constraints],
            "outputs": [plain(output) for output in tier.declarations.outputs],
            "providers": [plain(provider) for provider in tier.declarations.providers],
        },
        "capabilities": [_write_capability(capability) for capability in tier.capabilities],
        "actions": [_write_action(action) for action in tier.actions],
        "outputs": {name: _write_output(output) for name, output in tier.outputs.items()},
    }


def _read_tier(node: Node, operation: Operation) -> TierPlan:
    tier = node["tier"].choice(Tier.from_label)
    declarations = node["declarations"]
    section = TierPlan(
        tier=tier,
        application=node.optional_text("application") or None,
        stack=node["stack"].text(),
        digest=node["digest"].text(),
        mode=node["mode"].choice(Mode),
        actions=tuple(_read_action(action) for action in node["actions"].items()),
        outputs={name: _read_output(output) for name, output in node.members("outputs").items()},
        capabilities=tuple(_read_capability(capability) for capability in node.list("capabilities")),
        operation=operation,
        declarations=Declarations(
            *(_objects(declarations, name) for name in ("capabilities", "constraints", "outputs", "providers"))
        ),
        providers=tuple(_read_provider(provider) for provider in node.list("providers")),
        allowed_data_loss=frozenset(node.texts("allowedDataLoss")),
        base=node["base"].mapping(),
        skipped=node.flag("skipped"),
        mode_because=node.optional_text("modeBecause"),
        contract_changes=node.flag("contractChanges"),
        limits=tuple(findings.read_limit(limit) for limit in node.list("limits")),
        deletes_last=node.flag("deletesLast"),
        replaced_providers=node.texts("replacedProviders"),
        status=node["status"].choice(Status),
        approvals=tuple(_read_approval(approval) for approval in node.list("approvals")),
    )
    if effects.digest(section) != section.digest:
        what = "the section has other effects than its digest says: it was changed after it was planned"
        raise node["digest"].fail(what)
    return section


def _objects(node: Node, name: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(item.mapping() for item in node.list(name))


def _write_provider(provider: ProviderRecord) -> dict[str, Any]:
    return {"name": provider.name, "version": provider.version, "plugin": provider.plugin}


def _read_provider(node: Node) -> ProviderRecord:
    return ProviderRecord(node["name"].text(), node["version"].text(), node["plugin"].text())


def _write_approval(approval: Approval) -> dict[str, Any]:
    reason = {"reason": approval.reason} if approval.reason else {}
    return {"by": approval.by, "at": approval.at, "digest": approval.digest, **reason}


def _read_approval(node: Node) -> Approval:
    return Approval(node["by"].text(), node["at"].text(), node["digest"].text(), node.optional_text("reason"))


def _write_capability(capability: BoundCapability) -> dict[str, Any]:
    return {
        "name": capability.name,
        "type": capability.type,
        "provider": capability.provider,
        "declaredAt": position(capability.declared_at),
        "bindings": list(capability.bindings),
        "waitsFor": list(capability.waits_for),
        "new": capability.new,
        "diff": [_write_diff(diff) for diff in capability.diff],
    }


def _read_capability(node: Node) -> BoundCapability:
    return BoundCapability(
        name=node["name"].text(),
        type=node["type"].text(),
        provider=node["provider"].text(),
        declared_at=node["declaredAt"].position(),
        bindings=node.texts("bindings"),
        waits_for=node.texts("waitsFor"),
        new=node.flag("new"),
        diff=tuple(_read_diff(diff) for diff in node.list("diff")),
    )


def _write_action(action: PlanAction) -> dict[str, Any]:
    return dict(_action_members(action))


def _action_members(action: PlanAction) -> Iterator[tuple[str, Any]]:
    yield "action", action.action.value
    yield "capability", action.capability
    yield "resourceName", action.resource_name
    yield "resourceType", action.resource_type
    yield "provider", action.provider
    yield "urn", action.urn
    yield "certainty", "conditional" if action.conditional else "certain"
    if action.waits_for:
        yield "waitsFor", list(action.waits_for)
    if action.declared_at:
        yield "declaredAt", position(action.declared_at)
    if action.loses_data:
        yield "losesData", True
    if action.retained:
        yield "retained", True
    if action.before is not None:
        yield "before", plain(action.before)
    if action.after is not None:
        yield "after", plain(action.after)
    if action.secret_hashes:
        yield "secretHashes", dict(sorted(action.secret_hashes.items()))
    if action.replace_keys:
        yield "replaceKeys", list(action.replace_keys)
    if action.remote_component:
        yield "remoteComponent", action.remote_component
    if action.deletes_first:
        yield "deletesFirst", True
    yield "diff", [_write_diff(diff) for diff in action.diff]


def _read_action(node: Node) -> PlanAction:
    before, after, declared_at = node.get("before"), node.get("after"), node.get("declaredAt")
    return PlanAction(
        action=node["action"].choice(Action),
        capability=node["capability"].text(),
        resource_name=node["resourceName"].text(),
        resource_type=node["resourceType"].text(),
        provider=node["provider"].text(),
        urn=node["urn"].text(),
        waits_for=node.texts("waitsFor"),
        declared_at=declared_at.position() if declared_at is not None else None,
        before=before.mapping() if before is not None else None,
        after=after.mapping() if after is not None else None,
        diff=tuple(_read_diff(diff) for diff in node.list("diff")),
        loses_data=node.flag("losesData"),
        retained=node.flag("retained"),
        secret_hashes={path: value.text() for path, value in node.members("secretHashes").items()},
        replace_keys=node.texts("replaceKeys"),
        remote_component=node.optional_text("remoteComponent"),
        deletes_first=node.flag("deletesFirst"),
    )


def _write_diff(diff: Diff) -> dict[str, Any]:
    document: dict[str, Any] = {
        "path": diff.path,
        "oldValue": None if diff.secret else plain(diff.old),
        "newValue": None if diff.secret or diff.unknown else plain(diff.new),
    }
    flags = {"unknown": diff.unknown, "secret": diff.secret, "replaces": diff.replaces}
    return document | {name: True for name, flag in flags.items() if flag}


def _read_diff(node: Node) -> Diff:
    values = node.mapping()
    return Diff(
        path=node["path"].text(),
        old=values.get("oldValue"),
        new=values.get("newValue"),
        unknown=node.flag("unknown"),
        secret=node.flag("secret"),
        replaces=node.flag("replaces"),
    )


def _write_output(output: PlannedOutput) -> dict[str, Any]:
    document: dict[str, Any] = {"type": output.type}
    if output.secret:
        document["secret"] = True
    elif output.unknown:
        document["unknown"] = True
    elif output.change != "removed":
        document["value"] = plain(output.value)
    return {**document, "change": output.change}


def _read_output(node: Node) -> PlannedOutput:
    return PlannedOutput(
        type=node["type"].text(),
        change=node["change"].text(),
        value=node.mapping().get("value"),
        unknown=node.flag("unknown"),
        secret=node.flag("secret"),
    )
