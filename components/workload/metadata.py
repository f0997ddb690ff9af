"""Metadata of every object in a cluster: name, labels, annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from platform_pulumi.sdk.scope import CapabilityScope

#: The annotation by which an object is found again; a label's value could not hold it.
URN_ANNOTATION = "platform/urn"
SKIP_AWAIT: Mapping[str, str] = {"pulumi.com/skipAwait": "true"}
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")


def metadata(
    scope: CapabilityScope,
    name: str,
    logical: str,
    *,
    namespace: pulumi.Input[str] | None = None,
    annotations: Mapping[str, str] | None = None,
    declared: Mapping[str, str] | None = None,
) -> ObjectMetaArgs:
    """Build the metadata of an object: the user's labels and annotations before ours of the same key.

    Labels that Kubernetes refuses become annotations. What is `declared` in fields is said by no annotation: limits
    bind the fields.
    """
    capability = scope.capability
    labels = {key: value for key, value in capability.labels.items() if _LABEL.fullmatch(value)}
    others = {key: value for key, value in capability.labels.items() if key not in labels}
    return ObjectMetaArgs(
        name=name,
        namespace=namespace,
        labels={**recommended_labels(scope), **labels},
        annotations={
            **(annotations or {}),
            **others,
            **capability.annotations,
            **(declared or {}),
            URN_ANNOTATION: f"{scope.shared.run.stack}::{capability.name}::{logical}",
        },
    )


def selector(name: str) -> dict[str, str]:
    """Build the label by which the Deployment of that name selects its pods."""
    return {"app.kubernetes.io/instance": name}


def recommended_labels(scope: CapabilityScope) -> dict[str, str]:
    """Build the labels that Kubernetes recommends.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/.
    """
    run = scope.shared.run
    return {
        "app.kubernetes.io/name": scope.capability.name,
        "app.kubernetes.io/part-of": run.application or run.tier.label.replace("_", "-"),
    }
