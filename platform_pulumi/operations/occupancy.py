"""Obstacles in tiers that others stand on: what goes while somebody below uses it who does not let go in this run.

Who uses it is read from what the stacks below recorded: their files may be another team's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.contract import TierContract, Use
from platform_pulumi.model.plan import Action, Obstacle, PlanAction, TierPlan
from platform_pulumi.model.platform import OutputDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations.graph import Edge, Graph, place
from platform_pulumi.operations.session import Session
from platform_pulumi.operations.steps import command


def occupied(session: Session, section: TierPlan, recorded: Graph) -> Iterator[Obstacle]:
    """Find what a section deletes or replaces although stacks below, as they were applied last, are not let go of it.

    What stands beside its successor is no obstacle to consumers of the same run: they move, then it goes.

    Args:
        recorded: what the stacks of the environment use, as they recorded it.
    """
    going = [action for action in section.actions if action.action in {Action.DELETE, Action.REPLACE}]
    if section.tier is Tier.APPLICATION or not going:
        return
    moving = {tier.key for tier in session.tiers}
    tier = session.platform.tier(*section.key)
    declared = {capability.name: capability for capability in tier.capabilities} if tier is not None else {}
    for name, actions in _by_capability(going).items():
        capability = declared.get(name)
        edges = [edge for edge in recorded.get(place(section.key, name), ()) if edge.consumer[0] > section.tier]
        if capability is not None and type(capability.properties).HOSTS:
            yield from _cramped(section, capability, actions, edges)
        if not section.deletes_last or moving - {section.key}:
            elsewhere = [edge for edge in edges if edge.use.hard and _key(edge) not in moving]
            yield from _elsewhere(section, name, capability, actions, elsewhere)


def missed(session: Session, section: TierPlan, applied: TierContract | None, recorded: Graph) -> Iterator[Obstacle]:
    """Find the outputs that a section drops, or gives another type, although stacks below still read them.

    Those of a capability that goes are found with it (`occupied`).

    Args:
        applied: the tier's contract as its stack recorded it.
        recorded: what the stacks of the environment use, as they recorded it.
    """
    now = {output.name: output for output in session.contracts[section.key].outputs}
    staying = {capability.name for capability in session.contracts[section.key].capabilities}
    moving = {tier.key for tier in session.tiers}
    for before in applied.outputs if applied is not None else ():
        after = now.get(before.name)
        if before.capability not in staying or (after is not None and after.type == before.type):
            continue
        edges = recorded.get(place(section.key, before.capability), ())
        reading = [
            edge
            for edge in edges
            if edge.use.name == before.name and edge.consumer[0] > section.tier and _key(edge) not in moving
        ]
        if reading:
            yield _missing(section, before, after, reading)


def _missing(
    section: TierPlan, before: OutputDeclaration, after: OutputDeclaration | None, reading: list[Edge]
) -> Obstacle:
    would = "dropped," if after is None else f"of the type {after.type}, no longer {before.type},"
    stacks = _stacks(reading)
    detail = (
        f"The output `{before.name}` would be {would} and this run does not apply {_listed(reading)} of {stacks}, "
        f"which {'read' if len(reading) > 1 else 'reads'} it."
    )
    again = f"`{before.name}` ({before.type}, of {before.capability}.{before.field})"
    steps = (
        f"Declare the output {again} again, beside what comes in its place, and run `platform up`.",
        f"Have {stacks} let go of it, or apply it in this run: without `--tier` and `--app`, with `-f` for its file.",
        "Make this change, and run `platform up`.",
    )
    at = after.declared_at if after is not None else None
    return Obstacle(*section.key, before.capability, "Its output is in use elsewhere", detail, steps, at)


def _cramped(
    section: TierPlan, capability: Capability, actions: list[PlanAction], edges: Iterable[Edge]
) -> Iterator[Obstacle]:
    """A place that is deleted before its successor is made, with consumers that live in it."""
    name, within = capability.name, _listed(edges)
    first = next((action for action in actions if action.deletes_first and action.resource_name == name), None)
    if first is not None and within:
        detail = (
            f"{name} would be deleted before its successor is made ({first.resource_type}), while {within} of the "
            "tiers below live in it."
        )
        steps = _moving(capability, within, command("up", actions))
        yield Obstacle.at(section, first, "It cannot stand beside its successor", detail, steps)


def _moving(capability: Capability, within: str, up: str) -> tuple[str, ...]:
    beside = f"{capability.name}-2"
    return (
        f"Leave {capability.name} as it was, declare a second {capability.type} with the change beside it "
        f"(`{beside}`), name that one in {within} (`{capability.type}: {beside}`), and run `platform up`.",
        f"Remove {capability.name}, and run `{up}`.",
    )


def _elsewhere(
    section: TierPlan, name: str, declared: Capability | None, actions: list[PlanAction], edges: Iterable[Edge]
) -> Iterator[Obstacle]:
    """What goes and is used by stacks that this run does not apply.

    A place that is replaced goes, too. What is reached at an address is not: who uses it is in the plan's impact.
    """
    if declared is None:
        using = list(edges)
    elif type(declared.properties).HOSTS:
        using = [edge for edge in edges if _moves(section, name, actions, edge.use)]
    else:
        using = []
    if using:
        would = "deleted" if declared is None else "replaced"
        stacks = _stacks(using)
        users = _listed(using)
        use = "use" if "," in users else "uses"
        detail = f"{name} would be {would}, and this run does not apply {users} of {stacks}, which {use} it."
        steps = (
            f"Have {stacks} let go of it: by a change of its own file, or by `platform destroy`. Or apply it in "
            "this run: without `--tier` and `--app`, with `-f` for its file.",
            f"Run `{command('up', actions)}`.",
        )
        yield Obstacle.at(section, actions[0], "It is in use elsewhere", detail, steps)


def _moves(section: TierPlan, name: str, actions: Iterable[PlanAction], use: Use) -> bool:
    """Whether what is used of a capability is another one afterwards: its main resource, or the output that is read."""
    replaced = [action for action in actions if action.action is Action.REPLACE]
    if use.output:
        output = section.outputs.get(f"{name}:{use.output}")
        return bool(replaced) and output is not None and output.change != "same"
    return any(action.resource_name == name for action in replaced)


def _by_capability(actions: Iterable[PlanAction]) -> dict[str, list[PlanAction]]:
    found: dict[str, list[PlanAction]] = {}
    for action in actions:
        if action.capability:
            found.setdefault(action.capability, []).append(action)
    return found


def _listed(edges: Iterable[Edge]) -> str:
    return ", ".join(sorted({edge.consumer[1] for edge in edges}))


def _stacks(edges: Iterable[Edge]) -> str:
    return ", ".join(sorted({str(_key(edge)) for edge in edges}))


def _key(edge: Edge) -> TierKey:
    tier, _, application = edge.consumer
    return TierKey(tier, application)
