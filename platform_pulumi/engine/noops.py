"""Cache of no-op runs, keyed by state, inputs and code: a run that is known to change nothing is not run again.

An engine preview without a change, or an apply to its end by plugins of ours, is remembered with everything that it
depended on: the stack's state and those of the stacks above, byte for byte, what the program was given, and the code
that ran. As long as all of that is the same, so is the answer (DESIGN section 1, promise 7). The file holds keyed
hashes; nobody learns a secret from them.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from platform_pulumi.atomic_file import replace_file
from platform_pulumi.model.context import StackName
from platform_pulumi.model.plain_values import plain
from platform_pulumi.sdk.run import TierRun

#: How many stacks are remembered; the oldest go first.
_MOST = 2000


class NoopCache:
    """Cache of no-op runs in a file.

    Args:
        file: the file; whatever is wrong with it only means that nothing is known.
        place: which backend the stacks lie in.
        key: keys the hashes.
        packages: Python packages whose code a run depends on, beside ours.
        versions: what else it depends on: the CLI, the plugins.
    """

    def __init__(self, file: Path, place: str, key: bytes, packages: Iterable[str], versions: Iterable[str]) -> None:
        self._file = file
        self._place = place
        self._key = key
        self._packages = sorted({"platform_pulumi", *packages})
        self._versions = sorted(versions)
        self._code: str | None = None

    def contains(self, run: TierRun, states: Mapping[str, str]) -> bool:
        """Whether the run is a known no-op.

        Args:
            run: what the program would be given; for the values of the tiers above their states stand.
            states: fingerprints of its own state and those above, by tier.
        """
        known = self._read().get(self._name(run.stack))
        if known is None:
            return False
        # As bytes: of text only ASCII can be compared, and what lies in a file can be anything.
        return hmac.compare_digest(known.encode(errors="replace"), self._fingerprint(run, states).encode())

    def add(self, run: TierRun, states: Mapping[str, str]) -> None:
        """Add a run that changes nothing."""
        known, name = self._read(), self._name(run.stack)
        known.pop(name, None)
        kept = dict([*known.items(), (name, self._fingerprint(run, states))][-_MOST:])
        with suppress(OSError):  # what cannot be remembered is asked again
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._file, json.dumps(kept))

    def _name(self, stack: StackName) -> str:
        return hashlib.sha256(f"{self._place} {stack}".encode()).hexdigest()[:32]

    def _read(self) -> dict[str, str]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in known.items()} if isinstance(known, dict) else {}

    def _fingerprint(self, run: TierRun, states: Mapping[str, str]) -> str:
        if self._code is None:
            self._code = _code(self._packages)
        given = {
            f.name: _revealed(getattr(run, f.name)) for f in fields(run) if f.name not in {"upstream", "unprotected"}
        }
        above = {
            tier.label: [_revealed(upper.outputs), upper.reference, sorted(upper.values)]
            for tier, upper in run.upstream.items()
        }
        text = json.dumps([given, above, dict(states), self._code, self._versions], sort_keys=True)
        return hmac.digest(self._key, text.encode(), "sha256").hex()


def _code(packages: Iterable[str]) -> str:
    """Fingerprint of the code: every module's path, size and time."""
    found = hashlib.sha256()
    for package in packages:
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(place).rglob("*.py")):
                about = path.stat()
                found.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _revealed(value: Any) -> Any:
    """Anything a run holds, as JSON; secrets too, since only a keyed hash of it is kept."""
    return plain(value, secret=lambda known: ["secret", known.reveal()], other=_with_type)


def _with_type(value: Any) -> list[Any]:
    if isinstance(value, BaseModel):
        return [type(value).__name__, _revealed(dict(value))]
    return [type(value).__name__, {f.name: _revealed(getattr(value, f.name)) for f in fields(value)}]
