"""Readers of recorded state, without a program: stacks, their outputs, and the pending operations of a dead run.

A `file://` backend is read from its files (version 1 of Pulumi's layout: one checkpoint a stack), since a CLI start for
each of three stacks would cost more than the plan of an unchanged platform. Everything else is asked of the CLI.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeGuard

from platform_pulumi import temporary
from platform_pulumi.engine.adoption import is_current
from platform_pulumi.engine.file_backend import (
    MALFORMED,
    create_stack,
    edit_checkpoint,
    find_checkpoint,
    last_good,
    read_checkpoint,
    recorded_deployment,
)
from platform_pulumi.engine.locks import find_lock, lock_files
from platform_pulumi.engine.property_values import contains_secret, plain
from platform_pulumi.engine.pulumi_words import explained
from platform_pulumi.engine.reserve import UNLIMITED, Room, reserved
from platform_pulumi.errors import EngineError
from platform_pulumi.model import own_package
from platform_pulumi.model.context import ORGANIZATION, StackName
from platform_pulumi.model.signatures import SECRET_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.operations.ports import StackSnapshot, StateOutput

_CHECKPOINTS = (".json", ".json.gz")
_TRIGGER = "replacementTrigger"
#: What the engine keeps for itself in a stack: never a user's resource.
_OWN_TYPES = ("pulumi:pulumi:Stack", "pulumi:pulumi:StackReference", "pulumi:providers:")


class StateReader(Protocol):
    """Reader and editor of recorded state."""

    def read(self, stack: StackName) -> StackSnapshot | None:
        """Return the stack's state, or None where there is no such stack."""

    def reveal(self, stack: StackName) -> Revealed | None:
        """Return the stack's state with its secret outputs, or None where there is no such stack."""

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """List the stacks of a project."""

    def create(self, stack: StackName) -> None:
        """Create a new, empty stack."""

    def unlock(self, stack: StackName) -> None:
        """Remove the stale lock of a dead run."""

    def edit(self, stack: StackName, change: Change) -> None:
        """Edit a stack's state; nothing is written where nothing changes.

        Raises:
            EngineError: it cannot be read, is of another form than expected, or cannot be written.
            LockedError: somebody works on the stack.
        """

    def reserve(self, stack: StackName, changes: int) -> AbstractContextManager[Room]:
        """Hold room for a run that changes so many resources of a stack.

        Raises:
            NoRoomError: there is too little.
        """


@dataclass(frozen=True, slots=True)
class Revealed:
    """State of a stack in two forms: without the secrets among its outputs, and with them."""

    hidden: StackSnapshot
    shown: StackSnapshot


#: Changes an exported deployment in place; gives whether it did.
Change = Callable[[dict[str, Any]], bool]
#: Runs a CLI command in a project: (project, arguments) to (exit code, stdout, stderr).
RunCli = Callable[[str, tuple[str, ...]], tuple[int, str, str]]


@dataclass(frozen=True)
class CliState:
    """State in any backend, read and edited through the CLI.

    Args:
        run: runs the CLI.
        organization: the backend's name for the organization.
        key: keys the fingerprints, which cover secrets as well.
    """

    run: RunCli
    organization: str = ORGANIZATION
    key: bytes = field(default=b"", repr=False)

    def read(self, stack: StackName) -> StackSnapshot | None:
        """Run `pulumi stack export`."""
        found = self._export(stack)
        return found.hidden if found is not None else None

    def reveal(self, stack: StackName) -> Revealed | None:
        """Run `pulumi stack export --show-secrets`: one start of the CLI for all there is to know."""
        return self._export(stack, "--show-secrets")

    def _export(self, stack: StackName, *flags: str) -> Revealed | None:
        arguments = ("stack", "export", "--stack", stack.qualified(self.organization), *flags)
        code, output, words = self.run(stack.project, arguments)
        if code != 0:
            # Pulumi's own words (backenderr.StackNotFoundError): a missing bucket is no missing stack.
            if "no stack named" in words:
                return None
            raise _unreadable(stack, words)
        try:
            deployment = recorded_deployment(json.loads(output), "deployment")
            text = json.dumps(deployment, sort_keys=True)
            fingerprint = hmac.digest(self.key, text.encode(), "sha256").hex()
            hidden = replace(_snapshot(stack, deployment), fingerprint=fingerprint)
            return Revealed(hidden, replace(hidden, outputs=_outputs(deployment, reveal=True)))
        except MALFORMED as error:
            raise _unreadable(stack, f"the export has another form than expected ({error!r})") from error

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """Run `pulumi stack ls` for one project."""
        code, output, words = self.run(project, ("stack", "ls", "--json", "--project", project))
        try:
            names = [entry["name"].rpartition("/")[2] for entry in json.loads(output)] if code == 0 else None
        except MALFORMED as error:
            names, words = None, f"the list has another form than expected ({error!r})"
        if names is None:
            detail = f"The state backend cannot list the stacks of {project}: {explained(words)}"
            raise EngineError("The state backend cannot be read", detail)
        return tuple(sorted(StackName(project, name) for name in names))

    def create(self, stack: StackName) -> None:
        """Run `pulumi stack init`."""
        code, _, words = self.run(stack.project, ("stack", "init", "--stack", stack.qualified(self.organization)))
        # backenderr.StackAlreadyExistsError: another command has made it since the state was read. Its lock tells which
        # of both works on it.
        if code != 0 and "already exists" not in words:
            detail = f"The stack {stack} cannot be made: {explained(words)}"
            raise EngineError("The state backend refused", detail)

    def unlock(self, stack: StackName) -> None:
        """Run `pulumi cancel`."""
        arguments = ("cancel", "--yes", "--stack", stack.qualified(self.organization))
        code, _, words = self.run(stack.project, arguments)
        if code != 0:
            detail = f"The lock of {stack} is left of a dead run, but `pulumi cancel` failed: {explained(words)}"
            raise EngineError("The lock cannot be removed", detail)

    def edit(self, stack: StackName, change: Change) -> None:
        """Export, edit, import: secrets stay encrypted, and pending operations are dropped (Pulumi)."""
        name = ("--stack", stack.qualified(self.organization))
        code, output, words = self.run(stack.project, ("stack", "export", *name))
        if code != 0:
            raise _unreadable(stack, words)
        try:
            document = json.loads(output)
            deployment = dict(recorded_deployment(document, "deployment"))
            if not change(deployment) or not deployment:
                return
            document["deployment"] = deployment
        except MALFORMED as error:
            raise _unreadable(stack, f"the export has another form than expected ({error!r})") from error
        with temporary.writing(), tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            code, _, words = self.run(stack.project, ("stack", "import", "--file", file.name, *name))
        if code != 0:
            detail = f"The state of {stack} cannot be changed: {explained(words)}"
            raise EngineError("The state backend refused", detail)

    def reserve(self, _stack: StackName, _changes: int) -> AbstractContextManager[Room]:
        """Hold nothing: how much room a bucket or a server has is not ours to know."""
        return nullcontext(UNLIMITED)


