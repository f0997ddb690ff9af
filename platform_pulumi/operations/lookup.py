"""Lookup of one capability by its name, and of its endpoint: the first step of `logs`, `scale` and `open`."""

from __future__ import annotations

from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.errors import InputError
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.operations.ports import StackSnapshot
from platform_pulumi.operations.task import Selection


def find_capability(platform: Platform, selection: Selection, name: str) -> tuple[TierDeclaration, Capability]:
    """Find the declaration of that name, with its tier.

    Raises:
        InputError: no file declares it, or several applications do and none was chosen.
    """
    found = [
        (tier, capability) for tier in _chosen(platform, selection) for capability in tier.capabilities
        if capability.name == name
    ]  # fmt: skip
    if not found:
        names = [c.name for tier in _chosen(platform, selection) for c in tier.capabilities]
        declared = f" Declared are {listed(names)}." if names else " The files declare none."
        detail = f"There is no capability `{name}`.{did_you_mean(name, names) or declared}"
        raise InputError("Unknown capability", detail)
    if len(found) > 1:
        detail = f"`{name}` is in the applications {listed(tier.application or '' for tier, _ in found)}: --app NAME."
        raise InputError("Several capabilities have this name", detail)
    return found[0]


def endpoint(snapshot: StackSnapshot | None, capability: str) -> str:
    """Return the recorded endpoint of a capability, the published one where there is one; "" where there is none."""
    outputs = snapshot.outputs if snapshot is not None else {}
    for name in ("published_endpoint", "endpoint"):
        output = outputs.get(f"{capability}:{name}")
        if output is not None and output.known and not output.secret and output.value:
            return str(output.value)
    return ""


def _chosen(platform: Platform, selection: Selection) -> tuple[TierDeclaration, ...]:
    return tuple(tier for tier in platform.tiers if selection.includes(tier.key))
