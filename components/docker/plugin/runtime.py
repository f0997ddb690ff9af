"""Runtime of the docker provider: availability of the daemon, live state of containers, logs, killed creates.

It reads, but for what a killed run left. Docker's SDK takes a while to import, so that `healthy` does without.
"""

from __future__ import annotations

import contextlib
import heapq
import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from components.docker.plugin.daemon import DaemonError, connect, explain_error, ping
from platform_pulumi.errors import EngineError
from platform_pulumi.model.status import Health, LiveState, ResourceState
from platform_pulumi.sdk.runtime import LogLine, PendingCreate, RecordedResource
from platform_pulumi.sdk.tagging import URN_TAG

if TYPE_CHECKING:
    from docker import DockerClient

CONTAINER = "docker:index/container:Container"
NETWORK = "docker:index/network:Network"
VOLUME = "docker:index/volume:Volume"
IMAGE = "docker:index/remoteImage:RemoteImage"
#: To pull an image again, or to build it again, is the same.
REPEATABLE = (IMAGE, "docker:index/image:Image")
GONE = LiveState(ResourceState.DRIFTED, Health.UNKNOWN, detail="removed by somebody")
#: Lines that wait to be taken while a log is followed; more than these hold the daemon back.
MOST_WAITING = 1000
#: A line longer than this many bytes is given in pieces: whoever writes no line ends fills no memory.
LONGEST = 1 << 20
_IMAGE_ID = re.compile(r"sha256:[0-9a-f]{64}")
_HEALTH = {"healthy": Health.HEALTHY, "starting": Health.STARTING, "unhealthy": Health.UNHEALTHY}

ResultT = TypeVar("ResultT")


