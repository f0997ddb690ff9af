"""`docker:index/network:Network`: a network; whatever changes of it makes another one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.docker.fields import (
    LABEL,
    LABELS,
    Field,
    Fields,
    Form,
    ours,
    plain,
    sealed_like,
    to_list,
    to_map,
)
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.schema import ObjectSchema
from platform_pulumi.plugins.urn import Urn
from platform_pulumi.plugins.values import Properties, open_value

if TYPE_CHECKING:
    from docker import DockerClient

_POOL = ObjectSchema(
    {"auxAddress": {"map": "string"}, "gateway": "string", "ipRange": "string", "subnet": "string"}, ()
)
FIELDS = Fields(
    token="docker:index/network:Network",
    fields={
        "attachable": Field("boolean"),
        "driver": Field("string", computed=True),
        "ingress": Field("boolean"),
        "internal": Field("boolean", computed=True),
        "ipamConfigs": Field({"list": {"object": "NetworkIpamConfig"}}, Form.SET, computed=True),
        "ipamDriver": Field("string", default="default"),
        "ipamOptions": Field({"map": "string"}, computed=True),
        "ipv6": Field("boolean"),
        "labels": Field(LABELS, Form.SET),
        "name": Field("string"),
        "options": Field({"map": "string"}, computed=True),
    },
    objects={"Label": LABEL, "NetworkIpamConfig": _POOL},
)
_META = '{"schema_version":"1"}'
#: How long containers may take to leave a network that is to go, in seconds: as the published plugin.
_LEAVING = 30.0


class Network:
    """The type.

    Args:
        leaving: how long containers may take to leave, in seconds.
        pause: how long to wait between two looks, in seconds.
    """

    token = FIELDS.token

    def __init__(self, leaving: float = _LEAVING, pause: float = 0.5) -> None:
        self._leaving = leaving
        self._pause = pause

    def check(self, _urn: Urn, inputs: Properties, name: str) -> tuple[Properties, Sequence[Failure]]:
        """As `Kind.check`."""
        return FIELDS.checked(inputs, name)

    def diff(self, old: State, inputs: Properties) -> Difference:
        """As `Kind.diff`. A name that was chosen is in use until the old network is gone."""
        chosen = "name" not in inputs.get("__defaults", ())
        return Difference(FIELDS.changes(old.outputs, inputs), delete_before_replace=chosen)

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`."""
        if old is not None:
            return {**old.outputs, **plain(inputs)}
        return {"__meta": _META, **FIELDS.planned(inputs, (*FIELDS.fields, "scope"))}

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
        return State(found["Id"], inputs, sealed_like(inputs, _outputs(found)))

    def update(self, _client: DockerClient, _urn: Urn, old: State, _inputs: Properties) -> Properties:
        """Never asked for: a changed network is another one."""
        message = f"the network {old.id} cannot be changed in place"
        raise ProviderError(message)

    def read(self, client: DockerClient, old: State) -> State:
        """As `Kind.read`."""
        found = _inspect(client, old.id)
        if found is None:
            return State()
        outputs = _outputs(found)
        inputs = FIELDS.refreshed(old.inputs, outputs)
        return State(found["Id"], inputs, sealed_like(old.inputs, outputs))

    def delete(self, client: DockerClient, old: State) -> None:
        """As `Kind.delete`; waits for containers that are just leaving."""
        self._remove(client, old.id)

    def _left_behind(self, client: DockerClient, inputs: Properties) -> Mapping[str, Any] | None:
        """The network that a killed run made for this resource; it is taken away where it is not what is wanted now."""
        name = open_value(inputs["name"])
        same = [item for item in client.api.networks(names=[name]) if item["Name"] == name]
        mine = next((item for item in same if ours(inputs, item.get("Labels"))), None)
        if mine is None and same:
            message = (
                f"there is a network {name} already, and it was not made for this resource. Remove it"
                f" (`docker network rm {name}`) or choose another name; it was left alone"
            )
            raise ProviderError(message)
        if mine is not None and FIELDS.changes(_outputs(mine), inputs):
            self._remove(client, mine["Id"])
            return None
        return mine

    def _remove(self, client: DockerClient, identifier: str) -> None:
        from docker.errors import APIError, NotFound  # noqa: PLC0415  only with a daemon

        until = time.monotonic() + self._leaving
        while True:
            try:
                client.api.remove_network(identifier)
            except NotFound:
                return
            except APIError as error:
                if "active endpoints" not in str(error.explanation):
                    raise
                if time.monotonic() > until:
                    raise ProviderError(_still_used(_inspect(client, identifier) or {})) from error
            else:
                return
            time.sleep(self._pause)


def _inspect(client: DockerClient, identifier: str) -> Mapping[str, Any] | None:
    from docker.errors import NotFound  # noqa: PLC0415  only with a daemon

    try:
        found: Mapping[str, Any] = client.api.inspect_network(identifier)
    except NotFound:
        return None
    return found


def _addresses(wanted: Properties) -> Any:
    from docker.types import IPAMConfig, IPAMPool  # noqa: PLC0415  only with a daemon

    pools = [
        IPAMPool(pool.get("subnet"), pool.get("ipRange"), pool.get("gateway"), pool.get("auxAddress"))
        for pool in wanted.get("ipamConfigs") or ()
    ]
    return IPAMConfig(wanted["ipamDriver"], pools, wanted.get("ipamOptions"))


def _outputs(found: Mapping[str, Any]) -> Properties:
    addresses = found.get("IPAM") or {}
    return {
        "__meta": _META,
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


def _still_used(found: Mapping[str, Any]) -> str:
    names = ", ".join(sorted(item["Name"] for item in (found.get("Containers") or {}).values()))
    return (
        f"the network {found.get('Name')} is still used by {names or 'containers'}. Stop or disconnect them"
        " (`docker network disconnect`), then try again"
    )
