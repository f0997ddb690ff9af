"""A storm on simulated plugins: `up`, changes, replacements and `destroy`, killed and gone on with; the world tells.

Whoever goes on acts as the printed advice says: what a killed create left is looked up in the simulated world, deleted
there as a person would in a console, and forgotten (`--forget-pending`). Then state and world have to hold the
same, resource by resource, and a plan has to be empty.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_pulumi.model.urn import urn_name, urn_type
from platform_pulumi.plugins.world import World
from tests.e2e.conftest import PLATFORM as PROGRAM
from tests.e2e.conftest import Project, changes, kill

#: How long each change of the world takes, in seconds: half before it happens, half until it is known.
_LATENCY = 0.6
#: Until what moment after its first word of change a command is killed, in seconds: nearly as long as it takes.
_LONGEST = {"create": 7.0, "change": 0.9, "replace": 2.2, "destroy": 6.0}
#: What may be lost on purpose, in every command.
_ALLOWED = ("store", "ledger", "jobs", "mails")
_FORGET = re.compile(r"--forget-pending (\S+)")
#: A run that takes longer than this hangs.
_PATIENCE = 120.0

PLATFORM = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: storm
  provider: {name: aws, config: {region: eu-west-1}}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: 10.0.0.0/16, availability_zones: 2}}
        - {name: reader, type: iam_role, properties: {assumed_by: [ec2.amazonaws.com], max_session: 3600}}
    shared_primitives:
      capabilities:
        - {name: store, type: database, properties: {engine: postgresql, version: "15", storage_gb: 20}}
        - {name: jobs, type: message_queue, properties: {engine: sqs, retention: 24h}}
      outputs:
        - {name: jobs_url, source: jobs.endpoint, type: string}
"""

#: Old and new text of the declaration. Changes leave every resource the one it is.
CHANGES = (
    ("max_session: 3600", "max_session: 7200"),
    ("storage_gb: 20", "storage_gb: 30"),
    ("retention: 24h", "retention: 48h"),
)
#: What these touch is another one afterwards, comes or goes.
REPLACEMENTS = (
    ("retention: ", "fifo: true, retention: "),
    ("name: reader", "name: writer"),
    ("name: store", "name: ledger"),
    ("- {name: jobs,", "- {name: mails, type: message_queue, properties: {engine: sqs}}\n        - {name: jobs,"),
)


@dataclass(frozen=True)
class Kill:
    """One kill: what was running, when it was killed, what was under way then, and what is wrong after going on."""

    number: int
    what: str
    killed: bool
    seconds: float
    under_way: tuple[str, ...]
    faults: tuple[str, ...]

    def __str__(self) -> str:
        end = "killed" if self.killed else "done  "
        wrong = "".join(f"\n    WRONG: {fault}" for fault in self.faults)
        return f"{self.number:4} {self.what:8} {end} {self.seconds:5.2f} s  {', '.join(self.under_way) or '-'}{wrong}"


