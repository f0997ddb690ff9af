"""Obstacles between locations: what is wired to something that another region or account holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.plan import Obstacle, PlanAction, TierPlan
from platform_pulumi.operations.session import Session


def apart(session: Session, section: TierPlan) -> Iterator[Obstacle]:
    """Capabilities that are wired to what an upper tier, not part of this run, has made somewhere else."""
    tier = session.platform.tier(*section.key)
    own = session.contracts[section.key].locations
    for capability in tier.capabilities if tier is not None else ():
        here = own.get(capability.provider, {})
        action = next((one for one in section.actions if one.capability == capability.name), None)
        for ref in capability.bindings.values():
            there = _location_of(session.upstream.contracts.get(ref.tier), ref, capability.provider)
            apart = [name for name in here if name in there and here[name] != there[name]]
            if action is not None and apart:
                yield _separated(section, action, ref, {name: (here[name], there[name]) for name in apart})
                break


def _location_of(contract: TierContract | None, ref: CapabilityRef, provider: str) -> Mapping[str, str]:
    """Where a tier was applied, if that provider serves the capability there."""
    if contract is None or not any(
        one["name"] == ref.name and one["provider"] == provider for one in contract.declared
    ):
        return {}
    return contract.locations.get(provider, {})


def _separated(
    section: TierPlan, action: PlanAction, ref: CapabilityRef, settings: Mapping[str, tuple[str, str]]
) -> Obstacle:
    here = " and ".join(f"`{name}: {own}`" for name, (own, _) in settings.items())
    there = " and ".join(f"`{name}: {its}`" for name, (_, its) in settings.items())
    detail = f"{action.owner} is declared with {here}; {ref}, which it is wired to, was applied with {there}."
    steps = (
        f"Set {there} in `provider.config`, or apply {ref.tier.label} in the same run: without `--tier`, with `-f` for "
        "its file.",
        "Run `platform up`.",
    )
    return Obstacle.at(section, action, "What it is wired to is somewhere else", detail, steps)
