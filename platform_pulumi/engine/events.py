"""Parser of engine events to steps: the CLI's event log, read line by line while it grows.

A plan is built from step metadata by URN, never from counts: those vary between runs. An operation of a kind this
program does not know becomes `other`, shown and never hidden.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from platform_pulumi.engine.property_values import plain
from platform_pulumi.model.plan import Action
from platform_pulumi.model.property_path import root
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.secrecy import masked, veiled
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.operations.events import Progress, ResourceProgress
from platform_pulumi.operations.ports import Diagnostic, Step

_ACTIONS: Mapping[str, Action] = {
    "same": Action.NO_OP,
    "refresh": Action.NO_OP,
    "create": Action.CREATE,
    "update": Action.UPDATE,
    "replace": Action.REPLACE,
    "create-replacement": Action.REPLACE,
    "delete-replaced": Action.REPLACE,
    "discard-replaced": Action.REPLACE,
    "remove-pending-replace": Action.REPLACE,
    "read-replacement": Action.REPLACE,
    "import-replacement": Action.REPLACE,
    "delete": Action.DELETE,
    "read": Action.READ,
    "read-discard": Action.READ,
    "import": Action.IMPORT,
}
#: Which action wins where one URN has several steps.
_STRENGTH = (Action.OTHER, Action.REPLACE, Action.DELETE, Action.CREATE, Action.IMPORT, Action.UPDATE, Action.READ)
#: A replacement, reported as two operations on one URN.
_MADE = {Action.CREATE, Action.UPDATE, Action.IMPORT}
_TRACE = re.compile(r"""^(?:Traceback \(most recent call last\):|  File ".*", line \d+.*)$""", re.MULTILINE)
_KIND = re.compile(r"^([A-Za-z_][\w.]*)(?=:|$)", re.MULTILINE)
_UNHANDLED = "an unhandled error occurred: "
_PROGRAM = "python inline source runtime error: "


class EventLog:
    """Reader of the event log of one engine run; collects its steps and diagnostics.

    Args:
        path: the file that the CLI writes to.
        capability_of: gives the capability of a URN and its parent, for progress.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._rest = b""
        self._lines: deque[bytes] = deque()
        self.steps: dict[str, Step] = {}
        self.diagnostics: list[Diagnostic] = []
        #: Whether it was read to its last event. Pulumi passes over what it cannot write, on a full disk for example.
        self.ended = False
        self._parents: dict[str, str] = {}

    def read(self) -> Iterator[ResourceProgress]:
        """Read the events written since the last call; return the progress of real resources."""
        try:
            with self._path.open("rb") as log:
                log.seek(self._offset)
                data = log.read()
        except FileNotFoundError:
            return
        self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(line for line in lines if line.strip())
        while self._lines:  # what an interrupted reader leaves here is the next one's
            yield from self._take(json.loads(self._lines.popleft()))

    def capability(self, urn: str) -> str:
        """Return the capability of a resource: the name of the `platform:` component above it, or ""."""
        return capability_of(urn, self._parents)

    def _take(self, event: Mapping[str, Any]) -> Iterator[ResourceProgress]:
        if "resourcePreEvent" in event:
            yield from self._begin(event["resourcePreEvent"]["metadata"])
        elif "resOutputsEvent" in event:
            yield from self._end(event["resOutputsEvent"]["metadata"], Progress.DONE)
        elif "resOpFailedEvent" in event:
            yield from self._end(event["resOpFailedEvent"]["metadata"], Progress.FAILED)
        elif "diagnosticEvent" in event:
            self._say(event["diagnosticEvent"])
        elif "cancelEvent" in event:
            self.ended = True

    def _begin(self, metadata: Mapping[str, Any]) -> Iterator[ResourceProgress]:
        step = _step(metadata)
        self._parents[step.urn] = step.parent
        known = self.steps.get(step.urn)
        self.steps[step.urn] = step if known is None else _merge(known, step)
        if _counts(step) and step.action is not Action.NO_OP:
            yield self._progress(step, Progress.STARTED)

    def _end(self, metadata: Mapping[str, Any], state: Progress) -> Iterator[ResourceProgress]:
        step = self.steps.get(metadata["urn"])
        if step is None:
            step = _step(metadata)
            self._parents[step.urn] = step.parent
        failed = step.failed or state is Progress.FAILED
        self.steps[step.urn] = replace(step, finished=not failed, failed=failed)
        # A replacement has up to three steps; it is done, for whoever counts, when the new one is there.
        partial = step.action is Action.REPLACE and metadata["op"] != "create-replacement"
        if _counts(step) and not (partial and state is Progress.DONE):
            yield self._progress(step, state)

    def _progress(self, step: Step, state: Progress) -> ResourceProgress:
        return ResourceProgress(step.action, self.capability(step.urn), step.name, step.type, state)

    def _say(self, event: Mapping[str, Any]) -> None:
        severity = event.get("severity", "info")
        if severity.startswith("info") or severity == "debug" or event.get("ephemeral"):
            return
        message = masked(_without_colors(event.get("message", "")))
        text, trace = _without_trace(message.strip().removeprefix(_UNHANDLED))
        said = Diagnostic(severity, text + _advice(text), event.get("urn", ""))
        if text and said not in self.diagnostics:
            self.diagnostics.append(said)
            if trace:
                self.diagnostics.append(Diagnostic("debug", trace, said.urn))


