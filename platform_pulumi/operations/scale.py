"""Another number of replicas for one capability, at once: a plan of its tier and application alone, applied.

The file is not changed. What it says counts again with the next `up`; whoever scales is told so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from platform_pulumi.declarations import codes, scaling
from platform_pulumi.declarations.locating import Locator
from platform_pulumi.errors import InputError, Position, Problem, RefusedError
from platform_pulumi.model.applied import Applied
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.plan import Action, Plan, TierPlan
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations import up
from platform_pulumi.operations.finding import find
from platform_pulumi.operations.ports import Approver, Observer
from platform_pulumi.operations.request import Request
from platform_pulumi.operations.session import Services, read


@dataclass(frozen=True, slots=True)
class Scaled:
    """What was applied, and what the file says: `declared` replicas, at `declared_at`, `written` or by default."""

    applied: Applied
    capability: str
    replicas: int
    declared: int
    declared_at: Position
    written: bool


def scale(
    services: Services, request: Request, name: str, replicas: int, observer: Observer, approver: Approver
) -> Scaled:
    """Plan and apply the capability's tier (of tier 3 its application) with this number of replicas.

    Raises:
        InputError: there is no such capability, it has no replicas or not so many, or it was never applied.
        ConstraintError: a constraint or a quota does not allow as many.
        RefusedError: it was not approved, or other changes that come with it were not.
        PlatformError: whatever `up` raises.
    """
    platform, _ = read(services, request)
    tier, capability = find(platform, request, name)
    declared = _declared(platform, capability)
    position, written = _place(platform, capability)
    key = f"{tier.application}/{name}" if tier.application else name
    narrowed = replace(request, tier=tier.tier, application=tier.application, replicas={key: replicas})
    applied = up.up(services, narrowed, observer, _OnlyThis(approver, name))
    return Scaled(applied, name, replicas, declared, position, written)


@dataclass
class _OnlyThis:
    """An approver that lets a tier that applies by itself pass only where nothing but the capability changes."""

    approver: Approver
    capability: str

    def show(self, plan: Plan) -> None:
        """Show it; refuse what was never applied; ask about changes that have nothing to do with it."""
        for section in plan.tiers:
            if self._is_new(section):
                detail = (
                    f"`{self.capability}` is not applied yet, so there is nothing to scale. Run `platform up` first."
                )
                raise InputError("Nothing was applied yet", detail)
        self.approver.show(plan)
        for section in plan.tiers:
            others = self._others(section)
            if others and not self.approver.approve(plan, section):
                detail = (
                    f"The file has other changes as well: {', '.join(others)}. Apply those with `platform up`, or take "
                    "them back, and scale then."
                )
                raise RefusedError("Not approved", detail)

    def approve(self, plan: Plan, tier: TierPlan) -> bool:
        """Whether the tier may be applied; what was asked about while the plan was shown is not asked twice."""
        return bool(self._others(tier)) or self.approver.approve(plan, tier)

    def _is_new(self, section: TierPlan) -> bool:
        changes = [output.change for name, output in section.outputs.items() if name.startswith(f"{self.capability}:")]
        return section.base.get("stackVersion") is None or (bool(changes) and set(changes) == {"new"})

    def _others(self, section: TierPlan) -> list[str]:
        changing = (a for a in section.actions if a.action not in {Action.NO_OP, Action.READ})
        return sorted({a.capability or a.resource_name for a in changing} - {self.capability})


def _declared(platform: Platform, capability: Capability) -> int:
    """The replicas the file says.

    Raises:
        InputError: the type has none.
    """
    found = getattr(capability.properties, scaling.FIELD, None)
    if found is not None:
        return int(found)
    position, length = Locator.of(platform.sources).key(capability.declared_at, "type")
    kind = codes.NOT_SCALABLE
    detail = scaling.not_scalable(capability.type)
    raise InputError(kind.summary, detail, [Problem(kind.code, kind.summary, detail, position, length)])


def _place(platform: Platform, capability: Capability) -> tuple[Position, bool]:
    """Where the file says how many replicas there are, or would say it, and whether it does."""
    found = Locator.of(platform.sources).property(capability.declared_at, (scaling.FIELD,))
    return (found[0], True) if found is not None else (capability.declared_at, False)
