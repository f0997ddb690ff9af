"""What was planned against what happened: every sentence of a plan document that an apply can prove wrong.

Written against what the document means (docs/plan.md), not against how it is made. A mismatch is of a kind, by which
those of one cause are found together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from platform_pulumi.model.property_path import member, overlap, value_at
from platform_pulumi.model.redaction import REDACTED
from tests.truth.running import Happened, Recorded

_STILL = {"no-op", "read"}
#: From the strongest reading of a conditional action to the weakest.
_WEAKER = ("replace", "update", "no-op")
_EMPTY = Recorded()
#: Names of types in plans, by what a value is in JSON.
_TYPES: Mapping[type, frozenset[str]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"number", "integer"}),
    float: frozenset({"number"}),
    str: frozenset({"string", "credential_ref"}),
    list: frozenset({"array", "list"}),
    dict: frozenset({"object", "map"}),
}


@dataclass(frozen=True)
class Mismatch:
    """Sentence of a plan that was not true."""

    kind: str
    place: str
    planned: Any
    happened: Any

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}\n    planned  {self.planned!r}\n    happened {self.happened!r}"


def compare(happened: Happened) -> list[Mismatch]:
    """Everything that a plan said and that did not happen, or happened and was not said."""
    found: list[Mismatch] = []
    for section in happened.plan["tiers"]:
        stack = "/".join(section["stack"].split("/")[-2:])
        did = happened.actions.get(stack, {})
        before, after = happened.before.get(stack, _EMPTY), happened.after.get(stack, _EMPTY)
        found += _actions(section, did)
        for action in section["actions"]:
            if did.get(action["urn"], "no-op") not in _STILL | {"delete"}:
                found += _inputs(action, before.inputs.get(action["urn"]), after.inputs.get(action["urn"]))
        if happened.plan["operation"] == "up":
            found += _outputs(section, before.outputs, after.outputs)
    planned = {"/".join(section["stack"].split("/")[-2:]) for section in happened.plan["tiers"]}
    for stack in happened.actions.keys() - planned:
        found.append(Mismatch("actions: unplanned stack", stack, None, happened.actions[stack]))
    return found


def _actions(section: Mapping[str, Any], did: Mapping[str, str]) -> Iterator[Mismatch]:
    planned = {action["urn"]: action for action in section["actions"]}
    for urn in dict.fromkeys((*planned, *did)):
        action, done = planned.get(urn), did.get(urn, "no-op")
        if action is None or action["action"] in _STILL:
            if done not in _STILL and not (action or {}).get("remoteComponent"):
                yield Mismatch("actions: unplanned", urn, action and action["action"], done)
            continue
        said = action["action"]
        if action.get("retained"):
            continue
        if said == done:
            continue
        if action["certainty"] == "certain":
            kind = "certainty: certain did not happen" if done in _STILL else "actions: another"
            yield Mismatch(kind, urn, said, done)
        elif said not in _WEAKER or done not in _WEAKER or _WEAKER.index(done) < _WEAKER.index(said):
            yield Mismatch("certainty: conditional is no weaker", urn, said, done)


def _inputs(action: Mapping[str, Any], old: Any, new: Any) -> Iterator[Mismatch]:
    """Planned inputs and differences against the recorded ones, before and after."""
    urn = action["urn"]
    if action.get("after") is not None and new is not None:
        for path, said, is_now in _against(action["after"], new, ""):
            kind = "diffs: unknown of another type" if _is_unknown(said) else "diffs: planned input"
            yield Mismatch(kind, f"{urn} {path}", said, is_now)
    for diff in action["diff"]:
        if diff.get("secret"):
            continue
        path = diff["path"]
        was, is_now = _shown(value_at(old, path)), _shown(value_at(new, path))
        if not _same(diff["oldValue"], was):
            yield Mismatch("diffs: old value", f"{urn} {path}", diff["oldValue"], was)
        if not diff.get("unknown") and not _same(diff["newValue"], is_now):
            yield Mismatch("diffs: new value", f"{urn} {path}", diff["newValue"], is_now)
    if action["action"] in {"update", "replace"} and old is not None and new is not None:
        for path in _changed(_shown(old), _shown(new), ""):
            if not any(overlap(path, diff["path"]) for diff in action["diff"]):
                yield Mismatch("diffs: not said", f"{urn} {path}", None, (value_at(old, path), value_at(new, path)))


def _against(said: Any, is_now: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where planned inputs are not what was recorded; unknowns are any value of their type."""
    is_now = _shown(is_now)
    if REDACTED in (said, is_now):
        return
    if _is_unknown(said):
        if is_now is not None and said.get("type") not in _TYPES[type(is_now)]:
            yield path, said, is_now
    elif isinstance(said, dict) and isinstance(is_now, dict):
        for name in dict.fromkeys((*said, *is_now)):
            yield from _against(said.get(name), is_now.get(name), member(path, name))
    elif isinstance(said, list) and isinstance(is_now, list) and len(said) == len(is_now):
        for index, (one, other) in enumerate(zip(said, is_now, strict=True)):
            yield from _against(one, other, f"{path}[{index}]")
    elif said != is_now:
        yield path, said, is_now


def _same(said: Any, is_now: Any) -> bool:
    return next(_against(said, is_now, ""), None) is None


def _changed(old: Any, new: Any, path: str) -> Iterator[str]:
    """The smallest paths at which recorded inputs differ; of secrets nobody can tell."""
    if old == new or REDACTED in (old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from _changed(old.get(name), new.get(name), member(path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changed(one, other, f"{path}[{index}]")
    else:
        yield path


def _outputs(section: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Mismatch]:
    stack = section["stack"]
    for name in dict.fromkeys((*section["outputs"], *before, *after)):
        said = section["outputs"].get(name)
        happened = _change(name, before, after)
        if said is None:
            if happened != "same":
                yield Mismatch("outputs: not said", f"{stack} {name}", None, happened)
            continue
        place = f"{stack} {name}"
        if said["change"] != happened and not (said["change"] == "may-change" and happened in {"changed", "same"}):
            yield Mismatch(f"outputs: said to be {said['change']}", place, said, happened)
        if "value" in said and name in after and said["value"] != after[name]:
            yield Mismatch("outputs: value", place, said["value"], after[name])
        if name in after and after[name] is not None and said["type"] not in _TYPES[type(after[name])]:
            yield Mismatch("outputs: type", place, said["type"], type(after[name]).__name__)


def _change(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if name not in after:
        return "removed" if name in before else "same"
    if name not in before:
        return "new"
    return "same" if before[name] == after[name] else "changed"


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("unknown") is True and set(value) <= {"unknown", "type"}


def _shown(value: Any) -> Any:
    """Recorded values as plans show them: without the bookkeeping of providers."""
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items() if not name.startswith("__")}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value
