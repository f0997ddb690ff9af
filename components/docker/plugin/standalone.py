"""Executable `pulumi-resource-docker`: the embedded plugin for plain `pulumi`, opt-in.

Opt-in: `install` writes the executable into a folder that the user names, and it counts once that folder is on PATH or
under `plugins: providers:` in Pulumi.yaml. It speaks as Pulumi's own plugins do: the engine's address is an argument,
the port goes to standard output, and what is under way is finished before it ends.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

NAME = "pulumi-resource-docker"
#: How long what is under way may take to finish once the engine is asked to stop, in seconds.
_FINISHING = 60.0
_LOOK_EVERY = 0.5


def install(folder: Path) -> Path:
    """Write the executable into a folder; it runs this Python environment's plugin.

    Raises:
        FileExistsError: another program of that name is there.
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    content = _SHIM.format(python=shlex.quote(sys.executable))
    if file.is_symlink() or (file.exists() and _MARK not in file.read_text(encoding="utf-8", errors="replace")):
        message = f"{file} is there already and not ours; it was left alone"
        raise FileExistsError(message)
    file.write_text(content, encoding="utf-8")
    file.chmod(0o755)
    return file


def main(arguments: Sequence[str]) -> int:
    """Serve until the engine is done."""
    del arguments  # The engine's address and flags for tracing: the engine tells its address again when it attaches.
    asyncio.run(serve())
    return 0


async def serve() -> None:
    """Serve, print the port, wait for the end."""
    # `install` does without these.
    from components.docker.plugin.backend import DockerBackend  # noqa: PLC0415
    from platform_pulumi.plugins.servicer import Servicer, start_server  # noqa: PLC0415

    ended, parent = asyncio.Event(), os.getppid()
    # The engine holds the plugin's version against the SDK's.
    servicer = Servicer(DockerBackend(os.environ), version=metadata.version("pulumi-docker"), cancelled=ended.set)
    server, port = await start_server(servicer)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while not ended.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(ended.wait(), _LOOK_EVERY)
        except TimeoutError:
            continue
    await server.stop(grace=_FINISHING if ended.is_set() else None)


_MARK = "The docker plugin of platform-pulumi"
_SHIM = f"""#!/bin/sh
# {_MARK}, in the place of the published one. Remove this file to have that one back.
exec {{python}} -P -m components.docker.plugin.standalone "$@"
"""

if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # A thread may still wait for Docker. Whoever asked is gone, and the next run must not meet it at work.
    os._exit(code)
