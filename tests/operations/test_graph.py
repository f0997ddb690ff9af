"""What capabilities use: as declared, as their stacks' contracts carry it, and as it is asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model import contract_reader
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef, Dependency
from platform_pulumi.model.contract import TierContract, Use
from platform_pulumi.model.platform import Mode, OutputDeclaration, TierDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import CapabilityOutput, Template, TierOutput
from platform_pulumi.operations import graph

HERE = Position("platform.yaml", 1, 1)
ONE, TWO, THREE = Tier.INFRASTRUCTURE, Tier.SHARED_PRIMITIVES, Tier.APPLICATION
DB = CapabilityRef(TWO, "db", "database")
DB_HOST = OutputDeclaration("db_host", "db", "host", "string", HERE)


def service(name: str, *depends_on: Dependency, **fields: Any) -> Capability:
    env = CAPABILITY_TYPES["container_runtime"].model_validate({"image": "api:1", "env": fields.pop("env", {})})
    return Capability(name, "container_runtime", THREE, env, "acme", HERE, depends_on=depends_on, **fields)


def shop(*services: Capability) -> TierDeclaration:
    return TierDeclaration(THREE, "shop", services)


def contract(tier: Tier, application: str | None = None, **fields: Any) -> TierContract:
    known = {"providers": (), "capabilities": (), "constraints": (), "outputs": (), "mode": Mode.AUTO_APPLY, **fields}
    return TierContract(tier, application, "acme/prod", **known)


SHARED = contract(TWO, capabilities=(DB,), outputs=(DB_HOST,))


def test_each_way_to_use_a_capability_is_a_use_of_its_own() -> None:
    host = TierOutput(TWO, "db_host")
    wiring = {"database": DB}
    env = {"HOST": host, "URL": Template(("mysql://", host)), "PEER": CapabilityOutput("web", "endpoint")}
    api = service("api", Dependency("db"), Dependency("web", optional=True), env=env, bindings=wiring)
    assert graph.uses(shop(api, service("web")), {TWO: SHARED}) == (
        Use("api", TWO, "db", need="database"),
        Use("api", TWO, "db", "host", "db_host"),
        Use("api", THREE, "web", "endpoint"),
        Use("api", TWO, "db"),
        Use("api", THREE, "web", hard=False),
    )


def test_a_dependency_means_the_nearest_of_that_name_and_a_missing_one_is_none() -> None:
    above = {ONE: contract(ONE, capabilities=(CapabilityRef(ONE, "db", "network"),)), TWO: SHARED}
    api = service("api", Dependency("db"), Dependency("gone", optional=True))
    assert graph.uses(shop(api), above) == (Use("api", TWO, "db"),)
    assert graph.uses(shop(api, service("db")), above) == (Use("api", THREE, "db"),)


def test_a_tier_uses_nothing_below_it() -> None:
    vpc = CAPABILITY_TYPES["network"].model_validate({"cidr": "10.0.0.0/16"})
    network = Capability("vpc", "network", ONE, vpc, "acme", HERE, depends_on=(Dependency("db", optional=True),))
    assert graph.uses(TierDeclaration(ONE, None, (network,)), {TWO: SHARED}) == ()


def test_a_contract_that_was_read_stands_for_its_tier_whatever_the_files_say() -> None:
    declared = TierDeclaration(TWO, None, (), outputs=(OutputDeclaration("db_host", "other", "host", "string", HERE),))
    assert graph.upper_tiers([declared, shop()], {}) == {TWO: declared}
    assert graph.upper_tiers([declared, shop()], {TWO: SHARED}) == {TWO: SHARED}


def test_consumers_are_those_that_contracts_recorded_of_each_application_its_own() -> None:
    uses = (Use("api", TWO, "db", "host", "db_host"), Use("web", THREE, "api"))
    contracts = [SHARED, contract(THREE, "shop", uses=uses), contract(THREE, "blog", uses=uses)]
    assert graph.recorded_consumers(contracts, TierKey(TWO), "db") == (
        graph.Edge((THREE, "api", "shop"), uses[0]),
        graph.Edge((THREE, "api", "blog"), uses[0]),
    )
    blog = TierKey(THREE, "blog")
    assert graph.recorded_consumers(contracts, blog, "api") == (graph.Edge((THREE, "web", "blog"), uses[1]),)
    assert graph.recorded_consumers(contracts, TierKey(ONE), "vpc") == ()


@pytest.mark.parametrize(
    "use",
    [
        Use("api", TWO, "db", need="database"),
        Use("api", TWO, "db", "host", "db_host"),
        Use("api", THREE, "web", hard=False),
    ],
)
def test_a_contract_carries_uses_both_ways(use: Use) -> None:
    written = contract(THREE, "shop", uses=(use,))
    assert contract_reader.read(json.dumps(written.to_json())) == written


def test_a_contract_of_an_earlier_version_says_nothing_of_uses() -> None:
    document = SHARED.to_json()
    del document["uses"]
    assert contract_reader.read(json.dumps(document)) == SHARED


@pytest.mark.parametrize("broken", [[{}], [5], [{"consumer": "a", "tier": "no", "capability": "b", "hard": True}], 5])
def test_uses_that_are_none_are_no_contract(broken: object) -> None:
    with pytest.raises(ValueError, match="uses"):
        contract_reader.read(json.dumps({**SHARED.to_json(), "uses": broken}))
