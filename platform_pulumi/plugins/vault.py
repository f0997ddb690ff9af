"""Vault of a simulated world: keyed hashes of its secrets, and the encryption of the few that a service gives back.

The key lies in a file of its own beside the world's. So the world's file alone (copied, attached to a report) gives no
secret away; whoever can read both files has what is in them, as with Pulumi's own local state and its passphrase file.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_pulumi.errors import EngineError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_KEY_BYTES = 32


class Vault:
    """Keeper of a world's key.

    Args:
        path: the key's file; made with mode 0600 if it is not there.

    Raises:
        OSError: the file can neither be read nor made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key = _key(path)

    def hash(self, secret: Any) -> str:
        """Return the keyed hash of a secret, by which it can be told from another one."""
        text = json.dumps(secret, sort_keys=True, default=str).encode()
        return hmac.new(self._key, b"hash\x00" + text, hashlib.sha256).hexdigest()

    def encrypt(self, value: Any) -> bytes:
        """Encrypt a JSON value."""
        return self._fernet().encrypt(json.dumps(value).encode())

    def decrypt(self, token: bytes) -> Any:
        """Decrypt what `encrypt` gave.

        Raises:
            EngineError: it was encrypted with another key.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415  as below

        try:
            return json.loads(self._fernet().decrypt(token))
        except InvalidToken as error:
            detail = f"{self._path} is not the key that it was written with. Remove the folder {self._path.parent}."
            raise EngineError("A secret of the simulated world cannot be read", detail) from error

    def _fernet(self) -> Fernet:
        from cryptography.fernet import Fernet  # noqa: PLC0415  most runs store no secret

        return Fernet(base64.urlsafe_b64encode(hmac.new(self._key, b"encrypt", hashlib.sha256).digest()))


def _key(path: Path) -> bytes:
    """The key; made where there is none, once, whichever process comes first."""
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return path.read_bytes()
