"""An application that is taken out of its file, through the real engine: said, with a command that ends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Project

pytestmark = [pytest.mark.engine, pytest.mark.slow("whole commands on three tiers, several in a row")]

PLATFORM = """\
apiVersion: platform/v1
platform:
  org: acme
  environment: prod
  provider: {name: mock}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
    shared_primitives: {}
    application:
      applications:
        shop: {capabilities: [{name: api, type: container_runtime, properties: {image: "a:1", cpu: 1, memory: 1Gi}}]}
"""
BLOG = """\
        blog: {capabilities: [{name: web, type: container_runtime, properties: {image: "a:1", cpu: 1, memory: 1Gi}}]}
"""


def test_a_removed_application_is_said_and_the_command_that_is_named_ends_it(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.file.write_text(PLATFORM + BLOG, encoding="utf-8")
    done = project.run("up", "--simulate", "--yes")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    project.file.write_text(PLATFORM, encoding="utf-8")
    (warning,) = project.preview()["warnings"]
    assert (warning["code"], warning["summary"]) == ("P4030", "An application is no longer declared")
    assert "organization/acme-application/prod.blog" in warning["detail"]
    assert "An application is no longer declared" in project.run("preview", "--simulate").stdout
    named = re.search(r"`platform (destroy [^`]*)`", warning["detail"])
    assert named is not None
    ended = project.run(*named[1].split(), "--simulate", "--yes")
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert sorted(path.stem for path in project.home.glob("simulated/.pulumi/stacks/*/*.json")) == [
        "prod",
        "prod",
        "prod.shop",
    ]
    plan = project.preview()
    assert (plan["warnings"], [tier["summary"]["no-op"] for tier in plan["tiers"]]) == ([], [1, 0, 1])
