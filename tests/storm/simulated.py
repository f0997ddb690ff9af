"""A storm on simulated plugins: `up`, changes, replacements and `destroy`, killed and gone on with; the world tells.

What the next run makes of it: `tests/storm/aftermath.py`.
"""

from __future__ import annotations

import random
import re
import subprocess
import time
from dataclasses import dataclass

from platform_pulumi.model.urn import urn_name
from tests.e2e.conftest import Project, kill
from tests.storm.aftermath import Aftermath

#: How long each change of the world takes, in seconds: half before it happens, half until it is known.
_LATENCY = 0.6
#: Until what moment after its first word of change a command is killed, in seconds: nearly as long as it takes.
_LONGEST = {"create": 7.0, "change": 0.9, "replace": 2.2, "destroy": 6.0}
#: What may be lost on purpose, in every command.
_ALLOWED = ("store", "ledger", "jobs", "mails")
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

    @property
    def after(self) -> Aftermath:
        """What there is by now."""
        return Aftermath(self.project)

    def kill_one(self) -> Kill:
        """Start what comes next, kill it, go on, and look."""
        self._number += 1
        what = self._next()
        before = self.after.recorded()
        command = "destroy" if what == "destroy" else "up"
        killed, seconds = self._strike(command, _LONGEST[what])
        under_way = self.after.under_way()
        gone_on = "destroy" if what == "destroy" and self.chance.random() < 0.5 else "up"
        faults = self.after.go_on(*self._arguments(gone_on), "--simulate", "--yes", told=bool(under_way))
        faults += self.after.wrong(destroyed=gone_on == "destroy")
        if what == "change":
            after = self.after.recorded()
            faults += [f"{urn_name(urn)} is another one" for urn, own in before.items() if after.get(urn) != own]
        return Kill(self._number, f"{what}/{gone_on}", killed, seconds, under_way, tuple(faults))

    def _next(self) -> str:
        if not self.after.recorded():
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
            process = self.project.start(*self._arguments(command), "--simulate-config", "slow.yaml", output=stream)
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

    def _arguments(self, command: str) -> tuple[str, ...]:
        allowed = (word for name in _ALLOWED for word in ("--allow-data-loss", name))
        return (command, *allowed)
