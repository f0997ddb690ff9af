"""Change of a tier's contract with the tiers below, against the one that its stack recorded."""

from __future__ import annotations

import json
from typing import Any

from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.tier import Tier


def differ(recorded: TierContract, contract: TierContract) -> bool:
    """Whether the tiers below would be told something else. Lines that only moved in the file do not count.

    What an earlier version did not record is recorded by the next apply that has something to do; nothing is applied
    for its sake.
    """
    return bool(_comparable(recorded, recorded.lacking) != _comparable(contract, recorded.lacking))


def _comparable(contract: TierContract, lacking: frozenset[str]) -> Any:
    """Reduce a contract to what matters below.

    That is neither where it was written, nor which of two equal plugins served, nor how capabilities are declared.
    """
    document = _without_places(json.loads(json.dumps(contract.to_json())))
    document["providers"] = [{**p, "plugin": p["plugin"] == "simulated"} for p in document["providers"]]
    document["declaredWith"] = _owners(contract)
    return {name: value for name, value in document.items() if name not in lacking and name != "declared"}


def _owners(contract: TierContract) -> Any:
    """Reduce what an application is declared with to whether that is upper tiers, other applications or nothing.

    One of them more or less changes nothing for an application; an upper tier is not applied for its applications.
    """
    if contract.tier is not Tier.APPLICATION:
        return None
    return {key.tier is Tier.APPLICATION for key in contract.declared_with}


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_places(item) for name, item in value.items() if name != "at"}
    if isinstance(value, list):
        return [_without_places(item) for item in value]
    return value
