"""Obstacles between locations: a stack that would leave what it has made behind, in another account, and what is wired
to something in another region or account, or to two clusters at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Obstacle, PlanAction, TierPlan
from platform_pulumi.operations.session import Session

_CLUSTER, _NAMESPACE = "kubernetes_cluster", "namespace"


def left_behind(session: Session, section: TierPlan, recorded: TierContract | None) -> Iterator[Obstacle]:
    """Find the providers that would make a stack in another realm (account) than the one where it was applied.

    Args:
        recorded: the stack's contract as it was applied.
    """
    applied = recorded.locations if recorded is not None else {}
    for provider, here in session.contracts[section.key].locations.items():
        definition = session.services.definitions[provider]
        differing = _differing(here, applied.get(provider, {}), definition.realm)
        held = (one for one in section.actions if one.resource_type.partition(":")[0] in definition.packages)
        if differing and (action := next(held, None)) is not None:
            yield _unreachable(session, section, action, differing)


def apart(session: Session, section: TierPlan) -> Iterator[Obstacle]:
    """Find the capabilities of a section that could not be where all is that they are wired to."""
    tier = session.platform.tier(*section.key)
    for capability in tier.capabilities if tier is not None else ():
        action = next((one for one in section.actions if one.capability == capability.name), None)
        if action is not None:
            yield from _elsewhere(session, section, capability, action)
            yield from _between_clusters(session, section, capability, action)


def _elsewhere(session: Session, section: TierPlan, capability: Capability, action: PlanAction) -> Iterator[Obstacle]:
    """What an upper tier, not part of this run, has made somewhere else."""
    here = session.contracts[section.key].locations.get(capability.provider, {})
    for ref in capability.bindings.values():
        there = _location_of(session.upstream.contracts.get(ref.tier), ref, capability.provider)
        differing = _differing(here, there, here)
        if differing:
            yield _separated(section, action, ref, differing)
            return


def _differing(
    here: Mapping[str, str], there: Mapping[str, str], names: Iterable[str]
) -> Mapping[str, tuple[str, str]]:
    """The settings of these names that both places have, each with a value of its own."""
    both = ((name, (here[name], there[name])) for name in names if name in here and name in there)
    return {name: (own, its) for name, (own, its) in both if own != its}


def _between_clusters(
    session: Session, section: TierPlan, capability: Capability, action: PlanAction
) -> Iterator[Obstacle]:
    """A cluster, and a namespace of another one."""
    cluster, namespace = capability.bindings.get(_CLUSTER), capability.bindings.get(_NAMESPACE)
    other = _cluster_of(session, namespace) if namespace is not None else None
    if cluster is None or namespace is None or other in {None, str(cluster)}:
        return
    detail = f"{capability.name} is to run in {cluster}, and its namespace {namespace} is in {other}."
    name = str(other).partition(".")[2]
    steps = (
        f"Set `cluster: {name}` on {capability.name}, or `cluster: {cluster.name}` on {namespace.name}, or name a "
        f"namespace of {cluster.name}.",
        "Run `platform up`.",
    )
    yield Obstacle.at(section, action, "Its namespace is in another cluster", detail, steps)


def _cluster_of(session: Session, namespace: CapabilityRef) -> str | None:
    """The cluster of a namespace: of this run, or as it was applied; None where that is not known."""
    above = {key.tier: contract for key, contract in session.contracts.items()} | dict(session.upstream.contracts)
    cluster: str | None = _declared(above.get(namespace.tier), namespace).get("bindings", {}).get(_CLUSTER)
    return cluster


def _location_of(contract: TierContract | None, ref: CapabilityRef, provider: str) -> Mapping[str, str]:
    """Where a tier was applied, if that provider serves the capability there."""
    if contract is None or _declared(contract, ref).get("provider") != provider:
        return {}
    return contract.locations.get(provider, {})


def _declared(contract: TierContract | None, ref: CapabilityRef) -> Mapping[str, Any]:
    """The record of a capability's declaration; empty where there is none."""
    declared = contract.declared if contract is not None else ()
    return next((one for one in declared if one["name"] == ref.name), {})


def _separated(
    section: TierPlan, action: PlanAction, ref: CapabilityRef, settings: Mapping[str, tuple[str, str]]
) -> Obstacle:
    here, there = _written(settings)
    detail = f"{action.owner} is declared with {here}; {ref}, which it is wired to, was applied with {there}."
    steps = (
        f"Set {there} in `provider.config`, or apply {ref.tier.label} in the same run: without `--tier`, with `-f` for "
        "its file.",
        "Run `platform up`.",
    )
    return Obstacle.at(section, action, "What it is wired to is somewhere else", detail, steps)


def _unreachable(
    session: Session, section: TierPlan, action: PlanAction, settings: Mapping[str, tuple[str, str]]
) -> Obstacle:
    here, there = _written(settings)
    environment = session.platform.context.path()
    detail = (
        f"{section.tier.label} is declared with {here}, and was applied with {there}. With that, nothing of what it "
        "has made could be changed or deleted: it would stay, and be recorded nowhere."
    )
    steps = (
        f"Set {there} for {environment} again. For {here} declare an environment of its own (`environment: NAME`), and "
        "run `platform up` with that.",
        f"Run `platform destroy` for {environment} when nothing of it is needed any more.",
    )
    return Obstacle.at(section, action, "What it has made would be left behind", detail, steps)


def _written(settings: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The settings here and there, as they are written in a file."""
    here, there = (" and ".join(f"`{name}: {values[side]}`" for name, values in settings.items()) for side in (0, 1))
    return here, there
