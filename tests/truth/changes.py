"""Random changes of a platform: of properties, names, wiring, secrets, applications, settings."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from tests.truth import generator
from tests.truth.platforms import ALIASES, APPLICATION, INFRASTRUCTURE, SHARED, Entry, Spec, map_text, texts

#: How often a kind of change may find nothing to change.
_ATTEMPTS = 5


def change(rng: random.Random, spec: Spec, count: int) -> tuple[Spec, list[str]]:
    """Change a platform in so many ways; the new one, and what was done."""
    made, said = spec.copy(), []
    for _ in range(_ATTEMPTS * count):
        done = rng.choice(_WEIGHTED)(rng, made)
        if done:
            said.append(done)
        if len(said) == count:
            break
    return made, said


def vary_property(rng: random.Random, spec: Spec) -> str:
    """Another value for a property of a capability."""
    entries = spec.entries()
    if not entries:
        return ""
    _, _, entry = rng.choice(entries)
    kept = {need.property: entry.properties.get(need.property) for need in CAPABILITY_TYPES[entry.type].NEEDS}
    before = dict(entry.properties)
    entry.properties = generator.varied(rng, spec, entry.type, entry.properties)
    entry.properties.update({name: value for name, value in kept.items() if value is not None})
    return f"{entry.name}: {before} -> {entry.properties}" if entry.properties != before else ""


def move_network(rng: random.Random, spec: Spec) -> str:
    """Another address range for a network."""
    networks = [entry for entry in spec.tiers[INFRASTRUCTURE] if entry.type == "network"]
    if not networks:
        return ""
    entry = rng.choice(networks)
    entry.properties["cidr"] = f"10.{rng.randrange(1, 200)}.0.0/16"
    return f"{entry.name}: cidr {entry.properties['cidr']}"


def rename(rng: random.Random, spec: Spec) -> str:
    """Another name for a capability, and for it wherever it is named."""
    entries = spec.entries()
    if not entries:
        return ""
    tier, application, entry = rng.choice(entries)
    old, new = entry.name, f"{entry.name}-new"
    if len(new) > 30:
        return ""
    entry.name = new
    for other_tier, other_application, other in spec.entries():
        other.depends_on = [new if name == old else name for name in other.depends_on]
        for need in CAPABILITY_TYPES[other.type].NEEDS:
            if other.properties.get(need.property) == old:
                other.properties[need.property] = new
        if (other_tier, other_application) == (tier, application):
            other.properties = map_text(other.properties, lambda text: text.replace(f"${{{old}.", f"${{{new}."))
    for output in spec.outputs.get(tier, []):
        head, _, field = output["source"].partition(".")
        if head == old:
            output["source"] = f"{new}.{field}"
    return f"{tier}: {old} is {new}"


def rewire(rng: random.Random, spec: Spec) -> str:
    """Other networks and clusters to use, and other values in the environment."""
    for _, application, entry in rng.sample(spec.entries(), len(spec.entries())):
        before = dict(entry.properties)
        generator.wire(rng, spec, entry)
        if entry.type == "container_runtime":
            group = spec.applications[application]
            generator.refer(rng, spec, entry, group[: group.index(entry)])
        if entry.properties != before:
            return f"{entry.name} is wired anew"
    return ""


def remove(rng: random.Random, spec: Spec) -> str:
    """One capability less, and whatever refers to it."""
    groups = [(t, a, group, entry) for t, a, group in spec.groups() for entry in group]
    if len(groups) < 2:
        return ""
    tier, application, group, entry = rng.choice(groups)
    group.remove(entry)
    gone = {output["name"] for output in spec.outputs.get(tier, []) if output["source"].startswith(f"{entry.name}.")}
    if tier in spec.outputs:
        spec.outputs[tier] = [output for output in spec.outputs[tier] if output["name"] not in gone]
    dead = [re.escape(f"${{{ALIASES[tier]}.{name}}}") for name in gone if tier in ALIASES]
    for other_tier, other_application, other in spec.entries():
        own = (
            [re.escape(f"${{{entry.name}.") + r"\w+\}"]
            if (other_tier, other_application) == (tier, application)
            else []
        )
        _forget(other, entry.name, "|".join([*dead, *own]))
    return f"{tier}: without {entry.name}"


def add_one(rng: random.Random, spec: Spec) -> str:
    """One capability more."""
    types = generator.served(spec.provider)
    tier = rng.choice((INFRASTRUCTURE, SHARED, APPLICATION))
    if tier == APPLICATION and not spec.applications:
        return ""
    application = rng.choice(sorted(spec.applications)) if tier == APPLICATION else ""
    entry = generator.add(rng, spec, tier, rng.choice(types[tier]), application)
    for _, _, other in spec.entries():
        for need in CAPABILITY_TYPES[other.type].NEEDS:
            if need.type == entry.type and need.property not in other.properties and other is not entry:
                generator.wire(rng, spec, other)
    return f"{tier}: {entry.name} ({entry.type}) is new"


def change_secret(rng: random.Random, spec: Spec) -> str:
    """Another value for a secret."""
    if not spec.secrets:
        return ""
    name = rng.choice(sorted(spec.secrets))
    spec.secrets[name] = f"canary-{rng.randrange(10**9)}"
    return f"secret {name}"


def add_application(rng: random.Random, spec: Spec) -> str:
    """One application more."""
    name = f"app-{rng.randrange(100)}"
    if not spec.applications or name in spec.applications:
        return ""
    spec.applications[name] = []
    generator.add(rng, spec, APPLICATION, "container_runtime", name)
    return f"application {name} is new"


def change_config(rng: random.Random, spec: Spec) -> str:
    """Other settings of the provider."""
    before = dict(spec.config)
    spec.config = generator.config(rng, spec.provider)
    return f"config {before} -> {spec.config}" if spec.config != before else ""


def change_labels(rng: random.Random, spec: Spec) -> str:
    """Another label, and another order."""
    entries = spec.entries()
    if not entries:
        return ""
    _, _, entry = rng.choice(entries)
    entry.labels = {"team": f"team-{rng.randrange(10)}"}
    return f"{entry.name} has labels"


def change_contract(rng: random.Random, spec: Spec) -> str:
    """Other constraints and outputs of a tier."""
    tier = rng.choice(sorted(ALIASES))
    if rng.random() < 0.5 or not spec.tiers[tier]:
        spec.constraints[tier] = [{"field": "replicas", "operator": "<=", "value": rng.randrange(500, 1000)}]
        return f"{tier}: constraints"
    entry = rng.choice(spec.tiers[tier])
    known = {output["name"] for output in spec.outputs[tier]}
    added = spec.copy()
    generator.promise(rng, added, tier, entry)
    new = [output for output in added.outputs[tier] if output["name"] not in known]
    spec.outputs[tier] += new
    return f"{tier}: outputs {[output['name'] for output in new]}" if new else ""


def change_layout(rng: random.Random, spec: Spec) -> str:
    """The same platform in other files, the capabilities in another order: no change at all."""
    spec.layout = rng.choice(generator.LAYOUTS)
    return f"layout {spec.layout}"


def _forget(entry: Entry, name: str, dead: str) -> None:
    """Take away whatever refers to a capability that is gone."""
    entry.depends_on = [item for item in entry.depends_on if item != name]
    for need in CAPABILITY_TYPES[entry.type].NEEDS:
        if entry.properties.get(need.property) == name:
            del entry.properties[need.property]
    if not dead:
        return
    for part in ("env", "volumes"):
        held: Any = entry.properties.get(part)
        if isinstance(held, dict):
            entry.properties[part] = {k: v for k, v in held.items() if not _refers(v, dead)}
        elif isinstance(held, list):
            entry.properties[part] = [item for item in held if not _refers(item, dead)]


def _refers(value: Any, dead: str) -> bool:
    return any(re.search(dead, text) for text in texts(value))


_WEIGHTED: tuple[Callable[[random.Random, Spec], str], ...] = (
    *(vary_property,) * 6, *(move_network,) * 2, *(rename,) * 3, *(rewire,) * 3, *(remove,) * 3, *(add_one,) * 2,
    *(change_secret,) * 2, add_application, change_config, change_labels, change_contract, change_layout,
)  # fmt: skip
