"""Namespace quotas: resources that applications take, and the check that their sum stays within."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import listed
from platform_pulumi.errors import Position
from platform_pulumi.model.constraint import Constraint
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.quantity import Quantity, digits
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier

if TYPE_CHECKING:
    from platform_pulumi.model.contract import TierContract

#: Resources a quota bounds; of the pods every replica is one.
RESOURCES = ("cpu", "memory", "pods")
#: Where in a contract's quotas the place stands that they were written at.
AT = "at"
#: Whether that is a place in a file that is not here: of a contract.
_RECORDED = "recorded"
_CPU_STEP = Decimal("0.001")
_MEBIBYTE = Decimal(1024) ** 2


class Violation(NamedTuple):
    """Violation of a namespace's quota: the constraint, what is wrong, and the capability's position."""

    constraint: Constraint
    message: str
    declared_at: Position


def usage(tier: TierDeclaration) -> dict[str, dict[str, Any]]:
    """Sum the resources a tier's containers take of each namespace; see `platform_pulumi.declarations.quota_usage`."""
    return {
        namespace: {r: int(used[r]) if r == "pods" else _shown(r, used[r]) for r in RESOURCES if r in used}
        for namespace, used in _taken(tier).items()
    }


def most(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Take of each namespace and resource the larger of two usages; what one has no limit of has none."""
    found: dict[str, dict[str, Any]] = {}
    for namespace in dict.fromkeys((*before, *after)):
        both = [usage[namespace] for usage in (before, after) if namespace in usage]
        bounded = [resource for resource in RESOURCES if all(_is_bounded(used, resource) for used in both)]
        found[namespace] = {r: max((used[r] for used in both if r in used), key=_amount) for r in bounded}
    return found


def _is_bounded(used: Mapping[str, Any], resource: str) -> bool:
    """Whether what an application takes of a resource is known: pods without a limit take what there is."""
    return resource in used and (_amount(used[resource]) > 0 or not _amount(used.get("pods", 0)))


def _taken(tier: TierDeclaration) -> dict[str, dict[str, Decimal]]:
    amounts: dict[str, dict[str, Decimal]] = {}
    for capability in tier.capabilities:
        namespace = capability.bindings.get("namespace")
        replicas = getattr(capability.properties, "replicas", None)
        if namespace is None or replicas is None:
            continue
        used = amounts.setdefault(namespace.name, dict.fromkeys(RESOURCES, Decimal(0)))
        used["pods"] += replicas
        for resource in ("cpu", "memory"):
            limit = getattr(capability.properties, resource, None)
            if limit is None and replicas:
                used.pop(resource, None)  # no limit: whatever others take, it may take more
            elif limit is not None and resource in used:
                used[resource] += replicas * Quantity.parse(limit).amount
    return amounts


def declared(tier: TierDeclaration) -> dict[str, dict[str, Any]]:
    """List the quotas of a tier's namespaces, as its contract carries them; `at` is where they were written."""
    found = {}
    for capability in tier.capabilities:
        declared = getattr(capability.properties, "resource_quotas", None)
        if declared is None:
            continue
        bounds = {r: value for r in RESOURCES if (value := getattr(declared, r, None)) is not None}
        if bounds:
            found[capability.name] = {**bounds, AT: str(capability.declared_at)}
    return found


def limits(tiers: Iterable[TierDeclaration], contracts: Mapping[Tier, TierContract]) -> dict[str, Mapping[str, Any]]:
    """Collect the quotas of all namespaces: of a contract where one was read, else of the documents."""
    found: dict[str, Mapping[str, Any]] = {}
    for tier in tiers:
        if tier.tier not in contracts:
            found.update(declared(tier))
    for contract in contracts.values():
        found.update({name: {**quota, _RECORDED: True} for name, quota in contract.quotas.items()})
    return found


def check(
    tiers: Sequence[TierDeclaration],
    contracts: Mapping[Tier, TierContract],
    others: Iterable[TierContract],
    problems: Problems,
    source_map: SourceMap,
) -> None:
    """Report quotas that all applications together exceed; `others` are applications not declared by these tiers."""
    mine = [tier for tier in tiers if tier.tier is Tier.APPLICATION]
    for violation in violations(limits(tiers, contracts), mine, others):
        namespace = violation.constraint.declared_at
        limit = source_map.property(namespace, ("resource_quotas", violation.constraint.field)) or (namespace, 1)
        position, size = source_map.name(violation.declared_at)
        problems.add(codes.QUOTA, violation.message, position, length=size, also=[limit[0]])


def violations(
    namespaces: Mapping[str, Mapping[str, Any]], mine: Sequence[TierDeclaration], others: Iterable[TierContract]
) -> tuple[Violation, ...]:
    """List quotas that all applications together exceed, and containers without the limits that a quota needs."""
    others = tuple(others)
    shares = [(tier.application or "", _taken(tier)) for tier in mine]
    shares += [(contract.application or "", _recorded(contract)) for contract in others]
    found: list[Violation] = []
    for namespace, quota in namespaces.items():
        taken = {name: used[namespace] for name, used in shares if namespace in used}
        place = _place(quota, mine)
        for resource in RESOURCES:
            if resource not in quota:
                continue
            constraint = Constraint(resource, "<=", quota[resource], namespace, place)
            found.extend(_unbounded(constraint, mine))
            found.extend(_limitless(constraint, mine, others))
            parts = {name: used[resource] for name, used in taken.items() if resource in used}
            if sum(parts.values()) > _amount(quota[resource]):
                found.append(_exceeded(constraint, parts, mine))
    return tuple(found)


def _exceeded(constraint: Constraint, shares: Mapping[str, Decimal], mine: Iterable[TierDeclaration]) -> Violation:
    resource = constraint.field
    shown = _shown(resource, sum(shares.values(), Decimal(0)))
    parts = listed([f"{name} {_shown(resource, share)}" for name, share in shares.items()], limit=6)
    message = (
        f"{constraint.field} <= {constraint.value} for all applications of namespace {constraint.source} together, set"
        f" at {constraint.declared_at.place}. They take {shown}: {parts}."
    )
    consumer = next(iter(_consumers(constraint.source, mine)), None)
    return Violation(constraint, message, (consumer or constraint).declared_at)


def _unbounded(constraint: Constraint, mine: Iterable[TierDeclaration]) -> Iterable[Violation]:
    """Kubernetes refuses pods without a limit where a quota bounds the resource."""
    for capability in _consumers(constraint.source, mine):
        if constraint.field != "pods" and getattr(capability.properties, constraint.field, None) is None:
            message = (
                f"Namespace {constraint.source} bounds {constraint.field} ({constraint.value}, set at"
                f" {constraint.declared_at.place}), and `{capability.name}` leaves"
                f" `{constraint.field}` out. Set it: Kubernetes refuses pods without."
            )
            yield Violation(constraint, message, capability.declared_at)


def _limitless(
    constraint: Constraint, mine: Iterable[TierDeclaration], others: Iterable[TierContract]
) -> Iterable[Violation]:
    """An application that was applied before the quota was set: what it has no limit of may be all there is."""
    for contract in others:
        used = contract.usage.get(constraint.source)
        if used is not None and not _is_bounded(used, constraint.field):
            message = (
                f"{constraint.field} <= {constraint.value} for all applications of namespace {constraint.source}"
                f" together, set at {constraint.declared_at.place}. Application `{contract.application}` was applied"
                f" without a limit of {constraint.field}: apply it with one first."
            )
            consumer = next(iter(_consumers(constraint.source, mine)), None)
            yield Violation(constraint, message, (consumer or constraint).declared_at)


def _consumers(namespace: str, tiers: Iterable[TierDeclaration]) -> Iterable[Any]:
    for tier in tiers:
        for capability in tier.capabilities:
            bound = capability.bindings.get("namespace")
            if bound is not None and bound.name == namespace and getattr(capability.properties, "replicas", None):
                yield capability


def _place(quota: Mapping[str, Any], tiers: Iterable[TierDeclaration]) -> Position:
    text = quota.get(AT)
    if isinstance(text, str):
        return Position.parse(text, recorded=_RECORDED in quota)
    return next((tier.declared_at for tier in tiers if tier.declared_at is not None), Position("", 1, 1))


def _recorded(contract: TierContract) -> dict[str, dict[str, Decimal]]:
    return {
        namespace: {resource: _amount(used[resource]) for resource in RESOURCES if _is_bounded(used, resource)}
        for namespace, used in contract.usage.items()
    }


def _amount(value: Any) -> Decimal:
    """An amount as `_shown` writes it: sums have more digits than a quantity that somebody writes."""
    text = str(value)
    number = text.rstrip("numkMGTPEi")
    return Decimal(number) * Quantity.SUFFIXES.get(text[len(number) :], Decimal(1))


def _shown(resource: str, amount: Decimal) -> str:
    """An amount in the unit people use for the resource: exact, for every sum of quantities."""
    if resource == "pods":
        return str(int(amount))
    if resource == "cpu":
        milli = amount / _CPU_STEP
        return f"{int(milli)}m" if milli == int(milli) else f"{digits(milli)}m"
    mebi = amount / _MEBIBYTE
    return f"{int(mebi)}Mi" if mebi == int(mebi) else digits(amount)
