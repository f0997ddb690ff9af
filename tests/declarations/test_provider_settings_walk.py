"""No setting of a provider is dropped without a word: each of its `config_fields` is consumed, or unavailable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
import yaml

from platform_pulumi.catalog import provider_definitions
from tests.declarations.settings_consumers import PRODUCTS, loaded, planned

PLATFORM = """\
platform:
  org: acme
  environment: prod
  provider: {}
  tiers:
    infrastructure:
      capabilities:
        - {name: net, type: network, properties: {cidr: 10.0.0.0/16}}
    shared_primitives:
      capabilities:
        - {name: db, type: database, properties: {engine: postgresql, version: "15"}}
"""


class Setting(NamedTuple):
    """Two values of a setting, and the product in which the difference is seen; `beside` other settings."""

    one: Any
    other: Any
    product: str
    beside: Mapping[str, Any] = MappingProxyType({})


SETTINGS: dict[tuple[str, str], Setting] = {
    ("aws", "region"): Setting("eu-west-1", "eu-west-2", "provider resources"),
    ("aws", "account_id"): Setting("123456789012", "210987654321", "provider resources"),
    ("aws", "profile"): Setting("one", "other", "provider resources"),
    ("aws", "assume_role"): Setting(
        "arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b", "provider resources"
    ),
    ("aws", "availability_zones"): Setting(
        ["eu-west-1a", "eu-west-1c"], ["eu-west-1b", "eu-west-1c"], "resources", {"region": "eu-west-1"}
    ),
    ("docker", "host"): Setting("unix:///one.sock", "unix:///other.sock", "provider resources"),
    ("docker", "images"): Setting({"postgresql": "one:{version}"}, {"postgresql": "other:{version}"}, "resources"),
    ("docker", "publish"): Setting({"db": 5432}, {"db": 5433}, "resources"),
    ("docker", "bind_address"): Setting("127.0.0.1", "127.0.0.2", "resources", {"publish": {"db": 5432}}),
    ("docker", "plugin"): Setting("auto", "embedded", "plugins"),
    ("mock", "fail_on_create"): Setting(["net"], ["db"], "faults"),
    ("mock", "fail_on_update"): Setting(["net"], ["db"], "faults"),
    ("mock", "drift_after"): Setting("1m", "2m", "faults"),
    ("mock", "latency"): Setting("1ms", "2ms", "faults"),
}


def _product(file: Path, name: str, provider: str, config: dict[str, Any]) -> Any:
    document = yaml.safe_load(PLATFORM)
    document["platform"]["provider"] = {"name": provider, "config": config}
    if provider == "aws":  # whose database asks for the network's range, which a fake engine does not know
        del document["platform"]["tiers"]["shared_primitives"]
    return PRODUCTS[name](loaded(file, document), planned(file))


def test_every_setting_is_walked_and_nothing_else_is() -> None:
    fields = {(name, field) for name, d in provider_definitions().items() for field in d.config_fields}
    unavailable = {(name, field) for name, d in provider_definitions().items() for field in d.unavailable}
    assert set(SETTINGS) | unavailable == fields
    assert not set(SETTINGS) & unavailable


@pytest.mark.parametrize(("key", "setting"), SETTINGS.items(), ids=[".".join(key) for key in SETTINGS])
def test_another_value_is_seen_in_what_becomes_of_it(key: tuple[str, str], setting: Setting, tmp_path: Path) -> None:
    provider, field = key
    file = tmp_path / "platform.yaml"
    one, other = (
        _product(file, setting.product, provider, {**setting.beside, field: value})
        for value in (setting.one, setting.other)
    )
    assert one != other, "dropped without a word"
