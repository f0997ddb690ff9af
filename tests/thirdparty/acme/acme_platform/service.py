"""Acme's service. A folder with a file a cache stands for its API here: so much of it, and no more, is made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ServiceError(Exception):
    """The service refuses or is not there; the message says what to do and holds no secret."""


class Service:
    """A client.

    Args:
        home: where the service is.

    Raises:
        ServiceError: nobody has said where.
    """

    def __init__(self, home: str | None) -> None:
        if not home:
            message = "nobody has said where Acme's service is; set provider.config.home or ACME_HOME"
            raise ServiceError(message)
        self.home = Path(home)

    def ask(self) -> None:
        """See whether it is there.

        Raises:
            ServiceError: it is not.
        """
        if not self.home.is_dir():
            message = f"Acme's service does not answer at {self.home}; start it, or correct the address"
            raise ServiceError(message)

    def caches(self) -> Mapping[str, Mapping[str, Any]]:
        """All caches by name."""
        self.ask()
        return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.home.glob("*.json"))}

    def put(self, name: str, cache: Mapping[str, Any]) -> None:
        """Create or change a cache."""
        self.ask()
        (self.home / f"{name}.json").write_text(json.dumps(cache, sort_keys=True), encoding="utf-8")

    def remove(self, name: str) -> None:
        """Delete a cache; one that is gone is no mistake."""
        self.ask()
        (self.home / f"{name}.json").unlink(missing_ok=True)
