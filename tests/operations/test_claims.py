"""What there is once in an environment is not taken from an application of another file that has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platform_pulumi.errors import InputError
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, up
from platform_pulumi.operations.services import Services
from platform_pulumi.sdk.provider import host_claim
from tests.operations.fakes import DEFINITIONS, Answer, FakeEngine, Files, Watcher, services

HEAD = "platform:\n  org: acme\n  environment: {environment}\n  application: {name}\n  provider: {{name: acme}}\n"
TIERS = """\
  tiers:
    infrastructure: {}
    shared_primitives: {}
    application: {capabilities: [{name: api, type: container_runtime, properties: PROPERTIES}]}
"""


def team(name: str, host: str | None, environment: str = "prod") -> str:
    ingress = f", ingress: {{host: {host}}}, ports: [{{container_port: 80}}]" if host else ""
    properties = f"{{image: a, memory: 1Gi{ingress}}}"
    return HEAD.format(name=name, environment=environment) + TIERS.replace("PROPERTIES", properties)


def claiming(engine: FakeEngine) -> Services:
    """Services whose provider gives each host an address of its own."""
    acme = DEFINITIONS["acme"]
    binding = replace(acme.bindings["container_runtime"], claims=host_claim)
    definitions = {**DEFINITIONS, "acme": replace(acme, bindings={**acme.bindings, "container_runtime": binding})}
    return replace(services(engine), definitions=definitions)


def apply(engine: FakeEngine, files: Files, text: str) -> None:
    up.up(claiming(engine), files.write(text=text).task(), Watcher(), Answer())


@pytest.mark.parametrize("host", ["shop.acme.com", "SHOP.acme.com"])
def test_a_host_that_another_application_has_is_refused_at_its_line(
    host: str, files: Files, engine: FakeEngine
) -> None:
    apply(engine, files, team("shop", "shop.acme.com"))
    engine.done.clear()
    with pytest.raises(InputError) as refused:
        apply(engine, files, team("desk", host))
    (problem,) = refused.value.problems
    assert problem.detail == (
        "`api` needs host shop.acme.com, and `api` of application (shop) has it already, as it was applied. It leads to"
        " one: give one of them another."
    )
    assert problem.position is not None
    assert team("desk", host).splitlines()[problem.position.line - 1][problem.position.column - 1 :].startswith(host)
    assert engine.done == []


def test_its_own_host_another_one_and_that_of_another_environment_are_free(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, team("shop", "shop.acme.com"))
    apply(engine, files, team("shop", "shop.acme.com").replace("1Gi", "2Gi"))
    apply(engine, files, team("desk", "desk.acme.com"))
    apply(engine, files, team("desk", "shop.acme.com", environment="test"))


def test_a_host_is_free_once_it_was_given_up(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, team("shop", "shop.acme.com"))
    apply(engine, files, team("shop", None))
    apply(engine, files, team("desk", "shop.acme.com"))
    application = files.task(tier=Tier.APPLICATION)
    destroy.destroy(claiming(engine), application, Watcher(), Answer())
    apply(engine, files, team("shop", "shop.acme.com"))
