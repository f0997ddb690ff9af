"""Secret sources: the protocol behind `${env:}`, `${file:}`, `${vault:}` and `${aws-sm:}`, and that of this machine.

Nothing else in this package reads an environment variable or opens a secret's file: a server gives a source of its
own, so that a tenant's reference is never resolved in the server's environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

#: A secret file is a password or a certificate, not a disk image.
FILE_LIMIT = 64_000


class SecretReference(NamedTuple):
    """Reference `${scheme:name}`: `scheme` is env, file, vault or aws-sm; `document` is the document's name."""

    scheme: str
    name: str
    document: str


class NoSecretError(Exception):
    """Raised for a reference without a value; `detail` says why and what to do, and never holds a value."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class SecretSource(Protocol):
    """Source of secrets: resolves secret references."""

    def resolve(self, reference: SecretReference) -> str:
        """Resolve a reference.

        Raises:
            NoSecretError: there is none.
        """
        ...


class LocalSecrets:
    """Secrets of the machine the platform runs on: environment variables, and files relative to their document.

    Args:
        environment: for `${env:X}`.
        folder: where relative names of documents start.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path = Path()) -> None:
        self._environment = environment
        self._folder = folder

    def resolve(self, reference: SecretReference) -> str:
        """Resolve a reference.

        Raises:
            NoSecretError: the variable is not set, the file cannot be read, or a credential broker is needed.
        """
        if reference.scheme == "env":
            return self._variable(reference.name)
        if reference.scheme == "file":
            return self._file(self._folder / Path(reference.document).parent / reference.name)
        detail = (
            f"No credential broker is configured in this version, so `{reference.scheme}:` cannot be read."
            " Use ${env:NAME} or ${file:PATH}, or --simulate."
        )
        raise NoSecretError(detail)

    def _variable(self, name: str) -> str:
        value = self._environment.get(name)
        if value is None:
            detail = f"The environment has no `{name}`. Set it where `platform` runs."
            raise NoSecretError(detail)
        return value

    @staticmethod
    def _file(path: Path) -> str:
        try:
            with path.open("rb") as file:
                data = file.read(FILE_LIMIT + 1)
            if len(data) > FILE_LIMIT:
                detail = f"{path} is larger than {FILE_LIMIT:,} bytes: not a secret."
                raise NoSecretError(detail)
            return data.decode("utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            detail = f"{path} is not UTF-8 text."
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or "not a path"
            detail = f"{path}: {reason.lower()}. The path is relative to the YAML file."
        raise NoSecretError(detail)  # outside of the handlers: an error's own text may quote what was read
