"""The same objects for every provider that has a cluster, but for what its ingress controller is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.aws import DEFINITION as AWS

from ..harness import Registered, build, declare, run_of
from ..variants import BASES
from .acme import DEFINITION as ACME

INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"


def _objects(definition: Any, kind: str) -> dict[str, Registered]:
    built = build(definition, run_of(declare(kind, BASES[kind], provider=definition.name)))
    return {r.type: r for r in built.resources if r.type.startswith("kubernetes:")}


@pytest.mark.parametrize("kind", ["namespace", "container_runtime"])
def test_another_provider_makes_the_same_objects(kind: str) -> None:
    ours, theirs = _objects(AWS, kind), _objects(ACME, kind)
    assert set(ours) == set(theirs)
    assert {token: made for token, made in ours.items() if token != INGRESS} == {
        token: made for token, made in theirs.items() if token != INGRESS
    }


def test_an_ingress_is_the_controllers_of_the_provider() -> None:
    ours, theirs = (
        _objects(AWS, "container_runtime")[INGRESS].inputs,
        _objects(ACME, "container_runtime")[INGRESS].inputs,
    )
    assert (ours["spec"]["ingressClassName"], theirs["spec"]["ingressClassName"]) == ("alb", "nginx")
    assert theirs["spec"]["rules"] == ours["spec"]["rules"]
    assert theirs["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"] == "8m"
    assert "alb" not in json.dumps(theirs)


def test_the_components_token_is_the_providers() -> None:
    built = build(ACME, run_of(declare("namespace", {}, provider="acme")))
    assert built.one("platform:acme:Namespace").name == "thing"
