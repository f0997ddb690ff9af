from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pulumi", "pulumi_aws", "pydantic", "yaml", "rich", "importlib.metadata", "tempfile", "asyncio", "grpc")
MAIN = "import sys; sys.argv[0] = 'platform'; from platform_pulumi.cli import run\n"


def start(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        [sys.executable, "-c", MAIN + code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


LOADED = f"""
try:
    run()
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["preview", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    result = start(LOADED, *arguments, cwd=tmp_path)
    assert result.stderr.splitlines()[-1] == "[]"


def test_pydantic_looks_for_no_plugins(tmp_path: Path) -> None:
    code = "import os\ntry:\n    run()\nfinally:\n    print(os.environ['PYDANTIC_DISABLE_PLUGINS'], file=sys.stderr)"
    assert start(code, "--help", cwd=tmp_path).stderr == "__all__\n"


def test_a_reader_that_leaves_early_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
        [sys.executable, "-c", MAIN + SCHEMA],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        os.close(writer)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 141
    assert err == b""


SCHEMA = """
from platform_pulumi.cli.app import app
from platform_pulumi.cli.session import Session
from tests.cli.conftest import FakeOperations
app(["schema"], obj=Session(FakeOperations))
"""
