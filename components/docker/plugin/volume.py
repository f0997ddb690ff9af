"""Resource type `docker:index/volume:Volume`: a volume; every change replaces it, and its data goes with the old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from components.docker.plugin.bridged_schema import BridgedSchema, Field
from components.docker.plugin.bridged_states import changes, planned, sealed_like
from components.docker.plugin.immutable import META, ImmutableKind
from components.docker.plugin.labels import LABEL, LABELS, is_ours, to_list, to_map
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value
from platform_pulumi.sdk.tagging import URN_TAG

if TYPE_CHECKING:
    from docker import DockerClient

SCHEMA = BridgedSchema(
    token="docker:index/volume:Volume",
    fields={
        "driver": Field("string", computed=True),
        "driverOpts": Field({"map": "string"}),
        "labels": Field(LABELS, is_set=True),
        "name": Field("string"),
    },
    objects={"Label": LABEL},
    unserved=("cluster",),
)


class Volume(ImmutableKind):
    """Volume type."""

    SCHEMA: ClassVar[BridgedSchema] = SCHEMA
    WORD: ClassVar[str] = "volume"
    LEAVING: ClassVar[float] = 10.0
    BUSY: ClassVar[str] = "in use"

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`."""
        return planned(SCHEMA, old, inputs, {"__meta": META, "cluster": None, "mountpoint": UNKNOWN})

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """As `Kind.create`. What a killed run made is taken as it is: it may hold data by now."""
        wanted = open_value(inputs)
        name = wanted["name"]
        found = self._find(client, name)
        if found is None:
            labels = to_map(wanted.get("labels"))
            found = client.api.create_volume(name, wanted.get("driver"), wanted.get("driverOpts"), labels)
        elif not is_ours(inputs, found.get("Labels")):
            message = (
                f"there is a volume {name} already, and it was not made for this resource. Choose another name, or"
                f" remove it with its data (`docker volume rm {name}`); it was left alone"
            )
            raise ProviderError(message)
        elif differ := changes(SCHEMA, self._outputs(found), inputs):
            message = (
                f"there is a volume {name} of an earlier run with other {', '.join(c.root for c in differ)}. Remove it"
                f" with its data (`docker volume rm {name}`), or take the change back; it was left alone"
            )
            raise ProviderError(message)
        return State(name, inputs, sealed_like(inputs, self._outputs(found)))

    def delete(self, client: DockerClient, old: State) -> None:
        """As `Kind.delete`. Another's volume of this name stays: ours is gone then."""
        found = self._find(client, old.id)
        marked = URN_TAG in to_map(old.outputs.get("labels"))
        if found is not None and not (marked and not is_ours(old.outputs, found.get("Labels"))):
            self._take_away(client, old.id)

    def _inspect(self, client: DockerClient, identifier: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = client.api.inspect_volume(identifier)
        return found

    def _remove(self, client: DockerClient, identifier: str) -> None:
        client.api.remove_volume(identifier, force=True)

    def _outputs(self, found: Mapping[str, Any]) -> Properties:
        return {
            "__meta": META,
            "cluster": None,
            "driver": found["Driver"],
            "driverOpts": found.get("Options") or None,
            "id": found["Name"],
            "labels": to_list(found.get("Labels")),
            "mountpoint": found["Mountpoint"],
            "name": found["Name"],
        }

    def _still_used(self, client: DockerClient, identifier: str) -> str:
        users = client.api.containers(all=True, filters={"volume": identifier})
        names = ", ".join(sorted(user["Names"][0].lstrip("/") for user in users if user.get("Names")))
        who = names or "a container"
        return f"the volume {identifier} is still used by {who}. Remove them (`docker rm`), then try again"
