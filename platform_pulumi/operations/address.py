"""Address of a capability: the endpoint that was recorded for it, and the protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass

from platform_pulumi.errors import InputError
from platform_pulumi.model.capability import Capability
from platform_pulumi.operations.loading import load
from platform_pulumi.operations.lookup import endpoint, find_capability
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.states import recorded_states
from platform_pulumi.operations.task import Task

_WEB = ("http://", "https://")
#: Types whose containers speak HTTP, wherever their address says nothing.
_HTTP = frozenset({"container_runtime", "ingress", "load_balancer", "object_storage", "observability"})


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a capability. `web` says that a browser can open it, `why_not` why not and what to do instead."""

    capability: str
    type: str
    endpoint: str
    web: bool
    why_not: str = ""


def address(services: Services, task: Task, name: str) -> Address:
    """Look up the address of a capability in what its stack recorded.

    Raises:
        InputError: there is no such capability, it was not applied, or it answers nowhere.
        EngineError: its stack cannot be read.
    """
    loaded = load(services, task, strict=False, runs=False)
    platform = loaded.platform
    tier, capability = find_capability(platform, task.selection, name)
    if "endpoint" not in type(capability.properties).OUTPUTS:
        detail = (
            f"`{name}` is a {capability.type}: it has no address of its own. `platform outputs` shows what it gives."
        )
        raise InputError("There is nothing to open", detail)
    snapshot = recorded_states(services, loaded, task.engine, (tier,))[tier.key]
    if snapshot is None or not any(output.startswith(f"{name}:") for output in snapshot.outputs):
        detail = f"`{name}` is not applied in {platform.context.path(tier.application)}. Run `platform up` first."
        raise InputError("Nothing was applied yet", detail)
    found = endpoint(snapshot, name)
    if not found:
        detail = f"`{name}` was applied, and {capability.provider} gave it no address."
        raise InputError("There is nothing to open", detail)
    why_not = _why_not(capability, found, loaded.simulated)
    return Address(name, capability.type, found, not why_not, why_not)


def _why_not(capability: Capability, found: str, simulated: bool) -> str:
    name = capability.name
    if simulated:
        return f"{name} is simulated: nothing answers there."
    if not found.startswith(_WEB):
        return f"{name} {_speaks(capability, found)}: {found} is for its clients, not for a browser."
    if capability.type == "container_runtime" and getattr(capability.properties, "ingress", None) is None:
        return f"{name} answers there only within its own network: declare an `ingress` to reach it from here."
    return ""


def _speaks(capability: Capability, found: str) -> str:
    """`speaks postgresql, not HTTP`, as far as the address or the declaration tells."""
    scheme, separator, _ = found.partition("://")
    engine = getattr(capability.properties, "engine", None)
    if separator:
        return f"speaks {scheme}, not HTTP"
    if isinstance(engine, str):
        return f"speaks {engine}, not HTTP"
    return "has no URL" if capability.type in _HTTP else "does not speak HTTP"
