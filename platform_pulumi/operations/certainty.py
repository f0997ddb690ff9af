"""Certainty of a tier's actions: which are certain, and what the others wait for.

A preview takes every unknown input for a changed one, so an update or a replacement may come as nothing at all once the
value is there. It is certain only where something known makes it so: a value, a secret, the id of a resource that is
gone by then, or a cause that is certain itself. All else is conditional: on outputs of upper tiers, and on resources of
its own tier (`shared_primitives.db.db-access`). What is created or deleted is so in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from platform_pulumi.model.plan import Action, Diff
from platform_pulumi.model.plan.values import PROVIDER
from platform_pulumi.model.property_path import root, value_at
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.unknown import UNKNOWN_TYPES
from platform_pulumi.model.urn import capability_of, urn_name, urn_type
from platform_pulumi.operations.diffs import known_difference
from platform_pulumi.operations.ports import Registered, RunResult, StackSnapshot, Step

#: Our own components and the stack: the program builds them, and registers their children.
_OF_PROGRAMS = ("platform:", "pulumi:")
_PROVIDERS = "pulumi:providers:"
_STILL = frozenset({Action.NO_OP, Action.READ})
_WEAKENS = frozenset({Action.UPDATE, Action.REPLACE})


class Certainty:
    """Certainty of the steps of one run.

    Args:
        tier: whose run it is.
        result: the engine's steps and the program's registrations.
        diffs: what each step changes, by URN.
        snapshot: the recorded state; None where there was none.
        parents: the parent of every URN, recorded or registered.
    """

    def __init__(
        self,
        tier: Tier,
        result: RunResult,
        diffs: Mapping[str, Sequence[Diff]],
        snapshot: StackSnapshot | None,
        parents: Mapping[str, str],
    ) -> None:
        self._tier = tier
        self._steps = result.steps
        self._registered = result.registered
        self._diffs = diffs
        self._ids = snapshot.ids if snapshot else {}
        self._triggers = snapshot.triggers if snapshot else {}
        self._parents = parents

    def waits_for(self, urn: str) -> tuple[str, ...]:
        """List what an action waits for, by name; nothing where it is certain."""
        step = self._steps[urn]
        if step.action is Action.DELETE:
            return ()
        if step.action not in _WEAKENS:
            return tuple(sorted(self._above(urn)))
        return () if urn in self._certain else tuple(sorted(self._causes(step)))

    def remote_component(self, urn: str) -> str:
        """Return the remote component a resource is a child of, or ""."""
        closest = self._closest(urn)
        return closest if closest != urn and not urn_type(closest).startswith(_OF_PROGRAMS) else ""

    @cached_property
    def _certain(self) -> frozenset[str]:
        """The updates and replacements that are certain: those that show it by themselves, then what follows them."""
        open_steps = [step for step in self._steps.values() if step.action in _WEAKENS]
        certain: set[str] = set()
        while found := {step.urn for step in open_steps if self._is_certain(step, certain)}:
            certain |= found
            open_steps = [step for step in open_steps if step.urn not in certain]
        return frozenset(certain)

    def _is_certain(self, step: Step, certain: set[str]) -> bool:
        if any(self._is_evident(diff, step, certain) for diff in self._suspects(step)):
            return True
        if step.action is Action.REPLACE and self._follows_certainly(step, certain):
            return True
        return not self._causes(step)

    def _suspects(self, step: Step) -> list[Diff]:
        """The changes that may have made the engine plan the step: of a replacement those that force one.

        What the provider fills in is another name because the resource is replaced, and not the other way round.
        """
        diffs = self._diffs[step.urn]
        if step.action is Action.UPDATE:
            return list(diffs)
        registered = self._registered.get(step.urn)
        return [d for d in diffs if d.replaces and (registered is None or root(d.path) in _given(registered, step))]

    def _is_evident(self, diff: Diff, step: Step, certain: set[str]) -> bool:
        """Whether a change is known to be one, whatever becomes of the unknown values."""
        old, new = value_at(step.old, diff.path), value_at(step.new, diff.path)
        if self._is_gone(old, certain):
            return True
        if any(self._is_replaced(urn) and urn not in certain for urn in self._made_from(step, diff)):
            return False  # a name that only comes with another's replacement
        if diff.unknown or diff.secret:
            return not diff.unknown
        # Where both are the same it is reality that differs.
        return known_difference(old, new) or not any(leaf in UNKNOWN_TYPES for leaf in _leaves(new))

    def _is_gone(self, old: Any, certain: set[str]) -> bool:
        """Whether a recorded value holds the id of a resource that is certainly replaced or deleted."""
        for leaf in _leaves(old):
            for step in self._owners.get(leaf, ()):
                gone = step.action is Action.DELETE or (step.action is Action.REPLACE and step.urn in certain)
                if gone and leaf not in _leaves(step.new):  # else it is a name, and its successor has it, too
                    return True
        return False

    def _follows_certainly(self, step: Step, certain: set[str]) -> bool:
        """Whether the provider, the trigger or a dependency that a replacement follows is itself certainly replaced."""
        if PROVIDER in step.replace_keys:
            return any(p.urn in certain or p.action is Action.CREATE for p in self._providers(step))
        if self._has_unknown_trigger(step):
            return self._is_gone(self._triggers.get(step.urn), certain)
        return not self._suspects(step) and any(urn in certain for urn in self._replaced_dependencies(step))

    def _causes(self, step: Step) -> set[str]:
        """What an update or a replacement waits for, unless it is certain."""
        suspects = self._suspects(step)
        found = {name for diff in suspects for source in self._made_from(step, diff) for name in self._named(source)}
        if PROVIDER in step.replace_keys:
            found |= {name for provider in self._providers(step) for name in self._waiting_for(provider)}
        elif step.action is Action.REPLACE and not suspects:
            found |= {name for urn in self._replaced_dependencies(step) for name in self._named(urn)}
        if not found and (suspects or self._has_unknown_trigger(step)):
            # Of what a plugin makes below its component, and of a trigger, nobody says what it comes from.
            found = self._above(step.urn) | self._siblings(step)
        return found

    def _waiting_for(self, provider: Step) -> set[str]:
        return self._above(provider.urn) | (self._causes(provider) if provider.action in _WEAKENS else set())

    def _has_unknown_trigger(self, step: Step) -> bool:
        registered = self._registered.get(step.urn)
        return registered is not None and registered.unknown_trigger

    def _made_from(self, step: Step, diff: Diff) -> frozenset[str]:
        registered = self._registered.get(step.urn)
        return registered.made_from.get(root(diff.path), frozenset()) if registered is not None else frozenset()

    def _named(self, source: str) -> set[str]:
        """The names of what an input is made from: an upstream output, or a resource and what that waits for."""
        if not source.startswith("urn:"):
            return {source}
        made = self._steps.get(source)
        if made is None or (made.custom and made.action in _STILL):
            return set()
        return {self._name(source), *self._above(source)}

    def _siblings(self, step: Step) -> set[str]:
        """Whatever else changes below its remote component, or in its capability where it is of none."""
        return {self._name(urn) for urn in self._changing.get(self._place(step.urn), ()) if urn != step.urn}

    @cached_property
    def _changing(self) -> dict[str, list[str]]:
        """What is made or changed, by its place."""
        found: dict[str, list[str]] = {}
        for urn, step in self._steps.items():
            still = step.action in _STILL or step.action is Action.DELETE
            if step.custom and not still and not step.type.startswith(_OF_PROGRAMS):
                found.setdefault(self._place(urn), []).append(urn)
        return found

    def _place(self, urn: str) -> str:
        return self.remote_component(urn) or capability_of(urn, self._parents)

    def _name(self, urn: str) -> str:
        return ".".join((self._tier.label, capability_of(urn, self._parents), urn_name(urn)))

    def _above(self, urn: str) -> set[str]:
        """The outputs of upper tiers that a resource waits for, or the remote component it belongs to."""
        registered = self._registered.get(self._closest(urn))
        return set(registered.waits_for) if registered is not None else set()

    def _providers(self, step: Step) -> list[Step]:
        """The provider resources of its package that change."""
        return self._changing_providers.get(step.type.partition(":")[0], [])

    @cached_property
    def _changing_providers(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self._steps.values():
            if step.type.startswith(_PROVIDERS) and step.action not in _STILL:
                found.setdefault(step.type.removeprefix(_PROVIDERS), []).append(step)
        return found

    def _replaced_dependencies(self, step: Step) -> list[str]:
        registered = self._registered.get(step.urn)
        if registered is None:
            return []
        return [urn for urn in registered.depends_on.union(*registered.made_from.values()) if self._is_replaced(urn)]

    def _is_replaced(self, urn: str) -> bool:
        return urn in self._steps and self._steps[urn].action is Action.REPLACE

    @cached_property
    def _owners(self) -> dict[str, list[Step]]:
        """The recorded resources by their ids."""
        found: dict[str, list[Step]] = {}
        for urn, known in self._ids.items():
            if urn in self._steps:
                found.setdefault(known, []).append(self._steps[urn])
        return found

    def _closest(self, urn: str) -> str:
        """The resource itself, or the closest of its parents, that the program registered."""
        while urn and urn not in self._registered:
            urn = self._parents.get(urn, "")
        return urn


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


def _given(registered: Registered, step: Step) -> frozenset[str]:
    """The properties that the program gives now, or gave before."""
    return frozenset(registered.inputs) | {name for name in step.old or {} if name not in (step.new or {})}
