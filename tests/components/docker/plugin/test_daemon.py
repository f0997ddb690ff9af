"""Where the daemon is looked for, what it says of itself, and what is said when it does not."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from components.docker.plugin import address, daemon
from components.docker.plugin.address import USUAL, AddressError, find
from components.docker.plugin.daemon import Daemon, DaemonError, connect, explain_error, ping


def context(home: Path, name: str, host: str, *, tls: bool = False, current: bool = False) -> None:
    hashed = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / hashed
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host}}}))
    if tls:
        folder = home / ".docker" / "contexts" / "tls" / hashed / "docker"
        folder.mkdir(parents=True)
        (folder / "ca.pem").touch()
    if current:
        (home / ".docker" / "config.json").write_text(json.dumps({"currentContext": name}))


@pytest.mark.parametrize(
    ("host", "environment", "expected"),
    [
        (None, {}, USUAL),
        ("unix:///a.sock", {"DOCKER_HOST": "unix:///b.sock"}, "unix:///a.sock"),
        (None, {"DOCKER_HOST": "unix:///b.sock", "DOCKER_CONTEXT": "c"}, "unix:///b.sock"),
        (None, {"DOCKER_HOST": "/b.sock"}, "unix:///b.sock"),
        (None, {"DOCKER_HOST": "http://h:1"}, "tcp://h:1"),
        (None, {"DOCKER_CONTEXT": "default"}, USUAL),
    ],
)
def test_the_order_of_addresses(host: str | None, environment: dict[str, str], expected: str) -> None:
    assert find(host, {"HOME": "/nowhere", **environment}).url == expected


def test_contexts(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    context(tmp_path, "near", "unix:///near.sock", current=True)
    context(tmp_path, "far", "tcp://far:2376", tls=True)
    assert find(None, home).url == "unix:///near.sock"
    far = find(None, {**home, "DOCKER_CONTEXT": "far"})
    assert (far.hostname, far.port) == ("far", 2376)
    assert far.tls is not None
    assert far.tls.authority is not None
    assert find("unix:///a.sock", home, "far").url == "tcp://far:2376"
    with pytest.raises(AddressError, match=r"no Docker context nowhere.*docker context ls"):
        find(None, {**home, "DOCKER_CONTEXT": "nowhere"})


@pytest.mark.parametrize("host", ["docker", "tcp://host:port"])
def test_what_is_no_address(host: str) -> None:
    with pytest.raises(DaemonError, match="is no address of Docker's"):
        ping(host, {})


def test_tls_follows_the_environment(tmp_path: Path) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    environment = {"DOCKER_HOST": "tcp://h", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    found = find(None, environment)
    assert found.port == 2376
    assert found.tls == address.Tls(tmp_path / "ca.pem", (tmp_path / "cert.pem", tmp_path / "key.pem"))
    assert find(None, {"DOCKER_HOST": "tcp://h"}).tls is None
    assert find("unix:///a.sock", environment).tls is None


@pytest.mark.parametrize("host", ["ssh://me@there", "npipe:////./pipe/docker_engine"])
def test_what_is_not_supported_says_what_is(host: str) -> None:
    with pytest.raises(DaemonError, match=r"unix:// and tcp://.*forward its socket"):
        ping(host, {})


def test_no_daemon(tmp_path: Path) -> None:
    with pytest.raises(DaemonError) as caught:
        connect(f"unix://{tmp_path}/docker.sock", {})
    assert str(caught.value) == (
        f"Docker does not answer at unix://{tmp_path}/docker.sock. Is Docker running? Start it, or point DOCKER_HOST"
        " at it."
    )
    with pytest.raises(DaemonError, match="Is Docker running"):
        ping("tcp://127.0.0.1:9", {})


@contextmanager
def answering(folder: Path, answer: bytes) -> Iterator[str]:
    """A socket at which this answer is given once."""
    path = folder / "d.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"unix://{path}"
        thread.join()


def told(document: Any) -> bytes:
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_who_answers(tmp_path: Path) -> None:
    document = {"Version": "28.1.0", "ApiVersion": "1.49", "Platform": {"Name": "Docker Engine - Community"}}
    with answering(tmp_path, told(document)) as host:
        assert ping(host, {}) == Daemon("28.1.0", "1.49", "Docker Engine - Community")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (told({"Version": "19.03", "ApiVersion": "1.40"}), "too old: version 19.03 has API 1.40, and 1.41"),
        (told({"hello": 1}), "is not Docker"),
        (told([]), "is not Docker"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "does not speak as Docker does"),
    ],
)
def test_who_else_answers(tmp_path: Path, answer: bytes, expected: str) -> None:
    with answering(tmp_path, answer) as host, pytest.raises(DaemonError, match=expected):
        ping(host, {})


def test_one_that_says_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "d.sock"))
        listening.listen()
        with pytest.raises(DaemonError, match="did not answer in time"):
            ping(f"unix://{tmp_path}/d.sock", {}, timeout=0.05)


class ApiError(Exception):
    """As the SDK's, which carries what Docker says."""

    def __init__(self, explanation: str) -> None:
        super().__init__("500 Server Error")
        self.explanation = explanation


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ApiError("write /x: no space left on device"), "The disk is full"),
        (ApiError("Pool overlaps with other one on this address space"), "Choose another subnet"),
        (ApiError("something odd."), "Docker says: something odd."),
        (PermissionError(13, "Permission denied"), "sudo usermod -aG docker"),
        (ValueError("plain"), "plain."),
        (KeyError(), "KeyError."),
    ],
)
def test_words(error: Exception, expected: str) -> None:
    assert expected in explain_error(error, "unix:///x.sock")


def test_words_for_what_the_sdk_wraps() -> None:
    import requests
    import urllib3

    wrapped = requests.exceptions.ConnectionError(
        urllib3.exceptions.ProtocolError("Connection aborted.", PermissionError(13, "Permission denied"))
    )
    assert "may not use Docker's socket" in explain_error(wrapped)
    assert "did not answer in time" in explain_error(requests.exceptions.ReadTimeout("slow"))
    gone = requests.exceptions.ConnectionError(
        urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionRefusedError(111, "refused"))
    )
    assert "Is Docker running?" in explain_error(gone, "unix:///x.sock")


def test_asking_needs_neither_the_sdk_nor_the_protocol() -> None:
    program = (
        "import sys\n"
        "from components.docker.plugin import daemon\n"
        "heavy = {'docker', 'requests', 'grpc', 'google.protobuf', 'pulumi', 'asyncio'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True, timeout=60)


@pytest.mark.docker
def test_the_real_one(docker_daemon: str) -> None:
    found = ping(docker_daemon, {})
    assert tuple(map(int, found.api.split("."))) >= daemon.OLDEST_API
    client = connect(None, {"DOCKER_HOST": docker_daemon})
    assert client.version()["Version"] == found.version
    client.close()
