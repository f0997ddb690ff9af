"""Host process of provider packages: `python -P -m platform_pulumi.plugins.host`, started by `PluginHost`.

The first line of its input says what to serve; it answers with one line that names the ports, and ends when its input
does, so that it never outlives who started it. One server a package, all on loopback, all in one thread. Nothing is
imported that serving does not need: this is part of how long every command takes.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from platform_pulumi.errors import PlatformError
from platform_pulumi.plugins.faults import Faults
from platform_pulumi.plugins.platform_package import PlatformPackage
from platform_pulumi.plugins.protocol import join_sdk
from platform_pulumi.plugins.schema import Types
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.servicer import Servicer, start_server
from platform_pulumi.plugins.serving import ServedPackage
from platform_pulumi.plugins.simulator import Simulator
from platform_pulumi.plugins.table import RemoteComponents, SimulatedPackage
from platform_pulumi.plugins.world import World
from platform_pulumi.sdk.provider import load


def main() -> int:
    """Serve until the input ends or a signal comes."""
    request = json.loads(sys.stdin.buffer.readline() or b"{}")
    try:
        asyncio.run(serve(request))
    except PlatformError as error:
        _say({"error": [error.summary, error.detail]})
        return error.exit_code
    except ModuleNotFoundError as error:
        advice = f"{error}. Install it, or leave its capabilities out."
        _say({"error": ["A provider's Python package is missing", advice]})
        return 6
    return 0


async def serve(request: Mapping[str, Any]) -> None:
    """Start every server, print the ports, wait for the end."""
    packages = {name: ServedPackage(**served) for name, served in request["packages"].items()}
    faults = Faults.from_json(request.get("faults") or {})
    cache = Path(request["cache"]) if request.get("cache") else None
    simulated = sorted(name for name, served in packages.items() if served.simulated)
    if simulated and not request.get("simulated"):
        raise PlatformError("A package is not ours", f"{', '.join(simulated)} can be served in simulated runs only.")
    # Without a simulated package there is no world to keep.
    world = World(Path(request["world"])) if simulated else None
    ports, servers = [], []
    constructing = asyncio.Lock()
    for package, served in packages.items():
        server, port = await start_server(_servicer(served, world, faults, cache, constructing))
        ports.append(f"{package}:{port}")
        servers.append(server)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # The engine's business: it still needs us to stop in order.
    loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else ended.set())
    _say({"debug_providers": ",".join(ports)})
    await ended.wait()
    await asyncio.gather(*(server.stop(grace=None) for server in servers))
    if world is not None:
        world.close()


def _servicer(
    served: ServedPackage, world: World | None, faults: Faults, cache: Path | None, constructing: asyncio.Lock
) -> Servicer:
    if served.embedded:
        return Servicer(load(served.embedded)(os.environ))
    if not served.simulated or world is None:
        return Servicer(PlatformPackage())
    package: SimulatedPackage = load(served.simulated)
    types = package.types() if package.types is not None else SdkTypes(package.name, served.module, cache)
    constructor = _DeferredComponents(package.components, types, constructing) if package.components else None

    def simulator() -> Simulator:
        return Simulator(package, types, world, faults)

    return Servicer(simulator(), constructor, another=simulator)


class _DeferredComponents:
    """A package's remote components, loaded when an engine comes for the package: they need the whole SDK.

    Building one sets the SDK's process-wide settings: the lock, which all packages share, lets one be built at a time.
    """

    def __init__(self, reference: str, types: Types, lock: asyncio.Lock) -> None:
        self._reference = reference
        self._types = types
        self._lock = lock

    def prepare(self) -> None:
        """Load, in a thread, while the engine is still busy with what the component depends on."""
        asyncio.get_running_loop().run_in_executor(None, self._load)

    async def construct(self, request: Any, context: Any, engine_address: str) -> Any:
        async with self._lock:
            return await self._load()(self._types).construct(request, context, engine_address)

    def _load(self) -> Callable[[Types], RemoteComponents]:
        join_sdk()
        kind: Callable[[Types], RemoteComponents] = load(self._reference)
        return kind


def _say(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # A thread may still wait for a daemon. Whoever asked is gone, and the next run must not meet it at work.
    os._exit(code)
