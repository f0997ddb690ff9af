"""Error codes: one meaning each, wherever in the code they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import platform_pulumi

_CODE = re.compile(r'"(P\d{4})"')
#: The error and the problem that it carries.
_TWICE = {"P4001": {"errors.py", "codes.py"}}


def test_every_code_is_defined_in_one_place() -> None:
    root = Path(platform_pulumi.__file__).parent
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("*.py")):
        for code in _CODE.findall(path.read_text(encoding="utf-8")):
            places[code].append(str(path.relative_to(root)))
    assert len(places) > 50
    shared = {code: where for code, where in places.items() if len(where) > 1}
    assert {code: {Path(place).name for place in where} for code, where in shared.items()} == _TWICE
    assert all(len(where) == 2 for where in shared.values())
