"""Comparison of two plans of a section: whether the later one refines the earlier one (DESIGN section 9).

A later plan refines an earlier one where every known value is equal, unknowns only became values, and a conditional
action only weakened (replace, update, no-op). No create or delete appears or vanishes, but among the children of an
approved remote component, whose number a plugin decides when it builds it: those are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from platform_pulumi.model.json_form import plain
from platform_pulumi.model.plan.ranges import readings
from platform_pulumi.model.plan.values import Action, PlanAction, PlannedOutput, TierPlan, is_unknown
from platform_pulumi.model.property_path import overlap

_STILL = frozenset({Action.NO_OP, Action.READ})


@dataclass(frozen=True, slots=True)
class Difference:
    """Effect of a later plan that the earlier one did not have: where (a URN, a name), and both in words."""

    where: str
    approved: str
    now: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """Result of comparing two plans of a section.

    Args:
        differences: what voids an approval of the earlier one; none where the later one refines it.
        appeared: children of approved remote components that only the later one has; allowed, and shown.
    """

    differences: tuple[Difference, ...] = ()
    appeared: tuple[PlanAction, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the later plan refines the earlier one."""
        return not self.differences


def refines(old: TierPlan, new: TierPlan) -> Refinement:
    """Compare the later plan `new` of a section with the earlier `old`."""
    differences = [*_sections(old, new), *_outputs(old.outputs, new.outputs)]
    appeared = []
    before = {action.urn: action for action in old.actions}
    after = {action.urn: action for action in new.actions}
    remote = {action.remote_component for action in old.actions if action.remote_component}
    for urn in dict.fromkeys((*before, *after)):
        was, now = before.get(urn), after.get(urn)
        if was is not None and now is not None:
            differences += _actions(was, now)
        elif now is not None and now.action not in _STILL:
            if now.remote_component in remote and not now.loses_data:
                appeared.append(now)
            else:
                differences.append(Difference(urn, "not in the plan", now.action.value))
        elif was is not None and was.action not in _STILL and was.remote_component not in remote:
            differences.append(Difference(urn, was.action.value, "not in the plan"))
    if new.applies and not old.applies and not differences:  # what does nothing needs nobody's approval
        differences.append(Difference("the tier", "nothing to do", "something to do"))
    return Refinement(tuple(differences), tuple(appeared))


def _sections(old: TierPlan, new: TierPlan) -> Iterator[Difference]:
    for name, was, now in (
        ("stack", old.stack, new.stack),
        ("operation", old.operation.value, new.operation.value),
        ("mode", old.mode.value, new.mode.value),
        ("providers", _providers(old), _providers(new)),
    ):
        if was != now:
            yield Difference(name, was, now)
    was_limits, now_limits = _limits(old), _limits(new)
    for limit in dict.fromkeys((*was_limits, *now_limits)):
        was_change, now_change = (limits.get(limit, "not in the plan") for limits in (was_limits, now_limits))
        if was_change != now_change:
            yield Difference(f"limit {limit}", was_change, now_change)
    if new.allowed_data_loss - old.allowed_data_loss:
        yield Difference("data that may be lost", _names(old.allowed_data_loss), _names(new.allowed_data_loss))
    for name in ("capabilities", "constraints", "outputs", "providers"):
        was_declared, now_declared = (_named(getattr(plan.declarations, name)) for plan in (old, new))
        for one in dict.fromkeys((*was_declared, *now_declared)):
            if was_declared.get(one) != now_declared.get(one):
                yield Difference(f"declared {one}", _shown(was_declared.get(one)), _shown(now_declared.get(one)))


def _limits(section: TierPlan) -> dict[str, str]:
    """Each changed limit with all its changes."""
    found: dict[str, str] = {}
    for one in section.limits:
        change = f"{one.old or 'none'} -> {one.new or 'none'}"
        found[one.limit] = ", ".join(filter(None, (found.get(one.limit), change)))
    return found


