"""How often a command starts the Pulumi CLI on a backend that is no folder: an S3 server on this machine."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from platform_pulumi import bootstrap, settings
from platform_pulumi.catalog import provider_definitions
from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.engine.noops import NoopCache
from platform_pulumi.engine.pulumi import PulumiEngine
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.engine.workspace import Workspace
from platform_pulumi.model.plan import Plan
from platform_pulumi.plugins import serving
from platform_pulumi.plugins.client import PluginHost
from tests.bed import storage, tools
from tests.operations.fakes import Answer, Watcher
from tests.reading import task
from tests.shared import missing

pytestmark = pytest.mark.engine

CANARY = "hunter2-never-seen"
DECLARED = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  application: shop
  provider: {name: mock}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
    shared_primitives:
      capabilities:
        - {name: db, type: database, properties: {engine: postgresql, version: "15", password: "${env:CANARY}"}}
      outputs:
        - {name: credential, source: db.credentialRef, type: credential_ref}
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties: {image: "shop:1", env: {PASSWORD: "${tier2.credential}"}}
"""


#: What changes a stack, and so makes reading it again the right thing to do.
CHANGES = {"up", "init", "destroy", "import", "cancel"}


@dataclass
class Bench:
    """A platform of three tiers on a backend, and a CLI whose starts are counted."""

    folder: Path
    cli: Path
    url: str

    @property
    def declared(self) -> Path:
        """The declaration."""
        return self.folder / "platform.yaml"

    @property
    def starts(self) -> Path:
        """The CLI's arguments, a line for each start."""
        return self.folder / "starts"

    def run(self, verb: str) -> tuple[Plan, list[list[str]]]:
        """What a command gave, and the arguments of each start of the CLI."""
        self.starts.write_text("", encoding="utf-8")
        environment = {**os.environ, "CANARY": CANARY}
        operations = bootstrap.build(settings.read(environment, self.folder), open_engine=self._open_engine)
        asked = task([self.declared])
        plan = operations.up(asked, Watcher(), Answer()).plan if verb == "up" else operations.preview(asked, Watcher())
        return plan, [line.split() for line in self.starts.read_text(encoding="utf-8").splitlines()]

    @contextmanager
    def _open_engine(self, *_: object) -> Iterator[PulumiEngine]:
        """As `engine.factory` does, but with plugins of ours on a backend that is none of a simulated run."""
        workspace = Workspace.create(
            toolchain=self.cli,
            backend_url=self.url,
            secrets={"PULUMI_CONFIG_PASSPHRASE": "correct horse", **storage.CREDENTIALS},
            simulated=True,
            plugins=None,
            environment=os.environ,
        )
        packages = {**serving.OWN, **serving.simulated(provider_definitions()["mock"])}
        host = PluginHost(packages, self.folder / "world.sqlite", faults=None, simulated=True)
        noops = NoopCache(self.folder / "noops.json", self.url, b"key", {"stacks"}, ())
        programs = LanguageHost(os.environ)
        programs.prepare()
        with PulumiEngine(workspace, host, programs, b"key", noops=noops) as engine:
            yield engine


@pytest.fixture
def bench(tmp_path: Path, pulumi_cli: Toolchain) -> Iterator[Bench]:
    """On an S3 server; in CI a failure where there is none, elsewhere a skip that says why."""
    try:
        storage.ensure()
    except tools.BedError as error:
        missing("S3 SERVER", error)
    cli = tmp_path / "bin" / "pulumi"
    for folder in (cli.parent, tmp_path / "s3"):
        folder.mkdir()
    cli.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/starts\nexec {pulumi_cli.path} "$@"\n', encoding="utf-8")
    cli.chmod(0o700)
    with storage.serve(tmp_path / "s3") as url:
        found = Bench(tmp_path, cli, url)
        found.declared.write_text(DECLARED, encoding="utf-8")
        yield found


def kinds(starts: list[list[str]]) -> Mapping[str, int]:
    """How often each command was started: "stack export", "up"."""
    return Counter(" ".join(start[:2]) if start[0] == "stack" else start[0] for start in starts)


def read_twice(starts: list[list[str]]) -> list[str]:
    """The stacks that were read again although nothing of ours had changed them."""
    known: set[str] = set()
    again = []
    for start in starts:
        stack = start[start.index("--stack") + 1] if "--stack" in start else ""
        if start[:2] == ["stack", "export"]:
            again += [stack] if stack in known else []
            known.add(stack)
        elif CHANGES.intersection(start[:2]):
            known.discard(stack)
    return again


@pytest.mark.slow("an apply and three plans of three tiers, each by the CLI")
def test_a_command_reads_each_stack_once_and_an_unchanged_plan_starts_nothing_else(bench: Bench) -> None:
    _, applying = bench.run("up")
    assert read_twice(applying) == []
    assert kinds(applying)["up"] == 3

    planned, planning = bench.run("preview")
    assert not planned.changes
    assert kinds(planning) == {"stack ls": 1, "stack export": 3, "preview": 3}

    planned, unchanged = bench.run("preview")
    assert not planned.changes
    assert kinds(unchanged) == {"stack ls": 1, "stack export": 3}
    assert read_twice(unchanged) == []

    bench.declared.write_text(DECLARED.replace("shop:1", "shop:2"), encoding="utf-8")
    planned, changed = bench.run("preview")
    assert [(tier.tier.value, tier.changes) for tier in planned.tiers] == [(1, False), (2, False), (3, True)]
    # The outputs of the upper tiers, secrets too, are given to the program that runs: of the one reading there was.
    assert kinds(changed) == {"stack ls": 1, "stack export": 3, "preview": 1}
    assert CANARY not in repr(planned)
