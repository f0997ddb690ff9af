"""Docker provider: containers on this machine.

No pulumi here: components load when a program runs.
"""

from __future__ import annotations

from components.docker.config import FIELDS, refusals
from platform_pulumi.model.own_package import PASSWORD
from platform_pulumi.sdk.bindings import bindings_of
from platform_pulumi.sdk.provider import ProviderDefinition

DEFINITION = ProviderDefinition(
    name="docker",
    aliases=("docker-compose",),
    packages={"docker": "pulumi_docker"},
    bindings=bindings_of(__name__),
    providers="components.docker.provider:providers",
    reveal="components.docker.provider:reveal",
    config_fields=FIELDS,
    inherited=("images",),
    refuses=refusals,
    environment=(
        *("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONTEXT", "DOCKER_CONFIG", "SSH_AUTH_SOCK"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    ),
    runtime="components.docker.plugin.runtime:DockerRuntime",
    simulated={"docker": "components.docker.simulated:PACKAGE"},
    embedded={"docker": "components.docker.plugin.backend:DockerBackend"},
    standalone="components.docker.plugin.standalone:install",
    # Another daemon has none of it. Two addresses of one: leave `host` out, and set DOCKER_HOST.
    location=("host",),
    realm=("host",),
    # A database that comes back finds its data, and the password that opens it.
    retained_types=frozenset({"docker:index/volume:Volume", PASSWORD}),
    exports={"compose": "components.docker.compose.document:export"},
)
