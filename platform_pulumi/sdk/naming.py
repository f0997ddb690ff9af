"""Physical names: deterministic, within the provider's limits, and unique for a replacement.

A name is context + capability + a short hash over the resource's URN parts and its replace keys: the same declaration
gives the same name on every machine, and a replacement (a changed replace key) gets another one, so that it can be
created before the old one is deleted (DESIGN section 7).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

HASH_LENGTH = 7


def physical_name(
    *parts: str, identity: str, replace_keys: Mapping[str, Any] | None = None, limit: int = 63, separator: str = "-"
) -> str:
    """Build a name of at most `limit` characters of `[a-z0-9]` and `separator`, starting with a letter.

    Args:
        parts: what a person should recognise, most general first; shortened from the front where it does not fit.
        identity: what makes the resource itself: stack and logical name.
        replace_keys: values whose change replaces the resource.
        limit: most characters.
        separator: what stands between the parts.

    Raises:
        ValueError: the limit leaves no room for more than the hash.
    """
    canonical = json.dumps([identity, replace_keys or {}], sort_keys=True, separators=(",", ":"), default=str)
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:HASH_LENGTH]
    words = [re.sub(r"[^a-z0-9]+", separator, part.lower()).strip(separator) for part in parts]
    room = limit - HASH_LENGTH - len(separator)
    if room < 1:
        message = f"a name of at most {limit} characters has no room for more than its hash"
        raise ValueError(message)
    readable = separator.join(word for word in words if word)[-room:].strip(separator)
    if not readable[:1].isalpha():
        readable = f"p{separator}{readable}"[:room].strip(separator)
    return f"{readable}{separator}{digest}"
