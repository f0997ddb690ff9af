"""Small platforms as YAML text."""

from __future__ import annotations

HEAD = "platform:\n  org: acme\n  environment: prod\n  provider: {name: mock}\n"

INFRASTRUCTURE = """
    infrastructure:
      capabilities:
        - name: cluster
          type: kubernetes_cluster
          properties: {version: "1.29", node_groups: [{name: a, instance_type: m}]}
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
      outputs: [{name: vpc_id, source: vpc.id}]
"""
SHARED = """
    shared_primitives:
      capabilities:
        - {name: ns, type: namespace}
        - {name: db, type: database, properties: {engine: postgresql, version: "15"}}
      outputs:
        - {name: db_host, source: db.host, type: string}
        - {name: db_password, source: db.credentialRef}
"""


def platform(*tiers: str, head: str = HEAD) -> str:
    """A platform of these tiers."""
    return f"{head}  tiers:{''.join(tiers)}"


def container(properties: str = "image: a", *, name: str = "api", more: str = "") -> str:
    """An application tier with one container."""
    return (
        f"\n    application:\n      capabilities:\n        - name: {name}\n          type: container_runtime\n"
        f"          properties: {{{properties}}}\n{more}"
    )
