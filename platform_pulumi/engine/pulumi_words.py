"""Pulumi's own messages in words of the platform: what is wrong here, and what to do about it here."""

from __future__ import annotations

import re

from platform_pulumi import temporary

_PASSPHRASE = (
    "The passphrase is not the one that the secrets in this state were encrypted with. Set PULUMI_CONFIG_PASSPHRASE, or"
    " PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it; where neither is set, the file `passphrase` beside the"
    " state counts."
)
_TOKEN = (
    "The state backend is Pulumi Cloud, which asks who is there: set PULUMI_ACCESS_TOKEN, or choose another backend"
    " with --backend or PLATFORM_BACKEND_URL."
)
_PATH = re.compile(r"(?:open|write|mkdir|rename|create|remove|unlinkat|link|fsync) (\S+): ")
_PANIC = re.compile(r"Panic:\s*(.+)")


def explained(words: str) -> str:
    """Return what Pulumi said, in our words where there are any."""
    said = words.strip()
    if "incorrect passphrase" in said:
        return _PASSPHRASE
    if "PULUMI_ACCESS_TOKEN must be set" in said:
        return _TOKEN
    if "no space left on device" in said:
        return f"The disk is full: {_path(said)}. Make room there. {temporary.advice()}"
    if "read-only file system" in said:
        return f"{_path(said)} is on a disk that cannot be written to. Choose another backend, or make it writable."
    if "The Pulumi CLI encountered a fatal error" in said:
        panic = _PANIC.search(said)
        reason = f" ({panic[1].strip()})" if panic else ""
        return f"Pulumi itself broke off{reason}. Run this again; `platform doctor` says which version it is."
    return said


def _path(said: str) -> str:
    found = _PATH.search(said)
    return found[1] if found else "a file of the run or of the state could not be written"
