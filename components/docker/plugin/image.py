"""Resource type `docker:index/image:Image`: an image that Docker builds from a folder and keeps on this machine.

The published plugin has this type of its own, not from the bridge: inputs get no `__defaults`, every change builds
anew in place, and the state keeps the inputs among the outputs as well (`__inputs`, a secret). It can push; we do not.
"""

from __future__ import annotations

import platform as machine
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.docker.plugin.build_context import BuildContext
from components.docker.plugin.masking import Mask
from components.docker.plugin.remote_image import inspect
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure, check
from platform_pulumi.plugins.diffs import Change, Kind, compare
from platform_pulumi.plugins.provider import Difference, ProviderError, State
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema
from platform_pulumi.plugins.values import UNKNOWN, Properties, Sealed, has_unknown, open_value

if TYPE_CHECKING:
    from docker import DockerClient

TOKEN = "docker:index/image:Image"
_SCHEMA = ResourceSchema(
    TOKEN,
    {
        "build": {"object": "DockerBuild"},
        "buildOnPreview": "boolean",
        "imageName": "string",
        "registry": {"object": "Registry"},
        "skipPush": "boolean",
    },
    ("imageName",),
)
_OBJECTS = {
    "DockerBuild": ObjectSchema(
        {
            "addHosts": {"list": "string"},
            "args": {"map": "string"},
            "builderVersion": {"enum": ["BuilderV1", "BuilderBuildKit"]},
            "cacheFrom": {"object": "CacheFrom"},
            "context": "string",
            "contextDigest": "string",
            "dockerfile": "string",
            "network": "string",
            "platform": "string",
            "target": "string",
        },
        (),
    ),
    "CacheFrom": ObjectSchema({"images": {"list": "string"}}, ()),
    "Registry": ObjectSchema({"server": "string", "username": "string", "password": "string"}, ()),
}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
_LAST_LINES = 12


class Image:
    """Image type."""

    token = TOKEN

    def check(self, _urn: Urn, inputs: Properties, _name: str) -> tuple[Properties, Sequence[Failure]]:
        """As `Kind.check`, with the digest of what goes into the build."""
        given = {name: value for name, value in inputs.items() if value is not None}
        failures = [*check(_SCHEMA, _OBJECTS, given), *_refusals(open_value(given))]
        build, found = _build(given.get("build", {}))
        return {**given, "buildOnPreview": given.get("buildOnPreview", False), "build": build}, [*failures, *found]

    def diff(self, old: State, inputs: Properties) -> Difference:
        """As `Kind.diff`: whole inputs; a change of registry credentials is ignored."""
        recorded = open_value(old.outputs.get("__inputs")) or open_value(old.inputs)
        changes = compare(_compared(recorded), _compared(open_value(inputs)), ())
        roots = {change.root: change for change in changes}
        return Difference(
            [Change(name, change.kind if change.path == name else Kind.UPDATE) for name, change in roots.items()]
        )

    def planned(self, old: State | None, inputs: Properties) -> Properties:
        """As `Kind.planned`; nothing is built in a preview."""
        return _outputs(inputs, UNKNOWN if old is None or self.diff(old, inputs).changes else _digest(old))

    def create(self, client: DockerClient, _urn: Urn, inputs: Properties) -> State:
        """As `Kind.create`. Docker's cache makes what a killed run built already."""
        name = open_value(inputs["imageName"])
        return State(name, inputs, _outputs(inputs, _made(client, inputs)))

    def update(self, client: DockerClient, _urn: Urn, _old: State, inputs: Properties) -> Properties:
        """As `Kind.update`: builds anew."""
        return _outputs(inputs, _made(client, inputs))

    def read(self, client: DockerClient, old: State) -> State:
        """As `Kind.read`; the published plugin does not look."""
        found = inspect(client, open_value(old.outputs.get("imageName")) or old.id)
        if found is None:
            return State()
        return State(old.id, old.inputs, {**old.outputs, "repoDigest": found["Id"]})

    def delete(self, _client: DockerClient, _old: State) -> None:
        """Do nothing, as the published plugin: others may have been built from the image."""


def _refusals(given: Properties) -> list[Failure]:
    failures = []
    if given.get("skipPush") not in {True, UNKNOWN}:
        reason = "should be true: the embedded docker plugin does not push; use the published plugin for that"
        failures.append(Failure("skipPush", reason))
    if given.get("buildOnPreview") is True:
        failures.append(Failure("buildOnPreview", "the embedded docker plugin builds at an apply only; leave it out"))
    build = given.get("build")
    if isinstance(build, dict) and build.get("builderVersion") == "BuilderBuildKit":
        reason = "the embedded docker plugin builds without BuildKit; leave it out, or use the published plugin"
        failures.append(Failure("build.builderVersion", reason))
    return failures


