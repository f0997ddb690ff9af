"""Credentials in Secrets Manager, where consumers read them."""

from __future__ import annotations

import json

import pulumi
from pulumi_aws import secretsmanager

from components.aws.tags import named_tags
from platform_pulumi.sdk.component import CapabilityComponent


def store_credentials(
    component: CapabilityComponent, username: str, password: pulumi.Input[str]
) -> secretsmanager.SecretVersion:
    """Store a user and password in Secrets Manager, in the form RDS uses for its own.

    The version's `secret_arn` is the secret's. Consumers take it from there: while a new password is only planned, it
    is unknown, and so is what they would read.
    """
    scope, logical = component.scope, component.logical("credentials")
    secret = secretsmanager.Secret(
        logical,
        name=scope.name("credentials"),
        description=f"Credentials of {scope.capability.name}",
        # Deleted with what it opens; a waiting time would keep its name from the next one.
        recovery_window_in_days=0,
        tags=named_tags(scope, logical),
        opts=component.child("aws"),
    )
    return secretsmanager.SecretVersion(
        logical,
        secret_id=secret.arn,
        secret_string=as_secret(
            pulumi.Output.from_input(password).apply(lambda text: json.dumps({"username": username, "password": text}))
        ),
        opts=component.child("aws"),
    )


def as_secret(value: pulumi.Input[str]) -> pulumi.Output[str]:
    """Mark a value as secret."""
    secret: pulumi.Output[str] = pulumi.Output.secret(value)
    return secret
