"""Pulumi engine: previews, applies and destroys stacks with the Pulumi CLI and inline programs (Automation API's way).

The CLI is called as `pulumi.automation.Stack` calls it (`--client`, `--exec-kind auto.inline`, `--event-log`), but for
one command a run: what `Stack.up()` asks afterwards (outputs, history) is in the event stream and in the program.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from platform_pulumi.engine import adoption, holding, root
from platform_pulumi.engine.deletion_order import order_deletes
from platform_pulumi.engine.file_backend import SCHEME, folder_of
from platform_pulumi.engine.ipc import Launch
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.noops import NoopCache
from platform_pulumi.engine.plugins import PluginSelection
from platform_pulumi.engine.pulumi_words import explained
from platform_pulumi.engine.reserve import NoRoomError
from platform_pulumi.engine.runner import EngineRun
from platform_pulumi.engine.stacks import Stacks
from platform_pulumi.engine.state import CliState, FileState
from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.errors import EngineError
from platform_pulumi.model.context import ORGANIZATION, StackName
from platform_pulumi.model.contract import CONTRACT_OUTPUT, TierContract
from platform_pulumi.model.plan import Action
from platform_pulumi.model.plan.ranges import Range
from platform_pulumi.model.secrecy import masked
from platform_pulumi.operations import guard
from platform_pulumi.operations.cancellation import Cancellation
from platform_pulumi.operations.events import Message, TierStarted
from platform_pulumi.operations.ports import AdoptTarget, DestroyTarget, Lock, Observer, RunResult, StackSnapshot
from platform_pulumi.plugins.client import PluginHost
from platform_pulumi.sdk.run import TierRun

_CLI_TIMEOUT = 120


@dataclass
class PulumiEngine:
    """Pulumi engine on one state backend and one set of provider servers, for the length of one command.

    Args:
        workspace: the runs' private place.
        host: the provider servers of ours; started with the first run.
        programs: whose process runs the CLIs and their programs.
        key: keys the hashes of secrets.
        noops: what was seen to have nothing to do; nothing where None.
        refresh: whether runs ask the providers for the state of every resource.
        plugins: decides which plugins serve; the host's packages stand where None.
        modules: what the programs will import; imported once for all runs.
        organization: the backend's name for the organization (`organization` but for Pulumi Cloud).
        cancellation: cancels what is under way; nothing is begun afterwards.
    """

    workspace: Workspace
    host: PluginHost
    programs: LanguageHost
    key: bytes = field(repr=False)
    modules: Iterable[str] = ()
    refresh: bool = False
    plugins: PluginSelection | None = None
    noops: NoopCache | None = None
    organization: str = ORGANIZATION
    cancellation: Cancellation = field(default_factory=Cancellation)

    def __enter__(self) -> PulumiEngine:
        self._stacks = self._open_stacks()
        self._upcoming: list[StackName] = []
        self._prefetched: dict[StackName, EngineRun] = {}
        self._refreshing: set[StackName] = set()
        self._salts: dict[StackName, str] = {}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for run in self._prefetched.values():
            run.abandon()
        self.programs.close()
        self.host.stop()
        self.workspace.remove()

    def select_plugins(self, recorded: Mapping[str, str], observer: Observer) -> Mapping[str, str]:
        """Select the plugins; those of ours are started with the first run."""
        if self.plugins is None:
            return {}
        modes = self.plugins.modes(recorded, lambda text: observer(Message(text)))
        self.host.packages = self.plugins.packages(modes)
        return modes

    def snapshot(self, stack: StackName, *, reveal: bool = False) -> StackSnapshot | None:
        """Return the stack's recorded state; None where there is no such stack."""
        found = self._stacks.read(stack, reveal=reveal)
        if found is not None and found.salt:
            self._salts[stack] = found.salt
        return found

    def revealed_snapshot(self, stack: StackName) -> StackSnapshot | None:
        """Return the stack's state with its secret outputs, where that has been read already."""
        return self._stacks.revealed_snapshot(stack)

    def exists(self, stack: StackName) -> bool:
        """Whether the stack exists."""
        return self._stacks.exists(stack)

    def qualified(self, stack: StackName) -> str:
        """Return the fully qualified name of a stack."""
        return stack.qualified(self.organization)

    def stacks(self, project: str) -> tuple[StackName, ...]:
        """List the stacks of a project."""
        return self._stacks.list(project)

    def unlock(self, stack: StackName) -> None:
        """Remove the stale lock of a dead run."""
        self._stacks.unlock(stack)

    def record_contract(self, stack: StackName, contract: TierContract | None) -> None:
        """Record a stack's contract among its outputs, as its program does."""
        if not self.exists(stack):
            self._stacks.create(stack)
        text = json.dumps(contract.to_json(), sort_keys=True) if contract is not None else None
        self._stacks.edit(stack, lambda found: root.record_output(found, stack, CONTRACT_OUTPUT, text))

    def forget(self) -> None:
        """Read every stack anew from now on."""
        self._stacks.forget()

    def clear_pending(self, stack: StackName) -> None:
        """Drop the pending operations of a dead run: they have been dealt with."""
        self._stacks.edit(stack, adoption.drop_pending)

    def adopt(self, target: AdoptTarget, observer: Observer) -> RunResult:
        """Record pending creates, then refresh them, which clears them (ADR 0018)."""
        self._stacks.edit(target.stack, lambda found: adoption.record_creates(found, target.created, target.absent))
        recorded = self.snapshot(target.stack)
        left = recorded.creating if recorded is not None else ()
        flag = "--import-pending-creates"
        words = [word for urn, found in target.created.items() if urn in left for word in (flag, urn, flag, found)]
        arguments = ("refresh", "--yes", "--skip-preview", *words)
        return self._change(target.stack, arguments, TierStarted(target.key, "recovering", None), observer)

    def require_refresh(self, stack: StackName) -> None:
        """Refresh in the runs of this stack."""
        self._refreshing.add(stack)

    def is_noop(self, run: TierRun) -> bool:
        """Whether this very run is a known no-op: it changed nothing, and nothing it depends on has changed since."""
        if self.noops is None or self._refresh(run.stack):
            return False  # how things are now is not what is recorded
        states = self._states(run)
        return states is not None and self.noops.contains(run, states)

    def remember_noop(self, run: TierRun) -> None:
        """Remember that this run is a no-op."""
        states = self._states(run) if not self._refresh(run.stack) else None
        if self.noops is not None and states is not None:
            self.noops.add(run, states)

    def _refresh(self, stack: StackName) -> tuple[str, ...]:
        return ("--refresh",) if self.refresh or stack in self._refreshing else ()

    def _states(self, run: TierRun) -> dict[str, str] | None:
        """The fingerprints of the run's own state and of those above; None where one is not to be had."""
        stacks = {tier.label: run.context.stack(tier) for tier in run.upstream} | {run.tier.label: run.stack}
        found = self._stacks.fingerprints(stacks.values())
        return dict(zip(stacks, found, strict=True)) if found is not None else None

    def prefetch(self, stacks: Sequence[StackName]) -> None:
        """Start the CLI of each of these previews while the one before it runs."""
        self._upcoming = [stack for stack in stacks if stack not in self._prefetched]
        self._start_next()

    def preview(self, run: TierRun, observer: Observer) -> RunResult:
        """Preview `up`, against a scratch backend where the stack does not exist yet."""
        engine_run = self._prefetched.pop(run.stack, None) or self._preview(run.stack)
        self._start_next()
        if not self.exists(run.stack):
            run = _without_references(run)
        with self.cancellation.shield():
            engine_run.send_program(run)
            return engine_run.follow(TierStarted(run.key, "previewing", None), observer)

    def _start_next(self) -> None:
        """One at a time: a CLI takes as much memory as all of ours, and a platform may have forty applications."""
        if self._upcoming:
            stack = self._upcoming.pop(0)
            self._prefetched[stack] = self._preview(stack)

    def up(
        self, run: TierRun, observer: Observer, total: Range | None = None, *, held: Collection[str] = ()
    ) -> RunResult:
        """Apply. Where data loss was allowed by name the CLI ignores protection: the guard has checked it."""
        if not self.exists(run.stack):
            self._stacks.create(run.stack)
        elif (snapshot := self.snapshot(run.stack)) is not None and snapshot.left:
            # By a run that was killed before its deletes.
            self._stacks.edit(run.stack, order_deletes)
        if held:
            self._stacks.edit(run.stack, lambda found: holding.hold_back(found, run.stack, held))
        exclude = ("--exclude", holding.anchor(run.stack)) if held else ()
        return self._up(run, TierStarted(run.key, "applying", total), observer, exclude)

    def delete_held(self, run: TierRun, observer: Observer, total: Range | None = None) -> RunResult:
        """Apply again, with nothing excluded: the engine deletes what it was kept from."""
        self._stacks.edit(run.stack, order_deletes)
        return self._up(run, TierStarted(run.key, "deleting", total), observer)

    def _up(self, run: TierRun, started: TierStarted, observer: Observer, exclude: tuple[str, ...] = ()) -> RunResult:
        protect = ("--ignore-protect",) if run.unprotected else ()
        arguments = ("up", "--yes", "--skip-preview", *protect, *exclude, *self._refresh(run.stack))
        return self._change(run.stack, arguments, started, observer, run)

    def destroy(self, target: DestroyTarget, observer: Observer) -> RunResult:
        """Delete everything in the stack, then the stack; or all but protected resources."""
        if target.unprotect:
            with self._stacks.changing(target.stack):
                for urn in target.unprotect:
                    self._unprotect(target.stack, urn)
        how = ("--exclude-protected",) if target.retained else ("--remove",)
        protect = ("--ignore-protect",) if target.ignore_protect else ()
        arguments = ("destroy", "--yes", "--skip-preview", *how, *protect)
        return self._change(target.stack, arguments, TierStarted(target.key, "destroying", target.total), observer)

    def _change(
        self,
        stack: StackName,
        arguments: tuple[str, ...],
        started: TierStarted,
        observer: Observer,
        program: TierRun | None = None,
    ) -> RunResult:
        """Run the CLI on a stack that it changes, to its orderly end.

        Raises:
            BusyError: somebody else works on it; nothing was done.
        """
        launch = self._launch(stack, arguments, program=program is not None)
        changes = started.total.most if started.total is not None else 0
        try:
            with self._stacks.changing(stack), self._stacks.reserve(stack, changes) as room, self.cancellation.shield():
                engine_run = self._start(launch)
                if program is not None:
                    engine_run.send_program(program)
                result = engine_run.follow(started, observer, room)
        except NoRoomError as error:
            return RunResult({}, {}, {}, failed=True, stopped=str(error))
        if result.failed and not result.steps:
            lock = self._live_lock(stack)
            # Whoever comes between two writes of another run reads half a checkpoint, and says so instead.
            if result.locked or lock is not None:
                raise guard.busy(stack, lock)
        return self._with_unrecorded(stack, result) if result.failed else result

    def _with_unrecorded(self, stack: StackName, result: RunResult) -> RunResult:
        """Name what a failed run was about where it left a state that cannot be read: nothing else knows of it."""
        try:
            self.snapshot(stack)
        except EngineError as error:
            about = (s for s in result.steps.values() if s.custom and s.action is not Action.NO_OP)
            listed = ", ".join(f"{step.action.value} {step.name} ({step.type})" for step in about) or "nothing yet"
            return dataclasses.replace(result, stopped=f"{error.detail} This run was at: {listed}.")
        return result

    def _live_lock(self, stack: StackName) -> Lock | None:
        """Return the lock that a living run holds; None where there is none to be seen."""
        try:
            found = self.snapshot(stack)
        except EngineError:
            return None
        return found.lock if found is not None and found.lock is not None and not found.lock.dead else None

    def _unprotect(self, stack: StackName, urn: str) -> None:
        arguments = ("state", "unprotect", urn, "--yes", "--stack", self.qualified(stack))
        code, _, words = self._cli(stack.project, arguments)
        if code != 0:
            detail = f"{urn} of {stack} cannot be given free for deletion: {explained(words)}"
            raise EngineError("The state backend refused", detail)

    def _open_stacks(self) -> Stacks:
        cli = CliState(self._cli, self.organization, self.key)
        url = self.workspace.backend_url
        if url.startswith(SCHEME):
            return Stacks(FileState(folder_of(url), cli))
        return Stacks(cli, eager=self._may_reveal)

    def _may_reveal(self, stack: StackName) -> bool:
        """Whether this command may want the stack's secrets: it runs programs, and tiers below this one refer to it."""
        return self.programs.started and stack.application is None

    def _start(self, launch: Launch) -> EngineRun:
        return EngineRun(self.programs, launch, self.cancellation)

    def _preview(self, stack: StackName) -> EngineRun:
        exists = self.exists(stack)
        backend = None if exists else self.workspace.scratch(stack)
        refresh = self._refresh(stack) if exists else ()
        launch = self._launch(stack, ("preview", "--ignore-protect", *refresh), program=True, backend=backend)
        return self._start(launch)

    def _launch(
        self, stack: StackName, arguments: tuple[str, ...], *, program: bool, backend: str | None = None
    ) -> Launch:
        folder = self.workspace.project(stack)
        if program:
            self.programs.preload(self.modules)
        events = folder / f"events-{arguments[0]}.jsonl"
        events.unlink(missing_ok=True)
        self._share_key(stack)
        command = (
            str(self.workspace.toolchain),
            *arguments,
            "--non-interactive",
            "--suppress-outputs",
            "--stack",
            self.qualified(stack) if backend is None else stack.qualified(),
        )
        return Launch(
            command=command,
            directory=str(folder),
            environment=self.workspace.environment(self.host.debug_providers, backend),
            key=self.key,
            program=program,
            events=str(events),
        )

    def _share_key(self, stack: StackName) -> None:
        """Have a new stack use the key of the others: to derive one takes a CLI longer than the plan of a small stack,
        and it derives the keys of the stacks that it reads as well.
        """
        if not any(name.startswith("PULUMI_CONFIG_PASSPHRASE") for name in self.workspace.secrets):
            return
        if stack not in self._salts:
            self.snapshot(stack)  # nobody has read it yet, or it had none
        salt = next(iter(self._salts.values()), "") or self.workspace.salt()
        if salt and stack not in self._salts:
            self.workspace.use_salt(stack, salt)

    def _cli(self, project: str, arguments: tuple[str, ...]) -> tuple[int, str, str]:
        self.cancellation.check()
        folder = self.workspace.project(StackName(project, "none"))
        try:
            done = subprocess.run(
                [str(self.workspace.toolchain), *arguments, "--non-interactive"],
                cwd=folder,
                env=self.workspace.environment(""),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_CLI_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            detail = f"`pulumi {' '.join(arguments[:2])}` did not answer within {_CLI_TIMEOUT} s."
            raise EngineError("The state backend does not answer", detail) from error
        return done.returncode, done.stdout.decode(errors="replace"), masked(done.stderr.decode(errors="replace"))


def _without_references(run: TierRun) -> TierRun:
    """Drop StackReferences: the scratch backend has no upper stack to refer to; the values are given anyway."""
    upstream = {tier: dataclasses.replace(upper, reference=None) for tier, upper in run.upstream.items()}
    return dataclasses.replace(run, upstream=upstream)
