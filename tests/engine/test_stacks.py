"""Recorded state as a command knows it: read once, and anew after the command has changed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from platform_pulumi.engine.stacks import Stacks
from platform_pulumi.engine.state import Change, Revealed
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import StackName
from platform_pulumi.operations.ports import StackSnapshot, StateOutput

ONE, OTHER = StackName("acme-infrastructure", "prod"), StackName("acme-infrastructure", "dev")
HIDDEN = StackSnapshot(ONE, {"key": StateOutput(None, secret=True)}, {}, fingerprint="f")
SHOWN = replace(HIDDEN, outputs={"key": StateOutput("hunter2", secret=True)})


@dataclass
class Reader:
    """A backend that remembers what it was asked; `sealed` ones do not show secrets."""

    there: dict[StackName, StackSnapshot] = field(default_factory=lambda: {ONE: HIDDEN})
    sealed: bool = False
    asked: list[str] = field(default_factory=list)

    def read(self, stack: StackName) -> StackSnapshot | None:
        self.asked.append(f"read {stack.name}")
        return self.there.get(stack)

    def reveal(self, stack: StackName) -> Revealed | None:
        self.asked.append(f"reveal {stack.name}")
        if self.sealed:
            raise EngineError("A stack cannot be read", "incorrect passphrase")
        return Revealed(HIDDEN, SHOWN) if stack in self.there else None

    def stacks(self, project: str) -> tuple[StackName, ...]:
        self.asked.append(f"list {project}")
        return tuple(stack for stack in self.there if stack.project == project)

    def create(self, stack: StackName) -> None:
        self.there[stack] = StackSnapshot(stack, {}, {})

    def unlock(self, stack: StackName) -> None:
        self.asked.append(f"unlock {stack.name}")

    def edit(self, stack: StackName, change: Change) -> None:
        change({})


def eagerly(_stack: StackName) -> bool:
    return True


def test_a_stack_is_read_once_and_so_is_that_there_is_none() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    assert stacks.read(ONE) == stacks.read(ONE) == HIDDEN
    assert (stacks.exists(ONE), stacks.exists(OTHER)) == (True, False)
    assert stacks.read(OTHER) is None
    assert reader.asked == ["read prod", "read dev"]


def test_secrets_are_read_when_they_are_asked_for() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    assert stacks.read(ONE) == HIDDEN
    assert stacks.read(ONE, reveal=True) == stacks.read(ONE, reveal=True) == SHOWN
    assert stacks.read(ONE) == HIDDEN
    assert reader.asked == ["read prod", "reveal prod"]


def test_where_a_reading_is_dear_it_gives_the_secrets_as_well_and_shows_them_to_nobody_else() -> None:
    reader = Reader()
    stacks = Stacks(reader, eagerly)
    assert stacks.read(ONE) == HIDDEN
    assert stacks.read(ONE, reveal=True) == SHOWN
    assert stacks.read(OTHER) is stacks.read(OTHER, reveal=True) is None
    assert reader.asked == ["reveal prod", "reveal dev"]


def test_a_state_whose_secrets_cannot_be_shown_is_read_all_the_same() -> None:
    reader = Reader(sealed=True)
    stacks = Stacks(reader, eagerly)
    assert stacks.read(ONE) == stacks.read(ONE) == HIDDEN
    assert reader.asked == ["reveal prod", "read prod"]
    with pytest.raises(EngineError):
        stacks.read(ONE, reveal=True)


def test_what_a_list_says_is_not_asked_again() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    assert stacks.list(ONE.project) == stacks.list(ONE.project) == (ONE,)
    assert (stacks.exists(ONE), stacks.exists(OTHER)) == (True, False)
    assert stacks.read(OTHER) is None
    assert reader.asked == ["list acme-infrastructure"]


def nothing(_deployment: dict[str, Any]) -> bool:
    return False


@pytest.mark.parametrize(
    "change",
    [
        lambda stacks: stacks.unlock(ONE),
        lambda stacks: stacks.edit(ONE, nothing),
        lambda stacks: stacks.create(ONE),
    ],
)
def test_what_was_changed_is_read_anew(change: Callable[[Stacks], None]) -> None:
    reader = Reader()
    stacks = Stacks(reader)
    stacks.list(ONE.project)
    stacks.read(ONE, reveal=True)
    change(stacks)
    reader.asked.clear()
    stacks.list(ONE.project)
    stacks.read(ONE)
    stacks.read(ONE, reveal=True)
    assert reader.asked == ["list acme-infrastructure", "read prod", "reveal prod"]


def test_a_change_that_failed_may_have_changed_it() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    stacks.read(ONE)
    with pytest.raises(EngineError), stacks.changing(ONE):
        raise EngineError("An engine failed")
    stacks.read(ONE)
    assert reader.asked == ["read prod", "read prod"]


def test_fingerprints_are_there_for_all_or_for_none() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    assert stacks.fingerprints([ONE, ONE]) == ("f", "f")
    assert stacks.fingerprints([ONE, OTHER]) is None
    reader.there[OTHER] = StackSnapshot(OTHER, {}, {})
    assert Stacks(reader).fingerprints([ONE, OTHER]) is None


def test_secrets_that_were_read_are_at_hand_and_nothing_is_read_for_them() -> None:
    reader = Reader()
    stacks = Stacks(reader)
    stacks.read(ONE)
    assert stacks.revealed_snapshot(ONE) is None
    stacks.read(ONE, reveal=True)
    assert stacks.revealed_snapshot(ONE) == SHOWN
    assert reader.asked == ["read prod", "reveal prod"]
