"""Resource type `docker:index/remoteImage:RemoteImage`: an image that is on this machine already, or else is pulled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components.docker.plugin.bridged_schema import BridgedSchema, Field
from components.docker.plugin.bridged_states import changes, planned, refreshed, sealed_like
from components.docker.plugin.daemon import explain_error
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value

if TYPE_CHECKING:
    from docker import DockerClient

SCHEMA = BridgedSchema(
    token="docker:index/remoteImage:RemoteImage",
    fields={
        "forceRemove": Field("boolean", replaces=False),
        "keepLocally": Field("boolean", replaces=False),
        "name": Field("string"),
        "platform": Field("string"),
        "pullTriggers": Field({"list": "string"}, is_set=True),
        "triggers": Field({"map": "string"}),
    },
    required=("name",),
    unserved=("build",),
    autonamed=False,
)
#: `sha256:` and 64 digits, in front of the name within the resource's id.
_ID_LENGTH = 71


class RemoteImage:
    """Remote image type."""

    token = SCHEMA.token

    def check(self, _urn: Urn, inputs: Properties, _name: str) -> tuple[Properties, Sequence[Failure]]:
        """As `Kind.check`."""
        failures = SCHEMA.failures(inputs, "")
        if inputs.get("name") == "":
            failures = [*failures, Failure("name", "should be an image, for example nginx:1.27")]
        return SCHEMA.with_defaults(inputs, ""), failures

    def diff(self, old: State, inputs: Properties) -> Difference:
        """As `Kind.diff`. Under a name that stays, the old image goes first, or the new one would go with it."""
        stays = old.outputs.get("name") == inputs.get("name") and not open_value(old.outputs.get("keepLocally"))
        return Difference(changes(SCHEMA, old.outputs, inputs), delete_before_replace=stays)

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`."""
        return planned(SCHEMA, old, inputs, {"build": None, "imageId": UNKNOWN, "repoDigest": UNKNOWN})

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """As `Kind.create`."""
        wanted = open_value(inputs)
        found = inspect(client, wanted["name"])
        if found is None:
            _pull(client, wanted["name"], wanted.get("platform"))
            found = inspect(client, wanted["name"])
        if found is None:
            raise ProviderError(_missing(wanted["name"], "the registry gave another image"))
        outputs = _outputs(found, wanted)
        return State(outputs["id"], inputs, sealed_like(inputs, outputs))

    def update(self, client: DockerClient, urn: Urn, _old: State, inputs: Properties) -> Properties:
        """As `Kind.update`: what changes in place is only how it is removed."""
        return self.create(client, urn, inputs).outputs

    def read(self, client: DockerClient, old: State) -> State:
        """As `Kind.read`; a tag that points to another image by now gives another `imageId`."""
        known = open_value(old.outputs)
        if not known.get("name"):
            known = {"name": old.id[_ID_LENGTH:]}
        found = inspect(client, known["name"])
        if found is None:
            return State()
        outputs = _outputs(found, known)
        return State(outputs["id"], refreshed(SCHEMA, old.inputs, outputs), sealed_like(old.inputs, outputs))

    def delete(self, client: DockerClient, old: State) -> None:
        """As `Kind.delete`, unless the image is to be kept locally."""
        from docker.errors import APIError, NotFound  # noqa: PLC0415  only with a daemon

        known = open_value(old.outputs)
        if known.get("keepLocally"):
            return
        try:
            client.api.remove_image(known["name"], force=bool(known.get("forceRemove")))
        except NotFound:
            return
        except APIError as error:
            if error.status_code != 409:  # HTTP: conflict
                raise
            stays = f"the image {known['name']} is in use and stays. {explain_error(error)}"
            message = f"{stays} Remove those containers first, or set keepLocally"
            raise ProviderError(message) from error


def inspect(client: DockerClient, name: str) -> Mapping[str, Any] | None:
    """Inspect an image on this machine; None where it is not there."""
    from docker.errors import NotFound  # noqa: PLC0415  only with a daemon

    try:
        found: Mapping[str, Any] = client.api.inspect_image(name)
    except NotFound:
        return None
    return found


def repository_digest(found: Mapping[str, Any], name: str) -> str:
    """Return the image's digest in the registry it came from; empty where it came from none."""
    digests: list[str] = found.get("RepoDigests") or []
    if len(digests) == 1:
        return digests[0]
    repository = _without_tag(name)
    return next((digest for digest in digests if digest.partition("@")[0] == repository), "")


def _without_tag(name: str) -> str:
    repository, colon, tag = name.partition("@")[0].rpartition(":")
    return repository if colon and "/" not in tag else name.partition("@")[0]


def _outputs(found: Mapping[str, Any], wanted: Properties) -> Properties:
    given = {name: wanted.get(name) for name in SCHEMA.fields}
    return {
        "build": None,
        **given,
        "id": f"{found['Id']}{wanted['name']}",
        "imageId": found["Id"],
        "repoDigest": repository_digest(found, wanted["name"]),
    }


def _pull(client: DockerClient, name: str, platform: str | None) -> None:
    from docker.errors import DockerException  # noqa: PLC0415  only with a daemon

    # Without a tag Docker would pull every one there is.
    tag = None if "@" in name or _without_tag(name) != name else "latest"
    try:
        for line in client.api.pull(name, tag=tag, platform=platform or None, stream=True, decode=True):
            if line.get("error"):
                raise ProviderError(_missing(name, str(line["error"])))
    except DockerException as error:
        raise ProviderError(_missing(name, explain_error(error))) from error


def _missing(name: str, reason: str) -> str:
    return (
        f"the image {name} is not on this machine and could not be pulled: {reason.strip().rstrip('.')}. Build or load"
        " it, or name another in provider.config.images"
    )
