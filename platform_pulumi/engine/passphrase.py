"""Passphrase of the secrets in state: the user's own, or one generated on first use.

One is made only for a local (`file://`) backend that holds no stacks yet, and is kept beside the state with mode 0600:
whoever shares the backend shares it, and a second one is never made where the first was lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platform_pulumi.errors import EngineError

FILE_NAME = "passphrase"
KEY_FILE_NAME = "hash-key"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Passphrase, the variable by which the CLI gets it, and the keys derived from it."""

    environment: Mapping[str, str] = field(repr=False)
    _value: str = field(repr=False)

    @classmethod
    def given(cls, value: str) -> Passphrase:
        """Take the passphrase the user set in PULUMI_CONFIG_PASSPHRASE."""
        return cls({"PULUMI_CONFIG_PASSPHRASE": value}, value)

    @classmethod
    def read(cls, path: Path) -> Passphrase:
        """Read the passphrase from a file.

        Raises:
            EngineError: it cannot be read or is empty.
        """
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            detail = f"{path} cannot be read: {error}. It encrypts the secrets in state."
            raise EngineError("The passphrase cannot be read", detail) from error
        if not value:
            detail = f"{path} is empty. Restore the passphrase the state was encrypted with."
            raise EngineError("The passphrase is empty", detail)
        return cls({"PULUMI_CONFIG_PASSPHRASE_FILE": str(path.absolute())}, value)

    @classmethod
    def of_local_backend(cls, root: Path, has_stacks: bool) -> Passphrase:
        """Read the passphrase beside a local backend's state; generate it on first use.

        Raises:
            EngineError: there is state, but its passphrase is gone; or the folder cannot be written.
        """
        path = root / FILE_NAME
        if not path.exists():
            if has_stacks:
                detail = (
                    f"{root} holds stacks, but {path} is missing. Restore it, or set PULUMI_CONFIG_PASSPHRASE or "
                    "PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase they were made with."
                )
                raise EngineError("The passphrase of the state is missing", detail)
            try:
                _generate(path)
            except OSError as error:
                detail = f"{root} is to hold the state and its passphrase, but cannot be written: {error.strerror}."
                raise EngineError("The passphrase cannot be kept", detail) from error
        return cls.read(path)

    def key(self, context: str) -> bytes:
        """The key for hashes of secrets in a context: the same wherever the state's passphrase is the same."""
        return _derived(self._value, context)


def user_key(folder: Path, context: str) -> bytes:
    """The key for hashes of secrets in a context where the backend keeps its own secrets (Pulumi Cloud): this user's.

    It is random and made on first use, so that nobody can try secrets against hashes in a plan. Another user's hashes
    of the same secret are others: to them the secret looks changed, never the other way round.
    """
    path = folder / KEY_FILE_NAME
    try:
        if not path.exists():
            _generate(path)
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        value = ""
    return _derived(value or secrets.token_urlsafe(32), context)


def _derived(value: str, context: str) -> bytes:
    return hmac.new(value.encode(), f"platform-secrets/{context}".encode(), hashlib.sha256).digest()


def _generate(path: Path) -> None:
    """Write a random value to the file, with mode 0600 (mkstemp's); leave it alone where another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
