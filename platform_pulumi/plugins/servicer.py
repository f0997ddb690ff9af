"""gRPC servicer of a provider server: Pulumi's `ResourceProvider` protocol in front of a `Backend`."""

# ruff: noqa: N802  (the methods' names are the protocol's: pulumi/proto/provider.proto)

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

import grpc.aio
from google.protobuf import empty_pb2

from platform_pulumi.model.urn import Urn
from platform_pulumi.plugins.diffs import Change, Kind
from platform_pulumi.plugins.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from platform_pulumi.plugins.provider import Backend, Naming, ProviderError, State
from platform_pulumi.plugins.table import RemoteComponents
from platform_pulumi.plugins.values import Properties, decode, encode

#: Not lower than any SDK's, or the engine warns at every run that the plugin is too old.
VERSION = "99.0.0"
#: As Pulumi's own plugins: whole states can pass through one message.
_MESSAGE_LIMIT = 400 << 20

#: What the engine notes among a provider's settings for itself.
_ENGINES_OWN = ("version", "pluginDownloadURL", "pluginChecksums")
_KINDS: Mapping[tuple[Kind, bool], int] = {
    (Kind.ADD, False): provider_pb2.PropertyDiff.ADD,
    (Kind.ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (Kind.DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Constructor(RemoteComponents, Protocol):
    """Builder of remote components that is told in time."""

    def prepare(self) -> None:
        """Prepare: an engine has connected, and may soon ask for a component."""


class Servicer(provider_pb2_grpc.ResourceProviderServicer):  # type: ignore[misc]  # generated, untyped
    """gRPC servicer of one package.

    Args:
        backend: what the package does.
        constructor: who builds its remote components, if it has any.
        version: what it says of its version.
        cancelled: what to do when the engine is asked to stop.
        another: makes a backend like this one, for another provider resource of the package. The engine speaks to each
            over a connection of its own: two with different settings (old and new region) live side by side.
    """

    def __init__(
        self,
        backend: Backend,
        constructor: Constructor | None = None,
        version: str = VERSION,
        cancelled: Callable[[], None] = lambda: None,
        another: Callable[[], Backend] | None = None,
    ) -> None:
        self._backend = backend
        self._another = another
        self._connected: dict[str, Backend] = {}
        self._constructor = constructor
        self._version = version
        self._cancelled = cancelled
        self._engine_address = ""

    async def Handshake(self, request: Any, _context: Any) -> Any:
        """Accept the engine and store its address."""
        self._engine_address = request.engine_address
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=False)

    async def Attach(self, request: Any, _context: Any) -> Any:
        """Accept the engine and store its address."""
        self._engine_address = request.address
        if self._constructor is not None:
            self._constructor.prepare()
        return empty_pb2.Empty()

    async def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """Return the version."""
        return plugin_pb2.PluginInfo(version=self._version)

    async def Cancel(self, _request: Any, _context: Any) -> Any:
        """Stop what is under way."""
        self._cancelled()
        return empty_pb2.Empty()

    async def GetSchema(self, _request: Any, _context: Any) -> Any:
        """Return an empty schema."""
        return provider_pb2.GetSchemaResponse(schema="{}")

    async def CheckConfig(self, request: Any, _context: Any) -> Any:
        """Accept the provider's configuration as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, _context: Any) -> Any:
        """Compare two configurations, but for what is the engine's own; see `Backend.diff_config`."""
        return _diff_response(self._backend.diff_config(_settings(request.old_inputs), _settings(request.news)))

    async def Configure(self, request: Any, context: Any) -> Any:
        """Configure the provider; see `Backend.configure`."""
        try:
            self._connect(context).configure(decode(request.args))
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            acceptResources=True,
            acceptOutputs=False,
            supportsPreview=True,
            supports_autonaming_configuration=True,
        )

    async def Check(self, request: Any, context: Any) -> Any:
        """Validate inputs; see `Backend.check`."""
        try:
            inputs, failures = self._of(context).check(Urn.parse(request.urn), decode(request.news), _naming(request))
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.CheckResponse(
            inputs=encode(inputs),
            failures=[provider_pb2.CheckFailure(property=f.path, reason=f.reason) for f in failures],
        )

    async def Diff(self, request: Any, context: Any) -> Any:
        """Compare a resource with new inputs; see `Backend.diff`."""
        old = State(request.id, decode(request.old_inputs), decode(request.olds))
        try:
            found = self._of(context).diff(Urn.parse(request.urn), old, decode(request.news))
        except ProviderError as error:
            await _abort(context, error)
        return _diff_response(found.changes, delete_before_replace=found.delete_before_replace)

    async def Create(self, request: Any, context: Any) -> Any:
        """Create a resource; see `Backend.create`."""
        try:
            made = await self._of(context).create(Urn.parse(request.urn), decode(request.properties), request.preview)
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.CreateResponse(id=made.id, properties=encode(made.outputs))

    async def Read(self, request: Any, context: Any) -> Any:
        """Read a resource; see `Backend.read`."""
        old = State(request.id, decode(request.inputs), decode(request.properties))
        try:
            found = await self._of(context).read(Urn.parse(request.urn), old)
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.ReadResponse(id=found.id, inputs=encode(found.inputs), properties=encode(found.outputs))

    async def Update(self, request: Any, context: Any) -> Any:
        """Update a resource; see `Backend.update`."""
        old = State(request.id, decode(request.old_inputs), decode(request.olds))
        try:
            made = await self._of(context).update(Urn.parse(request.urn), old, decode(request.news), request.preview)
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.UpdateResponse(properties=encode(made))

    async def Delete(self, request: Any, context: Any) -> Any:
        """Delete a resource; see `Backend.delete`."""
        old = State(request.id, decode(request.old_inputs), decode(request.properties))
        try:
            await self._of(context).delete(Urn.parse(request.urn), old)
        except ProviderError as error:
            await _abort(context, error)
        return empty_pb2.Empty()

    async def Invoke(self, request: Any, context: Any) -> Any:
        """Call a function; see `Backend.invoke`."""
        try:
            result: Properties = self._of(context).invoke(request.tok, decode(request.args))
        except ProviderError as error:
            await _abort(context, error)
        return provider_pb2.InvokeResponse(**{"return": encode(result)})

    def _connect(self, context: Any) -> Backend:
        if self._another is not None:
            self._connected[context.peer()] = self._another()
        return self._of(context)

    def _of(self, context: Any) -> Backend:
        """The backend of a connection; the first one where it was never configured."""
        return self._connected.get(context.peer(), self._backend) if self._connected else self._backend

    async def Construct(self, request: Any, context: Any) -> Any:
        """Build a remote component; see `RemoteComponents.construct`."""
        if self._constructor is None:
            await _abort(context, ProviderError(f"{request.type} is no remote component of this package"))
        try:
            return await self._constructor.construct(request, context, self._engine_address)
        except ProviderError as error:
            await _abort(context, error)


async def start_server(servicer: Servicer) -> tuple[grpc.aio.Server, int]:
    """Start a server of one package on a free port of loopback; return it and the port."""
    limits = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    server = grpc.aio.server(options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port: int = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port


def _settings(config: Any) -> Properties:
    """A provider's own settings."""
    return {name: value for name, value in decode(config).items() if name not in _ENGINES_OWN}


def _naming(request: Any) -> Naming:
    """Convert the engine's request for an automatic name."""
    asked = request.autonaming if request.HasField("autonaming") else None
    disabled = asked is not None and asked.mode == provider_pb2.CheckRequest.AutonamingOptions.DISABLE
    proposed = asked.proposed_name if asked is not None else ""
    return Naming(request.randomSeed, proposed, disabled, decode(request.olds))


def _diff_response(changes: Sequence[Change], *, delete_before_replace: bool = False) -> Any:
    replaced = sorted({change.root for change in changes if change.replaces})
    kind = provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=kind,
        diffs=sorted({change.root for change in changes}),
        replaces=replaced,
        deleteBeforeReplace=bool(replaced) and delete_before_replace,
        hasDetailedDiff=True,
        detailedDiff={
            change.path: provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)
            for change in changes
        },
    )


async def _abort(context: Any, error: ProviderError) -> NoReturn:
    await context.abort(grpc.StatusCode.UNKNOWN, str(error))
    raise error  # `abort` raises; this tells the type checker.
