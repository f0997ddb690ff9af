"""Reader of a contract that a stack recorded: all of it, or nothing.

A limit that is not understood is none, so what is read has to write the very document again: a member that this version
does not know, a value of another form and one that is left out are refused alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from platform_pulumi.errors import Position
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.constraint import OPERATORS, Constraint
from platform_pulumi.model.contract import LATER_MEMBERS, VERSION, ClaimRecord, ProviderRecord, TierContract, Use
from platform_pulumi.model.json_form import Node
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.rules import why_malformed
from platform_pulumi.model.tier import Tier, TierKey

_PLUGINS = ("official", "embedded", "simulated")
#: Sums of quantities: they may have more digits than one that somebody writes.
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")


def read(text: Any) -> TierContract:
    """Read a contract from its JSON.

    Raises:
        ValueError: it is not a whole contract of a version that this program knows.
    """
    try:
        document = json.loads(text)
    except (TypeError, RecursionError) as error:
        message = f"it is no JSON ({error})"
        raise ValueError(message) from error
    node = Node(document)
    if node.mapping().get("version") != VERSION:
        message = f"the contract's version is {document.get('version')!r}, not {VERSION!r}"
        raise ValueError(message)
    contract = replace(_read(node), lacking=LATER_MEMBERS - set(document))
    written = {name: value for name, value in contract.to_json().items() if name not in contract.lacking}
    found, known = dict(_leaves(document)), dict(_leaves(json.loads(json.dumps(written))))
    unlike = next((place for place in {**known, **found} if found.get(place) != known.get(place)), None)
    if unlike is not None:
        message = f"{unlike} is not what this version would write there"
        raise ValueError(message)
    return contract


def _read(node: Node) -> TierContract:
    tier = node["tier"].choice(Tier.from_label)
    return TierContract(
        tier=tier,
        application=node.optional_text("application") or None,
        context=node["context"].text(),
        providers=tuple(
            ProviderRecord(one["name"].text(), one["version"].text(), _one_of(one["plugin"], _PLUGINS))
            for one in node.list("providers")
        ),
        capabilities=tuple(
            CapabilityRef(tier, one["name"].text(), one["type"].text()) for one in node.list("capabilities")
        ),
        constraints=tuple(map(_constraint, node.list("constraints"))),
        outputs=tuple(map(_output, node.list("outputs"))),
        mode=node["mode"].choice(Mode),
        quotas={
            name: {**_amounts(quota), **({"at": str(_place(quota))} if quota.get("at") is not None else {})}
            for name, quota in node.members("quotas").items()
        },
        usage={name: _amounts(used) for name, used in node.members("usage").items()},
        uses=tuple(map(_use, node.list("uses"))),
        declared_with=tuple(
            TierKey(one["tier"].choice(Tier.from_label), one.optional_text("application") or None)
            for one in node.list("declaredWith")
        ),
        declared=tuple(map(_declared, node.list("declared"))),
        locations={
            name: {setting: value.text() for setting, value in Node({"of": one.value}).members("of").items()}
            for name, one in node.members("locations").items()
        },
        routing={name: tuple(kind.text() for kind in types.items()) for name, types in node.members("routing").items()},
        settings={name: one.mapping() for name, one in node.members("settings").items()},
        floors={
            Node(name, "floors").choice(Tier.from_label): mode.choice(Mode)
            for name, mode in node.members("floors").items()
        },
        claims=tuple(
            ClaimRecord(one["capability"].text(), one["provider"].text(), one["what"].text())
            for one in node.list("claims")
        ),
    )


def _constraint(node: Node) -> Constraint:
    operator, value = _one_of(node["operator"], OPERATORS), node["value"]
    if reason := why_malformed(operator, value.value):
        raise value.fail(reason)
    plain = tuple(value.value) if isinstance(value.value, list) else value.value
    return Constraint(node["field"].text(), operator, plain, node["source"].text(), _place(node))


def _output(node: Node) -> OutputDeclaration:
    name, capability, field, kind = (node[member].text() for member in ("name", "capability", "field", "type"))
    return OutputDeclaration(name, capability, field, kind, _place(node))


def _amounts(node: Node) -> dict[str, Any]:
    """Amounts of resources: quantities, and a number of pods."""
    found: dict[str, Any] = {}
    for name in ("cpu", "memory", "pods"):
        amount = node.get(name)
        if amount is None:
            continue
        value: Any = amount.integer() if name == "pods" else amount.text()
        if not _AMOUNT.fullmatch(str(value)):
            what = f"{value!r} is no amount"
            raise amount.fail(what)
        found[name] = value
    return found


def _use(node: Node) -> Use:
    return Use(
        consumer=node["consumer"].text(),
        tier=node["tier"].choice(Tier.from_label),
        capability=node["capability"].text(),
        output=node.optional_text("output"),
        name=node.optional_text("name"),
        need=node.optional_text("need"),
        hard=node.flag("hard"),
    )


def _declared(node: Node) -> Mapping[str, Any]:
    """The record of a declaration: whoever reads it counts on these members."""
    for name in ("name", "type", "provider"):
        node[name].text()
    for bound in node.members("bindings").values():
        bound.text()
    node["properties"].mapping()
    return node.mapping()


def _place(node: Node) -> Position:
    return node["at"].choice(lambda text: Position.parse(text, recorded=True))


def _one_of(node: Node, known: Collection[str]) -> str:
    text = node.text()
    if text not in known:
        what = f"{text!r} is none of {', '.join(known)}"
        raise node.fail(what)
    return text


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a JSON value, written out, by its path: `1`, `1.0` and `true` are three."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, json.dumps(value)