@dataclass
class Storm:
    """A platform of its own in a folder, and chance."""

    project: Project
    chance: random.Random
    _number: int = 0

    def __post_init__(self) -> None:
        self.project.file.write_text(PLATFORM, encoding="utf-8")
        (self.project.folder / "slow.yaml").write_text(f"latency: {_LATENCY}s\n", encoding="utf-8")

    def kill_one(self) -> Kill:
        """Start what comes next, kill it, go on, and look."""
        self._number += 1
        what = self._next()
        before = self.recorded()
        command = "destroy" if what == "destroy" else "up"
        killed, seconds = self._strike(command, _LONGEST[what])
        under_way = self.under_way()
        gone_on = "destroy" if what == "destroy" and self.chance.random() < 0.5 else "up"
        faults = [*self._go_on(gone_on, told=bool(under_way)), *self._wrong(gone_on)]
        if what == "change":
            after = self.recorded()
            faults += [f"{urn_name(urn)} is another one" for urn, own in before.items() if after.get(urn) != own]
        return Kill(self._number, f"{what}/{gone_on}", killed, seconds, under_way, tuple(faults))

    def recorded(self) -> dict[str, str]:
        """The ids of what the stacks record, by URN."""
        return {
            resource["urn"]: resource["id"]
            for document in self._checkpoints()
            for resource in document.get("resources") or []
            if resource.get("custom") and not resource["type"].startswith(("pulumi:", "platform:"))
        }

    def under_way(self) -> tuple[str, ...]:
        """What the stacks record as under way."""
        return tuple(
            f"{operation['type']} {urn_name(operation['resource']['urn'])}"
            for document in self._checkpoints()
            for operation in document.get("pending_operations") or []
            if operation["resource"].get("custom")
            and not operation["resource"]["type"].startswith(("pulumi:", "platform:"))
        )

    def _next(self) -> str:
        if not self.recorded():
            return "create"
        chosen = self.chance.choice(("change", "change", "replace", "replace", "destroy"))
        if chosen != "destroy":
            self._edit(CHANGES if chosen == "change" else REPLACEMENTS)
        return chosen

    def _edit(self, edits: tuple[tuple[str, str], ...]) -> None:
        """Make one of these changes, or take it back."""
        text = self.project.file.read_text(encoding="utf-8")
        old, new = self.chance.choice(edits)
        self.project.file.write_text(text.replace(new, old) if new in text else text.replace(old, new), "utf-8")

    def _strike(self, command: str, longest: float) -> tuple[bool, float]:
        """Kill a command at some moment: mostly while it changes the world, sometimes before."""
        log = self.project.folder / "killed.log"
        began = "" if self.chance.random() < 0.1 else " (applying|destroying)"
        moment = self.chance.uniform(0.0, longest)
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [str(PROGRAM), *self._arguments(command), "--simulate-config", "slow.yaml"],
                cwd=self.project.folder,
                env=self.project.environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _PATIENCE
        while not re.search(began, log.read_text(encoding="utf-8")) and process.poll() is None:
            time.sleep(0.02)
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            kill(process)
            return True, moment
        return False, moment

    def _go_on(self, command: str, *, told: bool) -> list[str]:
        """Run a command until it is through, doing what it says; what it left unsaid."""
        forget: list[str] = []
        said = ""
        for _ in range(4):
            began = time.monotonic()
            done = self.project.run(*self._arguments(command), *(w for n in forget for w in ("--forget-pending", n)))
            said += done.stdout + done.stderr
            if time.monotonic() - began > _PATIENCE / 4:
                return [f"`{command}` took {time.monotonic() - began:.0f} s:\n{said}"]
            if done.returncode != 5:
                break
            named = _FORGET.findall(done.stderr)
            if not named:
                return [f"`{command}` gives no way out:\n{said}"]
            forget += named
            self._delete_unrecorded()
        if done.returncode != 0:
            return [f"`{command}` ends with {done.returncode}:\n{said}"]
        return [f"`{command}` does not say what was killed:\n{said}"] if told and "killed" not in said else []

    def _delete_unrecorded(self) -> None:
        """Delete in the world what no stack records, as a person does who was told to look."""
        recorded = set(self.recorded().items())
        with closing(World(self._world)) as world:
            for thing in world.live():
                if (thing.urn, thing.id) not in recorded:
                    world.remove(thing.place, thing.type, thing.id)

    def _wrong(self, command: str) -> list[str]:
        """What is recorded and not there, there and not recorded, there twice, or planned although nothing changed."""
        recorded = Counter((urn_name(urn), urn_type(urn), found) for urn, found in self.recorded().items())
        there = Counter((urn_name(urn), urn_type(urn), found) for urn, found in self._live())
        faults = [f"lost: {one}" for one in recorded - there] + [f"nobody's: {one}" for one in there - recorded]
        names = Counter(urn for urn, _ in self._live())
        faults += [f"doubled: {urn_name(urn)}" for urn, count in names.items() if count > 1]
        faults += [f"still under way: {one}" for one in self.under_way()]
        faults += [f"still locked: {path.name}" for path in self.project.home.glob("simulated/.pulumi/locks/**/*.json")]
        if command == "destroy":
            return faults + [f"not deleted: {one}" for one in there]
        return faults + [f"still planned: {one}" for one in changes(self.project.preview())]

    def _live(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._world)) as connection:
            rows = connection.execute("SELECT urn, id FROM resources WHERE deleted = 0")
            return [(urn, found) for urn, found in rows if not urn_type(urn).startswith("platform:")]

    @property
    def _world(self) -> Path:
        return self.project.home / "simulated" / "world.sqlite"

    def _arguments(self, command: str) -> tuple[str, ...]:
        allowed = (word for name in _ALLOWED for word in ("--allow-data-loss", name))
        return (command, "--simulate", "--yes", *allowed)

    def _checkpoints(self) -> list[Mapping[str, Any]]:
        files = sorted(self.project.home.glob("simulated/.pulumi/stacks/*/*.json"))
        return [json.loads(path.read_bytes())["checkpoint"].get("latest") or {} for path in files]
