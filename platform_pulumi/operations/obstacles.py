"""Obstacles: why a plan cannot be applied in one go, found before anything is touched, and the steps that lead there.

A provider that refuses a delete does so half way: the successor of a protected database stands by then, or a network
is half gone. What is known to be refused is said by the plan, and no apply of it begins (docs/adr/0030).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from platform_pulumi.model.plan import Action, Obstacle, Operation, PlanAction, TierPlan
from platform_pulumi.operations.occupancy import occupied
from platform_pulumi.operations.session import Session

_GOING = (Action.DELETE, Action.REPLACE)


def obstacles(session: Session, sections: Iterable[TierPlan]) -> tuple[Obstacle, ...]:
    """Find what stands in the way of these sections.

    Raises:
        EngineError: the state of a stack below cannot be read.
    """
    protections = _protections(session)
    found: list[Obstacle] = []
    for section in sections:
        found += _protected(session, section, protections)
        if section.operation is Operation.UP:
            found += occupied(session, section)
    return tuple(found)


def _protections(session: Session) -> Mapping[str, str]:
    """The input that protects from deletion, by resource type."""
    definitions = session.services.definitions
    names = {capability.provider for tier in session.platform.tiers for capability in tier.capabilities}
    names |= {provider.name for provider in session.platform.providers}
    return {kind: name for one in sorted(names) for kind, name in definitions[one].deletion_protection.items()}


def _protected(session: Session, section: TierPlan, protections: Mapping[str, str]) -> Iterator[Obstacle]:
    """Deletions and replacements of what the provider refuses to delete, as it is recorded."""
    snapshot = session.engine.snapshot(session.platform.context.stack(*section.key))
    switches = snapshot.switches if snapshot is not None else {}
    for action in section.actions:
        protection = protections.get(action.resource_type)
        if action.action in _GOING and protection in switches.get(action.urn, ()):
            would = "deleted" if action.action is Action.DELETE else "replaced"
            detail = (
                f"{action.owner} would be {would}, and was applied with `deletion_protection: true`: the provider "
                f"refuses to delete it ({action.resource_type}), whoever asks."
            )
            steps = _unprotecting(action, section.operation)
            yield Obstacle.at(section, action, "Deletion protection is on", detail, steps)


def _unprotecting(action: PlanAction, operation: Operation) -> tuple[str, str]:
    flag = f" --allow-data-loss {action.owner}" if action.loses_data else ""
    off = f"`deletion_protection: false` on {action.owner}"
    if operation is Operation.DESTROY:
        return f"Set {off}, and run `platform up`.", f"Run `platform destroy{flag}`."
    if action.declared_at is None:
        again = f"Declare {action.owner} again as it was, with `deletion_protection: false`, and run `platform up`."
        return again, f"Remove it, and run `platform up{flag}`."
    return (
        f"Set {off}, leave all else as it was, and run `platform up`.",
        f"Make this change, and run `platform up{flag}`.",
    )
