"""Secret files of a Compose export: generated passwords, which are retained, and variables that no file may show.

They lie in a folder of the project's own, so that two exports side by side share none.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping

from platform_pulumi.errors import InputError
from platform_pulumi.model.value import Secret
from platform_pulumi.sdk.export import ExportedFile

_LENGTH = 32
_ALPHABET = string.ascii_letters + string.digits
#: What Compose reads back within double quotes (compose-go, dotenv/parser.go).
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r"})


class SecretFiles:
    """Collector of values that stand in files of their own.

    Args:
        project: whose they are.
        previous: the content that an earlier export left, by path.
    """

    def __init__(self, project: str, previous: Callable[[str], str | None]) -> None:
        self.folder = f"secrets/{project}"
        self._previous = previous
        self._files: dict[str, ExportedFile] = {}

    def generated_password(self, name: str) -> Secret:
        """Return a generated password: the retained one, else a new one."""
        path = self._path(f"{name}.txt")
        if path not in self._files:
            password = self._previous(path)
            if password is None:
                password = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
            if not password.strip():
                summary = "A retained password is empty"
                raise InputError(summary, f"{path} holds nothing: write the password into it, or remove it.")
            self._files[path] = ExportedFile(path, Secret(password), secret=True, once=True)
        content = self._files[path].content
        assert isinstance(content, Secret)
        # Whoever writes a file by hand ends it with a line break; what reads passwords from files takes it off.
        return Secret(content.reveal().rstrip("\n"))

    def file(self, name: str, value: Secret) -> str:
        """Add a secret as a file of its own; return the path."""
        path = self._path(f"{name}.txt")
        # A made one stands there already, as it was kept.
        self._files.setdefault(path, ExportedFile(path, value, secret=True))
        return f"./{path}"

    def variables(self, service: str, values: Mapping[str, Secret]) -> str:
        """Add the secret variables of a service as a file that Compose reads; return the path."""
        path = self._path(f"{service}.env")
        lines = [f'{name}="{value.reveal().translate(_ESCAPES)}"\n' for name, value in sorted(values.items())]
        self._files[path] = ExportedFile(path, Secret("".join(lines)), secret=True)
        return f"./{path}"

    def files(self) -> tuple[ExportedFile, ...]:
        """List the files, and a .gitignore that excludes them from version control."""
        if not self._files:
            return ()
        found = tuple(self._files[path] for path in sorted(self._files))
        return (ExportedFile(self._path(".gitignore"), "*\n", secret=True), *found)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"
