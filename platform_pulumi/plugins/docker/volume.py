"""`docker:index/volume:Volume`: a volume; whatever changes of it makes another one, and its data goes with the old."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.docker.fields import (
    LABEL,
    LABELS,
    OUR_LABEL,
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
from platform_pulumi.plugins.urn import Urn
from platform_pulumi.plugins.values import Properties, open_value

if TYPE_CHECKING:
    from docker import DockerClient

FIELDS = Fields(
    token="docker:index/volume:Volume",
    fields={
        "driver": Field("string", computed=True),
        "driverOpts": Field({"map": "string"}),
        "labels": Field(LABELS, Form.SET),
        "name": Field("string"),
    },
    objects={"Label": LABEL},
    refused=("cluster",),
)
_META = '{"schema_version":"1"}'
#: How long containers may take to let go of a volume, in seconds.
_LEAVING = 10.0


class Volume:
    """The type.

    Args:
        leaving: how long containers may take to let go, in seconds.
        pause: how long to wait between two attempts, in seconds.
    """

    token = FIELDS.token

    def __init__(self, leaving: float = _LEAVING, pause: float = 0.5) -> None:
        self._leaving = leaving
        self._pause = pause

    def check(self, _urn: Urn, inputs: Properties, name: str) -> tuple[Properties, Sequence[Failure]]:
        """As `Kind.check`."""
        return FIELDS.checked(inputs, name)

    def diff(self, old: State, inputs: Properties) -> Difference:
        """As `Kind.diff`. A name that was chosen is in use until the old volume is gone."""
        chosen = "name" not in inputs.get("__defaults", ())
        return Difference(FIELDS.changes(old.outputs, inputs), delete_before_replace=chosen)

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`."""
        if old is not None:
            return {**old.outputs, **plain(inputs)}
        return {"__meta": _META, "cluster": None, **FIELDS.planned(inputs, (*FIELDS.fields, "mountpoint"))}

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """As `Kind.create`. What a killed run made is taken as it is: it may hold data by now."""
        wanted = open_value(inputs)
        name = wanted["name"]
        found = _inspect(client, name)
        if found is None:
            labels = to_map(wanted.get("labels"))
            found = client.api.create_volume(name, wanted.get("driver"), wanted.get("driverOpts"), labels)
        elif not ours(inputs, found.get("Labels")):
            message = (
                f"there is a volume {name} already, and it was not made for this resource. Choose another name, or"
                f" remove it with its data (`docker volume rm {name}`); it was left alone"
            )
            raise ProviderError(message)
        elif changes := FIELDS.changes(_outputs(found), inputs):
            message = (
                f"there is a volume {name} of an earlier run with other {', '.join(c.root for c in changes)}. Remove it"
                f" with its data (`docker volume rm {name}`), or take the change back; it was left alone"
            )
            raise ProviderError(message)
        return State(name, inputs, sealed_like(inputs, _outputs(found)))

    def update(self, _client: DockerClient, _urn: Urn, old: State, _inputs: Properties) -> Properties:
        """Never asked for: a changed volume is another one."""
        message = f"the volume {old.id} cannot be changed in place"
        raise ProviderError(message)

    def read(self, client: DockerClient, old: State) -> State:
        """As `Kind.read`."""
        found = _inspect(client, old.id)
        if found is None:
            return State()
        outputs = _outputs(found)
        return State(old.id, FIELDS.refreshed(old.inputs, outputs), sealed_like(old.inputs, outputs))

    def delete(self, client: DockerClient, old: State) -> None:
        """As `Kind.delete`. Another's volume of this name stays: ours is gone then."""
        from docker.errors import APIError, NotFound  # noqa: PLC0415  only with a daemon

        found = _inspect(client, old.id)
        marked = OUR_LABEL in to_map(old.outputs.get("labels"))
        if found is None or (marked and not ours(old.outputs, found.get("Labels"))):
            return
        until = time.monotonic() + self._leaving
        while True:
            try:
                client.api.remove_volume(old.id, force=True)
            except NotFound:
                return
            except APIError as error:
                if "in use" not in str(error.explanation):
                    raise
                if time.monotonic() > until:
                    raise ProviderError(_still_used(client, old.id)) from error
            else:
                return
            time.sleep(self._pause)


def _inspect(client: DockerClient, name: str) -> Mapping[str, Any] | None:
    from docker.errors import NotFound  # noqa: PLC0415  only with a daemon

    try:
        found: Mapping[str, Any] = client.api.inspect_volume(name)
    except NotFound:
        return None
    return found


def _outputs(found: Mapping[str, Any]) -> Properties:
    return {
        "__meta": _META,
        "cluster": None,
        "driver": found["Driver"],
        "driverOpts": found.get("Options") or None,
        "id": found["Name"],
        "labels": to_list(found.get("Labels")),
        "mountpoint": found["Mountpoint"],
        "name": found["Name"],
    }


def _still_used(client: DockerClient, name: str) -> str:
    users = client.api.containers(all=True, filters={"volume": name})
    names = ", ".join(sorted(user["Names"][0].lstrip("/") for user in users if user.get("Names")))
    return f"the volume {name} is still used by {names or 'a container'}. Remove them (`docker rm`), then try again"
