"""The Pulumi CLI at the old end of the supported window; `python -m tests.clis` gets it (`make cli-oldest`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from platform_pulumi import settings
from platform_pulumi.engine import acquisition
from platform_pulumi.engine.toolchain import OLDEST, format_version
from platform_pulumi.errors import EngineError

MODULE = Path(__file__).parent.parent / "tools" / "pulumi-oldest"


def oldest() -> Path:
    """The CLI, downloaded or built where it is not there yet, in the user's cache.

    Raises:
        EngineError: it can neither be downloaded nor built here.
    """
    found = settings.read(os.environ, Path.cwd())
    return acquisition.obtain(found, OLDEST, MODULE, lambda line: print(line, file=sys.stderr, flush=True))


if __name__ == "__main__":
    try:
        print(f"Pulumi CLI {format_version(OLDEST)}, the oldest that is supported: {oldest()}")
    except EngineError as error:
        sys.exit(f"{error.summary}\n{error.detail}")