def _advice(text: str) -> str:
    """Advise on a message of the CLI that suggests nothing."""
    if "no resource plugin" in text:
        return "\nRun `platform doctor --install`, or plan with --simulate."
    return ""


def _counts(step: Step) -> bool:
    """Whether a step is a resource of the user's: not a component, a provider, a StackReference or the Stack."""
    return step.custom and not step.type.startswith("pulumi:")


def _step(metadata: Mapping[str, Any]) -> Step:
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    urn, action, name = metadata["urn"], _ACTIONS.get(metadata["op"], Action.OTHER), urn_name(metadata["urn"])
    if metadata["op"] == "delete-replaced" and old.get("delete"):
        # Its replacement is there already, from a run that could not delete this one: nothing is made anew now.
        action, name = Action.DELETE, f"{name} (left by a replacement)"
    detailed = metadata.get("detailedDiff") or {}
    changed = {path: diff["diffKind"] for path, diff in detailed.items()}
    roots = {root(path) for path, diff in detailed.items() if not diff.get("inputDiff")}
    if not changed:
        changed = dict.fromkeys(metadata.get("diffs") or (), "update")
    return Step(
        urn=urn,
        type=metadata["type"],
        name=name,
        action=action,
        provider=_provider(metadata.get("provider", "")),
        parent=(new or old).get("parent", ""),
        old=veiled(plain(old.get("inputs")), REDACTED) if old else None,
        new=plain(new.get("inputs")) if new else None,
        changed=changed,
        replace_keys=tuple(metadata.get("keys") or ()),
        custom=bool((new or old).get("custom", False)),
        protected=bool(old.get("protect", False)),
        deletes_first=metadata["op"] == "delete-replaced" and action is Action.REPLACE,
        observed=veiled({k: v for k, v in plain(old.get("outputs") or {}).items() if k in roots}, REDACTED)
        if old
        else {},
    )


def _merge(first: Step, second: Step) -> Step:
    """One step of several for a URN (a replacement has up to three)."""
    actions = {first.action, second.action}
    strongest = min(first.action, second.action, key=_rank)
    if Action.DELETE in actions and actions & _MADE:
        strongest = Action.REPLACE
    names = [step.name for step in (first, second) if step.action is strongest]
    return replace(
        first,
        name=min(names or [first.name, second.name], key=len),
        action=strongest,
        old=first.old if first.old is not None else second.old,
        new=first.new if first.new is not None else second.new,
        changed={**first.changed, **second.changed},
        replace_keys=first.replace_keys or second.replace_keys,
        protected=first.protected or second.protected,
        finished=False,
    )


def _rank(action: Action) -> int:
    return _STRENGTH.index(action) if action in _STRENGTH else len(_STRENGTH)


def _provider(reference: str) -> str:
    """`aws` of a provider reference `urn:pulumi:...::pulumi:providers:aws::aws::id`."""
    _, found, rest = reference.partition("pulumi:providers:")
    return rest.partition("::")[0] if found else ""


def _without_colors(text: str) -> str:
    """Diagnostics carry Pulumi's colour marks, `<{%reset%}>`."""
    pieces = text.split("<{%")
    return pieces[0] + "".join(piece.partition("%}>")[2] for piece in pieces[1:])


def _without_trace(text: str) -> tuple[str, str]:
    """A message and the Python traceback it carries: no user is shown one."""
    found = _TRACE.search(text)
    if found is None:
        return text, ""
    message, trace = text[: found.start()].strip(), text[found.start() :]
    if message.startswith(_PROGRAM):
        kinds = _KIND.findall(trace)
        message = f"the program failed: {kinds[-1] if kinds else 'error'}: {message.removeprefix(_PROGRAM)}"
    return message, trace
