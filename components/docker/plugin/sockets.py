"""HTTP connection over a unix socket, with Python's own client."""

from __future__ import annotations

import socket
from http.client import HTTPConnection


class SocketConnection(HTTPConnection):
    """HTTP connection to a server that listens on a socket file."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
