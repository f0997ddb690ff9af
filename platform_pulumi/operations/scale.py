"""Scale of one capability: a plan of its tier and application alone, with other replicas, applied at once.

The file is not changed. What it says counts again with the next `up`; a message says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from platform_pulumi.declarations.compiler import replicas
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.errors import InputError, Position, RefusedError
from platform_pulumi.model.applied import Applied
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.plan import Plan, TierPlan
from platform_pulumi.model.platform import Mode, Platform
from platform_pulumi.operations import up
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.lookup import find_capability
from platform_pulumi.operations.ports import Approver, Observer
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.task import Selection, Task


@dataclass(frozen=True, slots=True)
class Scaled:
    """Result of a scaling, and what the file says: `declared` replicas, at `declared_at`, `written` or by default."""

    applied: Applied
    capability: str
    replicas: int
    declared: int
    declared_at: Position
    written: bool


def scale(services: Services, task: Task, name: str, replicas: int, observer: Observer, approver: Approver) -> Scaled:
    """Plan and apply the capability's tier (of tier 3 its application) with this number of replicas.

    Raises:
        InputError: there is no such capability, it has no replicas or not so many, or it was never applied.
        ConstraintError: a constraint or a quota does not allow as many.
        RefusedError: it was not approved, or other changes that come with it were not.
        PlatformError: whatever `up` raises.
    """
    platform = load(services, task).platform
    tier, capability = find_capability(platform, task.selection, name)
    declared = _declared(platform, capability)
    position, written = _place(platform, capability)
    key = f"{tier.application}/{name}" if tier.application else name
    narrowed = replace(
        task,
        declared=replace(task.declared, replicas={key: replicas}),
        selection=Selection.of(tier.key),
    )
    applied = up.up(services, narrowed, observer, _ThisAlone(approver, name))
    return Scaled(applied, name, replicas, declared, position, written)


@dataclass(frozen=True)
class _ThisAlone:
    """Approver that asks once more where a tier applies by itself and more than the capability would change."""

    approver: Approver
    capability: str

    def show(self, plan: Plan) -> None:
        """Show the plan; refuse to scale what was never applied."""
        if any(self._is_new(section) for section in plan.tiers):
            detail = f"`{self.capability}` is not applied yet, so there is nothing to scale. Run `platform up` first."
            raise InputError("Nothing was applied yet", detail)
        self.approver.show(plan)
        for section in plan.tiers:
            others = self._others(section)
            if others and section.mode is Mode.AUTO_APPLY and not self.approver.approve(plan, section):
                raise self._refused(others)

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Whether the tier may be applied."""
        if self.approver.approve(plan, tier):
            return True
        others = self._others(tier)
        if others:
            raise self._refused(others)
        return False

    def _refused(self, others: list[str]) -> RefusedError:
        detail = (
            f"The file has other changes as well: {', '.join(others)}. Apply those with `platform up`, or take them "
            "back, and scale then."
        )
        return RefusedError("Not approved", detail)

    def _is_new(self, section: TierPlan) -> bool:
        changes = [output.change for name, output in section.outputs.items() if name.startswith(f"{self.capability}:")]
        return section.base.get("stackVersion") is None or (bool(changes) and set(changes) == {"new"})

    def _others(self, section: TierPlan) -> list[str]:
        return sorted({action.owner for action in section.actions if action.changes} - {self.capability})


def _declared(platform: Platform, capability: Capability) -> int:
    """The replicas the file says.

    Raises:
        InputError: the type has none.
    """
    found = getattr(capability.properties, replicas.FIELD, None)
    if found is not None:
        return int(found)
    position, length = platform.source_map.key(capability.declared_at, "type")
    kind = codes.NOT_SCALABLE
    detail = replicas.not_scalable(capability.type)
    raise InputError(kind.summary, detail, [kind.problem(detail, position, length=length)])


def _place(platform: Platform, capability: Capability) -> tuple[Position, bool]:
    """Find where the file sets the replicas, or would set them, and whether it does."""
    found = platform.source_map.property(capability.declared_at, (replicas.FIELD,))
    return (found[0], True) if found is not None else (capability.declared_at, False)
