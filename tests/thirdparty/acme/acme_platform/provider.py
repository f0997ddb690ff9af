"""The explicit provider resource of an Acme stack, and how a password is read."""

from __future__ import annotations

import pulumi

from platform_pulumi.sdk.scope import Scope


def providers(scope: Scope) -> dict[str, pulumi.ProviderResource]:
    """One provider resource, with the settings that the plugin takes (`AcmeBackend.configure`)."""
    config = scope.run.providers["acme"].config
    return {"acme": pulumi.ProviderResource("acme", "acme", {"home": config["home"]} if "home" in config else {})}


def reveal(_scope: Scope, ref: pulumi.Output[str]) -> pulumi.Output[str]:
    """The password behind a `credential_ref`: Acme keeps none, so the reference is the secret itself."""
    return pulumi.Output.secret(ref)
