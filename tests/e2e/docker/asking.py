"""HTTP as somebody on this machine asks, and waiting with a deadline."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """Status and body; status 0 where nobody answered, the body says why."""

    status: int
    text: str

    def json(self) -> dict[str, Any]:
        """The body as the sample application writes it; empty where it is something else."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def ask(
    port: int,
    path: str = "/",
    *,
    host: str = "localhost",
    tls: ssl.SSLContext | None = None,
    address: str = "127.0.0.1",
    timeout: float = 10,
) -> Answer:
    """GET, on a connection of its own; with TLS the host is the name that is asked for and verified."""
    connection = http.client.HTTPConnection(address, port, timeout=timeout)
    try:
        connection.sock = socket.create_connection((address, port), timeout)
        if tls is not None:
            connection.sock = tls.wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", path, headers={"Host": f"{host}:{port}", "Connection": "close"})
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, repr(error))
    finally:
        connection.close()


@dataclass
class Poll:
    """Asks all along, in a thread: `with Poll(...) as poll`."""

    question: Callable[[], Answer]
    answers: list[Answer] = field(default_factory=list)
    slowest: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Poll:
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join(30)

    @property
    def failed(self) -> list[Answer]:
        """Those that were none."""
        return [answer for answer in self.answers if answer.status != 200]

    @property
    def versions(self) -> set[str]:
        """The versions that answered."""
        return {str(answer.json().get("version")) for answer in self.answers if answer.status == 200}

    def _ask(self) -> None:
        while not self._over.wait(0.02):
            began = time.monotonic()
            self.answers.append(self.question())
            self.slowest = max(self.slowest, time.monotonic() - began)
