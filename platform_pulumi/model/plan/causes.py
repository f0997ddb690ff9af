"""Causes and consequences in a plan: which changes only follow others, and what they follow in the end.

A view folds by this what nobody has to read one by one. So it errs on the side of showing: a known value that changes
otherwise than a cause's does is a change of its own, and so is what the declaration changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from platform_pulumi.model.plan.queries import Group, by_capability
from platform_pulumi.model.plan.values import Action, BoundCapability, Diff, Plan, PlanAction, is_unknown
from platform_pulumi.model.tier import Tier, TierKey

#: A physical name with its random suffix (Pulumi documentation, "Autonaming").
_AUTONAME = re.compile(r"(?P<stem>.+-)[0-9a-f]{7}")
#: Values as they change, before and after, in a form that compares.
_Pairs: TypeAlias = frozenset[tuple[str, str]]


class Cause(NamedTuple):
    """Capability that others follow: `tier.name`, and what happens to it."""

    name: str
    action: Action


@dataclass(frozen=True, slots=True)
class Consequence:
    """The part of a capability's changes that only follows others.

    Args:
        causes: the replaced or created capabilities that it follows in the end, through whatever follows them too; none
            where its own resources follow each other.
        urns: the resources whose change is a consequence.
        paths: of the other resources, the changed properties (URN, path) that only follow.
        whole: whether all that changes of it is a consequence.
    """

    causes: tuple[Cause, ...]
    urns: frozenset[str]
    paths: frozenset[tuple[str, str]] = frozenset()
    whole: bool = False


#: By tier and capability.
Consequences: TypeAlias = Mapping[tuple[TierKey, str], Consequence]


@dataclass(frozen=True, slots=True)
class _Moved:
    """Capability that moves others: what it follows in the end (itself, where it follows nothing), and its values."""

    causes: tuple[Cause, ...]
    values: _Pairs


def consequences(plan: Plan) -> dict[tuple[TierKey, str], Consequence]:
    """Map each capability that changes, be it in part, because others are replaced or created to what of it does.

    A replacement or update is a consequence where each of its changed inputs is unknown until such others are made, is
    a physical name that changes with every replacement, or changes exactly as an input of a cause does (a rule for the
    network's range). A replacement without a changed input is one, too: its provider, or what it depends on, is
    replaced. Losses are consequences as well: whoever folds has to show them.
    """
    found: dict[tuple[TierKey, str], Consequence] = {}
    above: dict[str, _Moved] = {}
    for tier in plan.tiers:
        moved = dict(above)  # what another application has by the same name causes nothing here
        declared = {capability.name: capability for capability in tier.capabilities}
        for group in by_capability(tier):
            name = f"{tier.tier.label}.{group.name}"
            near = [moved[used] for used in _used(declared.get(group.name)) if used in moved]
            consequence = _consequence(group, near, {name, *moved})
            if consequence is not None:
                found[tier.key, group.name] = consequence
            if group.action in {Action.REPLACE, Action.CREATE} or (consequence is not None and consequence.urns):
                moved[name] = _moved(Cause(name, group.action), group, near, consequence)
        if tier.tier is not Tier.APPLICATION:
            above = moved
    return found


def _used(capability: BoundCapability | None) -> Iterator[str]:
    """The capabilities (`tier.name`) it is wired to or waits for, each once."""
    if capability is not None:
        yield from dict.fromkeys((*capability.bindings, *_owners(capability.waits_for)))


def _owners(outputs: Iterable[str]) -> Iterator[str]:
    """The capabilities (`tier.name`) of outputs, or of resources, that are waited for."""
    return (".".join(output.split(".", 2)[:2]) for output in outputs)


def _consequence(group: Group, near: list[_Moved], moving: set[str]) -> Consequence | None:
    derived = _Pairs().union(*(one.values for one in near))
    changing = [action for action in group.actions if action.changes]
    following = [action for action in changing if _follows(action, derived, moving)]
    if len(following) == len(changing) and not near:
        return None  # where all follows and nothing in the plan explains it, it stands for itself
    urns = frozenset(action.urn for action in following)
    causes = tuple(dict.fromkeys(cause for one in near for cause in one.causes))
    own = [action for action in changing if action.urn not in urns]
    rest = own if near or len(own) > 1 else []  # of a single one nothing explains what else it changes
    paths = frozenset((a.urn, d.path) for a in rest for d in a.diff if _derives(d, derived, _explained(a, moving)))
    return Consequence(causes, urns, paths, whole=not own) if urns or paths else None


def _moved(cause: Cause, group: Group, near: list[_Moved], consequence: Consequence | None) -> _Moved:
    urns = consequence.urns if consequence is not None else frozenset()
    own = {(repr(d.old), repr(d.new)) for a in group.actions if a.changes and a.urn not in urns for d in a.diff}
    causes = consequence.causes if consequence is not None and consequence.whole else (cause,)
    return _Moved(causes, _Pairs(own).union(*(one.values for one in near)))


def _explained(action: PlanAction, moving: set[str]) -> bool:
    """Whether all that an action waits for moves: else what is unknown may be another value for another reason."""
    return all(owner in moving for owner in _owners(action.waits_for))


def _follows(action: PlanAction, derived: _Pairs, moving: set[str]) -> bool:
    if action.action not in {Action.REPLACE, Action.UPDATE}:
        return False
    if not action.diff:
        # The engine names no input where a provider or a dependency is what forces the replacement.
        return action.action is Action.REPLACE and _same(action.before, action.after, derived)
    return all(_derives(diff, derived, _explained(action, moving)) for diff in action.diff)


def _derives(diff: Diff, derived: _Pairs, explained: bool) -> bool:
    """Whether a property changes only because others do. Of a secret that is only known where it waits for them."""
    return explained if diff.unknown else not diff.secret and _is_derived(diff.old, diff.new, derived)


def _same(old: Any, new: Any, derived: _Pairs) -> bool:
    """Whether two inputs are the same but for what is unknown and what is derived."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not is_unknown(new):
        return all(_same(old.get(name), new.get(name), derived) for name in {*old, *new})
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return all(_same(was, now, derived) for was, now in zip(old, new, strict=True))
    return old == new or is_unknown(new) or _is_derived(old, new, derived)


def _is_derived(old: Any, new: Any, derived: _Pairs) -> bool:
    """Whether a value changes as an input of a cause does, or is a physical name that got another random suffix."""
    if (repr(old), repr(new)) in derived:
        return True
    was, now = (_AUTONAME.fullmatch(value) if isinstance(value, str) else None for value in (old, new))
    return was is not None and now is not None and was["stem"] == now["stem"]
