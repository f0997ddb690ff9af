"""Fault injection: errors, latency, drift and crashes of a simulated provider, by capability (`--simulate-config`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.declarations.documents import Document, Limits
from platform_pulumi.errors import InputError, Problem

if TYPE_CHECKING:
    from yaml.nodes import Node

    from platform_pulumi.declarations.yaml.source import Source

#: The code of a mistake in a file of faults.
_CODE = "P2910"
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
#: The key of a duration that holds for every capability.
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults to inject. Names are capabilities; durations are in seconds by capability, `*` for all of them.

    Args:
        fail_on_create: whose creates are refused.
        fail_on_update: whose updates are refused.
        fail_on_delete: whose deletes are refused.
        latency: how long each create, update and delete takes.
        drift_after: how long after its last create or update somebody changes it outside of Pulumi.
        crash_at: at whose create the provider's process dies, once the resource exists.
        lost_reply: whose creates and updates succeed, but the reply to the engine is lost.
        declared: every capability of the platform, so that `api` is not taken for `api-service`.
    """

    fail_on_create: tuple[str, ...] = ()
    fail_on_update: tuple[str, ...] = ()
    fail_on_delete: tuple[str, ...] = ()
    latency: Mapping[str, float] = field(default_factory=dict)
    drift_after: Mapping[str, float] = field(default_factory=dict)
    crash_at: tuple[str, ...] = ()
    lost_reply: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _READERS)

    @property
    def names(self) -> frozenset[str]:
        """Every capability that a fault names."""
        mentioned = {name for fault in _READERS for name in getattr(self, fault)}
        return frozenset(mentioned - {EVERYTHING})

    def within(self, declared: Iterable[str]) -> Faults:
        """Check the faults against the capabilities of a platform; return them with every capability in `declared`.

        Raises:
            InputError: a fault names something that is not declared.
        """
        known = tuple(declared)
        strangers = sorted(self.names - set(known))
        if strangers:
            detail = f"There is no capability {', '.join(strangers)}; declared are {', '.join(sorted(known))}."
            raise InputError("A fault names an unknown capability", detail)
        return replace(self, declared=known)

    def merged(self, other: Faults) -> Faults:
        """Merge two sets of faults; where both give a duration for the same name, the other's."""
        joined: dict[str, Any] = {
            item.name: _join(getattr(self, item.name), getattr(other, item.name)) for item in fields(self)
        }
        return Faults(**joined)

    def hits(self, fault: str, logical_name: str) -> bool:
        """Whether a fault that lists names applies to a resource of this logical name."""
        return self._owner(logical_name, getattr(self, fault)) is not None

    def seconds(self, fault: str, logical_name: str) -> float | None:
        """Return the duration of a fault for a resource of this logical name; None where there is none."""
        durations: Mapping[str, float] = getattr(self, fault)
        owner = self._owner(logical_name, durations)
        return durations.get(EVERYTHING) if owner is None else durations[owner]

    def _owner(self, logical_name: str, named: Iterable[str]) -> str | None:
        """The capability among `named` that a resource belongs to: `vpc` and `vpc-private-1` belong to `vpc`."""
        names = set(named)
        fitting = [n for n in {*names, *self.declared} if logical_name == n or logical_name.startswith(f"{n}-")]
        longest = max(fitting, key=len, default=None)
        return longest if longest in names else None

    def to_json(self) -> dict[str, Any]:
        """Encode as a JSON object; `from_json` reads it back equal."""
        return {
            item.name: list(value) if isinstance(value, tuple) else dict(value)
            for item in fields(self)
            if (value := getattr(self, item.name))
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Faults:
        """Decode what `to_json` wrote."""
        found: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else dict(v) for name, v in document.items()}
        return cls(**found)


