"""Masking of literal secrets in lines of source and in settings.

Screens show the user's own lines under a problem; a literal password that stands there must not travel into a log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.redaction import REDACTED

#: Keys whose values are taken for secrets wherever something is shown.
SECRET_KEY = re.compile(
    r"passw|passphrase|secret|token|credential|private_?-?key|api_?-?key|access_?-?key|signing_?-?key|encryption_?-?key"
    r"|_key$|-key$|^auth|dsn|connection_?string",
    re.IGNORECASE,
)
_KEY_AND_VALUE = re.compile(
    r"""(?P<key>"[^"\\]*"|'[^']*'|[A-Za-z_][\w.-]*)(?P<colon>\s*:\s+)(?P<value>"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|(?:\$\{[^}]*\}|[^\s#,{}\[\]])(?:\$\{[^}]*\}|[^,{}\[\]])*)"""
)
_REFERENCE = re.compile(r"""["']?(?:\$\{[^}]*\})+["']?\s*""")
_URL_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*:)([^\s/@]+)(?=@)")


def is_secret_key(name: str) -> bool:
    """Whether the value of a key is taken for a secret; `credential_ref` and `secrets_provider` only name one."""
    return bool(SECRET_KEY.search(name)) and name not in {"credential_ref", "credentialRef", "secrets_provider"}


def is_reference(text: str) -> bool:
    """Whether a text is references alone, which reveal nothing."""
    return bool(_REFERENCE.fullmatch(text))


def without_url_password(text: str) -> str:
    """A text with the passwords of its URLs replaced by `*`."""
    return _URL_PASSWORD.sub(lambda match: match[1] + "*" * len(match[2]), text)


def masked_line(line: str) -> str:
    """Replace literal secrets in a line of source by `*`; columns stay. References stay: they reveal nothing."""

    def mask(match: re.Match[str]) -> str:
        key, value = match["key"].strip("\"'"), match["value"]
        if not is_secret_key(key) or is_reference(value):
            return match.group()
        return f"{match['key']}{match['colon']}{_stars(value)}"

    return without_url_password(_KEY_AND_VALUE.sub(mask, line))


def _stars(value: str) -> str:
    text = value.rstrip()
    end = value[len(text) :]
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return f"{text[0]}{'*' * (len(text) - 2)}{text[0]}{end}"
    return "*" * len(text) + end


def masked_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the literal secrets of settings, those of URLs too; references stay: they reveal nothing."""
    return {name: _masked(value, secret=is_secret_key(name)) for name, value in settings.items()}


def _masked(value: Any, *, secret: bool) -> Any:
    if isinstance(value, Mapping):
        return {name: _masked(item, secret=secret or is_secret_key(str(name))) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(item, secret=secret) for item in value]
    if secret and value is not None and not (isinstance(value, str) and is_reference(value)):
        return REDACTED
    return without_url_password(value) if isinstance(value, str) else value
