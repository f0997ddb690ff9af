"""Random platforms: capabilities of all types of a provider, wired and referring to each other, valid in most cases."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from platform_pulumi.catalog import provider_definitions
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.value import Secret
from tests.components.variants import BASES, VARIANTS
from tests.truth.platforms import ALIASES, APPLICATION, INFRASTRUCTURE, LAYOUTS, SHARED, Entry, Spec

PROVIDERS = ("mock", "aws", "docker")
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jade", "karst", "lotus")
_REGIONS = ("us-east-1", "eu-west-1", "ap-northeast-1")
#: Optional properties that a random platform leaves out more often than not: they bind much (quotas), or need a folder.
_RARE = {"resource_quotas", "build", "networking"}
#: What a container of these refers to.
_APPLICATIONS = ("default", "shop", "back-office")


def generate(rng: random.Random, provider: str) -> Spec:
    """Build a random platform for a provider."""
    spec = Spec(provider, layout=rng.choice(LAYOUTS))
    spec.config = config(rng, provider)
    types = served(provider)
    networks = 1 if rng.random() < 0.7 else 2
    for _ in range(networks):
        add(rng, spec, INFRASTRUCTURE, "network")
    with_cluster = provider != "aws" or rng.random() < 0.5
    if with_cluster:
        add(rng, spec, INFRASTRUCTURE, "kubernetes_cluster")
    for kind in _some(rng, types[INFRASTRUCTURE], 2, {"network", "kubernetes_cluster"}):
        add(rng, spec, INFRASTRUCTURE, kind)
    if with_cluster:
        add(rng, spec, SHARED, "namespace")
    for kind in _some(rng, types[SHARED], 3, {"namespace"}):
        add(rng, spec, SHARED, kind)
    if with_cluster:
        for application in rng.sample(_APPLICATIONS, rng.choice((1, 1, 2))):
            spec.applications[application] = []
            for kind in _several(rng, types[APPLICATION], 2):
                add(rng, spec, APPLICATION, kind, application)
    for tier in ALIASES:
        if rng.random() < 0.3:
            spec.constraints[tier] = [{"field": "replicas", "operator": "<=", "value": 900}]
    return spec


def served(provider: str) -> dict[str, list[str]]:
    """The capability types of a provider, by tier."""
    found: dict[str, list[str]] = {INFRASTRUCTURE: [], SHARED: [], APPLICATION: []}
    for kind in sorted(provider_definitions()[provider].bindings):
        found[CAPABILITY_TYPES[kind].TIER.label].append(kind)
    return found


def config(rng: random.Random, provider: str) -> dict[str, Any]:
    """Random settings of a provider."""
    if provider == "aws":
        region = rng.choice(_REGIONS)
        zones = {"availability_zones": [f"{region}{letter}" for letter in "dca"]} if rng.random() < 0.3 else {}
        return {"region": region, **zones}
    if provider == "docker" and rng.random() < 0.5:
        return {"bind_address": rng.choice(("127.0.0.1", "0.0.0.0"))}
    return {}


def add(rng: random.Random, spec: Spec, tier: str, kind: str, application: str = "") -> Entry:
    """Add a capability of a type, with random properties, wiring, references and outputs."""
    taken = {entry.name for _, _, entry in spec.entries()}
    name = rng.choice([w for w in (*_WORDS, *(f"{a}-{b}" for a in _WORDS for b in "xyz")) if w not in taken])
    entry = Entry(name, kind, properties(rng, spec, kind))
    group = spec.applications[application] if application else spec.tiers[tier]
    wire(rng, spec, entry)
    if kind == "container_runtime":
        refer(rng, spec, entry, group)
    others = [other.name for other in group]
    if others and rng.random() < 0.25:
        entry.depends_on = [rng.choice(others)]
    if rng.random() < 0.2:
        entry.labels = {"team": rng.choice(_WORDS)}
    group.append(entry)
    if tier in ALIASES:
        promise(rng, spec, tier, entry)
    return entry


def properties(rng: random.Random, spec: Spec, kind: str) -> dict[str, Any]:
    """Random valid properties of a type: some left out, some changed."""
    made: dict[str, Any] = copy.deepcopy(dict(BASES[kind]))
    for name in [name for name in made if name in _RARE or rng.random() < 0.4]:
        made = _kept(kind, made, {key: value for key, value in made.items() if key != name})
    for _ in range(rng.randrange(4)):
        made = varied(rng, spec, kind, made)
    if kind == "network":
        made["cidr"] = f"10.{rng.randrange(1, 200)}.0.0/16"
    if "ingress" in made and isinstance(made["ingress"], dict):
        made["ingress"]["host"] = f"{rng.choice(_WORDS)}{rng.randrange(1000)}.acme.com"
    return made


def varied(rng: random.Random, spec: Spec, kind: str, made: dict[str, Any]) -> dict[str, Any]:
    """Properties with one leaf changed; as they are where that would be wrong."""
    leaf = rng.choice(sorted(VARIANTS[kind]))
    if leaf.partition(".")[0] in _RARE:
        return made
    variant = rng.choice(VARIANTS[kind][leaf])
    try:
        _, after = variant.declarations(made, leaf)
    except (KeyError, IndexError, TypeError):  # it stands in a part that was left out
        return made
    after = plain(rng, spec, after)
    return _kept(kind, made, after) if spec.provider != "aws" or _has_zones(after) else made


def _has_zones(network: Mapping[str, Any]) -> bool:
    """Whether private subnets lie in two zones, of the three that each region has here.

    RDS and EKS refuse fewer, and nothing says so before an apply; too many are refused by the tier's program.
    """
    zones = network.get("availability_zones", 3)
    return zones <= 3 and min(zones, network.get("private_subnets", zones)) >= 2


def plain(rng: random.Random, spec: Spec, value: Any) -> Any:
    """Properties as YAML can have them: secrets by reference, references of the variants' own world left out."""
    if isinstance(value, dict):
        return {name: plain(rng, spec, item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [plain(rng, spec, item) for item in value]
    if isinstance(value, Secret) or (isinstance(value, str) and value.startswith("canary")):
        return secret(rng, spec)
    return value if isinstance(value, (str, int, float, bool)) else "plain"


def secret(rng: random.Random, spec: Spec) -> str:
    """A reference to a new secret of the environment."""
    name = f"SECRET_{len(spec.secrets)}"
    spec.secrets[name] = f"canary-{rng.randrange(10**9)}"
    return f"${{env:{name}}}"


def wire(rng: random.Random, spec: Spec, entry: Entry) -> None:
    """Name the capabilities it needs, where there are several; agree with them."""
    for need in CAPABILITY_TYPES[entry.type].NEEDS:
        found = [other for _, _, other in spec.entries() if other.type == need.type]
        entry.properties.pop(need.property, None)
        if len(found) > 1:
            entry.properties[need.property] = rng.choice(found).name


def refer(rng: random.Random, spec: Spec, entry: Entry, group: Sequence[Entry]) -> None:
    """Add environment variables that refer to other capabilities' outputs, and secrets."""
    env: dict[str, Any] = {"MODE": rng.choice(("fast", "slow"))}
    for number, reference in enumerate(_some(rng, references(spec, group), 3)):
        env[f"REF_{number}"] = reference if rng.random() < 0.7 else f"<{reference}>"
    if rng.random() < 0.4:
        env["TOKEN"] = secret(rng, spec)
    entry.properties["env"] = env
    volumes = [o["name"] for o in spec.outputs[SHARED] if o["source"].endswith(".name") and "persistent" in o["name"]]
    if volumes and rng.random() < 0.6:
        entry.properties["volumes"] = [{"source": f"${{tier2.{rng.choice(volumes)}}}", "path": "/data"}]


def references(spec: Spec, group: Iterable[Entry]) -> list[str]:
    """Everything that a container of this application can refer to."""
    found = [f"${{{ALIASES[tier]}.{output['name']}}}" for tier in ALIASES for output in spec.outputs[tier]]
    for other in group:
        found += [f"${{{other.name}.{field}}}" for field in CAPABILITY_TYPES[other.type].OUTPUTS]
    return found


def promise(rng: random.Random, spec: Spec, tier: str, entry: Entry) -> None:
    """Add some of a capability's outputs to the contract of its tier."""
    specs = CAPABILITY_TYPES[entry.type].OUTPUTS
    wanted = set(_some(rng, sorted(specs), 2)) | ({"name"} if entry.type == "persistent_volume" else set())
    for field in sorted(wanted):
        name = f"{entry.name}_{entry.type}_{field}".replace("-", "_")
        spec.outputs[tier].append({"name": name, "source": f"{entry.name}.{field}", "type": specs[field].type})


def _kept(kind: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The changed properties where the type takes them."""
    from pydantic import ValidationError

    try:
        CAPABILITY_TYPES[kind].model_validate(after)
    except ValidationError:
        return before
    return after


def _some(rng: random.Random, items: Iterable[str], most: int, without: Iterable[str] = ()) -> list[str]:
    left = [item for item in items if item not in without]
    return rng.sample(left, min(len(left), rng.randrange(most + 1)))


def _several(rng: random.Random, items: Sequence[str], most: int) -> list[str]:
    return [rng.choice(items) for _ in range(rng.randrange(1, most + 1))]
