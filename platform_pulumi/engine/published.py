"""Published provider plugins in the user's Pulumi home: which are installed, which are wanted, and their download."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence

from platform_pulumi import catalog
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.errors import EngineError
from platform_pulumi.model.secrecy import masked
from platform_pulumi.sdk.provider import ProviderDefinition
from platform_pulumi.settings import Settings

_SECONDS = 600


def installed_plugins(settings: Settings) -> Mapping[str, Sequence[str]]:
    """Versions of the installed provider plugins by Pulumi package."""
    found: dict[str, list[str]] = {}
    for folder in sorted((settings.pulumi_home / "plugins").glob("resource-*-v*")):
        match = re.fullmatch(r"resource-(.+)-v(\d[^-]*.*)", folder.name)
        if match and folder.is_dir():
            found.setdefault(match[1], []).append(match[2])
    return found


def sdk_version(definitions: Mapping[str, ProviderDefinition], package: str) -> str:
    """Return the version of a package's installed SDK, which its plugin has too; "0" where there is none."""
    module = next((d.packages[package] for d in definitions.values() if package in d.packages), "")
    return catalog.sdk_version(module) if module else "0"


def install_plugin(
    cli: Toolchain, settings: Settings, package: str, version: str, progress: Callable[[str], None]
) -> None:
    """Download a published provider plugin into the user's Pulumi home.

    Raises:
        EngineError: it cannot be had here.
    """
    progress(f"Downloading the {package} plugin {version} ...")
    command = [str(cli.path), "plugin", "install", "resource", package, f"v{version}"]
    environment = {**settings.environment, "PULUMI_HOME": str(settings.pulumi_home), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError("A plugin cannot be downloaded", f"{package} {version}: it took too long.") from error
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.decode(errors="replace").splitlines() if line.strip()]
        detail = f"{package} {version}: {masked(lines[-1].strip()) if lines else error.returncode}"
        raise EngineError("A plugin cannot be downloaded", detail) from error
