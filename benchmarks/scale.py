"""Benchmark of many applications in one environment, and many services in one application, beside bare Pulumi."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.commands import beside_bare, figures
from benchmarks.declared import HEAD, service

APPLICATIONS = (10, 20, 40)
SERVICES = (50, 125, 250)
_ABOVE = """    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: "10.0.0.0/16", availability_zones: 3}}
        - name: cluster
          type: kubernetes_cluster
          properties:
            version: "1.29"
            node_groups: [{name: general, instance_type: m5.xlarge, min_size: 3, max_size: 10, desired_size: 5}]
    shared_primitives:
      capabilities:
        - {name: space, type: namespace}
    application:
      applications:
"""
_APPLICATION = """        app-%02d:
          capabilities:
"""
_MORE = """                ports: [{container_port: 8080}]
                env: {LOG_LEVEL: "info"}
                health_check: {path: "/health", interval: "10s"}
"""


def write_platform(path: Path, applications: int, services: int) -> Path:
    """Write a platform of so many applications with so many services each, on one cluster."""
    text = HEAD + _ABOVE
    for number in range(applications):
        text += _APPLICATION % number + "".join(service(f"service-{each:03d}", _MORE) for each in range(services))
    path.write_text(text, encoding="utf-8")
    return path


def measure(folder: Path, rounds: int) -> list[Mapping[str, Any]]:
    """Measure for each size the medians of both, in seconds and MiB, and their ratio."""
    cases = [("applications", size, size, 1) for size in APPLICATIONS]
    cases += [("services", size, 1, size) for size in SERVICES]
    rows: list[Mapping[str, Any]] = []
    for kind, size, applications, services in cases:
        print(f"  {size} {kind} ...", flush=True)
        target = folder / f"{kind}-{size}"
        target.mkdir()
        declaration = write_platform(target / "platform.yaml", applications, services)
        # What a start costs more than the next one is nothing beside these.
        measured = beside_bare("up", declaration, target, rounds, warm=False)
        rows.append({"kind": kind, "size": size, **figures(measured)})
    return rows
