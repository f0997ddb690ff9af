"""Masking of secrets, colours and control characters in foreign text: container logs, Docker's errors.

An application may print what it was given. A secret is also looked for as JSON and as part of an address writes it, and
the password within a secret address by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.plugins.values import Sealed, leaves

#: A shorter secret is masked only where it stands by itself: `1` is part of too much to be worth hiding there.
_SHORT = 4
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Mask:
    """Mask of every secret within a resource's inputs."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        forms = {form for secret in _secrets(inputs) for form in _forms(secret) if form.strip()}
        # The longest first: a secret that is part of another must not leave the rest of it standing.
        parts = [
            re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
            for form in sorted(forms, key=len, reverse=True)
        ]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def __call__(self, text: str) -> str:
        """Mask the text, so that it is safe to show."""
        plain = _CONTROL.sub("", _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
        return self._pattern.sub(REDACTED, plain) if self._pattern is not None else plain


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Sealed):
        for leaf in leaves(value):
            if not isinstance(leaf, bool) and isinstance(leaf, (str, int, float)):
                yield str(leaf)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)


def _forms(secret: str) -> Iterator[str]:
    name, equals, rest = secret.partition("=")
    # An environment variable: its name is no secret.
    value = rest if equals and re.fullmatch(r"\w+", name) else secret
    for text in {value, *_password(value), *(line for line in value.splitlines() if len(line.strip()) >= _SHORT)}:
        yield from (text, json.dumps(text)[1:-1], quote(text, safe=""), quote_plus(text))


def _password(value: str) -> Iterator[str]:
    try:
        password = urlsplit(value).password
    except ValueError:
        return
    if password:
        yield from (password, unquote(password))