def _named(declared: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """Declarations by name; constraints, which have none, by field and operator, each with all its values."""
    found: dict[str, Any] = {}
    for one in declared:
        name = str(one.get("name") or f"{one.get('field')} {one.get('operator')}")
        found.setdefault(name, []).append(plain(one))
    return found


def _outputs(old: Mapping[str, PlannedOutput], new: Mapping[str, PlannedOutput]) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            yield Difference(f"output {name}", "not in the plan" if was is None else was.change,
                             "not in the plan" if now is None else now.change)  # fmt: skip
        elif was.secret != now.secret or (not was.unknown and not _same(was, now)):
            yield Difference(f"output {name}", _output(was), _output(now))


def _same(old: PlannedOutput, new: PlannedOutput) -> bool:
    # Of secrets the resources' hashes tell.
    return old.secret or (not new.unknown and plain(old.value) == plain(new.value))


def _actions(old: PlanAction, new: PlanAction) -> Iterator[Difference]:
    if not _weakens(old, new):
        yield Difference(old.urn, old.action.value, new.action.value)
        return
    if new.loses_data and not old.loses_data:
        yield Difference(old.urn, "no data is lost", "data is lost")
    if old.retained != new.retained:
        yield Difference(old.urn, _retained(old), _retained(new))
    if new.action in _STILL:
        return
    if set(new.replace_keys) - set(old.replace_keys) and new.action is Action.REPLACE:
        yield Difference(f"{old.urn} replaced by", ", ".join(old.replace_keys), ", ".join(new.replace_keys))
    values = list(_values(f"{old.urn}:", plain(old.after), plain(new.after), old))
    yield from values or _changes(old, new)
    yield from _diffs(old, new)
    yield from _secrets(old, new)


def _weakens(old: PlanAction, new: PlanAction) -> bool:
    if old.action is new.action or {old.action, new.action} <= _STILL:
        return True
    return new.action in readings(old)


def _values(path: str, old: Any, new: Any, action: PlanAction) -> Iterator[Difference]:
    """Known values that differ. What was unknown may be anything now, a secret too."""
    if is_unknown(old) or old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from _values(f"{path}.{name}", old.get(name), new.get(name), action)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            yield from _values(f"{path}[{index}]", was, now, action)
    else:
        yield Difference(path.replace(":.", ": "), _shown(old), _shown(new))


def _changes(old: PlanAction, new: PlanAction) -> Iterator[Difference]:
    """Properties that change to another value: of an update the digest covers those, and not all inputs."""
    was = {diff.path: diff for diff in old.diff if not (diff.unknown or diff.secret)}
    for diff in new.diff:
        before = was.get(diff.path)
        if before is not None and not diff.secret and plain(before.new) != plain(diff.new):
            yield Difference(f"{old.urn}: {diff.path}", _shown(before.new), _shown(diff.new))


def _diffs(old: PlanAction, new: PlanAction) -> Iterator[Difference]:
    """Properties that change now and did not, and recorded values that are not those the change started from."""
    was = {diff.path: diff for diff in old.diff}
    for diff in new.diff:
        before = was.get(diff.path)
        if before is None:
            if not any(overlap(diff.path, other.path) for other in old.diff):
                yield Difference(f"{old.urn}: {diff.path}", "not changed", _shown(diff.new))
        elif not diff.secret and not before.secret and plain(before.old) != plain(diff.old):
            yield Difference(f"{old.urn}: {diff.path} was", _shown(before.old), _shown(diff.old))


def _secrets(old: PlanAction, new: PlanAction) -> Iterator[Difference]:
    """Secret inputs that are others. One without a hash was unknown, and may be anything now."""
    for path in dict.fromkeys((*old.secret_hashes, *new.secret_hashes)):
        was, now = old.secret_hashes.get(path), new.secret_hashes.get(path)
        if was is not None and was != now:
            yield Difference(f"{old.urn}: {path}", "a secret", "another secret" if now else "no secret")
        elif was is None and not old.conditional and not _was_unknown_secret(old, path):
            yield Difference(f"{old.urn}: {path}", "no secret", "a secret")


def _was_unknown_secret(old: PlanAction, path: str) -> bool:
    return any(diff.secret and diff.unknown and overlap(diff.path, path) for diff in old.diff)


def _shown(value: Any) -> str:
    if value is None:
        return "unset"
    return value if isinstance(value, str) else str(plain(value))


def _output(output: PlannedOutput) -> str:
    return "a secret" if output.secret else "unknown" if output.unknown else _shown(output.value)


def _retained(action: PlanAction) -> str:
    return "retained" if action.retained else "not retained"


def _providers(section: TierPlan) -> str:
    return ", ".join(sorted(f"{p.name} {p.version} ({p.plugin})" for p in section.providers))


def _names(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
