"""Kubernetes quantities (`512Mi`, `500m`, `2`), compared exactly.

The grammar is that of Kubernetes' resource quantities without exponents and signs: digits, an optional fraction and
one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei. Amounts are Decimals, so `0.1` and `100m` are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

_FORM = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """Exact amount; `text` is the original spelling and takes no part in comparisons."""

    SUFFIXES: ClassVar = {
        "n": Decimal("1e-9"),
        "u": Decimal("1e-6"),
        "m": Decimal("1e-3"),
        **{suffix: Decimal(1000) ** (power + 1) for power, suffix in enumerate("kMGTPE")},
        **{f"{suffix}i": Decimal(1024) ** (power + 1) for power, suffix in enumerate("KMGTPE")},
    }

    amount: Decimal
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Parse a quantity.

        Raises:
            ValueError: the text is none.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            message = f"{text!r} is not a quantity such as 512Mi, 500m or 2"
            raise ValueError(message)
        number, suffix = match.groups()
        return cls(Decimal(number) * cls.SUFFIXES.get(suffix or "", Decimal(1)), text)

    def __str__(self) -> str:
        return self.text


def digits(number: Decimal) -> str:
    """Format a number exactly and in the fewest digits, without an exponent: `1.5`, `100`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
