"""The explicit provider resource of a Docker stack, and how a password is read."""

from __future__ import annotations

import pulumi
import pulumi_docker as docker

from components.docker.config import PROVIDER, settings
from platform_pulumi.sdk.scope import Scope


def providers(scope: Scope) -> dict[str, pulumi.ProviderResource]:
    """The one provider resource. Where the daemon is comes by the environment unless the file says it."""
    return {PROVIDER: docker.Provider(PROVIDER, host=settings(scope.run).host)}


def reveal(_scope: Scope, ref: pulumi.Output[str]) -> pulumi.Output[str]:
    """The password behind a `credential_ref`: nothing else keeps it, so the reference is the secret itself."""
    return pulumi.Output.secret(ref)
