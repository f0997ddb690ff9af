"""Deployment: replicas of one pod, restarted when a secret of theirs changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import PodSpecArgs, PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.workload.container import container
from components.workload.metadata import recommended_labels, selector
from platform_pulumi.model.capabilities.application.container_runtime import ContainerRuntime as Properties
from platform_pulumi.sdk.scope import CapabilityScope

SECRETS_ANNOTATION = "platform/secrets"


def deployment_spec(
    scope: CapabilityScope, properties: Properties, name: str, secrets: Mapping[str, pulumi.Input[str]]
) -> DeploymentSpecArgs:
    """Build the spec of the Deployment of that name.

    Args:
        scope: resolves references.
        properties: the declaration.
        name: the Deployment's name, which its pods are selected by.
        secrets: the values of the Secret that its environment refers to.
    """
    pod = ObjectMetaArgs(
        labels={**recommended_labels(scope), **selector(name)},
        annotations={SECRETS_ANNOTATION: checksum(secrets)} if secrets else None,
    )
    return DeploymentSpecArgs(
        replicas=properties.replicas,
        selector=LabelSelectorArgs(match_labels=selector(name)),
        template=PodTemplateSpecArgs(
            metadata=pod,
            spec=PodSpecArgs(
                containers=[container(scope, properties, scope.name("env"))],
                automount_service_account_token=False,
            ),
        ),
    )


def checksum(secrets: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Hash all secret values, itself a secret: it changes the Deployment, so pods start with the new values."""

    def digest(values: Mapping[str, str]) -> str:
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    secret: pulumi.Output[str] = pulumi.Output.secret(pulumi.Output.all(**secrets).apply(digest))
    return secret
