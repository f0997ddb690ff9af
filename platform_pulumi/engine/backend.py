"""Choice of a run's state backend: its URL, its passphrase, and the place of a simulated world beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_pulumi.engine.file_backend import SCHEME, folder_of, url_of
from platform_pulumi.engine.passphrase import Passphrase
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.context import ORGANIZATION, Context
from platform_pulumi.model.platform import STATE_SCHEMES, is_pulumi_cloud
from platform_pulumi.settings import Settings, shown_url

_SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Backend:
    """State backend: the storage of stacks.

    Args:
        url: as the CLI takes it.
        source: which setting named it, for `doctor` and messages.
        root: the folder of a `file://` backend.
        world: the simulator's memory, for a simulated run.
    """

    url: str
    source: str
    root: Path | None
    world: Path | None = None

    @property
    def cloud(self) -> bool:
        """Whether it is Pulumi Cloud or speaks its protocol: it then encrypts secrets itself."""
        return is_pulumi_cloud(self.url)


def choose(settings: Settings, flag: str | None, declared: Mapping[str, Any], simulated: bool) -> Backend:
    """Choose a run's backend: the flag, PLATFORM_BACKEND_URL, the file, PULUMI_BACKEND_URL, then `.platform/state`.

    A simulated run keeps to itself: in `simulated/` within a local backend, in `.platform/simulated` for any other.

    Raises:
        InputError: the URL is none that a backend can have.
    """
    url, source = _chosen(settings, flag, declared)
    if url is not None:
        _checked(url, source)
    root = settings.home / "state" if url is None else folder_of(url) if url.startswith(SCHEME) else None
    if not simulated:
        return Backend(url_of(root) if root else url or "", source, root)
    home = (root if url and root else settings.home) / _SIMULATED
    return Backend(url_of(home), source, home, home / "world.sqlite")


def organization(backend: Backend, declared: Mapping[str, Any], context: Context) -> str:
    """Return the organization of the stacks: on Pulumi Cloud the one declared, else the platform's own name."""
    return str(declared.get("organization") or context.org) if backend.cloud else ORGANIZATION


def check_encryption(backend: Backend, declared: Mapping[str, Any]) -> None:
    """Check that the backend encrypts as `platform.state` says, also where another setting chose the backend.

    Raises:
        InputError: a passphrase is to encrypt what is stored in Pulumi Cloud, which does that itself.
    """
    wanted = declared.get("secrets_provider")
    if backend.cloud and "passphrase" in (wanted.values() if isinstance(wanted, Mapping) else (wanted,)):
        detail = (
            f"platform.state.secrets_provider says passphrase, and {backend.source} names Pulumi Cloud, which encrypts"
            " secrets with a key of its own. Write `default` there, or choose another backend."
        )
        raise InputError("A passphrase is not available on Pulumi Cloud", detail)


def passphrase(settings: Settings, backend: Backend) -> Passphrase | None:
    """Return the passphrase of a backend; None where the backend encrypts secrets itself.

    Raises:
        EngineError: it needs one, and none is given or it cannot be read.
    """
    if settings.passphrase is not None:
        return Passphrase.given(settings.passphrase)
    if settings.passphrase_file is not None:
        return Passphrase.read(settings.passphrase_file)
    if backend.cloud:
        return None
    if backend.root is None:
        detail = (
            f"State in {shown_url(backend.url)} is encrypted with a passphrase, and none is set. Set "
            "PULUMI_CONFIG_PASSPHRASE_FILE (or PULUMI_CONFIG_PASSPHRASE) to the one its stacks were made with."
        )
        raise EngineError("The passphrase is not set", detail)
    stacks = backend.root / ".pulumi" / "stacks"
    return Passphrase.of_local_backend(backend.root, stacks.is_dir() and any(stacks.rglob("*.json*")))


def _chosen(settings: Settings, flag: str | None, declared: Mapping[str, Any]) -> tuple[str | None, str]:
    if flag is not None:
        return flag, "--backend"
    if settings.backend_source == "PLATFORM_BACKEND_URL":
        return settings.backend_url, settings.backend_source
    if declared.get("backend"):
        return str(declared["backend"]), "platform.state.backend"
    if settings.backend_url:
        return settings.backend_url, settings.backend_source
    return None, "default"


def _checked(url: str, source: str) -> None:
    scheme = url.partition("://")[0]
    if "://" not in url or scheme not in STATE_SCHEMES:
        schemes = ", ".join(f"{scheme}://" for scheme in STATE_SCHEMES)
        detail = f"{source} is {shown_url(url)!r}; a backend is a URL with one of {schemes}."
        raise InputError("Not a state backend", detail)
    if url.startswith(SCHEME) and ("?" in url or "#" in url):
        detail = (
            f"{source} is {url!r}. A folder's URL takes no settings; in a folder's name write %3F for ? and %23 for #."
        )
        raise InputError("Not a state backend", detail)
