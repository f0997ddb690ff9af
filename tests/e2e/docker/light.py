"""A platform that is up in seconds: a network, a cache, an application behind its gateway.

Each health check is a process that the daemon starts in a container: every second in each of twenty containers, they
took a tenth of all the time that tests take.
"""

from __future__ import annotations

import re
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
            health_check: {path: /health, interval: 3s, timeout: 1s, retries: 3}
            ingress: {host: api.localhost, port: PORT, tls: false}
          dependsOn: [store]
"""

#: The application alone: one stack, and a third of the engine's runs.
ALONE = re.sub(
    r"infrastructure:.*?application:",
    "infrastructure: {}\n    shared_primitives: {}\n    application:",
    re.sub(r" *(CACHE_URL|dependsOn).*\n", "", LIGHT),
    flags=re.DOTALL,
)


def parts(replicas: int = 1, *, alone: bool = False) -> Counter[str]:
    """The containers that are declared, each once."""
    return Counter(
        [*(() if alone else ("store",)), "api-gateway", *(f"api-{number}" for number in range(1, replicas + 1))]
    )
