"""Names that two capabilities come to share are told before the engine finds one resource twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.aws import DEFINITION
from platform_pulumi.errors import InputError
from platform_pulumi.model.platform import Platform
from tests.reading import load_files

GROUPS = """\
platform:
  org: acme
  environment: dev
  provider: {name: aws, config: {region: us-east-1}}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
        - name: main
          type: kubernetes_cluster
          properties: {version: "1.29", node_groups: [{name: big-spot, instance_type: m5.large}]}
        - name: main-big
          type: kubernetes_cluster
          properties: {version: "1.29", node_groups: [{name: NAME, instance_type: m5.large}]}
"""
POLICIES = """\
platform:
  org: acme
  environment: dev
  provider: {name: aws, config: {region: us-east-1}}
  tiers:
    infrastructure:
      capabilities:
        - name: role
          type: iam_role
          properties:
            assumed_by: [ec2.amazonaws.com]
            managed_policies: ["arn:aws:iam::aws:policy/Read", "arn:PARTITION:iam::aws:policy/WHAT"]
"""


def read(folder: Path, text: str) -> Platform:
    file = folder / "platform.yaml"
    file.write_text(text, encoding="utf-8")
    return load_files([file], definitions={"aws": DEFINITION}, environment={})


def test_a_node_group_named_like_one_of_another_cluster(tmp_path: Path) -> None:
    assert read(tmp_path, GROUPS.replace("NAME", "od")).tiers
    with pytest.raises(InputError) as caught:
        read(tmp_path, GROUPS.replace("NAME", "spot"))
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert (problem.code, problem.position.line, problem.position.column) == ("P2101", 14, 62)
    assert problem.detail.startswith("`main-big` needs the name `main-big-spot` for a node group, and `main` has it")
    assert "platform.yaml:11. Rename one of them" in problem.detail


def test_a_policy_of_another_partition(tmp_path: Path) -> None:
    assert read(tmp_path, POLICIES.replace("PARTITION", "aws-cn").replace("WHAT", "Write")).tiers
    with pytest.raises(InputError) as caught:
        read(tmp_path, POLICIES.replace("PARTITION", "aws-cn").replace("WHAT", "Read"))
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert (problem.code, problem.position.line) == ("P2101", 12)