class DockerRuntime:
    """Runtime on the daemon of a platform's containers.

    Args:
        config: the provider's settings, resolved.
        environment: says where the daemon is, where the settings do not.
    """

    def __init__(self, config: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        host = config.get("host")
        self._host = str(host) if host else None
        self._environment = environment

    def healthy(self) -> str:
        """Return Docker's version and address.

        Raises:
            EngineError: it does not answer, or not to us.
        """
        from components.docker.plugin.address import find  # noqa: PLC0415  cannot fail once the ping succeeded

        daemon = _asked(lambda: ping(self._host, self._environment))
        return f"Docker {daemon.version} at {find(self._host, self._environment).url}"

    def inspect(self, resources: Sequence[RecordedResource]) -> Mapping[str, LiveState]:
        """Return the live state of containers, networks, volumes and images.

        Raises:
            EngineError: it does not answer.
        """
        kinds = {CONTAINER: _container, NETWORK: _network, VOLUME: _volume, IMAGE: _image}
        wanted = [resource for resource in resources if resource.type in kinds and resource.id]
        if not wanted:
            return {}
        with self._client() as client:
            return {r.urn: _asked(partial(_one, client, kinds[r.type], r.id)) for r in wanted}

    def writers(self, resources: Sequence[RecordedResource]) -> Sequence[RecordedResource]:
        """Select the containers: they alone write logs."""
        return [resource for resource in resources if resource.type == CONTAINER and resource.id]

    def logs(
        self, resources: Sequence[RecordedResource], *, follow: bool, tail: int | None, since: float | None
    ) -> Iterator[LogLine]:
        """Read the containers' lines: merged by their time, or, while they are followed, as they come.

        Raises:
            EngineError: the daemon does not answer.
        """
        options: dict[str, Any] = {
            "stdout": True,
            "stderr": True,
            "stream": True,
            "tail": "all" if tail is None else tail,
        }
        if since is not None:
            options["since"] = max(since, 1.0)
        return self._follow(resources, options) if follow else self._merge(resources, options)

    def find(self, pending: Sequence[PendingCreate], recorded: frozenset[str]) -> Mapping[str, Sequence[str]]:
        """Find the containers, networks and volumes of these tags that are not recorded.

        A container that does not run was never started, or has ended: it is left for `clear`. (The published plugin's
        read of one that has to run deletes it.)

        Raises:
            EngineError: the daemon does not answer.
        """
        kinds: dict[str, Callable[[DockerClient, str], dict[str, str]]]
        kinds = {CONTAINER: partial(_containers, running=True), NETWORK: _networks, VOLUME: _volumes}
        found: dict[str, Sequence[str]] = {one.urn: () for one in pending if one.type in REPEATABLE}
        wanted = [one for one in pending if one.type in kinds]
        if wanted:
            with self._client() as client:
                for one in wanted:
                    ids = _asked(partial(kinds[one.type], client, one.tag))
                    found[one.urn] = [name for name in ids if name not in recorded]
        return found

    def clear(self, tags: Sequence[str], recorded: frozenset[str]) -> Sequence[str]:
        """Delete containers and networks of these tags that are not recorded; a volume may hold data and stays.

        Raises:
            EngineError: the daemon does not answer, or does not let one go.
        """
        gone = []
        with self._client() as client:
            for tag in tags:
                for container, name in _asked(partial(_containers, client, tag)).items():
                    if container not in recorded:
                        _asked(partial(client.api.remove_container, container, v=True, force=True))
                        gone.append(f"container {name}")
                for network, name in _asked(partial(_networks, client, tag)).items():
                    if network not in recorded:
                        _asked(partial(client.api.remove_network, network))
                        gone.append(f"network {name}")
        return gone

    def _merge(self, containers: Sequence[RecordedResource], options: Mapping[str, Any]) -> Iterator[LogLine]:
        with self._client() as client, contextlib.ExitStack() as open_:
            streams = []
            for container in containers:
                stream = _asked(partial(client.api.logs, container.id, follow=False, timestamps=True, **options))
                open_.callback(_close, stream)
                streams.append(_timed(container.name, _lines(stream)))
            merged = heapq.merge(*streams, key=lambda timed: timed[0])
            while (timed := _asked(lambda: next(merged, None))) is not None:
                yield timed[1]

    def _follow(self, containers: Sequence[RecordedResource], options: Mapping[str, Any]) -> Iterator[LogLine]:
        lines: queue.Queue[LogLine | BaseException | None] = queue.Queue(MOST_WAITING)
        stopped = threading.Event()
        streams: list[Any] = []
        with self._client() as client:
            client.api.timeout = None  # a container may say nothing for days
            try:
                for container in containers:
                    streams.append(_asked(partial(client.api.logs, container.id, follow=True, **options)))
                    # A daemon thread: a read that hangs must not keep the process.
                    threading.Thread(
                        target=_pump, args=(container.name, streams[-1], lines, stopped), daemon=True
                    ).start()
                ended = 0
                while ended < len(containers):
                    line = lines.get()
                    if line is None:
                        ended += 1
                    elif isinstance(line, BaseException):
                        raise _error(line) from line
                    else:
                        yield line
            finally:
                stopped.set()
                for stream in streams:
                    _close(stream)
                with contextlib.suppress(queue.Empty):  # whoever waits to put a line goes on, and ends
                    while True:
                        lines.get_nowait()

    @contextlib.contextmanager
    def _client(self) -> Iterator[DockerClient]:
        client = _asked(lambda: connect(self._host, self._environment))
        try:
            yield client
        finally:
            client.close()


def _asked(call: Callable[[], ResultT]) -> ResultT:
    """Call Docker; convert what it raises to an EngineError."""
    try:
        return call()
    except DaemonError as error:
        raise EngineError("Docker does not answer", str(error)) from error
    except Exception as error:
        # The SDK's, its HTTP client's and the system's own errors all mean one thing here; a bug of ours is none.
        if not _foreign(error):
            raise
        raise _error(error) from error


def _foreign(error: Exception) -> bool:
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in {
        "docker", "requests", "urllib3", "http",
    }  # fmt: skip


def _error(error: BaseException) -> EngineError:
    return EngineError("Docker refused", explain_error(error))


def _containers(client: DockerClient, tag: str, *, running: bool = False) -> dict[str, str]:
    """The names of the containers of a tag, by id."""
    found = client.api.containers(all=not running, filters=_labelled(tag))
    return {one["Id"]: (one.get("Names") or [one["Id"][:12]])[0].lstrip("/") for one in found}


def _networks(client: DockerClient, tag: str) -> dict[str, str]:
    return {one["Id"]: one["Name"] for one in client.api.networks(filters=_labelled(tag))}


def _volumes(client: DockerClient, tag: str) -> dict[str, str]:
    found = client.api.volumes(filters=_labelled(tag))["Volumes"] or []
    return {one["Name"]: one["Name"] for one in found}


def _labelled(tag: str) -> dict[str, str]:
    return {"label": f"{URN_TAG}={tag}"}


def _one(client: DockerClient, how: Callable[[DockerClient, str], LiveState], name: str) -> LiveState:
    from docker.errors import NotFound  # noqa: PLC0415  see the module

    try:
        return how(client, name)
    except NotFound:
        return GONE


def _container(client: DockerClient, name: str) -> LiveState:
    return container_state(client.api.inspect_container(name))


def _network(client: DockerClient, name: str) -> LiveState:
    client.api.inspect_network(name)
    return LiveState(ResourceState.ACTIVE)


def _volume(client: DockerClient, name: str) -> LiveState:
    client.api.inspect_volume(name)
    return LiveState(ResourceState.ACTIVE)


def _image(client: DockerClient, name: str) -> LiveState:
    # The published plugin's id of an image is its digest with its name behind it.
    found = _IMAGE_ID.match(name)
    client.api.inspect_image(found[0] if found else name)
    return LiveState(ResourceState.ACTIVE)


def container_state(found: Mapping[str, Any]) -> LiveState:
    """Convert Docker's state of a container. The output of its health check is left out: it may be secret."""
    state = found.get("State") or {}
    status = str(state.get("Status") or "")
    checked = state.get("Health") or {}
    health = _HEALTH.get(str(checked.get("Status") or ""), Health.NONE)
    restarts = int(found.get("RestartCount") or 0)
    kind, detail = ResourceState.ACTIVE, ""
    if status == "running":
        if health is Health.UNHEALTHY:
            streak = int(checked.get("FailingStreak") or 0)
            kind, detail = ResourceState.DEGRADED, f"its health check failed {streak} times in a row"
        # One whose check Docker has not made yet is there all the same: `up` has asked it before it went on.
        return LiveState(kind, health, restarts, detail)
    # Docker keeps the last word of a health check that is not made any more.
    health = Health.UNHEALTHY if checked else Health.NONE
    if status in {"exited", "dead"}:
        return LiveState(ResourceState.FAILED, health, restarts, _ended(state))
    if status == "restarting":
        return LiveState(ResourceState.DEGRADED, health, restarts, f"starts again and again: {_ended(state)}")
    if status == "removing":
        return LiveState(ResourceState.DELETING, health, restarts, "Docker is removing it")
    if status == "created":
        error = str(state.get("Error") or "").strip()
        if error or int(state.get("ExitCode") or 0):
            return LiveState(ResourceState.FAILED, health, restarts, f"never started: {error or _ended(state)}")
        return LiveState(ResourceState.CREATING, health, restarts, "made, and not started yet")
    return LiveState(ResourceState.DEGRADED, health, restarts, status or "in a state that Docker does not tell")


def _ended(state: Mapping[str, Any]) -> str:
    memory = " (out of memory)" if state.get("OOMKilled") else ""
    return f"exited with code {int(state.get('ExitCode') or 0)}{memory}"


def _pump(
    source: str,
    stream: Iterable[bytes],
    lines: queue.Queue[LogLine | BaseException | None],
    stopped: threading.Event,
) -> None:
    """Read one container's log into the queue until it ends; then None, or what went wrong."""
    end: BaseException | None = None
    try:
        for text in _lines(stream):
            if stopped.is_set():
                return
            lines.put(LogLine(source, text))
    except Exception as error:
        end = error
    if not stopped.is_set():
        lines.put(end)


def _lines(stream: Iterable[bytes]) -> Iterator[str]:
    """The lines of a stream of bytes, however it is cut into pieces."""
    rest = b""
    for piece in stream:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield _decoded(line)
        while len(rest) > LONGEST:
            yield _decoded(rest[:LONGEST])
            rest = rest[LONGEST:]
    if rest:
        yield _decoded(rest)


def _decoded(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")


def _timed(source: str, lines: Iterable[str]) -> Iterator[tuple[str, LogLine]]:
    """Each line with the time that Docker put before it: of equal length (nanoseconds, UTC), so that texts compare."""
    before = ""
    for line in lines:
        moment, _, text = line.partition(" ")
        # A line that Docker cut in two has no second time where the pieces were joined.
        before = max(before, moment) if moment.endswith("Z") else before
        yield before, LogLine(source, text if moment.endswith("Z") else line)


def _close(stream: Any) -> None:
    with contextlib.suppress(Exception):  # it is at its end, or the connection is: there is nothing left to close
        stream.close()
    # Docker's SDK closes the socket of what is followed, and leaves the file over it, which keeps it open.
    response = getattr(stream, "_response", None)
    if response is not None:
        with contextlib.suppress(Exception):  # as above
            response.close()
