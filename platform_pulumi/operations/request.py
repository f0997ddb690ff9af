"""What a user asks for, whichever way they ask it: the common options of the CLI as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platform_pulumi.model.tier import Tier


@dataclass(frozen=True, slots=True)
class Request:
    """One command's common options.

    Args:
        files: the declarations, joined.
        tier: only this tier; all declared ones where None.
        provider: this provider instead of the file's, in a context of its own.
        simulate: our provider servers instead of the real ones, on state of their own.
        simulate_config: file with faults for the simulated run.
        application: only this application of tier 3.
        variables: values of `${app.x}`.
        allow_data_loss: capabilities whose data may be lost.
        backend: state backend URL; overrides the environment and the file.
        forget_pending: capabilities whose create a killed run left open and a person has looked up since.
        refresh: ask the providers how everything is now, instead of going by what is recorded.
        replicas: replicas of a capability instead of those the files say; of tier 3 by `APPLICATION/NAME`.
    """

    files: tuple[Path, ...] = (Path("platform.yaml"),)
    tier: Tier | None = None
    provider: str | None = None
    simulate: bool = False
    simulate_config: Path | None = None
    application: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    allow_data_loss: frozenset[str] = frozenset()
    backend: str | None = None
    forget_pending: frozenset[str] = frozenset()
    replicas: Mapping[str, int] = field(default_factory=dict)
    refresh: bool = False
