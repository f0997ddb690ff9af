"""Simulated package `kubernetes`: what replaces an object, its id, and what a controller fills in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from platform_pulumi.model.property_path import value_at
from platform_pulumi.plugins.relations import OnDelete, Relation
from platform_pulumi.plugins.table import Computed, Entry, FoundBy, Place, Resource, SimulatedPackage
from platform_pulumi.plugins.value_templates import digest, render
from platform_pulumi.plugins.values import Properties

#: What identifies a Kubernetes object (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
_OBJECT = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_NAMESPACED = "{metadata.namespace}/{metadata.name}"
#: Namespaces that every cluster has: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/.
_INITIAL = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})
#: The API server refuses objects in a namespace that is not there (404, NotFound); deleting it deletes what is in it.
_IN_NAMESPACE = Relation(
    "metadata.namespace",
    "kubernetes:core/v1:Namespace",
    "NotFound",
    on_delete=OnDelete.CASCADE,
    given=_INITIAL.__contains__,
)


def _named(resource: Resource, values: Properties) -> Properties:
    """The metadata as the API server completes it: a generated name, the default namespace."""
    given = values.get("metadata")
    name = f"{resource.urn.name}-{digest(resource.seed)[:8]}"
    return {"metadata": {"namespace": "default", "name": name, **(given if isinstance(given, dict) else {})}}


def _service(resource: Resource, values: Properties) -> Properties:
    return _status(resource, values, balanced=value_at(values, "spec.type") == "LoadBalancer")


def _ingress(resource: Resource, values: Properties) -> Properties:
    return _status(resource, values, balanced=True)


def _status(resource: Resource, values: Properties, *, balanced: bool) -> Properties:
    """`status` where a controller would fill it in, so that what depends on it waits for the apply."""
    host = render("{hex32}.elb.{region}.amazonaws.com", resource.seed, values)
    return {"status": {"loadBalancer": {"ingress": [{"hostname": host}]} if balanced else {}}}


def place(config: Mapping[str, Any]) -> Place:
    """Return the place of a cluster: the address of its API server, by the kubeconfig; else what identifies it."""
    return Place(local=_server(config.get("kubeconfig")) or str(config.get("clusterIdentifier") or ""))


def _server(kubeconfig: Any) -> str:
    """The address of the current context's API server; empty where the kubeconfig is none that can be read."""
    try:
        known = json.loads(kubeconfig) if isinstance(kubeconfig, str) else {}
        contexts = {one["name"]: one["context"]["cluster"] for one in known["contexts"]}
        servers = {one["name"]: one["cluster"]["server"] for one in known["clusters"]}
        return str(servers[contexts[known["current-context"]]])
    except (ValueError, KeyError, TypeError):
        return ""


def _object(*immutable: str, form: str = _NAMESPACED, computed: Computed | None = None) -> Entry:
    return Entry(
        id=form,
        found_by=FoundBy.NAME,
        replace=(*_OBJECT, *immutable),
        name="metadata.name",
        assigned=_named,
        computed=computed,
        present=("status",) if computed is not None else (),
        relations=(_IN_NAMESPACE,) if form == _NAMESPACED else (),
    )


TABLE: Mapping[str, Entry] = {
    "kubernetes:core/v1:Namespace": _object(form="{metadata.name}"),
    "kubernetes:core/v1:ResourceQuota": _object("spec.scopes"),
    "kubernetes:core/v1:LimitRange": _object(),
    "kubernetes:core/v1:ConfigMap": _object(),
    "kubernetes:core/v1:Secret": _object("type"),
    "kubernetes:core/v1:ServiceAccount": _object(),
    "kubernetes:core/v1:Service": _object("spec.clusterIP", computed=_service),
    "kubernetes:apps/v1:Deployment": _object("spec.selector"),
    "kubernetes:networking.k8s.io/v1:Ingress": _object(computed=_ingress),
}

#: A provider that turns to another cluster replaces what it holds.
PACKAGE: Final = SimulatedPackage("kubernetes", TABLE.get, replace=("clusterIdentifier",), place=place)
