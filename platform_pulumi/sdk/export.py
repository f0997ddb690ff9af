"""Export of a platform: the provider's resources in a foreign format (a Compose file).

A provider names its exports in its definition (`ProviderDefinition.exports`, form to `module:function`). Such a
function takes an `ExportRequest` and gives an `Export`. It computes: it asks no daemon, reads no state and writes no
file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.value import Secret
from platform_pulumi.sdk.provider import ProviderDefinition

#: First line of the main file of every export: it marks the file as ours.
MARK: Final = "# Made by `platform export"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """File that an export writes beside its main file.

    Args:
        path: relative to the main file, with `/`.
        content: all of it.
        secret: whether only the owner may read it, and its folder.
        once: whether it is kept as it is where it is there already (a password that was made before).
    """

    path: str
    content: str | Secret
    secret: bool = False
    once: bool = False

    @property
    def data(self) -> bytes:
        """Content in UTF-8, a secret revealed."""
        content = self.content
        return (content.reveal() if isinstance(content, Secret) else content).encode()


@dataclass(frozen=True, slots=True)
class Export:
    """Result of an export: the main file's text, and the files beside it. No secret stands in the text."""

    text: str
    files: tuple[ExportedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Input of an export: the platform, its tiers, the provider and the target file.

    Args:
        platform: read, checked and routed to the provider.
        tiers: those that are exported, topmost first; all that they need is among them.
        definition: the provider.
        config: its settings, resolved; they may hold secrets.
        application: the one application that was asked for; None where all are meant.
        target: the main file.
        command: how the export is made again, in words of a shell.
        previous: the content of a file that an earlier export left, by its path relative to the main file.
    """

    platform: Platform
    tiers: tuple[TierDeclaration, ...]
    definition: ProviderDefinition
    config: Mapping[str, Any] = field(repr=False)
    application: str | None
    target: Path
    command: tuple[str, ...]
    previous: Callable[[str], str | None] = field(default=lambda _: None, repr=False)
