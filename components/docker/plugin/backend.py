"""The embedded docker plugin: the types of the published one, by the same names, with the same states and plans.

What a plan needs is pure. A client of Docker's SDK is made when the first call needs the daemon, and each such call
waits in a thread of its own: containers that take long to be healthy do so side by side.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from components.docker.plugin.address import Address, AddressError, find
from components.docker.plugin.bridged_schema import is_autonamed
from components.docker.plugin.daemon import CALLS, DaemonError, connect, explain_error
from components.docker.plugin.kind import Kind
from components.docker.plugin.masking import Mask
from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.checks import Failure
from platform_pulumi.plugins.diffs import Change, compare
from platform_pulumi.plugins.provider import Difference, Naming, ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value

if TYPE_CHECKING:
    from docker import DockerClient

_T = TypeVar("_T")
Connecting = Callable[[str | None, Mapping[str, str], str | None], "DockerClient"]
_FOLDER = "components.docker.plugin"
KINDS: Mapping[str, str] = {
    "docker:index/container:Container": f"{_FOLDER}.container:Container",
    "docker:index/image:Image": f"{_FOLDER}.image:Image",
    "docker:index/network:Network": f"{_FOLDER}.network:Network",
    "docker:index/remoteImage:RemoteImage": f"{_FOLDER}.remote_image:RemoteImage",
    "docker:index/volume:Volume": f"{_FOLDER}.volume:Volume",
}
#: Settings of the published plugin that would mean something here and are not served.
_REFUSED = ("caMaterial", "certMaterial", "keyMaterial", "registryAuth", "sshOpts")


class DockerBackend:
    """Backend of the `docker` package.

    Args:
        environment: where the daemon's address is looked for if the provider has none.
        connecting: makes a client, given the host, the environment and the Docker context.
    """

    def __init__(self, environment: Mapping[str, str], connecting: Connecting = connect) -> None:
        self._environment = environment
        self._connecting = connecting
        self._host: str | None = None
        self._context: str | None = None
        self._where: Address | None = None
        self._kinds: dict[str, Kind] = {}
        self._client: DockerClient | None = None
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(CALLS, "docker")

    def configure(self, config: Properties) -> None:
        """Store the daemon's address; nothing is connected yet."""
        known = open_value(config)
        refused = [name for name in _REFUSED if known.get(name)]
        if refused:
            message = (
                f"the embedded docker plugin does not serve the provider's {', '.join(refused)}. Log in with `docker"
                " login` and put certificates into certPath, or use the published plugin"
            )
            raise ProviderError(message)
        host, context, certificates = (known.get(name) or None for name in ("host", "context", "certPath"))
        if UNKNOWN in (host, context, certificates):
            return  # A plan; the engine asks nothing of a daemon whose address is not known.
        environment = {**self._environment, "DOCKER_CERT_PATH": certificates} if certificates else self._environment
        try:
            where = find(host, environment, context)
        except AddressError as error:
            raise ProviderError(str(error)) from error
        # One server answers for every provider of the package, and a request does not say for which.
        if self._where not in {None, where}:
            message = (
                "the embedded docker plugin serves one daemon in a run, and there are providers for two. Use the"
                " published plugin, or put what belongs to the other daemon into a platform of its own"
            )
            raise ProviderError(message)
        self._where, self._host, self._context, self._environment = where, host, context, environment

    def diff_config(self, old: Properties, new: Properties) -> Sequence[Change]:
        """Compare configurations; no change replaces anything."""
        return compare(old, new, ())

    def check(self, urn: Urn, inputs: Properties, naming: Naming) -> tuple[Properties, Sequence[Failure]]:
        """As `Backend.check`."""
        return self._kind(urn).check(urn, inputs, _name(urn, naming))

    def diff(self, urn: Urn, old: State, inputs: Properties) -> Difference:
        """As `Backend.diff`."""
        return self._kind(urn).diff(old, inputs)

    async def create(self, urn: Urn, inputs: Properties, preview: bool) -> State:
        """As `Backend.create`."""
        kind = self._kind(urn)
        if preview:
            return State("", inputs, kind.planned(None, inputs))
        return await self._ask(inputs, lambda client: kind.create(client, urn, inputs))

    async def update(self, urn: Urn, old: State, inputs: Properties, preview: bool) -> Properties:
        """As `Backend.update`."""
        kind = self._kind(urn)
        if preview:
            return kind.planned(old, inputs)
        return await self._ask(inputs, lambda client: kind.update(client, urn, old, inputs))

    async def delete(self, urn: Urn, old: State) -> None:
        """As `Backend.delete`."""
        kind = self._kind(urn)
        await self._ask(old.inputs, lambda client: kind.delete(client, old))

    async def read(self, urn: Urn, old: State) -> State:
        """As `Backend.read`."""
        kind = self._kind(urn)
        return await self._ask(old.inputs, lambda client: kind.read(client, old))

    def invoke(self, token: str, _arguments: Properties) -> Properties:
        """Refuse: no function is served."""
        message = f"the embedded docker plugin does not serve the function {token}; use the published plugin"
        raise ProviderError(message)

    def _kind(self, urn: Urn) -> Kind:
        place = KINDS.get(urn.type)
        if place is None:
            served = ", ".join(sorted(token.rpartition(":")[2] for token in KINDS))
            message = f"the embedded docker plugin serves {served}, not {urn.type}; use the published plugin for it"
            raise ProviderError(message)
        if urn.type not in self._kinds:
            module, _, name = place.partition(":")
            self._kinds[urn.type] = getattr(importlib.import_module(module), name)()
        return self._kinds[urn.type]

    async def _ask(self, inputs: Properties, question: Callable[[DockerClient], _T]) -> _T:
        """Ask the daemon, in a thread; what goes wrong between us and it comes back in words, without secrets."""

        def asked() -> _T:
            try:
                return question(self._connected())
            except ProviderError:
                raise
            except DaemonError as error:
                raise ProviderError(str(error)) from error
            except Exception as error:
                if not _of_docker(error):
                    raise
                raise ProviderError(
                    Mask(inputs)(explain_error(error, self._where.url if self._where else "its address"))
                ) from None

        return await asyncio.get_running_loop().run_in_executor(self._threads, asked)

    def _connected(self) -> DockerClient:
        with self._lock:
            if self._client is None:
                self._client = self._connecting(self._host, self._environment, self._context)
            return self._client


def _name(urn: Urn, naming: Naming) -> str:
    """The automatic name: the one it has, the one the engine proposes, or one of the logical name and random digits."""
    if is_autonamed(naming.recorded) and naming.recorded.get("name") not in {None, UNKNOWN}:
        return str(open_value(naming.recorded["name"]))
    if naming.disabled:
        return ""
    if naming.proposed:
        return naming.proposed
    return f"{urn.name}-{hashlib.sha256(naming.seed or secrets.token_bytes(16)).hexdigest()[:7]}"


def _of_docker(error: Exception) -> bool:
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in {"docker", "requests", "urllib3"}
