"""`make docker`: a daemon, the images, Docker Compose and an S3 server, from whatever is there.

Usage: python -m tests.bed [--optional] [IMAGE ...]

With `--optional`, what cannot be had is said and no failure, except in CI (`CI=true`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from tests.bed import compose, daemon, images, storage
from tests.bed.recipes import chosen
from tests.bed.tools import BedError


def main(arguments: list[str]) -> int:
    """See to everything; the exit code."""
    optional = "--optional" in arguments and not os.environ.get("CI")
    names = tuple(name for name in arguments if name != "--optional")
    missing = [
        what for what, see_to in (("S3 SERVER", storage.ensure), ("DOCKER", lambda: _docker(names))) if not _had(see_to)
    ]
    if optional:
        for what in missing:
            print(f"docker-bed: NO {what} HERE: the tests that need it will be SKIPPED.", file=sys.stderr)
    return 1 if missing and not optional else 0


def _docker(names: tuple[str, ...]) -> None:
    host = os.environ.get("DOCKER_HOST") or daemon.DEFAULT
    daemon.ensure(host)
    with daemon.client(host) as client:
        images.ensure(client, chosen(names))
    compose.ensure()
    print(f"docker-bed: ready at {host}")


def _had(see_to: Callable[[], object]) -> bool:
    """Whether that could be had; what is in its way is said."""
    try:
        see_to()
    except (BedError, ValueError) as error:
        print(f"docker-bed: {error}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