@dataclass(frozen=True)
class FileState:
    """State in a `file://` backend, read from its files; `cli` reveals secrets and removes locks."""

    root: Path
    cli: CliState

    def read(self, stack: StackName) -> StackSnapshot | None:
        """Read the stack's checkpoint."""
        try:
            checkpoint = find_checkpoint(self.root, stack)
        except OSError as error:
            raise _unreadable(stack, f"its checkpoint cannot be looked for ({error!r})") from error
        if checkpoint is None:
            return None
        try:
            data, document = read_checkpoint(checkpoint)
            return replace(
                _snapshot(stack, recorded_deployment(document)),
                lock=find_lock(self.root, stack),
                fingerprint=hashlib.sha256(data).hexdigest(),
            )
        except MALFORMED as error:
            raise self._damaged(stack, checkpoint, error) from error

    def reveal(self, stack: StackName) -> Revealed | None:
        """Read the stack's checkpoint, and from the CLI its secrets where it has any."""
        hidden = self.read(stack)
        if hidden is None or not any(output.secret for output in hidden.outputs.values()):
            return Revealed(hidden, hidden) if hidden is not None else None
        found = self.cli.reveal(stack)
        if found is None:
            raise _unreadable(stack, "it vanished while it was read")
        return Revealed(hidden, replace(found.shown, lock=hidden.lock, fingerprint=hidden.fingerprint))

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """List the checkpoints of a project."""
        folder = self.root / ".pulumi" / "stacks" / project
        try:
            files = [path.name for path in folder.iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            detail = f"The stacks of {project} in {folder} cannot be listed: {error.strerror}."
            raise EngineError("The state backend cannot be read", detail) from error
        names = {name.removesuffix(".gz").removesuffix(".json") for name in files if name.endswith(_CHECKPOINTS)}
        return tuple(sorted(StackName(project, name) for name in names))

    def create(self, stack: StackName) -> None:
        """Write the stack's checkpoint; by the CLI where the layout is not the one known here."""
        lock = find_lock(self.root, stack)
        if lock is not None and lock.dead:
            self.unlock(stack)  # of a destroy that was killed once the stack was gone
        try:
            known = create_stack(self.root, stack)
        except FileExistsError:
            return  # another command has made it meanwhile; its lock tells which of both works on it
        except OSError as error:
            detail = f"The stack {stack} cannot be made in {self.root}: {error.strerror}"
            raise EngineError("The state backend refused", detail) from error
        if not known:
            self.cli.create(stack)

    def unlock(self, stack: StackName) -> None:
        """Remove the stack's lock files."""
        for path in lock_files(self.root, stack):
            path.unlink(missing_ok=True)
        for path in (self.root / ".pulumi" / "stacks" / stack.project).glob(f"{stack.name}.json*.tmp"):
            path.unlink(missing_ok=True)  # half of a state, never renamed
        self._fix_attributes(stack)

    def edit(self, stack: StackName, change: Change) -> None:
        """Write the stack's checkpoint; by the CLI where its form is not the one known here."""
        try:
            known = edit_checkpoint(self.root, stack, change)
        except MALFORMED as error:
            if _is_of_the_disk(error):
                detail = f"The state of {stack} cannot be written in {self.root}: {error.strerror}. It is as it was."
                raise EngineError("The state cannot be written", detail) from error
            raise self._damaged(stack, find_checkpoint(self.root, stack), error) from error
        if not known:
            self.cli.edit(stack, change)

    def reserve(self, stack: StackName, changes: int) -> AbstractContextManager[Room]:
        """Hold room on the disk of the backend."""
        checkpoint = find_checkpoint(self.root, stack)
        size = checkpoint.stat().st_size if checkpoint is not None else 0
        return reserved(self.root, size, changes)

    def _damaged(self, stack: StackName, checkpoint: Path | None, error: Exception) -> EngineError:
        if _is_of_the_disk(error):
            return EngineError(
                "A stack cannot be used", f"{error.filename or checkpoint} of {stack}: {error.strerror}."
            )
        words = f"{checkpoint} is damaged or of another form than expected ({error!r})."
        found = last_good(self.root, stack)
        if found is not None:
            copy, deployment = found
            recorded = _snapshot(stack, deployment)
            words += (
                f" The last copy that can be read is {copy}, of {recorded.updated_at or 'before the first step'}, with "
                f"{len(recorded.resources)} resources: put it in the place of the damaged file. What was made or "
                "deleted since then is not in it; look for it at the provider by the tag platform:urn."
            )
        return _unreadable(stack, words)

    def _fix_attributes(self, stack: StackName) -> None:
        """Remove a checkpoint's attribute file that a kill left half written: Pulumi fails on it and needs none."""
        for path in (self.root / ".pulumi" / "stacks" / stack.project).glob(f"{stack.name}.json*.attrs"):
            try:
                json.loads(path.read_bytes())
            except FileNotFoundError:
                continue  # another run has just written the checkpoint
            except ValueError:
                path.unlink(missing_ok=True)


def _is_of_the_disk(error: Exception) -> TypeGuard[OSError]:
    """Whether a file could not be opened, read or written; what it holds may be as it should."""
    return isinstance(error, OSError) and error.errno is not None and not isinstance(error, gzip.BadGzipFile)


def _snapshot(stack: StackName, deployment: Mapping[str, Any]) -> StackSnapshot:
    resources, pending = _list(deployment, "resources"), _list(deployment, "pending_operations")
    return StackSnapshot(
        name=stack,
        outputs=_outputs(deployment, reveal=False),
        resources={r["urn"]: r["type"] for r in resources if r.get("custom") and not r["type"].startswith(_OWN_TYPES)},
        parents={r["urn"]: r.get("parent", "") for r in (*(o["resource"] for o in pending), *resources)},
        pending=tuple(
            (operation["type"], operation["resource"]["urn"])
            for operation in pending
            if _exists_elsewhere(operation["resource"])
        ),
        protected=frozenset(r["urn"] for r in resources if r.get("protect")),
        updated_at=str((deployment.get("manifest") or {}).get("time", "")),
        ids={r["urn"]: str(r["id"]) for r in resources if r.get("id") and is_current(r)},
        switches={r["urn"]: found for r in resources if is_current(r) and (found := _switches(r))},
        triggers={r["urn"]: plain(r[_TRIGGER]) for r in resources if r.get(_TRIGGER) and is_current(r)},
        left=frozenset(r["urn"] for r in resources if r.get("delete")),
        salt=str(((deployment.get("secrets_providers") or {}).get("state") or {}).get("salt") or ""),
    )


def _switches(resource: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, value in (resource.get("inputs") or {}).items() if value is True)


def _exists_elsewhere(resource: Mapping[str, Any]) -> bool:
    """Whether more than state can hold it: components, providers and passwords of ours cannot be lost at a provider."""
    return bool(resource.get("custom")) and not resource["type"].startswith((*_OWN_TYPES, own_package.PREFIX))


def _outputs(deployment: Mapping[str, Any], *, reveal: bool) -> dict[str, StateOutput]:
    root: Mapping[str, Any] = next(
        (r for r in _list(deployment, "resources") if r["type"] == "pulumi:pulumi:Stack"), {}
    )
    outputs = root.get("outputs")
    return {name: _output(value, reveal=reveal) for name, value in (outputs if outputs is not None else {}).items()}


def _list(deployment: Mapping[str, Any], name: str) -> list[Any]:
    """A member that is a list; an absent one is empty, and one of another form is none that can be read."""
    found = deployment.get(name)
    if found is not None and not isinstance(found, list):
        message = f"`{name}` is no list"
        raise TypeError(message)
    return found or []


def _output(value: Any, *, reveal: bool) -> StateOutput:
    """A recorded output: secrets stand as ciphertext, or as `plaintext` JSON where the CLI was asked to show them."""
    if isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
        plaintext = value.get("plaintext") if reveal else None
        return StateOutput(json.loads(plaintext) if plaintext is not None else None, secret=True)
    return StateOutput(plain(value), secret=contains_secret(value))


def _unreadable(stack: StackName, words: str) -> EngineError:
    detail = f"The state of {stack} exists but cannot be read: {explained(words)}"
    return EngineError("A stack cannot be read", detail)