def read_faults(document: Document, declared: Iterable[str] | None = None) -> Faults:
    """The faults of a YAML or JSON document.

    Args:
        declared: every capability that a fault may name; any where None.

    Raises:
        InputError: it cannot be read, is no mapping, or has an unknown key, a bad value or an unknown name; with all
            problems.
    """
    from platform_pulumi.declarations.yaml.source import Source, compose  # noqa: PLC0415  only a run with faults

    if document.unreadable is not None:
        raise InputError("The faults file cannot be read", "", [document.unreadable])
    problems = Problems()
    source = Source(document.name, document.text, Limits())
    root = compose(source, problems, may_be_empty=True)
    found = _Reading(source, problems, declared).faults(root) if root is not None else {}
    if problems:
        raise InputError("The faults file is wrong", f"{document.name} has mistakes.", problems.errors)
    return Faults(**found).within(declared) if declared is not None else Faults(**found)


def faults_from_config(config: Mapping[str, Any]) -> Faults:
    """Read the faults in a provider's config (`mock`); its other keys are left alone.

    Raises:
        InputError: a value is wrong.
    """
    found: dict[str, Any] = {}
    for name in _READERS:
        if config.get(name) is not None:
            try:
                found[name] = _read_one(name, config[name])
            except ValueError as error:
                detail = f"provider.config.{name}: {error}"
                raise InputError("A fault in the provider's config is wrong", detail) from error
    return Faults(**found)


class _Reading:
    """Reading of one file of faults; what is wrong is noted at its line."""

    def __init__(self, source: Source, problems: Problems, declared: Iterable[str] | None) -> None:
        self._source = source
        self._problems = problems
        self._declared = frozenset(declared) if declared is not None else None

    def faults(self, root: Node) -> dict[str, Any]:
        from yaml.nodes import MappingNode  # noqa: PLC0415  only a run with faults

        if not isinstance(root, MappingNode) or root.tag:
            self._note("It should map faults to capabilities, for example `fail_on_create: [shared-postgres]`.", root)
            return {}
        found: dict[str, Any] = {}
        for key, node in root.value:
            name = key.value if isinstance(key.value, str) else "a fault"
            try:
                if name in found:
                    raise ValueError("it stands there twice; join the two")
                found[name] = self._value(name, node)
            except ValueError as error:
                self._note(f"{name}: {error}", key)
        return found

    def _value(self, name: str, node: Node) -> Any:
        from platform_pulumi.declarations.yaml.values import ValueReader  # noqa: PLC0415  only a run with faults

        before = len(self._problems)
        plain = ValueReader(self._source, self._problems, {}).read(node)
        if len(self._problems) > before:
            return None
        value = _read_one(name, plain)
        for one in value:
            if self._declared is not None and one not in self._declared | {EVERYTHING}:
                hint = did_you_mean(one, self._declared) or f" Declared are {listed(sorted(self._declared))}."
                self._note(f"{name}: there is no capability `{one}`.{hint}", self._name_node(node, one))
        return value

    def _name_node(self, node: Node, name: str) -> Node:
        """Where a capability's name stands within a fault's value."""
        items = [item[0] if isinstance(item, tuple) else item for item in node.value] if node.value else []
        return next((item for item in items if getattr(item, "value", None) == name), node)

    def _note(self, detail: str, node: Node) -> None:
        from platform_pulumi.declarations.yaml.source import length  # noqa: PLC0415  only a run with faults

        position = self._source.position(node)
        self._problems.note(Problem(_CODE, "A fault is wrong", detail, position, length(node)))


def _read_one(name: str, value: Any) -> Any:
    if name not in _READERS:
        message = f"there is no such fault. There are {', '.join(sorted(_READERS))}"
        raise ValueError(message)
    return _READERS[name](value)


def _names(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = "should be a list of capabilities, for example [shared-postgres]"
        raise ValueError(message)
    return tuple(names)


def _durations(value: Any) -> dict[str, float]:
    table = value if isinstance(value, dict) else {EVERYTHING: value}
    return {str(name): _duration(item) for name, item in table.items()}


def _duration(value: Any) -> float:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        message = f"{value!r} is not a duration such as 200ms, 5s, 5m or 1h, or a mapping of capabilities to such"
        raise ValueError(message)
    return float(match[1]) * _SECONDS[match[2]]


_READERS: Mapping[str, Callable[[Any], Any]] = {
    item.name: _durations if item.name in {"latency", "drift_after"} else _names
    for item in fields(Faults)
    if item.name != "declared"
}


def _join(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, tuple):
        return (*ours, *(name for name in theirs if name not in ours))
    return {**ours, **theirs}