def _build(build: Any) -> tuple[Any, list[Failure]]:
    """The build with the published plugin's defaults and the digest, and what cannot be read."""
    if isinstance(build, Sealed):
        filled, failures = _build(build.value)
        return Sealed(filled), failures
    if not isinstance(build, dict):
        return build, []
    known = open_value(build)
    folder = known.get("context") or "."
    dockerfile = known.get("dockerfile") or (UNKNOWN if folder is UNKNOWN else (Path(folder) / "Dockerfile").as_posix())
    filled = {
        **build,
        "context": build.get("context") or folder,
        "dockerfile": build.get("dockerfile") or dockerfile,
        "platform": build.get("platform") or _host_platform(),
    }
    if UNKNOWN in (folder, dockerfile) or not (isinstance(folder, str) and isinstance(dockerfile, str)):
        return {**filled, "contextDigest": UNKNOWN}, []
    failures = _unreadable(folder, dockerfile)
    if failures:
        return filled, failures
    try:
        return {**filled, "contextDigest": BuildContext(Path(folder), Path(dockerfile)).digest()}, []
    except (OSError, UnicodeDecodeError) as error:
        return filled, [Failure("build.context", f"cannot be read: {error}")]


def _unreadable(folder: str, dockerfile: str) -> list[Failure]:
    if not Path(folder).is_dir():
        return [Failure("build.context", f"{folder} is no folder (looked for at {Path(folder).absolute()})")]
    if Path(dockerfile).is_file():
        return []
    within = Path(folder) / dockerfile
    hint = f"; did you mean {within.as_posix()}? It is not relative to the context" if within.is_file() else ""
    reason = f"there is no Dockerfile {dockerfile} (looked for at {Path(dockerfile).absolute()}){hint}"
    return [Failure("build.dockerfile", reason)]


def _host_platform() -> str:
    name = machine.machine()
    return f"linux/{_ARCHITECTURES.get(name, name)}"


def _compared(inputs: Mapping[str, Any]) -> dict[str, Any]:
    registry = inputs.get("registry")
    server = {"registry": {"server": registry.get("server")}} if isinstance(registry, dict) else {}
    return {**inputs, **server}


def _digest(old: State) -> Any:
    return old.outputs.get("repoDigest", UNKNOWN)


def _outputs(inputs: Properties, digest: Any) -> Properties:
    known = open_value(inputs)
    build, registry = known["build"], known.get("registry") or {}
    made = build if isinstance(build, dict) else dict.fromkeys(("context", "dockerfile", "platform"), UNKNOWN)
    dockerfile = made["dockerfile"]
    if UNKNOWN not in (made["context"], dockerfile):
        dockerfile = BuildContext(Path(str(made["context"])), Path(str(dockerfile))).relative_dockerfile
    return {
        "__inputs": Sealed(inputs),
        "baseImageName": known["imageName"],
        "context": made["context"],
        "dockerfile": dockerfile,
        "imageName": known["imageName"],
        "platform": made["platform"],
        "registryServer": registry.get("server", "") if isinstance(registry, dict) else UNKNOWN,
        "repoDigest": digest,
    }


def _made(client: DockerClient, inputs: Properties) -> str:
    """Build; the id of the image."""
    known = open_value(inputs)
    if has_unknown(known) or known.get("skipPush") is not True:
        message = (
            f"the image {known['imageName']} would have to be pushed, and the embedded docker plugin does not push"
        )
        raise ProviderError(message)
    build = known["build"]
    archive, dockerfile = BuildContext(Path(build["context"]), Path(build["dockerfile"])).archive()
    hosts = dict(host.partition(":")[::2] for host in build.get("addHosts") or ())
    mask = Mask(inputs)
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with archive:
        for line in client.api.build(
            fileobj=archive,
            custom_context=True,
            dockerfile=dockerfile,
            tag=known["imageName"],
            buildargs=build.get("args"),
            target=build.get("target"),
            # Asked for by name, the machine's own makes Docker refuse local images that name none.
            platform=build["platform"] if build["platform"] != _host_platform() else None,
            cache_from=(build.get("cacheFrom") or {}).get("images"),
            network_mode=build.get("network"),
            extra_hosts=hosts or None,
            rm=True,
            forcerm=True,
            decode=True,
        ):
            last.extend(mask(str(line.get("stream", ""))).strip().splitlines())
            if line.get("error"):
                said = "\n".join(["", *(f"  {text}" for text in last)])
                reason = mask(str(line["error"])).strip().rstrip(".")
                message = f"the image {known['imageName']} could not be built: {reason}. The last lines:{said}"
                raise ProviderError(message)
    found = inspect(client, known["imageName"])
    if found is None:
        message = f"Docker built the image {known['imageName']} and does not have it; somebody removed it meanwhile"
        raise ProviderError(message)
    return str(found["Id"])
