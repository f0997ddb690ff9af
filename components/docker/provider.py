"""Explicit provider resource of a Docker stack, and the reader of its passwords."""

from __future__ import annotations

import pulumi
import pulumi_docker as docker

from components.docker.config import PROVIDER, settings
from platform_pulumi.sdk.scope import Scope


def providers(scope: Scope) -> dict[str, pulumi.ProviderResource]:
    """Create the one provider resource. The daemon's address is from the environment unless the file gives it."""
    return {PROVIDER: docker.Provider(PROVIDER, host=settings(scope.run).host)}


def reveal(_scope: Scope, ref: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return the password behind a `credential_ref`: nothing else stores it, so the reference is the secret itself."""
    return pulumi.Output.secret(ref)
