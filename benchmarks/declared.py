"""Declarations that the benchmarks share."""

from __future__ import annotations

#: Up to the tiers.
HEAD = """platform:
  org: acme-corp
  environment: production
  provider: {name: aws, config: {region: us-east-1}}
  tiers:
"""
_SERVICE = """            - name: "%s"
              type: "container_runtime"
              properties:
                image: "registry.acme.com/api:1.4.2"
                replicas: 3
                memory: "512Mi"
                cpu: "500m"
"""


def service(name: str, more: str) -> str:
    """Build the YAML of a service of an application, with more properties."""
    return _SERVICE % name + more
