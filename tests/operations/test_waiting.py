"""Waiting for a stack that another run works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from platform_pulumi.declarations.documents import Declared, Document
from platform_pulumi.errors import BusyError, RefusedError
from platform_pulumi.model.context import StackName
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.operations import guard, waiting
from platform_pulumi.operations.events import Message, RunEvent, TierFinished, TierStarted
from platform_pulumi.operations.ports import Lock, Observer, StackSnapshot
from platform_pulumi.operations.task import Task
from tests.operations.fakes import FakeEngine, Watcher, services

STACK = StackName("acme-infrastructure", "prod")
HELD = Lock("ann@laptop (process 7)", "2026-01-01T00:00:00Z", dead=False)
TEXT = """
platform:
  org: acme
  environment: prod
  provider: {name: acme}
  execution: {lock_timeout: 10s}
  tiers: {infrastructure: {capabilities: [{name: net, type: network, properties: {cidr: 10.0.0.0/16}}]}}
"""


@dataclass
class Time:
    """A clock that goes on while somebody sleeps."""

    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


@dataclass
class Run:
    """An operation that finds the stack busy so many times; `events` are what it did before that."""

    busy: int
    events: tuple[RunEvent, ...] = ()
    tries: int = field(default=0, init=False)

    def __call__(self, observer: Observer) -> str:
        self.tries += 1
        for event in self.events:
            observer(event)
        if self.tries <= self.busy:
            raise guard.busy(STACK, HELD)
        return "done"


def declared(text: str) -> Task:
    return Task(Declared((Document("platform.yaml", text),)))


def patiently(run: Run, text: str = TEXT, watcher: Watcher | None = None) -> str:
    time = Time()
    return waiting.patiently(
        services(FakeEngine()), declared(text), watcher or Watcher(), run, sleep=time.sleep, clock=time.clock
    )


def test_a_busy_stack_is_waited_for_and_the_operation_begins_again() -> None:
    run, watcher = Run(busy=3), Watcher()
    assert patiently(run, watcher=watcher) == "done"
    assert run.tries == 4
    said = "acme-infrastructure/prod is locked by ann@laptop (process 7) since 2026-01-01T00:00:00Z"
    assert watcher.messages == [f"{said}; waiting for at most 10 s (lock_timeout)"]


def test_it_is_waited_for_as_long_as_declared_and_no_longer() -> None:
    run = Run(busy=99)
    with pytest.raises(BusyError):
        patiently(run)
    assert run.tries == 1 + 10 / waiting.PAUSE
    once = Run(busy=99)
    with pytest.raises(BusyError):
        patiently(once, TEXT.replace("  execution: {lock_timeout: 10s}\n", ""))
    assert once.tries == 1


KEY = TierKey(Tier.INFRASTRUCTURE, None)
ONE = Range.exactly(1)


@pytest.mark.parametrize(
    ("events", "tries"),
    [
        ((TierStarted(KEY, "previewing", None), TierFinished(KEY, failed=False)), 2),
        ((TierStarted(KEY, "applying", ONE), TierFinished(KEY, failed=True)), 2),  # it was locked
        ((TierStarted(KEY, "applying", ONE), TierFinished(KEY, failed=False)), 1),
        ((Message("x"),), 2),
    ],
)
def test_who_has_changed_something_does_not_begin_again(events: tuple[RunEvent, ...], tries: int) -> None:
    run = Run(busy=1, events=events)
    try:
        patiently(run)
    except BusyError:
        assert tries == 1
    assert run.tries == tries


def test_another_refusal_is_not_waited_for() -> None:
    def refuse(_observer: Observer) -> None:
        raise RefusedError("Refused")

    with pytest.raises(RefusedError):
        waiting.patiently(services(FakeEngine()), declared(TEXT), Watcher(), refuse)


def test_a_stack_that_is_being_applied_for_the_first_time_is_busy_and_not_broken() -> None:
    new = StackSnapshot(STACK, {}, {}, lock=HELD)
    with pytest.raises(BusyError):
        guard.contract_of(new)
    with pytest.raises(Exception, match="An upper stack has no contract"):
        guard.contract_of(replace(new, lock=replace(HELD, dead=True)))
