"""The packages that our own plugins serve in earnest, without a simulation: a literal table, loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Every command reads this table, and few serve anything.
    from platform_pulumi.plugins.provider import Backend

_BACKENDS: Mapping[str, str] = {"docker": "components.docker.plugin.backend:DockerBackend"}

EMBEDDED = frozenset(_BACKENDS)
#: What a plugin that speaks to a daemon needs of the environment; a simulated run gets none of it.
ENVIRONMENT = (
    *("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONTEXT", "DOCKER_CONFIG", "SSH_AUTH_SOCK"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)


def load(package: str, environment: Mapping[str, str]) -> Backend:
    """The backend of an embedded package."""
    module, _, name = _BACKENDS[package].partition(":")
    backend: Backend = getattr(importlib.import_module(module), name)(environment)
    return backend
