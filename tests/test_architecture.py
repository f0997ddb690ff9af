"""The architecture page is true: its hops exist, a command passes them in that order, and nothing climbs back."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from platform_pulumi.cli.request import Request
from platform_pulumi.operations import up
from tests.operations.fakes import Answer, FakeEngine, Files, Watcher, services

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
OURS = str(ROOT / "platform_pulumi") + "/"
#: A parameter that this many calls in a row hand on is carried through layers.
CARRIED = 4


def hops() -> list[tuple[str, str]]:
    """File and function of each numbered hop."""
    rows = re.findall(r"^\| (\d+) \| `([^`:]+):([\w.]+)` \|", PAGE, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 11))
    return [(file, function) for _, file, function in rows]


def named() -> set[tuple[str, str]]:
    """Every `file:function` of the page."""
    found = re.findall(r"`((?:platform_pulumi|operations|model|engine|components|stacks)/[\w/]+\.py):([\w.]+)`", PAGE)
    return {(f if (ROOT / f).exists() else f"platform_pulumi/{f}", name) for f, name in found}


def test_every_hop_exists() -> None:
    assert set(hops()) <= named()
    assert len(named()) >= 13
    for file, function in sorted(named()):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {f"{p}{n.name}" for p, n in _definitions(tree)}
        assert function in defined, f"{file} defines no {function}"


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield "", node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.", inner) for inner in node.body if isinstance(inner, ast.FunctionDef))


def calls(folder: Path, watch: Callable[[FrameType], None]) -> None:
    """Change a database and run `up` from the CLI's request on, with `watch` called at each call of our code."""
    files, engine = Files(folder / "platform.yaml").write(), FakeEngine()
    up.up(services(engine), files.task(), Watcher(), Answer())
    files.write(("storage_gb: 100", "storage_gb: 200"))

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            watch(frame)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        up.up(services(engine), Request(files=(files.path,)).task(), Watcher(), Answer())
    finally:
        sys.setprofile(before)


def test_a_command_passes_them_in_this_order(tmp_path: Path) -> None:
    passed: list[tuple[str, str]] = []

    def watch(frame: FrameType) -> None:
        code = frame.f_code
        passed.append((str(Path(code.co_filename).relative_to(ROOT)), code.co_qualname))

    calls(tmp_path, watch)
    # The engine and the programs are other processes; here a fake stands for them.
    wanted = [hop for hop in hops() if "/engine/" not in hop[0]]
    assert len(wanted) == 8
    remaining = iter(passed)
    missed = [hop for hop in wanted if hop not in remaining]  # `in` goes on where the last one was found
    assert missed == []


def test_few_parameters_are_carried_through_layers(tmp_path: Path) -> None:
    carried: dict[str, set[tuple[str, ...]]] = defaultdict(set)

    def watch(frame: FrameType) -> None:
        stack = list(_stack(frame))
        for name in _parameters(frame):
            value = frame.f_locals.get(name)
            if isinstance(value, (str, int, tuple, frozenset, type(None))):
                continue
            chain = []
            for caller in stack:
                if not any(caller.f_locals.get(other) is value for other in _parameters(caller)):
                    break
                chain.append(caller.f_code.co_qualname)
            if len(set(chain)) >= CARRIED:  # a recursion is one layer
                carried[name].add(tuple(chain))

    calls(tmp_path, watch)
    said = re.search(r"Three parameters are carried\s+through four layers or more: (.*?)\. Everything", PAGE, re.DOTALL)
    assert said is not None
    assert {"session", "observer"} <= set(carried), "the test sees none"
    assert set(carried) <= set(re.findall(r"`(\w+)`", said[1])), carried


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """Our frames from this one up; a comprehension is no layer, and the rooms of declarations count as one."""
    while frame is not None:
        file = frame.f_code.co_filename
        inner = file.startswith(OURS + "declarations/") and not file.endswith("declarations/__init__.py")
        if file.startswith(OURS) and not frame.f_code.co_name.startswith("<") and not inner:
            yield frame
        frame = frame.f_back


def _parameters(frame: FrameType) -> tuple[str, ...]:
    code = frame.f_code
    return tuple(n for n in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if n != "self")


#: The modules of operations that are verbs: what a command calls.
VERBS = {"address", "destroy", "doctor", "export", "fidelity", "logs", "outputs", "preview", "scale", "status", "up"}


@pytest.mark.parametrize("path", sorted((ROOT / "platform_pulumi" / "operations").glob("*.py")), ids=lambda p: p.stem)
def test_no_operation_climbs_back(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    assert not {name for name in imported if name.startswith(("platform_pulumi.bootstrap", "platform_pulumi.cli"))}
    verbs = {name.split(".")[2] for name in imported if name.startswith("platform_pulumi.operations.")} & VERBS
    # A scaling is an apply; a log is that of a status' resources; the checks of providers are a doctor's.
    allowed = {"scale": {"up"}, "logs": {"status"}, "provider_checks": {"doctor"}}
    assert verbs <= allowed.get(path.stem, set())
