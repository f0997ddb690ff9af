"""Obstacles: why a plan cannot be applied in one go, found before anything is touched, and the steps that lead there.

A provider that refuses a delete does so half way: the successor of a protected database stands by then, or a network
is half gone. What is known to be refused is said by the plan, and no apply of it begins (docs/adr/0030).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Action, Obstacle, Operation, PlanAction, TierPlan
from platform_pulumi.model.property_path import value_at
from platform_pulumi.operations.graph import recorded_graph
from platform_pulumi.operations.location import apart, left_behind
from platform_pulumi.operations.occupancy import missed, occupied
from platform_pulumi.operations.ownership import mistaken
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.steps import command
from platform_pulumi.sdk.provider import ProviderDefinition

_GOING = (Action.DELETE, Action.REPLACE)


def obstacles(
    session: Session, sections: Iterable[TierPlan], contracts: Iterable[TierContract]
) -> tuple[Obstacle, ...]:
    """Find what stands in the way of these sections.

    Args:
        contracts: of the planned stacks, and of those below them, as they recorded them.
    """
    recorded = recorded_graph(contracts)
    definitions = _definitions(session)
    protections = {kind: name for one in definitions for kind, name in one.deletion_protection.items()}
    exclusive = {kind: paths for one in definitions for kind, paths in one.exclusive.items()}
    applied = {contract.key: contract for contract in contracts}
    sections, found = tuple(sections), list[Obstacle]()
    losing = tuple(action for section in sections for action in section.actions if action.loses_data)
    for section in sections:
        found += mistaken(session, section)
        found += _protected(session, section, protections, losing)
        if section.operation is Operation.UP:
            found += _exclusive(section, exclusive)
            found += _stranded(section, losing)
            found += left_behind(session, section, applied.get(section.key))
            found += apart(session, section)
            found += occupied(session, section, recorded)
            found += missed(session, section, applied.get(section.key), recorded)
    return tuple(found)


def _definitions(session: Session) -> list[ProviderDefinition]:
    names = {capability.provider for tier in session.platform.tiers for capability in tier.capabilities}
    names |= {provider.name for provider in session.platform.providers}
    return [session.services.definitions[name] for name in sorted(names)]


def _exclusive(section: TierPlan, exclusive: Mapping[str, tuple[str, ...]]) -> Iterator[Obstacle]:
    """Replacements that keep what no two resources can share; each capability once."""
    seen: set[str] = set()
    for action in section.actions:
        paths = exclusive.get(action.resource_type, ())
        kept = [value for path in paths if (value := _kept(action, path)) is not None]
        beside = action.action is Action.REPLACE and not action.deletes_first
        if paths and beside and len(kept) == len(paths) and action.owner not in seen:
            seen.add(action.owner)
            shared = ", ".join(f"{path} {value}" for path, value in zip(paths, kept, strict=True))
            detail = (
                f"{action.resource_name} ({action.resource_type}) would be replaced, and its successor cannot be made "
                f"beside it: both would have {shared}."
            )
            steps = (
                "Take back what replaces it, or change what both share as well (of a network, its `cidr`): "
                f"{action.owner} is then made anew beside the old one.",
                "Run `platform up`.",
            )
            yield Obstacle.at(section, action, "It cannot stand beside its successor", detail, steps)


def _stranded(section: TierPlan, losing: Iterable[PlanAction]) -> Iterator[Obstacle]:
    """Deletes that come last, of what a provider holds that is replaced in the same run; each capability once.

    The engine cannot keep them: in the state they would stand before the provider that they refer to.

    Args:
        losing: the actions of the whole plan that lose data.
    """
    deleted = [action for action in section.deletable if action.action is Action.DELETE] if section.deletes_last else []
    moving = [action for action in deleted if action.resource_type.partition(":")[0] in section.replaced_providers]
    for action in {action.owner: action for action in reversed(moving)}.values():
        package = action.resource_type.partition(":")[0]
        detail = (
            f"{action.owner} would be deleted in the same run that replaces the provider {package} (another region, "
            "another cluster), after the tiers below have let go of it."
        )
        delete, replace = (
            command("up", (one for one in losing if one.action is kind)) for kind in (Action.DELETE, Action.REPLACE)
        )
        steps = (
            "Leave out of the change what replaces the provider (the other region, the other cluster), make the rest "
            f"of it, and run `{delete}`.",
            f"Make that as well, and run `{replace}`.",
        )
        yield Obstacle.at(section, action, "Its provider is replaced in the same run", detail, steps)


def _kept(action: PlanAction, path: str) -> Any:
    """The value at a path, where it is known and stays."""
    before, after = value_at(action.before or {}, path), value_at(action.after or {}, path)
    return after if before == after else None


def _protected(
    session: Session, section: TierPlan, protections: Mapping[str, str], losing: Iterable[PlanAction]
) -> Iterator[Obstacle]:
    """Deletions and replacements of what the provider refuses to delete, as it is recorded.

    Args:
        losing: the actions of the whole plan that lose data.
    """
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
            steps = _unprotecting(action, section.operation, losing)
            yield Obstacle.at(section, action, "Deletion protection is on", detail, steps)


def _unprotecting(action: PlanAction, operation: Operation, losing: Iterable[PlanAction]) -> tuple[str, str]:
    off, whole = f"`deletion_protection: false` on {action.owner}", command(operation.value, losing)
    if operation is Operation.DESTROY:
        return f"Set {off}, and run `platform up`.", f"Run `{whole}`."
    first = f"Set {off}"
    if action.declared_at is None:
        first = f"Declare {action.owner} again as it was, with `deletion_protection: false`"
    return f"{first}, leave all else as it was, and run `platform up`.", f"Make this change, and run `{whole}`."
