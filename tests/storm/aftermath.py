"""What a disturbed run has left: the next run goes on as it is told to, and state is held against the simulated world.

Whoever goes on acts as the printed advice says: what a killed create left is looked up in the simulated world, deleted
there as a person would in a console, and forgotten (`--forget-pending`). Then state and world have to hold the same,
resource by resource, and a plan has to be empty.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_pulumi.model.urn import urn_name, urn_type
from platform_pulumi.plugins.world import World
from tests.e2e.conftest import Project, changes

_FORGET = re.compile(r"--forget-pending (\S+)")


@dataclass(frozen=True)
class Aftermath:
    """What there is after a run, by the stacks of a project and by its simulated world."""

    project: Project

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

    def go_on(self, *command: str, told: bool = False) -> list[str]:
        """Run a command until it is through, doing what it says; what was wrong with that.

        Args:
            told: whether it has to say that a run was killed.
        """
        forget: list[str] = []
        said = ""
        for _ in range(4):
            done = self.project.run(*command, *(word for name in forget for word in ("--forget-pending", name)))
            said += done.stdout + done.stderr
            if done.returncode != 5:
                break
            named = _FORGET.findall(done.stderr)
            if not named:
                return [f"`{command[0]}` gives no way out:\n{said}"]
            forget += named
            self._delete_unrecorded()
        if done.returncode != 0:
            return [f"`{command[0]}` ends with {done.returncode}:\n{said}"]
        return [f"`{command[0]}` does not say what was killed:\n{said}"] if told and "killed" not in said else []

    def _delete_unrecorded(self) -> None:
        """Delete in the world what no stack records, as a person does who was told to look."""
        recorded = set(self.recorded().items())
        with closing(World(self._world)) as world:
            for thing in world.live():
                if (thing.urn, thing.id) not in recorded:
                    world.remove(thing.place, thing.type, thing.id)

    def wrong(self, *, destroyed: bool = False) -> list[str]:
        """What is recorded and not there, there and not recorded, there twice, or planned although nothing changed."""
        recorded = Counter((urn_name(urn), urn_type(urn), found) for urn, found in self.recorded().items())
        there = Counter((urn_name(urn), urn_type(urn), found) for urn, found in self._live())
        faults = [f"lost: {one}" for one in recorded - there] + [f"nobody's: {one}" for one in there - recorded]
        names = Counter(urn for urn, _ in self._live())
        faults += [f"doubled: {urn_name(urn)}" for urn, count in names.items() if count > 1]
        faults += [f"still under way: {one}" for one in self.under_way()]
        faults += [f"still locked: {path.name}" for path in self.project.home.glob("simulated/.pulumi/locks/**/*.json")]
        if destroyed:
            return faults + [f"not deleted: {one}" for one in there]
        return faults + [f"still planned: {one}" for one in changes(self.project.preview())]

    def _live(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self._world)) as connection:
            rows = connection.execute("SELECT urn, id FROM resources WHERE deleted = 0")
            return [(urn, found) for urn, found in rows if not urn_type(urn).startswith("platform:")]

    @property
    def _world(self) -> Path:
        return self.project.home / "simulated" / "world.sqlite"

    def _checkpoints(self) -> list[Mapping[str, Any]]:
        files = sorted(self.project.home.glob("simulated/.pulumi/stacks/*/*.json"))
        return [json.loads(path.read_bytes())["checkpoint"].get("latest") or {} for path in files]
