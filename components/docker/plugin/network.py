"""Resource type `docker:index/network:Network`: a network; every change replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from components.docker.plugin.bridged_schema import BridgedSchema, Field
from components.docker.plugin.bridged_states import changes, planned, sealed_like
from components.docker.plugin.immutable import META, ImmutableKind
from components.docker.plugin.labels import LABEL, LABELS, is_ours, to_list, to_map
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.schema import ObjectSchema
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value

if TYPE_CHECKING:
    from docker import DockerClient

_POOL = ObjectSchema(
    {"auxAddress": {"map": "string"}, "gateway": "string", "ipRange": "string", "subnet": "string"}, ()
)
SCHEMA = BridgedSchema(
    token="docker:index/network:Network",
    fields={
        "attachable": Field("boolean"),
        "driver": Field("string", computed=True),
        "ingress": Field("boolean"),
        "internal": Field("boolean", computed=True),
        "ipamConfigs": Field({"list": {"object": "NetworkIpamConfig"}}, is_set=True, filled=True, computed=True),
        "ipamDriver": Field("string", default="default"),
        "ipamOptions": Field({"map": "string"}, computed=True),
        "ipv6": Field("boolean"),
        "labels": Field(LABELS, is_set=True),
        "name": Field("string"),
        "options": Field({"map": "string"}, computed=True),
    },
    objects={"Label": LABEL, "NetworkIpamConfig": _POOL},
)


class Network(ImmutableKind):
    """Network type."""

    SCHEMA: ClassVar[BridgedSchema] = SCHEMA
    WORD: ClassVar[str] = "network"
    #: As the published plugin waits.
    LEAVING: ClassVar[float] = 30.0
    BUSY: ClassVar[str] = "active endpoints"

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`."""
        return planned(SCHEMA, old, inputs, {"__meta": META, "scope": UNKNOWN})

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """As `Kind.create`."""
        wanted = open_value(inputs)
        found = self._left_behind(client, inputs)
        if found is None:
            identifier = client.api.create_network(
                wanted["name"],
                driver=wanted.get("driver"),
                options=wanted.get("options"),
                ipam=_addresses(wanted),
                check_duplicate=True,
                internal=bool(wanted.get("internal")),
                labels=to_map(wanted.get("labels")),
                enable_ipv6=bool(wanted.get("ipv6")),
                attachable=bool(wanted.get("attachable")) or None,
                ingress=bool(wanted.get("ingress")) or None,
            )["Id"]
            found = client.api.inspect_network(identifier)
        return State(found["Id"], inputs, sealed_like(inputs, self._outputs(found)))

    def delete(self, client: DockerClient, old: State) -> None:
        """As `Kind.delete`; waits for containers that are just leaving."""
        self._take_away(client, old.id)

    def _left_behind(self, client: DockerClient, inputs: Properties) -> Mapping[str, Any] | None:
        """The network that a killed run made for this resource; it is taken away where it is not what is wanted now."""
        name = open_value(inputs["name"])
        same = [item for item in client.api.networks(names=[name]) if item["Name"] == name]
        mine = next((item for item in same if is_ours(inputs, item.get("Labels"))), None)
        if mine is None and same:
            message = (
                f"there is a network {name} already, and it was not made for this resource. Remove it"
                f" (`docker network rm {name}`) or choose another name; it was left alone"
            )
            raise ProviderError(message)
        if mine is not None and changes(SCHEMA, self._outputs(mine), inputs):
            self._take_away(client, mine["Id"])
            return None
        return mine

    def _inspect(self, client: DockerClient, identifier: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = client.api.inspect_network(identifier)
        return found

    def _remove(self, client: DockerClient, identifier: str) -> None:
        client.api.remove_network(identifier)

    def _outputs(self, found: Mapping[str, Any]) -> Properties:
        addresses = found.get("IPAM") or {}
        return {
            "__meta": META,
            "attachable": found["Attachable"],
            "driver": found["Driver"],
            "id": found["Id"],
            "ingress": found["Ingress"],
            "internal": found["Internal"],
            "ipamConfigs": [
                {
                    "auxAddress": pool.get("AuxiliaryAddresses") or {},
                    "gateway": pool.get("Gateway", ""),
                    "ipRange": pool.get("IPRange", ""),
                    "subnet": pool.get("Subnet", ""),
                }
                for pool in addresses.get("Config") or ()
            ],
            "ipamDriver": addresses.get("Driver", "default"),
            "ipamOptions": addresses.get("Options") or None,
            "ipv6": found["EnableIPv6"],
            "labels": to_list(found.get("Labels")),
            "name": found["Name"],
            "options": found.get("Options") or {},
            "scope": found["Scope"],
        }

    def _still_used(self, client: DockerClient, identifier: str) -> str:
        found = self._find(client, identifier) or {}
        names = ", ".join(sorted(item["Name"] for item in (found.get("Containers") or {}).values()))
        return (
            f"the network {found.get('Name')} is still used by {names or 'containers'}. Stop or disconnect them"
            " (`docker network disconnect`), then try again"
        )


def _addresses(wanted: Properties) -> Any:
    from docker.types import IPAMConfig, IPAMPool  # noqa: PLC0415  only with a daemon

    pools = [
        IPAMPool(pool.get("subnet"), pool.get("ipRange"), pool.get("gateway"), pool.get("auxAddress"))
        for pool in wanted.get("ipamConfigs") or ()
    ]
    return IPAMConfig(wanted["ipamDriver"], pools, wanted.get("ipamOptions"))
