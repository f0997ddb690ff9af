"""Error codes and summaries: one meaning each, and one case style, wherever in the code they stand."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import components
import platform_pulumi
from platform_pulumi import errors
from platform_pulumi.declarations.diagnostics import codes

_CODE = re.compile(r'"(P\d{4})"')
#: The error and the problem that it carries.
_TWICE = {"P4001": {"errors.py", "codes.py"}}
#: A sentence without quoted names and without a period.
_SUMMARY = re.compile(r"[A-Z][^`]*[^.`]")
#: Where the summary stands among the arguments of what carries one.
_PLACES = {
    **{name: 0 for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)},
    "ApplyError": 0,
    "engine_failure": 2,
    "failure": 1,
    "Problem": 1,
    "Code": 1,
}
ROOTS = [Path(package.__file__ or "").parent for package in (platform_pulumi, components)]


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


def test_every_summary_is_a_sentence_without_a_period() -> None:
    found = {
        f"{path.relative_to(root.parent)}:{line}": summary
        for root in ROOTS
        for path in sorted(root.rglob("*.py"))
        for line, summary in _summaries(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(found) > 140
    assert {value.summary for value in vars(codes).values() if isinstance(value, codes.Code)} <= set(found.values())
    assert {place: text for place, text in found.items() if not _SUMMARY.fullmatch(text)} == {}


def _summaries(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and text of every summary, given as a literal or by the name of a variable of this module."""
    named: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id].append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in _PLACES:
                keyword = [word.value for word in node.keywords if word.arg == "summary"]
                for given in keyword or node.args[_PLACES[name] :][:1]:
                    for text in named.get(given.id, []) if isinstance(given, ast.Name) else [given]:
                        yield from _text(text)


def _text(node: ast.expr) -> Iterator[tuple[int, str]]:
    """A literal, or a text that begins with the label of a tier: `{tier.label} failed`, `Infrastructure failed`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        label = isinstance(first, ast.FormattedValue) and ast.unparse(first.value).endswith("tier.label")
        parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
        yield node.lineno, "".join(["Tier" if label else parts[0], *parts[1:]])
