"""Constraints: parsed, matched to the capabilities below, checked, and explained with both lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yaml.nodes import Node

from platform_pulumi.declarations.compiler.parsed import AnyCapability
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.declarations.schemas import reader
from platform_pulumi.declarations.yaml.scalars import in_quotes
from platform_pulumi.declarations.yaml.source import Source, find_node
from platform_pulumi.errors import Position
from platform_pulumi.model import rules
from platform_pulumi.model.capabilities import CAPABILITY_TYPES, tier_of
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.constraint import Constraint, written
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier


def read(data: Any, node: Node, source: str, file: Source, problems: Problems) -> Constraint | None:
    """Parse one entry of a list of constraints; None, with problems noted, where it is wrong."""
    entry = reader.read("ConstraintEntry", data, node, file, problems)
    if getattr(entry, "field", None) is None or getattr(entry, "operator", None) is None:
        return None
    value = getattr(entry, "value", None)
    if reason := rules.why_malformed(entry.operator, value):
        if "value" in (data if isinstance(data, dict) else {}):
            file.note(problems, codes.BAD_CONSTRAINT, reason, find_node(node, ("value",))[0])
        return None
    return Constraint(
        entry.field, entry.operator, tuple(value) if isinstance(value, list) else value, source, file.position(node)
    )


def warn_of_lowest(file: Source, node: Node, problems: Problems) -> None:
    """Warn of constraints in the lowest tier: no tier is below that they could apply to."""
    problems.add(codes.UNMATCHED_CONSTRAINT, _LOWEST, file.position(node), warning=True)


class ConstraintChecker:
    """Checker of capabilities against constraints.

    Args:
        problems: where violations, unfit constraints and warnings are noted.
        source_map: finds lines; violations name the value's.
    """

    def __init__(self, problems: Problems, source_map: SourceMap) -> None:
        self._problems = problems
        self._source_map = source_map
        self._checked = 0

    def check(self, capabilities: Iterable[AnyCapability], above: Sequence[Constraint]) -> int:
        """Check capabilities against the constraints of the tiers above them, and against their own.

        The result is how many pairs of capability and constraint were checked.
        """
        before = self._checked
        fitting: dict[type[CapabilityProperties], list[tuple[Constraint, rules.Fields]]] = {}
        for capability in capabilities:
            if capability.properties is None:
                continue
            model = type(capability.properties)
            if model not in fitting:
                fitting[model] = self._fitting(model, above)
            for constraint, where in fitting[model]:
                self._check(capability, capability.properties, constraint, where)
            for constraint in capability.constraints:
                self._check_own(capability, capability.properties, constraint, fitting[model])
        return self._checked - before

    def _fitting(
        self, model: type[CapabilityProperties], above: Iterable[Constraint]
    ) -> list[tuple[Constraint, rules.Fields]]:
        found = []
        for constraint in above:
            where = rules.fields(model, constraint.field)
            if where is None:
                continue
            if reason := rules.why_incomparable(constraint, where):
                self._unfit(constraint, model, reason)
            else:
                found.append((constraint, where))
        return found

    def _check(
        self, capability: AnyCapability, properties: CapabilityProperties, constraint: Constraint, where: rules.Fields
    ) -> None:
        self._checked += 1
        breach = rules.breach(constraint, properties, where)
        if breach is None:
            return
        position, size = self._place(capability, breach)
        message = _message(constraint, breach, where.kind)
        self._problems.add(codes.VIOLATED, message, position, length=size, also=[constraint.declared_at])

    def _check_own(
        self,
        capability: AnyCapability,
        properties: CapabilityProperties,
        own: Constraint,
        above: list[tuple[Constraint, rules.Fields]],
    ) -> None:
        model = type(properties)
        where = rules.fields(model, own.field)
        if where is None:
            hint = did_you_mean(own.field, model.model_fields)
            detail = f"`{capability.type}` has no property `{own.field}`.{hint}"
            self._problems.add(codes.OWN_CONSTRAINT, detail, own.declared_at)
            return
        if reason := rules.why_incomparable(own, where):
            self._unfit(own, model, reason)
            return
        self._check(capability, properties, own, where)
        for limit, _ in above:
            if limit.field == own.field and rules.loosens(own, limit, where):
                detail = (
                    f"{own} of `{capability.name}` allows more than {limit}, set by {limit.source}"
                    f" at {limit.declared_at.place}. A capability's own constraints may only tighten."
                )
                self._problems.add(codes.LOOSENED, detail, own.declared_at, also=[limit.declared_at])

    def _unfit(self, constraint: Constraint, model: type[CapabilityProperties], reason: str) -> None:
        detail = f"`{constraint.field}` of {model.TYPE} cannot be compared with {written(constraint.value)}: {reason}."
        self._problems.add(codes.BAD_CONSTRAINT, detail, self._source_map.key(constraint.declared_at, "value")[0])

    def _place(self, capability: AnyCapability, breach: rules.Breach) -> tuple[Position, int]:
        for place in breach.places:
            found = self._source_map.property(capability.declared_at, place)
            if found is not None:
                return found
        return self._source_map.name(capability.declared_at)

    def warn_unmatched(self, constraints: Mapping[Tier, Iterable[Constraint]]) -> None:
        """Warn of constraints on a field that no type below their tier has."""
        for tier, declared in constraints.items():
            for constraint in declared:
                if not any(tier_of(name) > tier and _has(name, constraint.field) for name in _likely_first(tier)):
                    self._warn(tier, constraint)

    def _warn(self, tier: Tier, constraint: Constraint) -> None:
        below = [name for name in CAPABILITY_TYPES if tier_of(name) > tier]
        if not below:
            self._problems.add(codes.UNMATCHED_CONSTRAINT, _LOWEST, constraint.declared_at, warning=True)
            return
        names = {field for name in below for field in CAPABILITY_TYPES[name].model_fields}
        hint = did_you_mean(constraint.field, names) or f" Types below are {listed(below)}."
        detail = f"No capability type below {tier.label} has `{constraint.field}`, so this limits nothing.{hint}"
        self._problems.add(codes.UNMATCHED_CONSTRAINT, detail, constraint.declared_at, warning=True)


def _has(name: str, field: str) -> bool:
    return rules.fields(CAPABILITY_TYPES[name], field) is not None


def _likely_first(tier: Tier) -> list[str]:
    """The types below a tier, the lowest (which most constraints are about) first: fewer modules are then imported."""
    return sorted((name for name in CAPABILITY_TYPES if tier_of(name) > tier), key=tier_of, reverse=True)


def _message(constraint: Constraint, breach: rules.Breach, kind: str) -> str:
    reach = " for everything below it" if constraint.source in _TIER_LABELS else ""
    rule = f"{constraint}, set by {constraint.source} at {constraint.declared_at.place}{reach}."
    if breach.reason:
        return f"{rule} It cannot be compared: {breach.reason}."
    if breach.actual is None:
        example = f" Set `{constraint.field}`" + (
            f" to {written(constraint.value)}." if constraint.operator == "<=" else "."
        )
        return f"{rule} `{constraint.field}` is left out here, which would escape the limit.{example}"
    return f"{rule} {_compared(constraint, breach.actual, kind)}"


def _compared(constraint: Constraint, actual: Any, kind: str) -> str:
    shown = written(actual)
    if constraint.operator in {"in", "not_in", "=="}:
        wanted = constraint.value if isinstance(constraint.value, (list, tuple)) else (constraint.value,)
        return f"It is {shown if all(isinstance(one, str) for one in wanted) else in_quotes(actual, shown)}."
    ratio = rules.ratio(kind, actual, constraint.value)
    if ratio is None:
        return f"It is {shown}."
    if constraint.operator == "<=" and ratio >= Decimal("1.1"):
        return f"{shown} is {'twice' if ratio == 2 else f'{_short(ratio)} times'} that."
    if constraint.operator == ">=" and ratio <= Decimal("0.9"):
        return f"{shown} is {'half' if ratio == Decimal('0.5') else f'{_short(ratio * 100)} %'} of that."
    return f"{shown} is {'more' if constraint.operator == '<=' else 'less'} than that."


def _short(number: Decimal) -> str:
    text = f"{number:.3g}" if number < 1000 else f"{number:.0f}"  # three digits say enough
    return text.rstrip("0").rstrip(".") if "." in text else text


_LOWEST = "Nothing lies below the application tier, so this limits nothing. Limit a capability by its `constraints`."
_TIER_LABELS = frozenset(tier.label for tier in Tier)
