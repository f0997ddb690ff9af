"""Reads declarations from files, as a command does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from platform_pulumi import declarations
from platform_pulumi.cli.request import Request
from platform_pulumi.declarations.documents import Limits, read_documents
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.model.platform import Platform
from platform_pulumi.operations.task import Task


def load_files(
    files: Iterable[Path], *, environment: Mapping[str, str] | None = None, limits: Limits | None = None, **options: Any
) -> Platform:
    """The platform that files declare; `environment` is all that `${env:X}` sees."""
    secrets = LocalSecrets(environment or {})
    return declarations.load(read_documents(files, limits), secrets=secrets, limits=limits, **options)


def task(files: Iterable[Path], **options: Any) -> Task:
    """The task of a command with these files and options (those of `platform_pulumi.cli.request.Request`).

    `replicas` besides: replicas of a capability instead of those the files say.
    """
    replicas = options.pop("replicas", {})
    made = Request(files=tuple(files), **options).task()
    return replace(made, declared=replace(made.declared, replicas=replicas))
