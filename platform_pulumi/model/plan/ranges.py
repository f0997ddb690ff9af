"""Counts of a plan's actions as ranges, from the least to the most that an apply may turn out to do.

A conditional action is planned in its strongest reading and only weakens (`refinement`): a replacement may turn out an
update or nothing, an update nothing. Creates and deletes neither appear nor vanish, so they are as many as planned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from platform_pulumi.model.plan.values import Action, PlanAction

#: Readings of a conditional action, from the strongest to the weakest.
_WEAKER = (Action.REPLACE, Action.UPDATE, Action.NO_OP)


@dataclass(frozen=True, slots=True)
class Range:
    """Count that is only known to lie between two numbers, both included; false where it is 0."""

    least: int
    most: int

    @classmethod
    def exactly(cls, count: int) -> Range:
        """Make the range of one number."""
        return cls(count, count)

    def __bool__(self) -> bool:
        return self.most > 0

    def __str__(self) -> str:
        return str(self.most) if self.exact else f"{self.least}-{self.most}"

    def at_least(self, count: int) -> Range:
        """Raise both numbers to one that was seen."""
        return Range(max(self.least, count), max(self.most, count))

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.least == self.most


#: Of what does not happen.
NONE = Range(0, 0)


def readings(action: PlanAction) -> tuple[Action, ...]:
    """List what an action may turn out to be, the strongest reading first."""
    if not action.conditional or action.action not in _WEAKER:
        return (action.action,)
    return _WEAKER[_WEAKER.index(action.action) :]


def ranges(actions: Iterable[PlanAction]) -> dict[str, Range]:
    """Count resources by action, each from those that are certain to those that may turn out so."""
    least: Counter[Action] = Counter()
    most: Counter[Action] = Counter()
    for possible in map(readings, actions):
        most.update(possible)
        if len(possible) == 1:
            least.update(possible)
    return {action.value: Range(least[action], most[action]) for action in Action if most[action]}


def changing(actions: Iterable[PlanAction]) -> Range:
    """Count the resources that change, whatever happens to them."""
    found = [action for action in actions if action.changes]
    return Range(sum(readings(action)[-1] is not Action.NO_OP for action in found), len(found))
