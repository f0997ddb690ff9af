"""Resource type `docker:index/container:Container`: a container, compatible with the published plugin."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components.docker.plugin.bridged_schema import is_autonamed
from components.docker.plugin.container_check import failures
from components.docker.plugin.container_config import UPDATED, resources
from components.docker.plugin.container_create import create, start
from components.docker.plugin.container_diff import difference
from components.docker.plugin.container_errors import explain, report
from components.docker.plugin.container_import import inputs_of
from components.docker.plugin.container_outputs import READ, outputs, planned
from components.docker.plugin.container_schema import SCHEMA
from components.docker.plugin.lists import diff_values
from components.docker.plugin.masking import Mask
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.values import Properties, Sealed, open_value

if TYPE_CHECKING:
    from docker import DockerClient

#: How long a removal that somebody else began may take.
_REMOVAL = 60.0


class Container:
    """Container type."""

    token = SCHEMA.token

    def check(self, _urn: Urn, inputs: Properties, name: str) -> tuple[Properties, Sequence[Failure]]:
        """Validate, with the published plugin's defaults."""
        found = failures(inputs, name)
        return (inputs, found) if found else (SCHEMA.with_defaults(inputs, name), found)

    def diff(self, old: State, inputs: Properties) -> Difference:
        """Compare, as the published plugin does."""
        return difference(old, inputs)

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """Return the outputs that are known before."""
        return planned(None if old is None else old.outputs, inputs)

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """Create, start and wait for it, or adopt what a killed run left of it."""
        found = create(client, inputs)
        return State(str(found["Id"]), inputs, outputs(inputs, found))

    def update(self, client: DockerClient, _urn: Urn, old: State, inputs: Properties) -> Properties:
        """Change limits and the restart policy; start it where it must run. The rest is for Pulumi's record only."""
        from docker.errors import DockerException  # noqa: PLC0415  loaded by the client already

        if is_autonamed(inputs) and is_autonamed(old.inputs):
            inputs = {**inputs, "name": old.outputs.get("name", inputs["name"])}
        before, given = open_value(old.outputs), open_value(inputs)
        changed = [name for name in UPDATED if list(diff_values(before.get(name), given.get(name), name))]
        try:
            if changed:
                client.api.update_container(old.id, **resources(given, changed))
            found: dict[str, Any] = client.api.inspect_container(old.id)
            if given.get("mustRun", True) and not before.get("mustRun", True) and not found["State"].get("Running"):
                start(client, old.id, inputs)
                found = client.api.inspect_container(old.id)
        except (DockerException, OSError) as error:
            raise report(given["name"], explain(client, error, given), [], Mask(inputs)) from None
        return outputs(inputs, found)

    def read(self, client: DockerClient, old: State) -> State:
        """Read it by id or, to import it, by name."""
        from docker.errors import DockerException, NotFound  # noqa: PLC0415  loaded by the client already

        try:
            found: dict[str, Any] = client.api.inspect_container(old.id)
            if old.outputs and found["Id"] != old.id:
                return State()  # Another container has our id for a name.
            if not old.inputs and not old.outputs:
                inputs = inputs_of(client, found)
                return State(str(found["Id"]), inputs, outputs(inputs, found))
        except NotFound:
            return State()
        except (DockerException, OSError) as error:
            name = str(open_value(old.inputs).get("name", old.id))
            raise report(name, explain(client, error, {}), [], Mask(old.inputs)) from None
        made = outputs(old.inputs, found)
        return State(old.id, _refreshed(old, made), made)

    def delete(self, client: DockerClient, old: State) -> None:
        """Stop it, giving it the grace asked for, and remove it with its nameless volumes."""
        from docker.errors import DockerException, NotFound  # noqa: PLC0415  loaded by the client already

        given = open_value({**old.inputs, **old.outputs})
        remove_volumes = given.get("removeVolumes")
        try:
            client.api.stop(old.id, timeout=int(given.get("destroyGraceSeconds") or 0))
            client.api.remove_container(old.id, v=remove_volumes is not False, force=True)
        except NotFound:
            return
        except (DockerException, OSError) as error:
            if "already in progress" in str(error):
                _wait_until_gone(client, old.id)
                return
            raise report(given.get("name", old.id), explain(client, error, given), [], Mask(old.inputs)) from None


def _refreshed(old: State, made: Mapping[str, Any]) -> Properties:
    """The recorded inputs, changed where Docker says otherwise."""
    inputs = dict(old.inputs)
    for name in READ:
        if name in inputs and list(diff_values(open_value(old.outputs.get(name)), open_value(made[name]), name)):
            inputs[name] = Sealed(made[name]) if isinstance(inputs[name], Sealed) else made[name]
    return inputs


def _wait_until_gone(client: DockerClient, container: str) -> None:
    from docker.errors import NotFound  # noqa: PLC0415  loaded by the client already

    end = time.monotonic() + _REMOVAL
    while time.monotonic() < end:
        try:
            client.api.inspect_container(container)
        except NotFound:
            return
        time.sleep(0.1)
    message = (
        f"container {container[:12]}: a removal that was already under way is not over after {_REMOVAL:g} s.\n"
        f"Look at it with `docker inspect {container[:12]}`; restarting Docker ends a removal that hangs."
    )
    raise ProviderError(message)
