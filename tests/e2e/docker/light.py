"""A platform that is up in seconds: a network, a cache, an application behind its gateway."""

from __future__ import annotations

from collections import Counter

LIGHT = """\
apiVersion: platform/v1
platform:
  org: "ORG"
  environment: "test"
  app: {image: "api:dev"}
  provider: {name: docker}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: "10.0.0.0/16"}}
    shared_primitives:
      capabilities:
        - name: store
          type: cache
          properties: {engine: redis, version: "7"}
      outputs:
        - {name: cache_url, source: store.connection_string, type: string}
    application:
      capabilities:
        - name: api
          type: container_runtime
          properties:
            image: "${app.image}"
            replicas: 1
            memory: "64Mi"
            cpu: "250m"
            ports: [{container_port: 8080}]
            env:
              CACHE_URL: "${tier2.cache_url}"
              MARK: "first"
            health_check: {path: /health, interval: 1s, timeout: 1s, retries: 3}
            ingress: {host: api.localhost, port: PORT, tls: false}
          dependsOn: [store]
"""


def parts(replicas: int = 1) -> Counter[str]:
    """The containers that are declared, each once."""
    return Counter(["store", "api-gateway", *(f"api-{number}" for number in range(1, replicas + 1))])
