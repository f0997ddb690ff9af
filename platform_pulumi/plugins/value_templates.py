"""Templates of deterministic values: ids, ARNs and addresses, rendered from a hash of URN and incarnation."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.property_path import value_at

#: The account every simulated resource belongs to; AWS documents it as an example.
ACCOUNT = "123456789012"
_FIELD = re.compile(r"\{([^{}]+)\}")
_DIGITS = re.compile(r"(hex|HEX)([0-9]+)")
_BASE32 = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")


def digest(*parts: object) -> str:
    """Hash all parts to 64 hexadecimal digits."""
    return hashlib.sha256("\x00".join(str(part) for part in parts).encode()).hexdigest()


def render(form: str, seed: str, values: Mapping[str, Any]) -> str:
    """Render a template.

    Args:
        form: text with `{hex17}`, `{HEX17}`, `{uuid}`, `{digits}`, `{octet}` (of the seed), `{path}` (of the values).
        seed: what the made-up parts depend on.
        values: properties by dotted path; one that is missing becomes digits of the seed.
    """
    hashed = digest(seed, form)

    def one(match: re.Match[str]) -> str:
        name = match[1]
        made = _DIGITS.fullmatch(name)
        if made:
            text = hashed[: int(made[2])]
            return text if made[1] == "hex" else text.translate(_BASE32)
        if name == "uuid":
            return str(uuid.UUID(hashed[:32]))
        if name == "digits":
            return str(int(hashed[:8], 16))
        if name == "octet":
            return str(int(hashed[:8], 16) % 254 + 1)
        value = value_at(values, name)
        return hashed[:12] if value is None else str(value)

    return _FIELD.sub(one, form)
