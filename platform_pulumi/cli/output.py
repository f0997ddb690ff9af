"""Output of results: to stdout, or atomically to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from platform_pulumi.errors import InputError


def json_text(document: Mapping[str, Any]) -> str:
    """Format a document as JSON text, its keys in their own order."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write(text: str, out: Path | None = None) -> None:
    """Write a result to stdout, or to `out` (and say so on stderr).

    Raises:
        InputError: the file cannot be written.
    """
    if out is None:
        # Bytes, so that no locale can refuse a character and click strips nothing: JSON and Markdown are UTF-8.
        click.echo(text.encode("utf-8", "replace"), nl=False)
        return
    try:
        from platform_pulumi.atomic_file import replace_file

        replace_file(out, text, mode=0o644, durable=True)  # plans hold no secrets
    except OSError as error:
        summary = "The result cannot be written"
        raise InputError(summary, f"{out}: {error.strerror}.") from error
    click.echo(f"Written to {out}", err=True)
